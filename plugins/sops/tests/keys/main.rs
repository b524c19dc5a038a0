//! Keys of every kind against the real sops, age, ssh-keygen and gpg.

mod errors;
mod pgp;
mod places;
#[expect(unreachable_pub, dead_code, reason = "shared with the matrix")]
#[path = "../support/keys.rs"]
mod support;

use sops::metadata::{MasterKey, Metadata};
use support::{KeyColumn, Keys};

/// The metadata of a file that sops has just encrypted, read plainly: the codec has tests of its own.
fn metadata(block: &serde_json::Value) -> Metadata {
    let group = |value: &serde_json::Value| {
        let entries = |list: &str, recipient: &str| -> Vec<MasterKey> {
            let of = |entry: &serde_json::Value, field: &str| {
                entry[field].as_str().unwrap_or_default().to_owned()
            };
            let list_of = value[list].as_array().cloned().unwrap_or_default();
            let entry = |entry: &serde_json::Value| MasterKey {
                service: list.to_owned(),
                recipient: of(entry, recipient),
                enc: of(entry, "enc"),
                ..MasterKey::default()
            };
            list_of.iter().map(entry).collect()
        };
        [entries("pgp", "fp"), entries("age", "recipient")].concat()
    };
    let key_groups = match block["key_groups"].as_array() {
        Some(groups) => groups.iter().map(group).collect(),
        None => vec![group(block)],
    };
    let shamir_threshold = block["shamir_threshold"].as_u64().and_then(|n| usize::try_from(n).ok());
    Metadata { key_groups, shamir_threshold, ..Metadata::default() }
}

/// One file for these columns, all in one group.
fn file_for(keys: &Keys, columns: &[&KeyColumn]) -> Metadata {
    let args: Vec<String> = columns.iter().flat_map(|column| column.args.clone()).collect();
    let env: Vec<_> = columns.iter().flat_map(|column| column.sops.clone()).collect();
    metadata(&keys.encrypt(&args, &env))
}

#[test]
fn every_kind_of_key_opens_what_sops_encrypts_for_it() {
    let keys = Keys::shared();
    let single = keys.columns.iter().filter(|column| !column.name.starts_with("shamir"));
    for column in single {
        let metadata = file_for(&keys, &[column]);
        let opened = column.keyring().data_key(&metadata);
        let opened = opened.unwrap_or_else(|error| panic!("{}: {error:?}", column.name));
        assert_ne!(opened.as_bytes(), &[0; 32], "{}", column.name);
    }
}

/// One data key for every kind: in one group, all entries hold the same.
#[test]
fn every_entry_of_a_group_holds_the_same_data_key() {
    let keys = Keys::shared();
    let names =
        ["age-x25519", "age-pq", "age-ssh-ed25519", "age-ssh-rsa", "age-plugin", "pgp-cv25519"];
    let columns: Vec<&KeyColumn> = names.iter().map(|name| keys.column(name)).collect();
    let args = |kind: &str| {
        let of_kind = columns.iter().filter(|column| column.args[0] == kind);
        of_kind.map(|column| column.args[1].clone()).collect::<Vec<_>>().join(",")
    };
    let args = ["--age".to_owned(), args("--age"), "--pgp".to_owned(), args("--pgp")];
    let env: Vec<_> = columns.iter().flat_map(|column| column.sops.clone()).collect();
    let metadata = metadata(&keys.encrypt(&args, &env));
    assert_eq!(metadata.key_groups[0].len(), names.len());
    let opened: Vec<[u8; 32]> = columns
        .iter()
        .map(|column| *column.keyring().data_key(&metadata).expect(column.name).as_bytes())
        .collect();
    assert!(opened.iter().all(|key| *key == opened[0]));
}
