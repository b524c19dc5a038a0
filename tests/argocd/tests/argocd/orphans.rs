//! A thousand builds below a Go parent that kills as the repo-server does: SIGKILL, to kustomize alone, and no wait.

use std::collections::BTreeSet;
use std::process::{Command, Stdio};
use std::time::Duration;

use argocd::{Confined, Layout, Options};
use cluster::{Process, below, until, within};
use serde_json::Value;
use test_support::Marker;

use crate::tree;

const RUNS: u64 = 1000;

/// Runs `kustomize build` of `tree/` so many times by the code of the repo-server, as its user.
fn builds(layout: &Layout, plugins: &str, runs: u64, timeouts: &str) -> Value {
    let mut parent = layout.program("argocd-parent");
    parent
        .args(["--runs", &runs.to_string(), "--concurrency", "4", "--timeout", timeouts, "--"])
        .args(["kustomize", "build", "--enable-alpha-plugins"])
        .arg(layout.join("tree"))
        .env("KUSTOMIZE_PLUGIN_HOME", layout.join(plugins));
    layout.variables(&mut parent, &[]);
    let mut confined =
        Confined { writable: vec![layout.join("tmp")], ..Confined::default() }.command(&parent);
    let output = confined.stdin(Stdio::null()).stderr(Stdio::inherit()).output();
    let output = output.expect("unshare");
    assert!(output.status.success(), "{}", output.status);
    serde_json::from_slice(&output.stdout).expect("the verdicts")
}

fn left(layout: &Layout) -> Vec<Process> {
    below(layout.folder(), &BTreeSet::new())
}

#[test]
#[ignore = "tier 3: make test-argocd"]
fn a_thousand_builds_of_which_many_are_killed_leave_no_process_and_no_secret() {
    let layout = Layout::new(&Options::default());
    tree::as_plugin(&layout.join("tree"));
    let verdicts =
        builds(&layout, "installed/plugins", RUNS, "30s,20ms,40ms,60ms,90ms,150ms,300ms");
    println!("argocd: {RUNS} builds below a Go parent: {verdicts}");
    let count = |key: &str| verdicts[key].as_u64().expect("a count");
    assert_eq!(count("succeeded") + count("timedOut"), RUNS, "{verdicts}");
    assert!(count("succeeded") >= RUNS / 7 && count("timedOut") >= RUNS / 7, "{verdicts}");
    let gone = within(Duration::from_secs(30), || left(&layout).is_empty());
    assert!(gone, "{:#?}", left(&layout));

    let marker = Marker::of("the password", "not-a-real-password");
    let mut configs = 0;
    for entry in std::fs::read_dir(layout.join("tmp")).expect("the temporary files").flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        // kustomize's own copy of a config, which it removes only when it ends by itself.
        assert!(name.starts_with("kust-plugin-config-"), "{name}");
        let content = std::fs::read(entry.path()).expect("the config");
        assert!(marker.found_in(&content).is_none(), "{name}");
        configs += 1;
    }
    println!("argocd: {configs} configs left by kustomize, which was killed");
}

/// The search works: a plugin that does not end with its parent is found, once for each run that was killed.
#[test]
#[ignore = "tier 3: make test-argocd"]
fn a_plugin_that_outlives_kustomize_is_found() {
    let sleeps = "#!/bin/sh\nexec sleep 600\n".to_owned();
    let plugin = "careless/pleach.dev/v1alpha1/sopsdecrypt/SopsDecrypt";
    let layout = Layout::new(&Options { files: vec![(plugin, sleeps)], ..Options::default() });
    tree::as_plugin(&layout.join("tree"));
    let verdicts = builds(&layout, "careless", 3, "2s");
    assert_eq!(verdicts["timedOut"], 3, "{verdicts}");
    let orphans =
        until(Duration::from_secs(10), || Some(left(&layout)).filter(|all| all.len() == 3));
    let orphans = orphans.unwrap_or_else(|| panic!("{:#?}", left(&layout)));
    for orphan in &orphans {
        let killed = Command::new("kill").args(["-KILL", &orphan.pid.to_string()]).status();
        assert!(killed.is_ok_and(|status| status.success()), "{orphan:?}");
    }
}
