//! The pages of `argocd/`: their commands run, their messages are said, their links lead somewhere.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use test_support::{age_keygen, machine, sops};

use super::*;
use crate::build::{PLEACH, said};

/// Every page, by its name.
fn pages() -> Vec<(String, String)> {
    let entries = fs::read_dir(root().join("argocd")).unwrap().map(|entry| entry.unwrap().path());
    let mut pages: Vec<(String, String)> = entries
        .filter(|path| path.extension().is_some_and(|ending| ending == "md"))
        .map(|path| {
            (
                path.file_name().unwrap().to_string_lossy().into_owned(),
                fs::read_to_string(path).unwrap(),
            )
        })
        .collect();
    pages.sort();
    assert!(pages.len() >= 5, "{} pages", pages.len());
    pages
}

/// The fenced blocks of a language.
fn blocks(page: &str, language: &str) -> Vec<String> {
    let (mut blocks, mut open, mut indent) = (Vec::new(), None::<String>, 0);
    for line in page.lines() {
        let text = line.trim_start();
        match (&mut open, text.strip_prefix("```")) {
            (None, Some(found)) if found == language => {
                (open, indent) = (Some(String::new()), line.len() - text.len());
            }
            (Some(_), Some("")) => blocks.extend(open.take()),
            (Some(block), _) => {
                block.push_str(line.get(indent..).unwrap_or_default());
                block.push('\n');
            }
            _ => {}
        }
    }
    blocks
}

/// A machine on which a reader follows a page: our binary, the real kustomize, sops and age, and an encrypted file.
fn reader() -> Scratch {
    let scratch = Scratch::new();
    let bin = scratch.dir("bin");
    let tools = [
        ("pleach", PathBuf::from(PLEACH)),
        ("kustomize", kustomize()),
        ("sops", sops()),
        ("age-keygen", age_keygen()),
    ];
    for (name, tool) in tools {
        std::os::unix::fs::symlink(tool, bin.join(name)).unwrap();
    }
    scratch.write(
        "here/.sops.yaml",
        "creation_rules:\n- age: age1xhmvntqaejl9dr4a4cfakangz7fwxlhslelg08mfk7swe8k8wvhsg0v9vt\n",
    );
    let file = fs::read(root().join("examples/quickstart/secrets/database.enc.yaml")).unwrap();
    scratch.write("here/secrets/database.enc.yaml", file);
    scratch
}

#[test]
fn every_command_that_needs_no_cluster_runs() {
    let mut ran = 0;
    for (name, page) in pages() {
        let scratch = reader();
        for block in blocks(&page, "sh") {
            let mut shell: Command = scratch.command(machine("bash"));
            shell.args(["-euo", "pipefail", "-c", &block]).current_dir(scratch.join("here"));
            shell.env("PATH", format!("{}:/usr/bin:/bin", scratch.join("bin").display()));
            shell.env("SOPS_AGE_KEY_FILE", root().join("tests/keys/throw-away-age.txt"));
            let output = shell.output().unwrap();
            assert!(output.status.success(), "{name}:\n{block}\n{}", said(&output));
            ran += 1;
        }
    }
    println!("{ran} blocks of commands of argocd/*.md ran");
    assert!(ran >= 4, "{ran}");
}

/// The stand-ins for `kubectl` write down what they were asked; the real one needs a cluster.
#[test]
fn every_command_that_needs_a_cluster_asks_what_it_should() {
    let scratch = reader();
    let kubectl = "#!/bin/sh\necho \"kubectl $*\" >> \"$HOME/asked\"\ncase $* in\n'get applications.argoproj.io'*) printf 'argocd   a\\nteam     b\\n' ;;\nesac\n";
    let file = scratch.write("bin/kubectl", kubectl);
    fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    for (name, page) in pages() {
        for block in blocks(&page, "console") {
            let mut shell: Command = scratch.command(machine("bash"));
            shell.args(["-euo", "pipefail", "-c", &block]).current_dir(scratch.join("here"));
            shell.env("PATH", format!("{}:/usr/bin:/bin", scratch.join("bin").display()));
            let output = shell.output().unwrap();
            assert!(output.status.success(), "{name}:\n{block}\n{}", said(&output));
        }
    }
    insta::assert_snapshot!(fs::read_to_string(scratch.join("home/asked")).unwrap(), @r"
    kubectl -n argocd create secret generic pleach-keys --from-file=age.txt
    kubectl -n argocd rollout status deployment argocd-repo-server
    kubectl -n argocd logs deployment/argocd-repo-server -c pleach-doctor
    kubectl get applications.argoproj.io --all-namespaces --no-headers -o custom-columns=NAMESPACE:.metadata.namespace,NAME:.metadata.name
    kubectl -n argocd annotate applications.argoproj.io a argocd.argoproj.io/refresh=hard --overwrite
    kubectl -n team annotate applications.argoproj.io b argocd.argoproj.io/refresh=hard --overwrite
    ");
}

#[test]
fn every_policy_and_config_of_the_pages_is_one() {
    let mut seen = BTreeSet::new();
    for (name, page) in pages() {
        for block in blocks(&page, "yaml") {
            for value in yaml::values(block.as_bytes())
                .unwrap_or_else(|error| panic!("{name}: {error}\n{block}"))
            {
                seen.extend(value["kind"].as_str().map(str::to_owned));
            }
        }
    }
    assert!(seen.contains("Policy"), "{seen:?}");
}

/// The first column of a table of messages.
fn messages(section: &str) -> Vec<String> {
    let page = fs::read_to_string(root().join("argocd/troubleshooting.md")).unwrap();
    let start = page.find(&format!("## {section}\n")).unwrap();
    let part = page[start + 3..].split("\n## ").next().unwrap().to_owned();
    let rows = part.lines().filter_map(|line| {
        line.strip_prefix("| `")?.split_once('`').map(|(first, _)| first.to_owned())
    });
    rows.collect()
}

#[test]
fn every_message_of_ours_that_the_pages_explain_is_said() {
    let sources = sources(&root().join("plugins"));
    let messages = messages("pleach");
    assert!(messages.len() >= 10, "{messages:?}");
    for message in messages {
        let said = message.replace("ARGOCD_APP_PROJECT_NAME", "{PROJECT}");
        assert!(sources.contains(&said) || sources.contains(&message), "nothing says: {message}");
    }
}

fn sources(folder: &Path) -> String {
    let mut text = String::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            text.push_str(&sources(&path));
        } else if path.extension().is_some_and(|ending| ending == "rs")
            && !path.ends_with("explanation.rs")
        {
            text.push_str(&fs::read_to_string(path).unwrap());
        }
    }
    text
}

#[test]
fn every_message_of_kustomize_that_the_pages_explain_is_said_by_the_real_one() {
    let scratch = Scratch::new();
    scratch.write("tree/kustomization.yaml", "generators: [s.yaml]\n");
    scratch.write(
        "tree/s.yaml",
        "apiVersion: pleach.dev/v1alpha1\nkind: SopsDecrypt\nmetadata: {name: s}\n",
    );
    let home = scratch.dir("plugins");
    let run = |arguments: &[&str], home: Option<&Path>| {
        let mut command = scratch.command(kustomize());
        command.arg("build").args(arguments).arg(scratch.join("tree"));
        command.envs(home.map(|home| ("KUSTOMIZE_PLUGIN_HOME", home)));
        said(&command.output().unwrap())
    };
    let all = [
        run(&[], None),
        run(&["--enable-alpha-plugins"], None),
        run(&["--enable-alpha-plugins"], Some(&home)),
        // kubectl's own flags: any flag that is not known reads like this.
        run(&["--enable-exek"], None).replace("exek", "exec"),
    ]
    .concat();
    for message in messages("kustomize") {
        assert!(all.contains(&message), "kustomize does not say: {message}\n{all}");
    }
}

#[test]
fn every_link_of_the_pages_leads_somewhere() {
    let heading = |line: &str| {
        let text = line.trim_start_matches('#').trim().to_lowercase();
        let kept = text.chars().filter(|c| c.is_alphanumeric() || *c == ' ' || *c == '-');
        kept.collect::<String>().replace(' ', "-")
    };
    for (name, page) in pages() {
        for (_, rest) in page.match_indices("](").map(|(at, _)| (at, &page[at + 2..])) {
            let link = rest.split(')').next().unwrap();
            if link.contains("://") {
                continue;
            }
            let (file, anchor) = link.split_once('#').unwrap_or((link, ""));
            let path = if file.is_empty() { PathBuf::from(&name) } else { PathBuf::from(file) };
            let path = root().join("argocd").join(path);
            assert!(path.exists(), "{name}: {link}");
            if !anchor.is_empty() {
                let text = fs::read_to_string(path).unwrap();
                let found = text
                    .lines()
                    .filter(|line| line.starts_with('#'))
                    .any(|line| heading(line) == anchor);
                assert!(found, "{name}: {link}");
            }
        }
    }
}
