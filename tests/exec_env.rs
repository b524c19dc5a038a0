//! `pleach exec-env`: what a command sees, compared with the real `sops exec-env`.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::process::{Command, Output};

use test_support::{Scratch, sops};

use crate::build::{Builder, PLEACH, built, root, said};

/// The age recipient of the throw-away key.
const RECIPIENT: &str = "age1xhmvntqaejl9dr4a4cfakangz7fwxlhslelg08mfk7swe8k8wvhsg0v9vt";

fn encrypt(scratch: &Scratch, name: &str, text: &str) {
    let file = scratch.write(name, text);
    let mut sops = scratch.command(sops());
    sops.args(["encrypt", "--in-place", "--age", RECIPIENT]).arg(&file);
    let output = sops.output().unwrap();
    assert!(output.status.success(), "{}", said(&output));
}

fn run(builder: &Builder, arguments: &[&str]) -> Output {
    let mut command: Command = builder.command(PLEACH);
    command.arg("exec-env").args(arguments).current_dir(builder.scratch.path());
    command.output().unwrap()
}

#[test]
fn a_command_sees_what_it_sees_under_the_real_sops() {
    let builder = Builder::new();
    let cases = [
        (
            "a.yaml",
            "user: admin\nport: 5432\non: true\nratio: 1.5\nempty: \"\"\nlines: \"a\\nb\"\nquoted: \"0644\"\n",
        ),
        ("a.json", "{\"user\": \"admin\", \"port\": 5432, \"on\": false}\n"),
        ("a.env", "USER_NAME=admin\nPASSWORD=a=b c'd\"e\nEMPTY=\n"),
    ];
    let names = "for name in user port on ratio empty lines quoted USER_NAME PASSWORD EMPTY; do \
                 eval \"value=\\${$name-unset}\"; printf '%s=[%s]\\n' \"$name\" \"$value\"; done";
    for (name, text) in cases {
        encrypt(&builder.scratch, name, text);
        let mut theirs = builder.command(sops());
        theirs.current_dir(builder.scratch.path()).args(["exec-env", name, names]);
        let theirs = built(&theirs.output().unwrap());
        assert_eq!(built(&run(&builder, &[name, names])), theirs, "{name}");
        assert!(theirs.contains("=[admin]"), "{name}: {theirs}");
    }
}

#[test]
fn the_command_is_a_program_with_arguments_and_its_exit_status_is_ours() {
    let builder = Builder::new();
    encrypt(&builder.scratch, "a.env", "TOKEN=marker\n");
    assert_eq!(built(&run(&builder, &["a.env", "printf", "%s|", "-n", "a b"])), "-n|a b|");
    assert_eq!(run(&builder, &["a.env", "exit 7"]).status.code(), Some(7));
    assert_eq!(run(&builder, &["a.env", "kill -TERM $$"]).status.signal(), Some(15));
}

#[test]
fn pristine_leaves_the_values_and_what_finds_programs() {
    let builder = Builder::new().env("OTHER", "x");
    encrypt(&builder.scratch, "a.env", "TOKEN=marker\n");
    let seen = built(&run(&builder, &["--pristine", "a.env", "env"]));
    assert!(
        seen.contains("TOKEN=marker") && seen.contains("PATH=") && !seen.contains("OTHER"),
        "{seen}"
    );
    assert!(built(&run(&builder, &["a.env", "env"])).contains("OTHER=x"));
}

#[test]
fn what_is_not_flat_or_does_not_open_starts_nothing() {
    let builder = Builder::new();
    encrypt(&builder.scratch, "deep.yaml", "a: {b: hunter2}\n");
    encrypt(&builder.scratch, "a.env", "TOKEN=hunter2\n");
    let refused = |builder: &Builder, arguments: &[&str]| {
        let output = run(builder, arguments);
        assert!(!output.status.success() && output.stdout.is_empty());
        assert!(!said(&output).contains("hunter2"), "{}", said(&output));
        said(&output)
    };
    insta::assert_snapshot!(refused(&builder, &["deep.yaml", "echo ran"]), @r"
    error: deep.yaml: a value of the file is a list or a map
    hint: use a dotenv file, or one map of plain values
    ");
    assert!(
        refused(&builder, &["a.env", "no-such-program", "x"])
            .contains("the command does not start")
    );
    let stranger = root().join("tests/keys/throw-away-age-stranger.txt");
    let without = Builder::without_keys().env("SOPS_AGE_KEY_FILE", stranger);
    fs::copy(builder.scratch.join("a.env"), without.scratch.join("a.env")).unwrap();
    assert!(
        refused(&without, &["a.env", "echo ran"])
            .starts_with("error: a.env: no key opens the file")
    );
}
