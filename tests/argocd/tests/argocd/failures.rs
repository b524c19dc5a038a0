//! What a user sees in the Application when a Secret cannot be decrypted.
//!
//! The message of the condition is compared whole, after the three normalisations of [`shown`].

use std::collections::BTreeSet;
use std::sync::OnceLock;

use argocd::{Application, Argo, Form, Options, encrypt, encrypted, root};
use test_support::{Marker, Scratch};

use crate::left;

/// The recipient of `tests/keys/throw-away-age-stranger.txt`: no Argo CD here has its key.
const STRANGER: &str = "age1vv8msx2ntxtf5j5dqzq3j7yaatht5tjdlj9mz6c6pvq7qe5xda3sjw4w98";

/// One Argo CD for the tests that end by themselves.
fn argo() -> &'static Argo {
    static ARGO: OnceLock<Argo> = OnceLock::new();
    ARGO.get_or_init(|| Argo::kept(Options::default))
}

/// The message of the condition that the Application of a folder gets, once it could not be built.
///
/// Three things in it change from run to run, and only they are replaced: the folder of the test; the numbers of kustomize's
/// copy of the config and of the processes whose end a shell reports; and that the repo-server remembered the failure.
pub(crate) fn shown(application: &Application<'_>, argo: &Argo) -> String {
    let message = application.condition("ComparisonError");
    let message = message.replace(&argo.folder().display().to_string(), "FOLDER");
    let message = message.replace("Manifest generation error (cached): ", "");
    let copy = "kust-plugin-config-";
    let mut parts = message.split(copy);
    let first = parts.next().unwrap_or_default().to_owned();
    let numbered = parts.map(|part| {
        let rest = part.trim_start_matches(|c: char| c.is_ascii_digit());
        format!("{copy}NUMBER{rest}")
    });
    (first + &numbered.collect::<String>()).lines().map(reported).collect::<Vec<_>>().join("\n")
}

/// A line in which bash reports the end of a process, `   10315 Killed      | pleach run`: without its number, in single blanks.
fn reported(line: &str) -> String {
    let words: Vec<&str> = line.split_whitespace().collect();
    let is_number = |word: &str| word.chars().all(|c| c.is_ascii_digit());
    let at =
        words.windows(2).position(|two| is_number(two[0]) && ["Done", "Killed"].contains(&two[1]));
    match at {
        Some(at) => [&words[..at], &["NUMBER"], &words[at + 1..]].concat().join(" "),
        None => line.to_owned(),
    }
}

/// A folder with one Secret, `secret.enc.yaml`, and the config that decrypts it.
fn folder(argo: &Argo, name: &str, encrypted: &str) {
    let repository = argo.repository();
    repository.write(&format!("{name}/secret.enc.yaml"), encrypted);
    repository.write(
        &format!("{name}/secrets.yaml"),
        "apiVersion: pleach.dev/v1alpha1\nkind: SopsDecrypt\nmetadata: {name: secrets}\n\
         spec: {files: [secret.enc.yaml]}\n",
    );
    repository.write(&format!("{name}/kustomization.yaml"), "generators: [secrets.yaml]\n");
    repository.push(name);
}

/// What a user sees of the folder.
fn seen(name: &str) -> String {
    let argo = argo();
    shown(&argo.application(name, name, Form::Kustomize), argo)
}

#[test]
#[ignore = "tier 3: make test-argocd"]
fn a_file_for_another_key() {
    let (argo, marker) = (argo(), Marker::word("the value"));
    let manifest = format!(
        "apiVersion: v1\nkind: Secret\nmetadata: {{name: s}}\nstringData:\n  password: {}\n",
        marker.text
    );
    folder(argo, "another-key", &encrypt(&Scratch::new(), &manifest, STRANGER));
    insta::assert_snapshot!(seen("another-key"), @r"
    Failed to load target state: failed to generate manifest for source 1 of 1: rpc error: code = Unknown desc = `kustomize build <path to cached source>/another-key --enable-alpha-plugins` failed exit status 1: Error: error: another-key/secret.enc.yaml: no key opens the file
    age age1vv8msx2ntxtf5j5dqzq3j7yaatht5tjdlj9mz6c6pvq7qe5xda3sjw4w98: no identity opens it: ~/.ssh/id_ed25519: not there; ~/.ssh/id_rsa: not there; SOPS_AGE_KEY_FILE=FOLDER/keys/throw-away-age.txt: 1 identity, which does not match; ~/.config/sops/age/keys.txt: not there; not set: SOPS_AGE_SSH_PRIVATE_KEY_FILE, SOPS_AGE_SSH_PRIVATE_KEY_CMD, SOPS_AGE_KEY, SOPS_AGE_KEY_CMD
    hint: put the identity of the recipient into a file and name it in SOPS_AGE_KEY_FILE
    : failure in plugin configured via FOLDER/tmp/kust-plugin-config-NUMBER; exit status 1
    ");
    left::no_process(argo);
    // The last is kustomize's own copy of a config, which it leaves behind when a plugin fails.
    let expected = ["_argocd-repo", "argocd-git-wrapper-", "ask-pass.sock", "kust-plugin-config-"];
    assert_eq!(left::temporary(argo), BTreeSet::from(expected.map(str::to_owned)));
    left::no_secret(argo, &[&marker]);
}

/// A key file that is cut short, as after a Secret that somebody typed: nothing of it is repeated.
#[test]
#[ignore = "tier 3: make test-argocd"]
fn a_broken_key() {
    let key = std::fs::read_to_string(root().join("tests/keys/throw-away-age.txt"));
    let key = key.expect("a key");
    let secret = key.lines().find(|line| line.starts_with("AGE-SECRET-KEY-")).expect("a key");
    let broken = secret[..secret.len() - 5].to_owned();
    let (marker, value) = (Marker::of("the key", &broken), Marker::word("the value"));
    let argo = Argo::start(&Options {
        files: vec![("operator/broken.txt", broken)],
        variables: vec![("SOPS_AGE_KEY_FILE", "FOLDER/operator/broken.txt")],
        ..Options::default()
    });
    let text = encrypted(&Scratch::new(), "s", &[("password", &value.text)]);
    folder(&argo, "broken-key", &text);
    let seen = shown(&argo.application("broken-key", "broken-key", Form::Kustomize), &argo);
    insta::assert_snapshot!(seen, @r"
    Failed to load target state: failed to generate manifest for source 1 of 1: rpc error: code = Unknown desc = `kustomize build <path to cached source>/broken-key --enable-alpha-plugins` failed exit status 1: Error: error: broken-key/secret.enc.yaml: no key opens the file
    age age1xhmvntqaejl9dr4a4cfakangz7fwxlhslelg08mfk7swe8k8wvhsg0v9vt: no identity opens it: ~/.ssh/id_ed25519: not there; ~/.ssh/id_rsa: not there; SOPS_AGE_KEY_FILE=FOLDER/operator/broken.txt: line 1: a broken age identity; ~/.config/sops/age/keys.txt: not there; not set: SOPS_AGE_SSH_PRIVATE_KEY_FILE, SOPS_AGE_SSH_PRIVATE_KEY_CMD, SOPS_AGE_KEY, SOPS_AGE_KEY_CMD
    hint: put the identity of the recipient into a file and name it in SOPS_AGE_KEY_FILE
    : failure in plugin configured via FOLDER/tmp/kust-plugin-config-NUMBER; exit status 1
    ");
    assert!(marker.found_in(seen.as_bytes()).is_none());
    left::no_process(&argo);
    left::no_secret(&argo, &[&value]);
}

#[test]
#[ignore = "tier 3: make test-argocd"]
fn a_file_that_was_changed_after_it_was_encrypted() {
    let (argo, marker) = (argo(), Marker::word("the value"));
    let whole =
        encrypted(&Scratch::new(), "s", &[("password", &marker.text), ("user", "somebody")]);
    // The value is whole, the MAC of the file no longer says so.
    let broken = whole.replace("user:", "owner:");
    assert_ne!(whole, broken);
    folder(argo, "changed", &broken);
    insta::assert_snapshot!(seen("changed"), @r"
    Failed to load target state: failed to generate manifest for source 1 of 1: rpc error: code = Unknown desc = `kustomize build <path to cached source>/changed --enable-alpha-plugins` failed exit status 1: Error: error: changed/secret.enc.yaml: `stringData.owner` does not open with the file's key: it was altered, or its key was renamed
    hint: take the file from version control again, and change it with `sops edit` only
    : failure in plugin configured via FOLDER/tmp/kust-plugin-config-NUMBER; exit status 1
    ");
    left::no_process(argo);
    left::no_secret(argo, &[&marker]);
}

#[test]
#[ignore = "tier 3: make test-argocd"]
fn a_file_that_is_not_there() {
    let argo = argo();
    folder(argo, "absent", "");
    std::fs::remove_file(argo.repository().work().join("absent/secret.enc.yaml")).expect("a file");
    argo.repository().push("without the file");
    insta::assert_snapshot!(seen("absent"), @r"
    Failed to load target state: failed to generate manifest for source 1 of 1: rpc error: code = Unknown desc = `kustomize build <path to cached source>/absent --enable-alpha-plugins` failed exit status 1: Error: error: absent/secret.enc.yaml: spec.files[0]: no such file
    hint: paths are relative to the kustomization in absent
    : failure in plugin configured via FOLDER/tmp/kust-plugin-config-NUMBER; exit status 1
    ");
    left::no_process(argo);
}
