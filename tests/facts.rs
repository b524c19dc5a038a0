//! `pleach facts`: what built trees say, for real trees and the real kustomize, and case by case.

use std::fs;
use std::path::PathBuf;

use crate::build::{Builder, built, root, said};

/// `tests/cases/facts/<case>/`: `input.yaml` goes in, `expected.yaml` or `error.txt` comes out.
fn cases() -> Vec<PathBuf> {
    let entries = fs::read_dir(root().join("tests/cases/facts")).expect("the cases");
    let mut cases: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    cases.sort();
    cases
}

#[test]
fn every_case_of_facts_gives_what_is_committed() {
    let (builder, update) = (Builder::without_keys(), std::env::var_os("UPDATE").is_some());
    let (mut wrong, cases) = (Vec::new(), cases());
    for case in &cases {
        let output = builder.pleach(case, &["facts", "input.yaml"], b"");
        let (name, text, other) = if output.status.success() {
            ("expected.yaml", built(&output), "error.txt")
        } else {
            assert!(output.stdout.is_empty(), "{}", case.display());
            ("error.txt", said(&output), "expected.yaml")
        };
        let (path, other) = (case.join(name), case.join(other));
        if update {
            fs::write(path, text).expect("writes");
            let _ = fs::remove_file(other);
        } else if fs::read_to_string(&path).ok().as_deref() != Some(&*text) || other.exists() {
            wrong.push(format!("{}\n{text}", path.display()));
        }
    }
    println!("cases of facts: {}", cases.len());
    assert!(cases.len() >= 15, "{} cases", cases.len());
    assert!(
        wrong.is_empty(),
        "`make update` rewrites these, if they are meant:\n{}",
        wrong.join("\n")
    );
}

#[test]
fn facts_are_read_back_as_what_was_printed_and_nothing_of_a_secret_is_in_them() {
    for case in cases() {
        let Ok(text) = fs::read(case.join("expected.yaml")) else { continue };
        let facts = routes::ClusterFacts::read(&text, "expected.yaml").expect("facts");
        let printed = krm::to_yaml(&facts.manifest("cluster"));
        let text = String::from_utf8(text).expect("text");
        assert!(text.ends_with(&printed), "{}", case.display());
        assert!(!text.contains("hunter2") && !text.contains("pass@"), "{}", case.display());
    }
}

#[test]
fn the_order_of_the_objects_changes_nothing() {
    let builder = Builder::without_keys();
    for case in cases().into_iter().filter(|case| case.join("expected.yaml").exists()) {
        let text = fs::read_to_string(case.join("input.yaml")).expect("input");
        let mut documents: Vec<&str> = text.split("---\n").collect();
        documents.reverse();
        let again = builder.pleach(&case, &["facts"], documents.join("\n---\n").as_bytes());
        let expected = fs::read_to_string(case.join("expected.yaml")).expect("expected");
        assert_eq!(built(&again), expected, "{}", case.display());
    }
}

const ISSUER: &str = "apiVersion: cert-manager.io/v1\nkind: ClusterIssuer\nmetadata:\n  name: NAME\n\
                      spec:\n  acme:\n    server: https://acme-v02.api.letsencrypt.org/directory\n";

/// Two trees: one of kustomize, whose secret only a plugin can make, and one of plain files.
fn trees(builder: &Builder) {
    let scratch = &builder.scratch;
    scratch.write(
        "issuers/kustomization.yaml",
        "resources: [issuer.yaml]\ngenerators: [secret.yaml]\nnamePrefix: prod-\n",
    );
    scratch.write("issuers/issuer.yaml", ISSUER.replace("NAME", "letsencrypt"));
    let encrypted =
        fs::read(root().join("examples/quickstart/secrets/settings.enc.env")).expect("a file");
    scratch.write("issuers/settings.enc.env", encrypted);
    scratch.write(
        "issuers/secret.yaml",
        "apiVersion: pleach.dev/v1alpha1\nkind: SopsDecrypt\nmetadata: {name: s}\n\
         spec: {secrets: [{name: s, envs: [settings.enc.env]}]}\n",
    );
    scratch.write("plain/deep/issuer.yaml", ISSUER.replace("NAME", "plain"));
    scratch.write("plain/values.yaml", "replicas: 1\n");
    scratch.write("plain/.hidden/issuer.yaml", ISSUER.replace("NAME", "hidden"));
}

fn builder() -> Builder {
    let builder = Builder::without_keys().env("PLEACH_KUSTOMIZE", test_support::kustomize());
    trees(&builder);
    builder
}

fn facts(builder: &Builder, arguments: &[&str]) -> std::process::Output {
    builder.pleach(builder.scratch.path(), &[&["facts"], arguments].concat(), b"")
}

#[test]
fn a_kustomization_is_built_without_any_key_and_a_folder_without_one_is_read() {
    let found = built(&facts(&builder(), &["issuers", "plain", "--name", "home"]));
    assert!(found.contains("metadata:\n  name: home\n"), "{found}");
    assert!(
        found.contains("name: prod-letsencrypt\n") && found.contains("name: plain\n"),
        "{found}"
    );
    assert!(!found.contains("hidden"), "{found}");
}

#[test]
fn the_kustomize_of_path_is_called_where_none_is_named() {
    let builder = Builder::without_keys();
    trees(&builder);
    let bin = builder.scratch.join("bin/kustomize");
    std::os::unix::fs::symlink(test_support::kustomize(), bin).expect("a link");
    assert!(built(&facts(&builder, &["issuers"])).contains("prod-letsencrypt"));
}

#[test]
fn a_tree_that_cannot_be_built_stops_it_and_nothing_is_printed() {
    let builder = builder();
    builder.scratch.write("broken/kustomization.yaml", "resources: [missing.yaml]\n");
    let output = facts(&builder, &["plain", "broken"]);
    assert!(!output.status.success() && output.stdout.is_empty());
    assert!(
        said(&output).contains("error: broken: kustomize build failed: exit status: 1\nhint: "),
        "{}",
        said(&output)
    );
    let output = facts(&builder.env("PLEACH_KUSTOMIZE", "/no/such/kustomize"), &["issuers"]);
    assert!(
        said(&output).starts_with("error: /no/such/kustomize: entity not found\nhint: "),
        "{}",
        said(&output)
    );
}

#[test]
fn a_stale_file_is_told_by_its_lists_and_a_current_one_passes() {
    let builder = builder();
    let printed = built(&facts(&builder, &["issuers", "plain"]));
    builder.scratch.write("facts.yaml", &printed);
    let check = |builder: &Builder| facts(builder, &["--check", "facts.yaml", "issuers", "plain"]);
    let passed = check(&builder);
    assert_eq!(built(&passed), "");
    builder
        .scratch
        .write("facts.yaml", printed.replace("cluster\n", "other\n") + "  gateways: []\n");
    built(&check(&builder));
    builder.scratch.write("plain/deep/issuer.yaml", ISSUER.replace("NAME", "new"));
    builder
        .scratch
        .write("issuers/issuer.yaml", ISSUER.replace("NAME", "letsencrypt").replace("v02", "v03"));
    let output = check(&builder);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(
        said(&output),
        "error: facts.yaml: the trees say otherwise: issuers: ClusterIssuer new is new; \
         issuers: ClusterIssuer prod-letsencrypt differs in server; issuers: ClusterIssuer plain is gone\n\
         hint: renew it with the same trees: pleach facts DIR... > FILE\n"
    );
    assert!(output.stdout.is_empty());
}

#[test]
fn a_file_that_is_no_facts_file_is_not_compared() {
    let builder = builder();
    builder.scratch.write("facts.yaml", ISSUER);
    let output = facts(&builder, &["--check", "facts.yaml", "plain"]);
    assert!(
        said(&output).contains("expected apiVersion `pleach.dev/v1alpha1`, kind `ClusterFacts`"),
        "{}",
        said(&output)
    );
    let missing = facts(&builder, &["no-such-folder"]);
    assert!(said(&missing).starts_with("error: no-such-folder: "), "{}", said(&missing));
}
