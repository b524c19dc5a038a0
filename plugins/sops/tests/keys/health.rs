//! What the doctor says of each key: whether it unlocks, until when it holds, whether it has the right subkey.

use std::ffi::OsString;

use sops::key::Health;

use crate::support::{Keys, PASSPHRASE, keyring};

/// What is said of each key in this environment, a line each; paths and key ids masked.
fn examined(keys: &Keys, env: &[(&'static str, OsString)]) -> String {
    let line = |found: sops::key::Found| {
        let (state, said) = match found.health {
            Health::Usable { note } => ("usable", note.unwrap_or_default()),
            Health::Doubtful { problem, hint } => ("doubtful", format!("{problem} [{hint}]")),
            Health::Broken { problem, hint } => ("broken", format!("{problem} [{hint}]")),
        };
        let who = if found.recipient.is_empty() { "nothing" } else { "a key" };
        format!("{state}: {who} in {}: {said}\n", found.place)
    };
    let text: String = keyring(env).found().into_iter().map(line).collect();
    assert!(!text.contains(PASSPHRASE) && !text.contains("MARKER"), "{text}");
    crate::errors::hex_masked(&text.replace(&keys.scratch.path().display().to_string(), "@"))
}

fn gpg(keys: &Keys, args: &[&str], input: &str) -> Vec<u8> {
    let always = ["--batch", "--pinentry-mode", "loopback", "--passphrase", ""];
    keys.gpg(&[&always[..], args].concat(), input.as_bytes()).stdout
}

/// The exported secret key of a user, as a value of `PLEACH_PGP_KEY_FILE`.
fn exported(keys: &Keys, user: &str) -> [(&'static str, OsString); 1] {
    let exported = gpg(keys, &["--export-secret-keys", user], "");
    [("PLEACH_PGP_KEY_FILE", keys.scratch.write(format!("{user}.gpg"), exported).into_os_string())]
}

/// The fingerprint of a user's primary key.
fn fingerprint(keys: &Keys, user: &str) -> String {
    let listing = gpg(keys, &["--with-colons", "--list-keys", user], "");
    let listing = String::from_utf8(listing).expect("UTF-8");
    let found = listing.lines().find_map(|line| line.strip_prefix("fpr:::::::::"));
    found.expect("a fingerprint").trim_end_matches(':').to_owned()
}

#[test]
fn a_pgp_key_that_is_as_it_should_be_names_its_subkey() {
    let keys = Keys::shared();
    insta::assert_snapshot!(examined(&keys, &keys.column("pgp-cv25519").ours), @"usable: a key in PLEACH_PGP_KEY_FILE=@/pgp-cv25519.asc: subkey <KEY>, does not expire");
}

#[test]
fn a_protected_pgp_key_is_unlocked() {
    let keys = Keys::shared();
    let column = keys.column("pgp-protected");
    insta::assert_snapshot!(examined(&keys, &column.ours), @"usable: a key in PLEACH_PGP_KEY_FILE=@/pgp-protected.asc: subkey <KEY>, does not expire");
    let file = column.ours[0].clone();
    insta::assert_snapshot!(examined(&keys, std::slice::from_ref(&file)), @"broken: a key in PLEACH_PGP_KEY_FILE=@/pgp-protected.asc: key <KEY> is protected by a passphrase, and PLEACH_PGP_PASSPHRASE_FILE is not set and there is no terminal to ask at [set PLEACH_PGP_PASSPHRASE_FILE to a file that holds the passphrase]");
    let wrong = keys.scratch.write("wrong", "MARKER\n").into_os_string();
    let env = [file, ("PLEACH_PGP_PASSPHRASE_FILE", wrong)];
    insta::assert_snapshot!(examined(&keys, &env), @"broken: a key in PLEACH_PGP_KEY_FILE=@/pgp-protected.asc: key <KEY>: the passphrase in PLEACH_PGP_PASSPHRASE_FILE=@/wrong is wrong [put the passphrase of the key into the file that PLEACH_PGP_PASSPHRASE_FILE names]");
}

#[test]
fn a_pgp_key_that_has_expired_opens_files_and_gets_no_new_ones() {
    let keys = Keys::shared();
    let then = ["--faked-system-time", "20200101T000000", "--quick-generate-key"];
    gpg(&keys, &[&then[..], &["health-expired", "default", "default", "1d"]].concat(), "");
    insta::assert_snapshot!(examined(&keys, &exported(&keys, "health-expired")), @"doubtful: a key in PLEACH_PGP_KEY_FILE=@/health-expired.gpg: subkey <KEY> expired on 2020-01-02: files that are encrypted for it open, sops encrypts no new ones [`gpg --quick-set-expire <KEY> 2y` and the same with `'*'` behind it, and export it again]");
}

#[test]
fn the_newest_subkey_that_holds_is_the_one_that_counts() {
    let keys = Keys::shared();
    let then = ["--faked-system-time", "20200101T000000"];
    let make = ["--quick-generate-key", "health-renewed", "ed25519", "sign", "never"];
    gpg(&keys, &[&then[..], &make[..]].concat(), "");
    let primary = fingerprint(&keys, "health-renewed");
    let add = ["--quick-add-key", &primary, "cv25519", "encr"];
    gpg(&keys, &[&then[..], &add[..], &["2d"]].concat(), "");
    let expired = examined(&keys, &exported(&keys, "health-renewed"));
    assert!(expired.contains("expired on 2020-01-03"), "{expired}");
    gpg(&keys, &[&add[..], &["never"]].concat(), "");
    insta::assert_snapshot!(examined(&keys, &exported(&keys, "health-renewed")), @"usable: a key in PLEACH_PGP_KEY_FILE=@/health-renewed.gpg: subkey <KEY>, does not expire");
}

#[test]
fn a_pgp_key_without_a_subkey_for_encryption_is_named() {
    let keys = Keys::shared();
    gpg(&keys, &["--quick-generate-key", "health-signs", "ed25519", "sign", "never"], "");
    insta::assert_snapshot!(examined(&keys, &exported(&keys, "health-signs")), @"broken: a key in PLEACH_PGP_KEY_FILE=@/health-signs.gpg: it has no subkey for encryption [add one with `gpg --quick-add-key <KEY> cv25519 encr`, and export it again]");
}

#[test]
fn a_subkey_that_was_revoked_is_named() {
    let keys = Keys::shared();
    gpg(&keys, &["--quick-generate-key", "health-revoked", "ed25519", "sign", "never"], "");
    let primary = fingerprint(&keys, "health-revoked");
    gpg(&keys, &["--quick-add-key", &primary, "cv25519", "encr", "never"], "");
    let loopback = ["--pinentry-mode", "loopback", "--passphrase", "", "--no-tty"];
    let edit = ["--command-fd", "0", "--edit-key", &primary];
    keys.gpg(&[&loopback[..], &edit[..]].concat(), b"key 1\nrevkey\ny\n0\n\ny\nsave\n");
    insta::assert_snapshot!(examined(&keys, &exported(&keys, "health-revoked")), @"doubtful: a key in PLEACH_PGP_KEY_FILE=@/health-revoked.gpg: subkey <KEY> is revoked: files that are encrypted for it open, sops encrypts no new ones [add another key to the files with `sops updatekeys`]");
}

#[test]
fn a_file_without_a_secret_key_is_named() {
    let keys = Keys::shared();
    let column = keys.column("pgp-cv25519");
    let public = gpg(&keys, &["--armor", "--export", &column.args[1]], "");
    let folder = keys.scratch.dir("health");
    keys.scratch.write("health/public.asc", public);
    let env = [("PLEACH_PGP_KEY_FILE", folder.into_os_string())];
    insta::assert_snapshot!(examined(&keys, &env), @"broken: nothing in PLEACH_PGP_KEY_FILE=@/health: public.asc: a public key, where the secret one should be [name a file that `gpg --export-secret-keys --armor` wrote, or a folder of them]");
    std::fs::copy(keys.scratch.join("pgp-rsa4096.asc"), keys.scratch.join("health/rsa.asc"))
        .expect("copy");
    insta::assert_snapshot!(examined(&keys, &env), @r"
    usable: a key in PLEACH_PGP_KEY_FILE=@/health: subkey <KEY>, does not expire
    doubtful: nothing in PLEACH_PGP_KEY_FILE=@/health: public.asc: a public key, where the secret one should be [name a file that `gpg --export-secret-keys --armor` wrote, or a folder of them]
    ");
}

#[test]
fn protected_age_identities_are_unlocked_and_what_is_inside_is_named() {
    let keys = Keys::shared();
    let column = keys.column("age-protected");
    let found = keyring(&column.ours).found();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].recipient, keys.column("age-x25519").args[1]);
    assert_eq!(found[0].health, Health::Usable { note: None });
    insta::assert_snapshot!(examined(&keys, &column.ours[..1]), @"broken: a key in SOPS_AGE_KEY_FILE=@/protected.age: protected by a passphrase, and PLEACH_AGE_PASSPHRASE_FILE is not set and there is no terminal to ask at [set PLEACH_AGE_PASSPHRASE_FILE to a file that holds the passphrase]");
    let wrong = keys.scratch.write("wrong", "MARKER\n").into_os_string();
    for name in ["age-protected", "age-ssh-protected"] {
        let mut env = keys.column(name).ours.clone();
        env[1].1.clone_from(&wrong);
        let text = examined(&keys, &env);
        assert!(text.starts_with("broken: a key in "), "{text}");
        assert!(
            text.contains("the passphrase in PLEACH_AGE_PASSPHRASE_FILE=@/wrong is wrong"),
            "{text}"
        );
    }
    let text = examined(&keys, &keys.column("age-ssh-protected").ours);
    assert!(text.starts_with("usable: a key in SOPS_AGE_SSH_PRIVATE_KEY_FILE="), "{text}");
}

#[test]
fn what_the_operator_named_is_broken_and_what_nobody_named_is_doubtful() {
    let keys = Keys::shared();
    let home = keys.scratch.dir("health-home").into_os_string();
    keys.scratch.write("health-home/.ssh/id_ed25519", "nonsense");
    let env = [
        ("HOME", home),
        ("SOPS_AGE_KEY_FILE", keys.path("nowhere")),
        ("SOPS_AGE_KEY", "# nothing".into()),
    ];
    insta::assert_snapshot!(examined(&keys, &env), @r"
    doubtful: nothing in ~/.ssh/id_ed25519: not an ssh private key in OpenSSH's format [put the identity of the recipient into a file and name it in SOPS_AGE_KEY_FILE]
    broken: nothing in SOPS_AGE_KEY: no identity [put the identity of the recipient into a file and name it in SOPS_AGE_KEY_FILE]
    doubtful: nothing in SOPS_AGE_KEY_FILE=@/nowhere: not there [put the identity of the recipient into a file and name it in SOPS_AGE_KEY_FILE]
    ");
}

#[test]
fn a_plugin_that_is_not_there_is_named_and_none_is_run() {
    let keys = Keys::shared();
    assert!(examined(&keys, &keys.column("age-plugin").ours).starts_with("usable: "));
    let env = [("SOPS_AGE_KEY_FILE", keys.path("plugin.txt")), ("PATH", keys.path("home"))];
    insta::assert_snapshot!(examined(&keys, &env), @"broken: a key in SOPS_AGE_KEY_FILE=@/plugin.txt: age-plugin-test is not on PATH [install the plugin into a folder of PATH]");
}
