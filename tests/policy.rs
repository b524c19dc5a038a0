//! The operator's policy, at its real path: in a mount namespace with an `/etc` of its own, as a
//! user who cannot write it.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fs;
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::PathBuf;
use std::process::{Command, Output};

use crate::build::{PLEACH, built, copy, root, said};
use test_support::{Scratch, machine as program};

/// Who builds when the tests run as root; any other user builds as itself.
const BUILDER: u32 = 4242;

struct Machine {
    scratch: Scratch,
}

impl Machine {
    /// Two repositories, and an `/etc` with this policy.
    fn new(policy: &str) -> Self {
        let machine = Self { scratch: Scratch::new() };
        let scratch = &machine.scratch;
        fs::set_permissions(scratch.path(), fs::Permissions::from_mode(0o755)).unwrap();
        fs::copy(PLEACH, scratch.join("pleach")).unwrap();
        scratch.write("etc/pleach/policy.yaml", policy.replace("TREES", &machine.trees()));
        scratch.write("etc/passwd", "root:x:0:0::/:/bin/sh\n");
        let secrets = root().join("examples/quickstart/secrets");
        scratch.write("trees/a/.git/HEAD", "");
        scratch.write("trees/b/.git/HEAD", "");
        copy(&secrets, &scratch.join("trees/b/secrets"));
        let config = |name: &str, path: &str| {
            let path = path.replace("TREES", &machine.trees());
            let text = format!(
                "apiVersion: pleach.dev/v1alpha1\nkind: SopsDecrypt\nmetadata: {{name: s}}\n\
                 spec: {{secrets: [{{name: s, files: [{path}]}}]}}\n"
            );
            scratch.write(name, text);
        };
        config("trees/a/own.yaml", "own.enc.yaml");
        config("trees/a/other.yaml", "../b/secrets/database.enc.yaml");
        config("trees/a/far.yaml", "/etc/passwd");
        fs::copy(secrets.join("database.enc.yaml"), scratch.join("trees/a/own.enc.yaml")).unwrap();
        fs::copy(root().join("tests/keys/throw-away-age.txt"), scratch.join("age.txt")).unwrap();
        machine
    }

    fn trees(&self) -> String {
        self.scratch.join("trees").display().to_string()
    }

    /// `pleach` with these arguments, in repository `a`, in that machine. `as_root`: the user that
    /// builds can write the policy.
    fn pleach(&self, as_root: bool, arguments: &[&str]) -> Output {
        let root = is_root();
        let mut command = self.scratch.command(program("unshare"));
        command.current_dir(self.scratch.join("trees/a"));
        command.args(if root { vec!["-m"] } else { vec!["-U", "-r", "-m"] });
        // A mapped root owns the file outside: only the mount keeps it from writing.
        let read_only = if root || as_root { "" } else { "mount -o remount,bind,ro /etc\n" };
        let user = if root && !as_root {
            format!("setpriv --reuid {BUILDER} --regid {BUILDER} --clear-groups")
        } else {
            String::new()
        };
        let script = format!(
            "set -e\nmount --bind {0}/etc /etc\n{read_only}exec {user} {0}/pleach \"$@\"",
            self.scratch.path().display()
        );
        command.args(["sh", "-c", &script, "sh"]).args(arguments);
        command.env("SOPS_AGE_KEY_FILE", self.scratch.join("age.txt"));
        let output = command.stdin(std::process::Stdio::null()).output().unwrap();
        let told = said(&output);
        assert!(
            !told.contains("unshare failed") && !told.contains("mount:"),
            "this test needs a mount namespace: run it as root, or allow user namespaces: {told}"
        );
        output
    }

    /// Standard error, without the name of this test's folder.
    fn refused(&self, as_root: bool, arguments: &[&str]) -> String {
        let output = self.pleach(as_root, arguments);
        assert!(!output.status.success());
        assert!(output.stdout.is_empty());
        said(&output).replace(&self.trees(), "TREES")
    }
}

fn is_root() -> bool {
    let probe = Command::new(program("id")).arg("-u").output().unwrap();
    probe.stdout == b"0\n"
}

const POLICY: &str = "apiVersion: pleach.dev/v1alpha1\nkind: Policy\nspec: {scopes: [TREES]}\n";

#[test]
fn a_policy_widens_the_scope_to_what_it_names() {
    let machine = Machine::new(POLICY);
    let output = machine.pleach(false, &["run", "other.yaml"]);
    assert!(built(&output).contains("database.enc.yaml: "), "{}", built(&output));
}

#[test]
fn without_scopes_in_the_policy_the_tree_decides() {
    let machine = Machine::new("apiVersion: pleach.dev/v1alpha1\nkind: Policy\n");
    assert!(machine.pleach(false, &["run", "own.yaml"]).status.success());
    let refused = machine.refused(false, &["run", "other.yaml"]);
    assert!(refused.contains("the git repository of the kustomization"), "{refused}");
}

#[test]
fn what_the_policy_does_not_name_is_refused_and_the_refusal_says_who_decided() {
    let machine = Machine::new(POLICY);
    insta::assert_snapshot!(machine.refused(false, &["run", "far.yaml"]), @r"
    error: /etc/passwd: spec.secrets[0].files[0]: an absolute path outside the scope, decided by the operator's policy /etc/pleach/policy.yaml
    hint: move the file below one of the policy's scopes
    ");
}

#[test]
fn a_policy_whose_scopes_are_not_there_leaves_no_scope() {
    let machine = Machine::new(&POLICY.replace("TREES", "/no/such/folder"));
    let refused = machine.refused(false, &["run", "own.yaml"]);
    assert!(refused.contains("the operator's policy"), "{refused}");
}

#[test]
fn attack_a_policy_that_the_builder_can_write_stops_the_build() {
    let machine = Machine::new(POLICY);
    insta::assert_snapshot!(machine.refused(true, &["run", "own.yaml"]), @r"
    error: /etc/pleach/policy.yaml: the user that builds can write /etc/pleach/policy.yaml
    hint: own it by another user, without write permission for this one, or mount it read-only
    ");
}

#[test]
fn attack_a_folder_above_the_policy_that_the_builder_owns_stops_the_build() {
    if !is_root() {
        // A mapped root owns everything that it can see: the case above is this one.
        let machine = Machine::new(POLICY);
        assert!(machine.refused(true, &["run", "own.yaml"]).contains("can write"));
        return;
    }
    let machine = Machine::new(POLICY);
    chown(machine.scratch.join("etc/pleach"), Some(BUILDER), None).unwrap();
    let folder = fs::Permissions::from_mode(0o555);
    fs::set_permissions(machine.scratch.join("etc/pleach"), folder).unwrap();
    let refused = machine.refused(false, &["run", "own.yaml"]);
    assert!(refused.contains("can write /etc/pleach\n"), "{refused}");
}

#[test]
fn a_policy_that_cannot_be_read_or_is_none_stops_the_build() {
    let machine =
        Machine::new("apiVersion: pleach.dev/v1alpha1\nkind: Policy\nspec: {scope: []}\n");
    insta::assert_snapshot!(machine.refused(false, &["run", "own.yaml"]), @r"
    error: /etc/pleach/policy.yaml: spec.scope: unknown field `scope`, expected `scopes`
    hint: apiVersion: pleach.dev/v1alpha1, kind: Policy, spec: {scopes: [absolute paths]}
    ");
    let file: PathBuf = machine.scratch.join("etc/pleach/policy.yaml");
    fs::remove_file(&file).unwrap();
    std::os::unix::fs::symlink("nowhere", &file).unwrap();
    assert!(
        machine.refused(false, &["run", "own.yaml"]).contains("error: /etc/pleach/policy.yaml: ")
    );
}

#[test]
fn attack_another_process_of_the_same_user_cannot_read_the_memory_of_a_run() {
    let machine = Machine::new(POLICY);
    let script = "#!/bin/sh\nif cat /proc/$PPID/environ; then echo yes; else echo no; fi \
                  > $HOME/readable 2>&1\nif cat /proc/$$/environ > /dev/null; then echo own; fi >> $HOME/readable\n";
    let command = machine.scratch.write("key", script);
    fs::set_permissions(&command, fs::Permissions::from_mode(0o755)).unwrap();
    let home = machine.scratch.join("home");
    let mut pleach = if is_root() {
        chown(&home, Some(BUILDER), None).unwrap();
        let user = BUILDER.to_string();
        let mut setpriv = machine.scratch.command(program("setpriv"));
        setpriv.args(["--reuid", &user, "--regid", &user, "--clear-groups"]);
        setpriv.arg(machine.scratch.join("pleach"));
        setpriv
    } else {
        machine.scratch.command(machine.scratch.join("pleach"))
    };
    pleach.current_dir(machine.scratch.join("trees/a")).args(["run", "own.yaml"]);
    let output = pleach.env("SOPS_AGE_KEY_CMD", &command).output().unwrap();
    let readable = fs::read_to_string(home.join("readable"));
    let readable = readable.unwrap_or_else(|_| panic!("{}", said(&output)));
    assert!(readable.ends_with("no\nown\n"), "{readable}");
}
