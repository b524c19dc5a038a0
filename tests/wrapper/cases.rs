//! kustomize's own test suite through the wrapper: the same bytes, and every exec function seen.

use std::collections::BTreeSet;

use pleach::wrapper::graph::Graph;
use serde_json::Value;

use super::*;

/// Cases of kustomize 5.8.2 as data, where they lie beside the repository.
fn folder() -> Option<PathBuf> {
    let folder = root().join("../shared/kustomize-cases");
    folder.is_dir().then_some(folder)
}

struct Case {
    name: String,
    target: PathBuf,
    want: String,
    exec: bool,
    flags: Vec<String>,
}

fn cases(folder: &Path) -> Vec<Case> {
    let mut cases = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let Ok(text) = fs::read_to_string(path.join("case.json")) else { continue };
        let case: Value = serde_json::from_str(&text).unwrap();
        let text = |key: &str| case[key].as_str().unwrap_or_default().to_owned();
        let below = text("path");
        let below = below.strip_prefix(&text("root")).unwrap_or(&below);
        let mut flags = vec![format!("--load-restrictor={}", text("load_restrictions"))];
        if text("plugin_restrictions") == "PluginRestrictionsNone" {
            flags.push("--enable-alpha-plugins".to_owned());
        }
        let exec = case["fn_exec"] == true;
        cases.push(Case {
            name: path.file_name().unwrap().to_string_lossy().into_owned(),
            target: path.join("input").join(below.trim_start_matches('/')),
            want: fs::read_to_string(path.join("expected.yaml")).unwrap(),
            exec,
            flags,
        });
    }
    cases.sort_by(|a, b| a.name.cmp(&b.name));
    cases
}

/// The exec functions that a tree names, by a plain search of its files.
fn named(target: &Path) -> bool {
    let root = target.ancestors().find(|above| above.ends_with("input")).unwrap();
    let mut files = vec![root.to_owned()];
    let mut found = false;
    while let Some(path) = files.pop() {
        if path.is_dir() {
            files.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        } else {
            let text = fs::read_to_string(&path).unwrap_or_default();
            found |= text.contains("io/function") && text.contains("exec:");
        }
    }
    found
}

#[test]
fn every_case_of_kustomize_comes_out_the_same_and_no_exec_function_is_missed() {
    let Some(folder) = folder() else {
        println!("kustomize's own cases are not beside the repository: none walked");
        return;
    };
    let wrapped = Wrapped::new();
    let (mut same, mut refused, mut wrong) = (0, 0, Vec::new());
    let mut remote = BTreeSet::new();
    for case in cases(&folder) {
        let graph = Graph::of(&[case.target.clone().into_os_string()]);
        remote.extend(graph.remote().map(str::to_owned));
        let names_exec = graph.exec().next().is_some();
        if names_exec != named(&case.target) {
            wrong.push(format!("{}: the walk says {names_exec}", case.name));
        }
        let mut flags: Vec<&str> = case.flags.iter().map(String::as_str).collect();
        flags.insert(0, "build");
        let target = case.target.to_str().unwrap();
        flags.push(target);
        if names_exec {
            // The tree is read-only here and has no programs: it is the refusal that counts.
            let told = wrapped.refused(&flags);
            if !told.starts_with("error: exec functions are disabled") || !case.exec {
                wrong.push(format!("{}: {told}", case.name));
            }
            refused += 1;
            continue;
        }
        let output = wrapped.run(&flags);
        let text = String::from_utf8_lossy(&output.stdout);
        // Some were written down with another order of the documents than the command line has.
        let real = || String::from_utf8_lossy(&wrapped.real(&flags).stdout) == text;
        if output.status.success() && (text == case.want || real()) {
            same += 1;
        } else {
            wrong.push(format!("{}: {}", case.name, said(&output)));
        }
    }
    println!(
        "kustomize's own cases: {same} come out the same, {refused} with exec functions are refused; remote: {remote:?}"
    );
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(same + refused >= 279, "{same} + {refused} of 279");
}
