//! Files that must not open, each with a message of its own. sops refuses each of them as well.

use sops::{Error, Format, Sealed};
use test_support::Scratch;

use crate::keys::{KeyColumn, Keys, keyring};
use crate::made;

const PLAIN: &str = "kind: Secret\nmetadata:\n    name: app\ndata:\n    user: admin\n    password: hunter2\n    port: 5432\nlist:\n    - one\n    - two\n";
const DATA: &[&str] = &["encrypted_regex", "^(data|list)$"];

/// What we say about a file that sops refuses as well, and the hint below it.
fn refused(
    name: &str,
    format: &str,
    rule: &[&str],
    plain: &str,
    edit: impl Fn(String) -> String,
) -> String {
    refused_by(&made::age(), name, format, rule, plain, edit)
}

/// The same for a key that other files are encrypted for, too.
fn refused_by(
    (scratch, column): &(Scratch, KeyColumn),
    name: &str,
    format: &str,
    rule: &[&str],
    plain: &str,
    edit: impl Fn(String) -> String,
) -> String {
    let plain = scratch.write(format!("plain.{format}"), plain);
    let encrypted = made::encrypt(scratch, column, rule, &plain);
    let text = edit(String::from_utf8(encrypted).expect("UTF-8"));
    let file = scratch.write(format!("file.{format}"), &text);
    let theirs = made::sops(scratch, column, &["decrypt"], &file);
    let printed = String::from_utf8_lossy(&theirs.stdout);
    assert!(!theirs.status.success(), "{name}: sops reads it:\n{printed}");
    said(column, text.as_bytes(), &format!("file.{format}"))
}

/// A file encrypted for a key.
fn other((scratch, column): &(Scratch, KeyColumn), rule: &[&str]) -> String {
    let plain = scratch.write("other.yaml", "b: 2\n");
    String::from_utf8(made::encrypt(scratch, column, rule, &plain)).expect("UTF-8")
}

fn said(column: &KeyColumn, bytes: &[u8], name: &str) -> String {
    let opened = Sealed::parse(bytes, Format::of_path(name.as_ref()))
        .and_then(|sealed| sealed.open(&column.keyring()));
    message(&opened.err().unwrap_or_else(|| panic!("{name}: we read it")))
}

fn message(error: &Error) -> String {
    let hint = error.hint().map(|hint| format!("\nhint: {hint}")).unwrap_or_default();
    format!("error: {error}{hint}")
}

/// Replaces the first occurrence, which must be there.
fn replace(text: &str, from: &str, to: &str) -> String {
    assert!(text.contains(from), "nothing to edit: {from}");
    text.replacen(from, to, 1)
}

/// The line that starts with this key.
fn line<'t>(text: &'t str, key: &str) -> &'t str {
    text.lines().find(|line| line.trim_start().starts_with(key)).expect("a line")
}

/// The value of a line.
fn value<'t>(text: &'t str, key: &str) -> &'t str {
    line(text, key).split_once(": ").expect("a value").1
}

#[test]
fn a_clear_value_that_was_edited() {
    insta::assert_snapshot!(refused("edited", "yaml", DATA, PLAIN, |text| replace(&text, "name: app", "name: other")), @r"
    error: the MAC does not match, so the file was changed after it was encrypted: one of the 2 clear values was edited (`kind`, `metadata.name`), or something was removed or reordered
    hint: if the change is wanted, look it through and write a new MAC: `sops edit --ignore-mac FILE`; clear values may be edited freely in files that are encrypted with `mac_only_encrypted`
    ");
}

#[test]
fn an_encrypted_value_that_was_replaced_by_plain_text() {
    insta::assert_snapshot!(refused("plain", "yaml", DATA, PLAIN, |text| {
        let old = value(&text, "password:").to_owned();
        replace(&text, &old, "hunter3")
    }), @r"
    error: `data.password` must be encrypted, and is a plain string
    hint: put the value in with `sops edit` or `sops set`, not with an editor; or encrypt the plain file anew
    ");
}

#[test]
fn an_encrypted_value_that_was_replaced_by_a_number() {
    insta::assert_snapshot!(refused("number", "yaml", DATA, PLAIN, |text| {
        let old = value(&text, "port:").to_owned();
        replace(&text, &old, "5433")
    }), @r"
    error: `data.port` must be encrypted, and is a plain integer
    hint: put the value in with `sops edit` or `sops set`, not with an editor; or encrypt the plain file anew
    ");
}

#[test]
fn two_values_that_were_swapped() {
    insta::assert_snapshot!(refused("swapped", "yaml", DATA, PLAIN, |text| {
        let (user, password) = (value(&text, "user:").to_owned(), value(&text, "password:").to_owned());
        let text = replace(&text, &user, "SWAP");
        let text = replace(&text, &password, &user);
        replace(&text, "SWAP", &password)
    }), @r"
    error: `data.user` does not open with the file's key: it was encrypted as `data.password`; values were swapped, or a key was renamed
    hint: take the file from version control again, and change it with `sops edit` only
    ");
}

#[test]
fn items_of_a_list_that_were_swapped() {
    insta::assert_snapshot!(refused("items", "yaml", DATA, PLAIN, |text| {
        let items: Vec<String> = text.lines().filter(|line| line.starts_with("    - ENC")).map(str::to_owned).collect();
        let text = replace(&text, &items[0], "SWAP");
        let text = replace(&text, &items[1], &items[0]);
        replace(&text, "SWAP", &items[1])
    }), @r"
    error: the MAC does not match, so the file was changed after it was encrypted: `list[0]` was moved; before, it came behind `list[1]`
    hint: if the change is wanted, look it through and write a new MAC: `sops edit --ignore-mac FILE`; clear values may be edited freely in files that are encrypted with `mac_only_encrypted`
    ");
}

#[test]
fn a_key_that_was_renamed() {
    insta::assert_snapshot!(refused("renamed", "yaml", DATA, PLAIN, |text| replace(&text, "user:", "login:")), @r"
    error: `data.login` does not open with the file's key: it was altered, or its key was renamed
    hint: take the file from version control again, and change it with `sops edit` only
    ");
}

#[test]
fn keys_that_were_reordered() {
    insta::assert_snapshot!(refused("reordered", "yaml", DATA, PLAIN, |text| {
        let (user, password) = (line(&text, "user:").to_owned(), line(&text, "password:").to_owned());
        let text = replace(&text, &user, "    SWAP");
        let text = replace(&text, &password, &user);
        replace(&text, "    SWAP", &password)
    }), @r"
    error: the MAC does not match, so the file was changed after it was encrypted: `data.password` was moved; before, it came behind `data.user`
    hint: if the change is wanted, look it through and write a new MAC: `sops edit --ignore-mac FILE`; clear values may be edited freely in files that are encrypted with `mac_only_encrypted`
    ");
}

#[test]
fn a_clear_value_that_was_added() {
    insta::assert_snapshot!(refused("added", "yaml", DATA, PLAIN, |text| replace(&text, "name: app", "name: app\n    namespace: x")), @r"
    error: the MAC does not match, so the file was changed after it was encrypted: `metadata.namespace` was added
    hint: if the change is wanted, look it through and write a new MAC: `sops edit --ignore-mac FILE`; clear values may be edited freely in files that are encrypted with `mac_only_encrypted`
    ");
}

#[test]
fn encrypted_values_that_were_removed() {
    insta::assert_snapshot!(refused("removed", "yaml", &[], PLAIN, |text| {
        let user = line(&text, "user:").to_owned();
        replace(&text, &format!("{user}\n"), "")
    }), @r"
    error: the MAC does not match, so the file was changed after it was encrypted: every encrypted value is authentic, so some were removed, reordered, or put back from an older version
    hint: if the change is wanted, look it through and write a new MAC: `sops edit --ignore-mac FILE`; clear values may be edited freely in files that are encrypted with `mac_only_encrypted`
    ");
}

#[test]
fn a_value_that_was_cut() {
    insta::assert_snapshot!(refused("cut", "yaml", DATA, PLAIN, |text| {
        let old = value(&text, "password:").to_owned();
        replace(&text, &old, &old[..old.len() / 2])
    }), @r"
    error: `data.password` is an encrypted value that is damaged: it is cut off, or a part of it is missing
    hint: take the file from version control again, and change it with `sops edit` only
    ");
}

#[test]
fn a_byte_of_a_value_that_was_flipped() {
    insta::assert_snapshot!(refused("flipped", "yaml", DATA, PLAIN, |text| {
        let old = value(&text, "password:").to_owned();
        let at = "ENC[AES256_GCM,data:".len();
        let flipped = if &old[at..=at] == "A" { "B" } else { "A" };
        replace(&text, &old, &format!("{}{flipped}{}", &old[..at], &old[at + 1..]))
    }), @r"
    error: `data.password` does not open with the file's key: it was altered, or its key was renamed
    hint: take the file from version control again, and change it with `sops edit` only
    ");
}

#[test]
fn a_type_that_was_changed() {
    insta::assert_snapshot!(refused("type", "yaml", DATA, PLAIN, |text| {
        let old = value(&text, "password:").to_owned();
        replace(&text, &old, &old.replace("type:str", "type:int"))
    }), @r"
    error: `data.password` decrypts to something that is not of the type it names
    hint: take the file from version control again, and change it with `sops edit` only
    ");
}

#[test]
fn a_type_that_sops_does_not_have() {
    insta::assert_snapshot!(refused("unknown type", "yaml", DATA, PLAIN, |text| replace(&text, "type:str", "type:uint")), @r"
    error: `data.user` is an encrypted value that is damaged: it names a type that sops does not have
    hint: take the file from version control again, and change it with `sops edit` only
    ");
}

#[test]
fn a_mac_that_is_missing() {
    insta::assert_snapshot!(refused("no mac", "yaml", DATA, PLAIN, |text| {
        let mac = line(&text, "mac:").to_owned();
        replace(&text, &format!("{mac}\n"), "")
    }), @r"
    error: `sops.mac` is missing: nothing says that the file is as it was encrypted
    hint: take the file from version control again, and change it with `sops edit` only
    ");
}

#[test]
fn a_mac_of_another_value() {
    insta::assert_snapshot!(refused("mac", "yaml", DATA, PLAIN, |text| {
        let (mac, user) = (value(&text, "mac:").to_owned(), value(&text, "user:").to_owned());
        replace(&text, &mac, &user)
    }), @r"
    error: `sops.mac` does not open with the file's key: it was altered
    hint: take the file from version control again, and change it with `sops edit` only
    ");
}

#[test]
fn a_time_that_was_edited() {
    insta::assert_snapshot!(refused("time", "yaml", DATA, PLAIN, |text| {
        let old = value(&text, "lastmodified:").to_owned();
        replace(&text, &old, "\"2001-02-03T04:05:06Z\"")
    }), @r"
    error: `sops.mac` does not open with the file's key: the values are unchanged, and `sops.lastmodified` was edited
    hint: take the file from version control again, and change it with `sops edit` only
    ");
}

#[test]
fn a_file_that_was_cut_off() {
    insta::assert_snapshot!(refused("cut off", "yaml", DATA, PLAIN, |text| text.split("sops:\n").next().expect("text").to_owned()), @r"
    error: 5 encrypted values, but no `sops` block: the file is cut off, or the block was deleted
    hint: take the file from version control again
    ");
    insta::assert_snapshot!(refused("cut off", "json", &[], r#"{"a": "b"}"#, |text| text[..text.len() - 30].to_owned()), @"error: line 12: a string does not end");
}

#[test]
fn a_file_that_was_never_encrypted() {
    insta::assert_snapshot!(refused("plain file", "yaml", DATA, PLAIN, |_| PLAIN.to_owned()), @r"
    error: not encrypted with sops: it has no `sops` block
    hint: encrypt it: `sops encrypt --in-place FILE`
    ");
    insta::assert_snapshot!(refused("plain file", "env", &[], "A=1\n", |_| "A=1\n".to_owned()), @r"
    error: not encrypted with sops: it has no `sops` block
    hint: encrypt it: `sops encrypt --in-place FILE`
    ");
}

#[test]
fn documents_that_were_encrypted_apart() {
    let key = made::age();
    let other = other(&key, &[]);
    insta::assert_snapshot!(refused_by(&key, "apart", "yaml", &[], "a: 1\n", |text| format!("{text}---\n{other}")), @r"
    error: document 2: `b` does not open with the file's key: document 2 has a `sops` block of its own; the documents were encrypted separately and concatenated, but sops has one key and one MAC for a file
    hint: give each document a file of its own, or decrypt them apart and encrypt the whole stream at once
    ");
}

#[test]
fn a_document_that_was_added_in_clear() {
    insta::assert_snapshot!(refused("added", "yaml", DATA, PLAIN, |text| format!("{text}---\nkind: ConfigMap\n")), @r"
    error: the MAC does not match, so the file was changed after it was encrypted: document 2 has no `sops` block; it was added after the file was encrypted
    hint: give each document a file of its own, or decrypt them apart and encrypt the whole stream at once
    ");
}

#[test]
fn a_block_of_another_file() {
    let key = made::age();
    let other = other(&key, DATA);
    insta::assert_snapshot!(refused_by(&key, "block", "yaml", DATA, PLAIN, |text| {
        let (values, _) = text.split_once("sops:\n").expect("a block");
        let (_, block) = other.split_once("sops:\n").expect("a block");
        format!("{values}sops:\n{block}")
    }), @r"
    error: `data.user` does not open with the file's key: none of the 5 encrypted values does; the `sops` block is that of another file
    hint: take the file from version control again, and change it with `sops edit` only
    ");
}

#[test]
fn metadata_that_is_not_as_sops_writes_it() {
    let metadata = |edit: fn(String) -> String| refused("metadata", "yaml", DATA, PLAIN, edit);
    insta::assert_snapshot!(metadata(|text| replace(&text, "    encrypted_regex", "    unencrypted_suffix: _x\n    encrypted_regex")), @r"
    error: `sops.encrypted_regex` cannot be used: `unencrypted_suffix` stands there too, and a file has one rule
    hint: take the `sops` block from version control again, or write it anew with `sops updatekeys`
    ");
    insta::assert_snapshot!(metadata(|text| replace(&text, "lastmodified: \"", "lastmodified: \"x")), @r"
    error: `sops.lastmodified` cannot be used: it is not an RFC 3339 timestamp
    hint: take the `sops` block from version control again, or write it anew with `sops updatekeys`
    ");
    insta::assert_snapshot!(metadata(|text| replace(&text, "    mac: ", "    mac_only_encrypted: perhaps\n    mac: ")), @r"
    error: `sops.mac_only_encrypted` cannot be used: it is neither true nor false
    hint: take the `sops` block from version control again, or write it anew with `sops updatekeys`
    ");
    insta::assert_snapshot!(metadata(|text| format!("{}sops: text\n", text.split("sops:\n").next().expect("text"))), @r"
    error: `sops` cannot be used: it is not a map
    hint: take the `sops` block from version control again, or write it anew with `sops updatekeys`
    ");
    insta::assert_snapshot!(metadata(|text| replace(&text, "    age:\n", "    age: 3\n    old:\n")), @r"
    error: `sops.age[0]` cannot be used: expected a map, found integer
    hint: take the `sops` block from version control again, or write it anew with `sops updatekeys`
    ");
}

#[test]
fn texts_that_are_not_of_their_format() {
    insta::assert_snapshot!(refused("yaml", "yaml", DATA, PLAIN, |text| replace(&text, "data:\n", "data: [\n")), @"error: line 4, column 5: not valid YAML: a ',' or the end is expected here");
    insta::assert_snapshot!(refused("yaml", "yaml", DATA, PLAIN, |_| "- a\n- b\n".to_owned()), @"error: document 1 is not a map at its top level, and sops encrypts nothing else");
    insta::assert_snapshot!(refused("json", "json", &[], r#"{"a": "b"}"#, |text| replace(&text, "\"sops\":", "\"sops\"")), @"error: line 3: a colon is expected here");
    insta::assert_snapshot!(refused("json", "json", &[], r#"{"a": "b"}"#, |_| "[1]".to_owned()), @"error: line 1: the top level is not an object");
    insta::assert_snapshot!(refused("env", "env", &[], "A=b\n", |text| format!("{text}no value\n")), @"error: line 8: neither a comment nor KEY=value");
    insta::assert_snapshot!(refused("ini", "ini", &[], "[s]\na = b\n", |text| format!("{text}[t\n")), @"error: line 11: a section that does not end");
    insta::assert_snapshot!(refused("bin", "bin", &[], "x", |text| replace(&text, "\"data\"", "\"date\"")), @r"
    error: `date` does not open with the file's key: it was altered, or its key was renamed
    hint: take the file from version control again, and change it with `sops edit` only
    ");
}

#[test]
fn a_file_for_another_key_and_one_of_two_shares() {
    let keys = Keys::shared();
    let scratch = Scratch::new();
    let mut said = Vec::new();
    for (name, ours) in [("age-x25519", "age-ssh-ed25519"), ("shamir-age-age", "age-x25519")] {
        let plain = scratch.write("plain.yaml", PLAIN);
        let bytes = made::encrypt(&scratch, keys.column(name), DATA, &plain);
        let sealed = Sealed::parse(&bytes, Format::Yaml).expect("a sops file");
        let error = sealed.open(&keyring(&keys.column(ours).ours)).err().expect("an error");
        assert!(matches!(error, Error::Key(_)), "{error}");
        said.push(error.to_string().lines().next().unwrap_or_default().to_owned());
    }
    assert_ne!(said[0], said[1], "a wrong key and too few shares are told apart");
}
