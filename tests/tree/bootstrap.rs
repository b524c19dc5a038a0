//! `examples/bootstrap`: an operator's own key is made, and a copy of the tree is given to it, with the real programs.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use apps::Checkout;
use test_support::{Scratch, age_keygen, sops};

use super::{Tree, tree};
use crate::build::{built, root, said};

/// A fork of the tree, and the operator who runs the script in it.
struct Fork {
    checkout: Checkout,
    operator: Scratch,
}

impl Fork {
    fn new() -> Self {
        let operator = Scratch::new();
        for program in [sops(), age_keygen()] {
            let link = operator.dir("bin").join(program.file_name().expect("a name"));
            std::os::unix::fs::symlink(&program, link).expect("a link");
        }
        Self { checkout: Checkout::of(root()), operator }
    }

    fn run(&self, arguments: &[&str]) -> Output {
        let mut command = self.operator.command(root().join("examples/bootstrap/bootstrap"));
        let path = std::env::var("PATH").unwrap_or_default();
        command
            .args(arguments)
            .current_dir(self.checkout.root())
            .env("PATH", format!("{}:{path}", self.operator.join("bin").display()))
            .env("SOPS_AGE_KEY_FILE", apps::key_file(root()));
        command.output().expect("the script starts")
    }

    /// A folder of the operator's own.
    fn keys(&self) -> String {
        self.operator.join("own keys").display().to_string()
    }

    fn secrets(&self) -> Vec<PathBuf> {
        let apps = self.checkout.root().join("apps");
        let mut found: Vec<PathBuf> = super::walk(&apps)
            .into_iter()
            .filter(|path| path.parent().is_some_and(|folder| folder.ends_with("secrets")))
            .collect();
        found.sort();
        found
    }

    /// Every overlay built with this key alone gives what the throw-away key gave before.
    fn builds_as_before(&self, variable: &str, key: &Path) {
        let Tree { plugins, streams, .. } = tree();
        for (overlay, before) in streams {
            let made = plugins.build_with_key(&self.checkout.root(), overlay, variable, key);
            assert!(made.success, "{overlay}: {}", made.said);
            assert_eq!(made.stream, *before, "{overlay}");
        }
        assert!(streams.len() >= 9, "{:?}", streams.keys());
    }

    /// Nothing here opens for who has read this repository.
    fn is_closed_to_the_throw_away_keys(&self) {
        let overlay = "apps/oauth2-proxy/overlays/prod";
        let made = tree().plugins.build(&self.checkout.root(), overlay);
        assert!(!made.success && made.stream.is_empty(), "the published key opens the tree");
        let keys = std::fs::read_to_string(root().join("tests/keys/README.md")).expect("text");
        let published = |word: &&str| word.starts_with("age1") || word.len() == 40;
        let published: Vec<&str> = keys.split([' ', '`']).filter(published).collect();
        assert!(published.len() >= 4, "{published:?}");
        for file in self.secrets() {
            let text = std::fs::read_to_string(&file).expect("text");
            for key in &published {
                assert!(!text.contains(key), "{} names {key}", file.display());
            }
        }
    }
}

/// The data key of a file, as its MAC shows: it is not what it was.
fn macs(fork: &Fork) -> Vec<String> {
    let mac = |file: PathBuf| {
        let text = std::fs::read_to_string(file).expect("text");
        text.lines().find(|line| line.trim_start().starts_with("mac:")).expect("a MAC").to_owned()
    };
    fork.secrets().into_iter().map(mac).collect()
}

#[test]
fn a_tree_given_to_an_age_key_builds_the_same_with_it_and_with_no_published_key() {
    let fork = Fork::new();
    let recipient = built(&fork.run(&["key", "age", &fork.keys()]));
    assert!(recipient.starts_with("age1"), "{recipient}");
    let before = macs(&fork);
    let files = built(&fork.run(&["rekey", recipient.trim()]));
    assert_eq!(
        files.lines().count(),
        fork.secrets().len() + 1,
        "the Secrets and .sops.yaml: {files}"
    );
    assert!(macs(&fork).iter().zip(&before).all(|(now, before)| now != before), "old data keys");
    let rules = std::fs::read_to_string(fork.checkout.root().join(".sops.yaml")).expect("text");
    assert!(rules.contains(&format!("    age: {recipient}")) && !rules.contains("pgp:"), "{rules}");
    // sops finds its own rules kept.
    let mut agree = fork.operator.command(sops());
    let key = fork.operator.join("own keys/age.txt");
    agree.args(["updatekeys", "--yes"]).arg(&fork.secrets()[0]).env("SOPS_AGE_KEY_FILE", key);
    let agree = agree.current_dir(fork.checkout.root()).output().expect("sops");
    assert!(said(&agree).contains("already up to date"), "{}", said(&agree));
    println!("Secrets given to the operator: {}", before.len());
    assert!(before.len() >= 4);
    fork.builds_as_before("SOPS_AGE_KEY_FILE", &fork.operator.join("own keys/age.txt"));
    fork.is_closed_to_the_throw_away_keys();
}

#[test]
fn a_tree_given_to_a_pgp_key_builds_the_same_with_what_was_exported() {
    let fork = Fork::new();
    let name = "operator of the test <operator@example.org>";
    let fingerprint = built(&fork.run(&["key", "gpg", &fork.keys(), name]));
    assert_eq!(fingerprint.trim().len(), 40, "{fingerprint}");
    built(&fork.run(&["rekey", fingerprint.trim()]));
    fork.builds_as_before("PLEACH_PGP_KEY_FILE", &fork.operator.join("own keys/deploy.asc"));
    fork.is_closed_to_the_throw_away_keys();
    let mut end = Command::new(test_support::machine("gpgconf"));
    end.args(["--kill", "all"]).env("GNUPGHOME", fork.operator.join("home/.gnupg"));
    assert!(end.status().is_ok_and(|status| status.success()));
}

#[test]
fn a_key_is_made_for_nobody_else_outside_of_git_and_never_over_another() {
    use std::os::unix::fs::PermissionsExt as _;
    let fork = Fork::new();
    built(&fork.run(&["key", "age", &fork.keys()]));
    let file = fork.operator.join("own keys/age.txt");
    let (first, mode) =
        (std::fs::read(&file), std::fs::metadata(&file).expect("a file").permissions().mode());
    assert_eq!(mode & 0o077, 0, "{mode:o}");
    let again = fork.run(&["key", "age", &fork.keys()]);
    assert!(!again.status.success() && said(&again).starts_with("error: "), "{}", said(&again));
    assert_eq!(std::fs::read(&file).expect("a key"), first.expect("a key"));

    let mut init = fork.operator.command("git");
    built(&init.args(["init", "--quiet", "repository"]).output().expect("git"));
    let inside = fork.operator.join("repository/keys").display().to_string();
    let refused = fork.run(&["key", "age", &inside]);
    assert!(said(&refused).contains("lies in a Git repository\nhint: "), "{}", said(&refused));
    assert!(!Path::new(&inside).join("age.txt").exists());
}

#[test]
fn a_key_that_sops_cannot_use_changes_no_file_of_the_tree() {
    let fork = Fork::new();
    let state = || -> Vec<(PathBuf, Vec<u8>)> {
        let files = super::walk(&fork.checkout.root());
        files
            .into_iter()
            .map(|path| (path.clone(), std::fs::read(&path).expect("a file")))
            .collect()
    };
    let before = state();
    // Nobody has this one in a keyring.
    let output = fork.run(&["rekey", &"0".repeat(40)]);
    assert!(!output.status.success() && output.stdout.is_empty());
    assert!(said(&output).contains("nothing has changed\nhint: "), "{}", said(&output));
    assert!(state() == before, "something has changed");
}

#[test]
fn what_is_no_key_changes_nothing() {
    let fork = Fork::new();
    let before = macs(&fork);
    for arguments in [&["rekey"][..], &["rekey", "nonsense"], &["rekey", "4e084cd1"], &[], &["key"]]
    {
        let output = fork.run(arguments);
        assert!(!output.status.success() && output.stdout.is_empty(), "{arguments:?}");
        assert!(!said(&output).is_empty(), "{arguments:?}");
    }
    assert_eq!(macs(&fork), before);
}
