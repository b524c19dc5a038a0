//! The matrix: every format for every kind of key under every rule.

use test_support::Scratch;

use crate::keys::{KeyColumn, Keys};
use crate::made;

/// Files of the matrix at least.
const FILES: usize = 200;

/// A file of each format, with something for every rule to match.
const FORMATS: [(&str, &[u8]); 5] = [
    ("yaml", include_bytes!("matrix/plain.yaml")),
    ("json", include_bytes!("matrix/plain.json")),
    ("env", include_bytes!("matrix/plain.env")),
    ("ini", include_bytes!("matrix/plain.ini")),
    ("bin", b"\x00\xff\xfe no UTF-8 \r\n \x80"),
];

/// The rules, as fields of a creation rule.
const RULES: [&[&str]; 8] = [
    &[],
    &["unencrypted_suffix", "_clear"],
    &["encrypted_suffix", "_secret"],
    &["unencrypted_regex", "^(kind|public)"],
    &["encrypted_regex", "^(data|stringData|pass.*)$"],
    &["unencrypted_comment_regex", "stays clear"],
    &["encrypted_comment_regex", "is secret"],
    &["encrypted_regex", "^(data|stringData|pass.*)$", "mac_only_encrypted"],
];

#[test]
fn every_format_opens_for_every_key_under_every_rule() {
    let keys = Keys::shared();
    let scratch = Scratch::new();
    let mut jobs: Vec<(&str, &[u8], &KeyColumn, usize)> = Vec::new();
    for (format, plain) in FORMATS {
        for column in &keys.columns {
            for rule in 0..RULES.len() {
                // A binary file has one value, and no rule is asked for it.
                if format != "bin" || rule == 0 {
                    jobs.push((format, plain, column, rule));
                }
            }
        }
    }
    let equal = made::all(&jobs, |(format, plain, column, rule)| {
        let name = format!("{}-{rule}", column.name);
        let plain = scratch.write(format!("{name}.plain.{format}"), plain);
        let encrypted = made::encrypt(&scratch, column, RULES[*rule], &plain);
        assert!(
            encrypted.windows(4).any(|window| window == b"ENC["),
            "{name}.{format}: nothing encrypted"
        );
        let file = scratch.write(format!("{name}.{format}"), encrypted);
        let theirs = made::decrypt(&scratch, column, &file);
        match made::ours(column, &file) {
            Ok(ours) if ours == theirs => Ok(()),
            Ok(_) => Err(format!("{name}.{format}: other bytes than sops")),
            Err(error) => Err(format!("{name}.{format}: {error}")),
        }
    });
    let wrong: Vec<&String> = equal.iter().filter_map(|one| one.as_ref().err()).collect();
    println!("matrix: {} files, {} equal", equal.len(), equal.len() - wrong.len());
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(equal.len() >= FILES, "the matrix has shrunk to {} files", equal.len());
}
