//! Keys of every kind against the real sops, age, ssh-keygen and gpg.

mod errors;
mod health;
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
    for column in &keys.columns {
        let metadata = metadata(&keys.encrypt(&column.args, &column.sops));
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

/// Any two of three shares give one data key; one of them gives none.
#[test]
fn two_of_three_groups_give_the_same_data_key_whichever_they_are() {
    let keys = Keys::shared();
    let groups = ["age-x25519", "age-pq", "pgp-cv25519"].map(|name| keys.column(name));
    let column = keys.column("shamir-2-of-3");
    let metadata = metadata(&keys.encrypt(&column.args, &column.sops));
    let with = |columns: &[usize]| {
        let of = |i: &usize| groups[*i].ours.iter().map(|(name, value)| (*name, value.clone()));
        let mut env: Vec<_> = columns.iter().flat_map(of).collect();
        // Two age identities are two files, and one variable names one of them.
        if columns == [0, 1] {
            let read = |name: &str| std::fs::read_to_string(keys.scratch.join(name)).expect(name);
            env = vec![("SOPS_AGE_KEY_FILE", keys.path("x.txt"))];
            let pq = read("pq.txt");
            let secret = pq.lines().find(|line| line.starts_with("AGE")).expect("an identity");
            env.push(("SOPS_AGE_KEY", secret.into()));
        }
        support::keyring(&env).data_key(&metadata)
    };
    let keys: Vec<[u8; 32]> = [&[0, 1][..], &[0, 2], &[1, 2]]
        .iter()
        .map(|columns| *with(columns).expect("two shares").as_bytes())
        .collect();
    assert!(keys.iter().all(|key| *key == keys[0]), "three different keys");
    assert!((0..3).all(|i| with(&[i]).is_err()));
}
