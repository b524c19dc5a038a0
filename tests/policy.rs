//! The operator's policy, at its real path: in a mount namespace with an `/etc` of its own, as a
//! user who cannot write it.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fs;
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::PathBuf;
use std::process::Output;

use crate::build::{built, copy, root, said};
use crate::machine::{BUILDER, Machine, is_root};
use test_support::machine as program;

/// Two repositories below `trees/`.
struct Repositories(Machine);

impl Repositories {
    fn new(policy: &str) -> Self {
        let machine = Machine::new(&policy.replace("TREES", "DIR/trees"));
        let scratch = &machine.scratch;
        let secrets = root().join("examples/quickstart/secrets");
        scratch.write("trees/a/.git/HEAD", "");
        scratch.write("trees/b/.git/HEAD", "");
        copy(&secrets, &scratch.join("trees/b/secrets"));
        let config = |name: &str, path: &str| {
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
        Self(machine)
    }

    /// `pleach` with these arguments, in repository `a`, in that machine.
    fn pleach(&self, as_root: bool, arguments: &[&str]) -> Output {
        let scratch = &self.0.scratch;
        let mut command = self.0.command(as_root, "trees/a", &scratch.join("pleach"));
        command.args(arguments).env("SOPS_AGE_KEY_FILE", scratch.join("age.txt"));
        let output = command.output().unwrap();
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
        said(&output).replace(&self.0.dir(), "DIR")
    }
}

const POLICY: &str = "apiVersion: pleach.dev/v1alpha1\nkind: Policy\nspec: {scopes: [TREES]}\n";

#[test]
fn a_policy_widens_the_scope_to_what_it_names() {
    let machine = Repositories::new(POLICY);
    let output = machine.pleach(false, &["run", "other.yaml"]);
    assert!(built(&output).contains("database.enc.yaml: "), "{}", built(&output));
}

#[test]
fn without_scopes_in_the_policy_the_tree_decides() {
    let machine = Repositories::new("apiVersion: pleach.dev/v1alpha1\nkind: Policy\n");
    assert!(machine.pleach(false, &["run", "own.yaml"]).status.success());
    let refused = machine.refused(false, &["run", "other.yaml"]);
    assert!(refused.contains("the git repository of the kustomization"), "{refused}");
}

#[test]
fn what_the_policy_does_not_name_is_refused_and_the_refusal_says_who_decided() {
    let machine = Repositories::new(POLICY);
    insta::assert_snapshot!(machine.refused(false, &["run", "far.yaml"]), @r"
    error: /etc/passwd: spec.secrets[0].files[0]: an absolute path outside the scope, decided by the operator's policy /etc/pleach/policy.yaml
    hint: move the file below one of the policy's scopes
    ");
}

#[test]
fn a_policy_whose_scopes_are_not_there_leaves_no_scope() {
    let machine = Repositories::new(&POLICY.replace("TREES", "/no/such/folder"));
    let refused = machine.refused(false, &["run", "own.yaml"]);
    assert!(refused.contains("the operator's policy"), "{refused}");
}

#[test]
fn attack_a_policy_that_the_builder_can_write_stops_the_build() {
    let machine = Repositories::new(POLICY);
    insta::assert_snapshot!(machine.refused(true, &["run", "own.yaml"]), @r"
    error: /etc/pleach/policy.yaml: the user that builds can write /etc/pleach/policy.yaml
    hint: own it by another user, without write permission for this one, or mount it read-only
    ");
}

#[test]
fn attack_a_folder_above_the_policy_that_the_builder_owns_stops_the_build() {
    if !is_root() {
        // A mapped root owns everything that it can see: the case above is this one.
        let machine = Repositories::new(POLICY);
        assert!(machine.refused(true, &["run", "own.yaml"]).contains("can write"));
        return;
    }
    let machine = Repositories::new(POLICY);
    chown(machine.0.scratch.join("etc/pleach"), Some(BUILDER), None).unwrap();
    let folder = fs::Permissions::from_mode(0o555);
    fs::set_permissions(machine.0.scratch.join("etc/pleach"), folder).unwrap();
    let refused = machine.refused(false, &["run", "own.yaml"]);
    assert!(refused.contains("can write /etc/pleach\n"), "{refused}");
}

#[test]
fn a_policy_that_cannot_be_read_or_is_none_stops_the_build() {
    let machine =
        Repositories::new("apiVersion: pleach.dev/v1alpha1\nkind: Policy\nspec: {scope: []}\n");
    insta::assert_snapshot!(machine.refused(false, &["run", "own.yaml"]), @r"
    error: /etc/pleach/policy.yaml: spec.scope: unknown field `scope`, expected one of `scopes`, `optOuts`, `pipelines`, `projects`
    hint: apiVersion: pleach.dev/v1alpha1, kind: Policy, spec: {scopes: [absolute paths], optOuts: [functions], pipelines: [Pipelines], projects: {NAME: {keys: folder, paths: [paths in the repository], scopes, optOuts, pipelines}}}
    ");
    let file: PathBuf = machine.0.scratch.join("etc/pleach/policy.yaml");
    fs::remove_file(&file).unwrap();
    std::os::unix::fs::symlink("nowhere", &file).unwrap();
    assert!(
        machine.refused(false, &["run", "own.yaml"]).contains("error: /etc/pleach/policy.yaml: ")
    );
}

#[test]
fn attack_another_process_of_the_same_user_cannot_read_the_memory_of_a_run() {
    let machine = Repositories::new(POLICY);
    let script = "#!/bin/sh\nif cat /proc/$PPID/environ; then echo yes; else echo no; fi \
                  > $HOME/readable 2>&1\nif cat /proc/$$/environ > /dev/null; then echo own; fi >> $HOME/readable\n";
    let command = machine.0.scratch.write("key", script);
    fs::set_permissions(&command, fs::Permissions::from_mode(0o755)).unwrap();
    let home = machine.0.scratch.join("home");
    let mut pleach = if is_root() {
        chown(&home, Some(BUILDER), None).unwrap();
        let user = BUILDER.to_string();
        let mut setpriv = machine.0.scratch.command(program("setpriv"));
        setpriv.args(["--reuid", &user, "--regid", &user, "--clear-groups"]);
        setpriv.arg(machine.0.scratch.join("pleach"));
        setpriv
    } else {
        machine.0.scratch.command(machine.0.scratch.join("pleach"))
    };
    pleach.current_dir(machine.0.scratch.join("trees/a")).args(["run", "own.yaml"]);
    let output = pleach.env("SOPS_AGE_KEY_CMD", &command).output().unwrap();
    let readable = fs::read_to_string(home.join("readable"));
    let readable = readable.unwrap_or_else(|_| panic!("{}", said(&output)));
    assert!(readable.ends_with("no\nown\n"), "{readable}");
}
