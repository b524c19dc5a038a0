//! What runs kustomize runs here as it does in the pods of the upstream manifests.

use std::collections::BTreeMap;
use std::fs;
use std::process::Command;

use argocd::{Confined, Options, RepoServer};
use test_support::machine;

/// What the kernel says of a process.
fn status(pid: u32) -> BTreeMap<String, String> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).expect("a process");
    let lines = status.lines().filter_map(|line| line.split_once(':'));
    lines.map(|(key, value)| (key.to_owned(), value.trim().replace('\t', " "))).collect()
}

#[test]
#[ignore = "tier 3: make test-argocd"]
fn the_repo_server_has_no_capability_and_a_read_only_root() {
    let argo = RepoServer::start(&Options::default());
    let pid = argo.pid();
    let status = status(pid);
    let wanted = [
        "Name",
        "Uid",
        "Gid",
        "Groups",
        "CapInh",
        "CapPrm",
        "CapEff",
        "CapBnd",
        "CapAmb",
        "NoNewPrivs",
    ];
    let shown = wanted.map(|key| format!("{key}: {}", status[key]));
    insta::assert_snapshot!(shown.join("\n"), @r"
    Name: argocd-repo-ser
    Uid: 999 999 999 999
    Gid: 999 999 999 999
    Groups: 
    CapInh: 0000000000000000
    CapPrm: 0000000000000000
    CapEff: 0000000000000000
    CapBnd: 0000000000000000
    CapAmb: 0000000000000000
    NoNewPrivs: 1
    ");
    let mounts = fs::read_to_string(format!("/proc/{pid}/mountinfo")).expect("its mounts");
    // Mount id, parent, device, root, mount point, options (proc_pid_mountinfo(5)).
    let mut mounts = mounts.lines().map(|line| line.split(' ').collect::<Vec<_>>());
    let root = mounts.rfind(|mount| mount[4] == "/").expect("a root");
    assert!(root[5].split(',').any(|option| option == "ro"), "{root:?}");
}

/// The confinement is real: what it must not do fails, and what it may do works.
#[test]
#[ignore = "tier 3: make test-argocd"]
fn a_confined_process_writes_to_its_own_folders_alone() {
    let scratch = test_support::Scratch::new();
    fs::set_permissions(scratch.path(), std::os::unix::fs::PermissionsExt::from_mode(0o755))
        .expect("a mode");
    let own = scratch.dir("own");
    // Anybody may write to both: what refuses is the mount.
    let other = scratch.dir("other");
    for folder in [&own, &other] {
        fs::set_permissions(folder, std::os::unix::fs::PermissionsExt::from_mode(0o777))
            .expect("a mode");
    }
    let script = "id -u; echo > \"$1/x\" && echo own; echo > \"$2/x\" && echo other; mount -t tmpfs t \"$1\" && echo mounted; true";
    let mut command = Command::new(machine("sh"));
    command.args(["-c", script, "sh"]).args([&own, &other]).current_dir("/");
    let confined =
        Confined { writable: vec![own.clone()], ..Confined::default() }.command(&command);
    let output = { confined }.env("PATH", "/usr/bin:/bin").output().expect("unshare");
    insta::assert_snapshot!(String::from_utf8_lossy(&output.stdout), @r"
    999
    own
    ");
}
