//! What a user reads when no key opens a file: each failure has a message of its own, and none prints a secret.

use std::ffi::OsString;

use sops::metadata::{MasterKey, Metadata};

use crate::support::{KeyColumn, Keys, keyring};
use crate::{file_for, metadata};

/// What a user reads when these columns' file meets this environment: paths and recipients masked.
fn refused(keys: &Keys, columns: &[&str], env: &[(&'static str, OsString)]) -> String {
    let columns: Vec<&KeyColumn> = columns.iter().map(|name| keys.column(name)).collect();
    refused_metadata(keys, &file_for(keys, &columns), env)
}

fn refused_metadata(keys: &Keys, metadata: &Metadata, env: &[(&'static str, OsString)]) -> String {
    let error = keyring(env).data_key(metadata).expect_err("it opens");
    let mut text = format!("error: {error}\nhint: {}", error.hint());
    text = text.replace(&keys.scratch.path().display().to_string(), "@");
    // With the feature of that name, gpgme finds the gpg that `PATH` hides.
    text = text.replace("; gpgme: no secret key", "");
    for column in &keys.columns {
        if let [_, recipient] = column.args.as_slice() {
            let name = format!("<{}>", column.name);
            text = text.replace(recipient.as_str(), &name);
            // Long ones are cut in the middle.
            let (head, tail) = (recipient.len().min(40), recipient.len().saturating_sub(8));
            text = text.replace(&format!("{}…{}", &recipient[..head], &recipient[tail..]), &name);
        }
    }
    text
}

#[test]
fn no_key_anywhere() {
    let keys = Keys::shared();
    let env = [("HOME", keys.path("home"))];
    insta::assert_snapshot!(refused(&keys, &["age-x25519"], &env), @r"
    error: no key opens the file
    age <age-x25519>: no identity was found: ~/.ssh/id_ed25519: not there; ~/.ssh/id_rsa: not there; ~/.config/sops/age/keys.txt: not there; not set: SOPS_AGE_SSH_PRIVATE_KEY_FILE, SOPS_AGE_SSH_PRIVATE_KEY_CMD, SOPS_AGE_KEY, SOPS_AGE_KEY_FILE, SOPS_AGE_KEY_CMD
    hint: put the identity of the recipient into a file and name it in SOPS_AGE_KEY_FILE
    ");
}

#[test]
fn the_wrong_key() {
    let keys = Keys::shared();
    let env = [("HOME", keys.path("home")), ("SOPS_AGE_KEY_FILE", keys.path("pq.txt"))];
    insta::assert_snapshot!(refused(&keys, &["age-x25519"], &env), @r"
    error: no key opens the file
    age <age-x25519>: no identity opens it: ~/.ssh/id_ed25519: not there; ~/.ssh/id_rsa: not there; SOPS_AGE_KEY_FILE=@/pq.txt: 1 identity, which does not match; ~/.config/sops/age/keys.txt: not there; not set: SOPS_AGE_SSH_PRIVATE_KEY_FILE, SOPS_AGE_SSH_PRIVATE_KEY_CMD, SOPS_AGE_KEY, SOPS_AGE_KEY_CMD
    hint: put the identity of the recipient into a file and name it in SOPS_AGE_KEY_FILE
    ");
}

#[test]
fn a_key_file_that_is_not_there() {
    let keys = Keys::shared();
    let env = [("SOPS_AGE_KEY_FILE", keys.path("nowhere.txt"))];
    insta::assert_snapshot!(refused(&keys, &["age-x25519"], &env), @r"
    error: no key opens the file
    age <age-x25519>: no identity was found: SOPS_AGE_KEY_FILE=@/nowhere.txt: not there; not set: SOPS_AGE_SSH_PRIVATE_KEY_FILE, SOPS_AGE_SSH_PRIVATE_KEY_CMD, SOPS_AGE_KEY, SOPS_AGE_KEY_CMD
    hint: put the identity of the recipient into a file and name it in SOPS_AGE_KEY_FILE
    ");
}

#[test]
fn a_broken_key_is_named_by_its_line_and_not_printed() {
    let keys = Keys::shared();
    let file = keys.scratch.write("broken.txt", "# a comment\n\nAGE-SECRET-KEY-1QQQQMARKER\n");
    let env = [("SOPS_AGE_KEY_FILE", file.into_os_string())];
    let text = refused(&keys, &["age-x25519"], &env);
    assert!(!text.contains("MARKER"));
    insta::assert_snapshot!(text, @r"
    error: no key opens the file
    age <age-x25519>: no identity opens it: SOPS_AGE_KEY_FILE=@/broken.txt: line 3: a broken age identity; not set: SOPS_AGE_SSH_PRIVATE_KEY_FILE, SOPS_AGE_SSH_PRIVATE_KEY_CMD, SOPS_AGE_KEY, SOPS_AGE_KEY_CMD
    hint: put the identity of the recipient into a file and name it in SOPS_AGE_KEY_FILE
    ");
    let env = [("SOPS_AGE_KEY", "AGE-SECRET-KEY-1QQQQMARKER nonsense".into())];
    let text = refused(&keys, &["age-x25519"], &env);
    assert!(!text.contains("MARKER"));
    insta::assert_snapshot!(text, @r"
    error: no key opens the file
    age <age-x25519>: no identity opens it: SOPS_AGE_KEY: line 1: a broken age identity; not set: SOPS_AGE_SSH_PRIVATE_KEY_FILE, SOPS_AGE_SSH_PRIVATE_KEY_CMD, SOPS_AGE_KEY_FILE, SOPS_AGE_KEY_CMD
    hint: put the identity of the recipient into a file and name it in SOPS_AGE_KEY_FILE
    ");
}

#[test]
fn a_passphrase_that_is_missing_or_wrong() {
    let keys = Keys::shared();
    let file = ("SOPS_AGE_KEY_FILE", keys.path("protected.age"));
    insta::assert_snapshot!(refused(&keys, &["age-x25519"], std::slice::from_ref(&file)), @r"
    error: no key opens the file
    age <age-x25519>: no identity opens it: SOPS_AGE_KEY_FILE=@/protected.age: protected by a passphrase, and PLEACH_AGE_PASSPHRASE_FILE is not set and there is no terminal to ask at; not set: SOPS_AGE_SSH_PRIVATE_KEY_FILE, SOPS_AGE_SSH_PRIVATE_KEY_CMD, SOPS_AGE_KEY, SOPS_AGE_KEY_CMD
    hint: set PLEACH_AGE_PASSPHRASE_FILE to a file that holds the passphrase
    ");
    let wrong = keys.scratch.write("wrong", "MARKER\n").into_os_string();
    let env = [file, ("PLEACH_AGE_PASSPHRASE_FILE", wrong)];
    let text = refused(&keys, &["age-x25519"], &env);
    assert!(!text.contains("MARKER"));
    insta::assert_snapshot!(text, @r"
    error: no key opens the file
    age <age-x25519>: no identity opens it: SOPS_AGE_KEY_FILE=@/protected.age: the passphrase in PLEACH_AGE_PASSPHRASE_FILE=@/wrong is wrong; not set: SOPS_AGE_SSH_PRIVATE_KEY_FILE, SOPS_AGE_SSH_PRIVATE_KEY_CMD, SOPS_AGE_KEY, SOPS_AGE_KEY_CMD
    hint: put the passphrase of the identity into the file that PLEACH_AGE_PASSPHRASE_FILE names
    ");
}

#[test]
fn a_protected_ssh_key_without_its_passphrase() {
    let keys = Keys::shared();
    let env = [("SOPS_AGE_SSH_PRIVATE_KEY_FILE", keys.path("age-ssh-protected"))];
    insta::assert_snapshot!(refused(&keys, &["age-ssh-protected"], &env), @r"
    error: no key opens the file
    age <age-ssh-protected>: no identity opens it: SOPS_AGE_SSH_PRIVATE_KEY_FILE=@/age-ssh-protected: protected by a passphrase, and PLEACH_AGE_PASSPHRASE_FILE is not set and there is no terminal to ask at; not set: SOPS_AGE_SSH_PRIVATE_KEY_CMD, SOPS_AGE_KEY, SOPS_AGE_KEY_FILE, SOPS_AGE_KEY_CMD
    hint: set PLEACH_AGE_PASSPHRASE_FILE to a file that holds the passphrase
    ");
}

/// What `ssh-keygen` wrote before 2018, and what other programs write, is named, and the command in the hint mends it.
#[test]
fn an_ssh_key_in_pem_form_says_how_to_rewrite_it() {
    let keys = Keys::shared();
    let keygen = |args: &[&str], file: &std::path::Path| {
        let mut command = keys.scratch.command(test_support::machine("ssh-keygen"));
        crate::support::run(command.args(args).arg("-f").arg(file), b"");
    };
    let mut said = String::new();
    for (format, passphrase) in [("PKCS8", ""), ("PKCS8", "old one"), ("PEM", "old one")] {
        let file = keys.scratch.join(format!("ssh-{format}-{}", passphrase.len()));
        keygen(&["-q", "-t", "rsa", "-m", format, "-N", passphrase], &file);
        let recipient = std::fs::read_to_string(file.with_extension("pub")).expect("public key");
        let args = ["--age".to_owned(), recipient.trim().to_owned()];
        let metadata = metadata(&keys.encrypt(&args, &[]));
        let env = [("SOPS_AGE_SSH_PRIVATE_KEY_FILE", file.clone().into_os_string())];
        let text = refused_metadata(&keys, &metadata, &env);
        let (_, text) = text.split_once("no identity opens it: ").expect("a reason");
        said += &text.replace("; not set: SOPS_AGE_SSH_PRIVATE_KEY_CMD, SOPS_AGE_KEY, SOPS_AGE_KEY_FILE, SOPS_AGE_KEY_CMD", "");
        said += "\n";
        keygen(&["-q", "-p", "-P", passphrase, "-N", ""], &file);
        assert!(keyring(&env).data_key(&metadata).is_ok(), "{format} rewritten");
    }
    insta::assert_snapshot!(said, @r"
    SOPS_AGE_SSH_PRIVATE_KEY_FILE=@/ssh-PKCS8-0: a private key in PEM form (PKCS#8), which `ssh-keygen -p -f FILE` rewrites in OpenSSH's format
    hint: run `ssh-keygen -p -f FILE` on the ssh key; it asks for the old and a new passphrase, both may be empty
    SOPS_AGE_SSH_PRIVATE_KEY_FILE=@/ssh-PKCS8-7: a private key in PEM form (protected PKCS#8), which `ssh-keygen -p -f FILE` rewrites in OpenSSH's format
    hint: run `ssh-keygen -p -f FILE` on the ssh key; it asks for the old and a new passphrase, both may be empty
    SOPS_AGE_SSH_PRIVATE_KEY_FILE=@/ssh-PEM-7: protected in the old PEM format, which `ssh-keygen -p -f FILE` rewrites in OpenSSH's format
    hint: run `ssh-keygen -p -f FILE` on the ssh key; it asks for the old and a new passphrase, both may be empty
    ");
}

#[test]
fn a_plugin_that_is_not_there() {
    let keys = Keys::shared();
    let env = [("SOPS_AGE_KEY_FILE", keys.path("plugin.txt")), ("PATH", keys.path("home"))];
    insta::assert_snapshot!(refused(&keys, &["age-plugin"], &env), @r"
    error: no key opens the file
    age <age-plugin>: no identity opens it: SOPS_AGE_KEY_FILE=@/plugin.txt: age-plugin-test is not on PATH; not set: SOPS_AGE_SSH_PRIVATE_KEY_FILE, SOPS_AGE_SSH_PRIVATE_KEY_CMD, SOPS_AGE_KEY, SOPS_AGE_KEY_CMD
    hint: install the plugin into a folder of PATH
    ");
}

#[test]
fn pgp_without_a_key_with_another_key_and_with_the_wrong_passphrase() {
    let keys = Keys::shared();
    let nothing = [("HOME", keys.path("home")), ("PATH", keys.path("home"))];
    insta::assert_snapshot!(refused(&keys, &["pgp-cv25519"], &nothing), @r"
    error: no key opens the file
    pgp <pgp-cv25519>: no secret key opens it: gpg: not on PATH; not set: PLEACH_PGP_KEY_FILE
    hint: export the key with `gpg --export-secret-keys --armor <pgp-cv25519>` into a file that PLEACH_PGP_KEY_FILE names
    ");
    let other = [("PLEACH_PGP_KEY_FILE", keys.path("pgp-rsa4096.asc"))];
    insta::assert_snapshot!(hex_masked(&refused(&keys, &["pgp-cv25519"], &other)), @r"
    error: no key opens the file
    pgp <pgp-cv25519>: no secret key opens it: PLEACH_PGP_KEY_FILE=@/pgp-rsa4096.asc: holds <pgp-rsa4096>, which is not for <KEY>; gpg: not on PATH
    hint: export the key with `gpg --export-secret-keys --armor <pgp-cv25519>` into a file that PLEACH_PGP_KEY_FILE names
    ");
    let file = ("PLEACH_PGP_KEY_FILE", keys.path("pgp-protected.asc"));
    insta::assert_snapshot!(hex_masked(&refused(&keys, &["pgp-protected"], std::slice::from_ref(&file))), @r"
    error: no key opens the file
    pgp <pgp-protected>: no secret key opens it: PLEACH_PGP_KEY_FILE=@/pgp-protected.asc: key <KEY> is protected by a passphrase, and PLEACH_PGP_PASSPHRASE_FILE is not set and there is no terminal to ask at; gpg: not on PATH
    hint: set PLEACH_PGP_PASSPHRASE_FILE to a file that holds the passphrase
    ");
    let wrong = keys.scratch.write("wrong", "MARKER\n").into_os_string();
    let env = [file, ("PLEACH_PGP_PASSPHRASE_FILE", wrong)];
    let text = refused(&keys, &["pgp-protected"], &env);
    assert!(!text.contains("MARKER"));
    insta::assert_snapshot!(hex_masked(&text), @r"
    error: no key opens the file
    pgp <pgp-protected>: no secret key opens it: PLEACH_PGP_KEY_FILE=@/pgp-protected.asc: key <KEY>: the passphrase in PLEACH_PGP_PASSPHRASE_FILE=@/wrong is wrong; gpg: not on PATH
    hint: put the passphrase of the key into the file that PLEACH_PGP_PASSPHRASE_FILE names
    ");
}

#[test]
fn gpg_without_the_key_says_what_gpg_says() {
    let keys = Keys::shared();
    let home = keys.scratch.dir("empty").into_os_string();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let env = [("GNUPGHOME", home), ("PATH", path)];
    insta::assert_snapshot!(hex_masked(&refused(&keys, &["pgp-cv25519"], &env)), @r"
    error: no key opens the file
    pgp <pgp-cv25519>: no secret key opens it: gpg with the home @/empty: decryption failed: no secret key; not set: PLEACH_PGP_KEY_FILE
    hint: export the key with `gpg --export-secret-keys --armor <pgp-cv25519>` into a file that PLEACH_PGP_KEY_FILE names
    ");
}

#[test]
fn one_shamir_part_is_not_enough() {
    let keys = Keys::shared();
    let column = keys.column("shamir-age-pgp");
    let metadata = metadata(&keys.encrypt(&column.args, &column.sops));
    let env = keys.column("age-x25519").ours.clone();
    insta::assert_snapshot!(refused_metadata(&keys, &metadata, &env), @r"
    error: 1 of 2 key groups can be opened, 2 are needed
    group 2: pgp <pgp-cv25519>: no secret key opens it: gpg: not on PATH; not set: PLEACH_PGP_KEY_FILE
    hint: export the key with `gpg --export-secret-keys --armor <pgp-cv25519>` into a file that PLEACH_PGP_KEY_FILE names
    ");
}

#[test]
fn a_file_that_only_a_cloud_can_open_says_so_by_name() {
    let keys = Keys::shared();
    let entry = |service: &str, recipient: &str| MasterKey {
        service: service.to_owned(),
        recipient: recipient.to_owned(),
        ..MasterKey::default()
    };
    let arn = "arn:aws:kms:eu-central-1:000000000000:key/x";
    let vault = "https://vault.example.org/v1/transit/keys/x";
    let key_groups = vec![vec![entry("kms", arn), entry("hc_vault", vault)]];
    let metadata = Metadata { key_groups, ..Metadata::default() };
    insta::assert_snapshot!(refused_metadata(&keys, &metadata, &[]), @r"
    error: no key opens the file
    kms arn:aws:kms:eu-central-1:000000000000:key/x: keys of AWS KMS are not supported yet
    hc_vault https://vault.example.org/v1/transit/keys/x: keys of HashiCorp Vault or OpenBao are not supported yet
    hint: add an age or PGP recipient to the file with `sops rotate --add-age` or `sops updatekeys`
    ");
}

/// Key ids and fingerprints that no column knows.
pub(crate) fn hex_masked(text: &str) -> String {
    let is_hex = |word: &str| word.len() >= 16 && word.chars().all(|c| c.is_ascii_hexdigit());
    let words = text.split_inclusive(|c: char| !c.is_ascii_alphanumeric());
    words
        .map(|word| {
            let bare = word.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
            if is_hex(bare) { word.replace(bare, "<KEY>") } else { word.to_owned() }
        })
        .collect()
}

/// Unlocking with a work factor of 21 would take two gigabytes: the header is refused before any work.
#[test]
fn a_key_file_with_an_excessive_scrypt_work_factor() {
    let keys = Keys::shared();
    let armored = std::fs::read_to_string(keys.scratch.join("protected.age")).expect("armored");
    let body: String = armored.lines().filter(|line| !line.starts_with('-')).collect();
    let mut bytes =
        base64::Engine::decode(&base64::prelude::BASE64_STANDARD, body).expect("base64");
    let at = bytes.windows(4).position(|window| window == b" 12\n").expect("the work factor");
    bytes[at..at + 4].copy_from_slice(b" 21\n");
    let file = keys.scratch.write("excessive.age", bytes).into_os_string();
    let passphrase = ("PLEACH_AGE_PASSPHRASE_FILE", keys.path("passphrase"));
    let text = refused(&keys, &["age-x25519"], &[("SOPS_AGE_KEY_FILE", file), passphrase]);
    let expected = "its scrypt work factor 21 is above the limit of 20";
    assert!(text.contains(expected), "{text}");
}

#[test]
fn a_key_file_that_is_too_large_or_a_folder() {
    let keys = Keys::shared();
    let file = keys.scratch.write("large.txt", "#".repeat((1 << 20) + 1)).into_os_string();
    let text = refused(&keys, &["age-x25519"], &[("SOPS_AGE_KEY_FILE", file)]);
    assert!(text.contains("/large.txt: larger than 1048576 bytes"), "{text}");
    let text = refused(&keys, &["age-x25519"], &[("SOPS_AGE_KEY_FILE", keys.path("home"))]);
    assert!(text.contains("/home: a folder"), "{text}");
}

/// Data keys of another length than 32 bytes: what gpg before 2.2.21 made of AEAD messages, and plain nonsense.
#[test]
fn a_data_key_that_is_not_32_bytes_long() {
    let keys = Keys::shared();
    let column = keys.column("pgp-cv25519");
    let always = ["--batch", "--trust-model", "always", "--armor", "--encrypt", "--recipient"];
    for length in [0, 31, 33] {
        let args = [&always[..], &[&column.args[1]]].concat();
        let enc = String::from_utf8(keys.gpg(&args, &vec![7; length]).stdout).expect("armored");
        let entry = MasterKey { service: "pgp".to_owned(), enc, ..MasterKey::default() };
        let metadata = Metadata { key_groups: vec![vec![entry]], ..Metadata::default() };
        let error = keyring(&column.ours).data_key(&metadata).expect_err("a key").to_string();
        assert_eq!(error, format!("the decrypted data key has {length} bytes instead of 32"));
    }
}

#[test]
fn an_encrypted_data_key_that_is_too_large() {
    let keys = Keys::shared();
    for service in ["age", "pgp"] {
        let enc = "x".repeat(32 * 1024 + 1);
        let entry = MasterKey { service: service.to_owned(), enc, ..MasterKey::default() };
        let metadata = Metadata { key_groups: vec![vec![entry]], ..Metadata::default() };
        let text = refused_metadata(&keys, &metadata, &[]);
        assert!(text.contains("its encrypted data key is larger than 32768 bytes"), "{text}");
    }
}
