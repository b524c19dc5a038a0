//! The matrix: every format for every kind of key under every rule.
//!
//! The fuzz targets start from it: `PLEACH_FUZZ_CORPUS=fuzz/corpus cargo test -p pleach-sops --test codec matrix` writes
//! the files of the first column there.

use std::path::Path;

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
    let corpus = std::env::var_os("PLEACH_FUZZ_CORPUS")
        .map(|corpus| Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(corpus));
    let equal = made::all(&jobs, |(format, plain, column, rule)| {
        let name = format!("{}-{rule}", column.name);
        let plain = scratch.write(format!("{name}.plain.{format}"), plain);
        let encrypted = made::encrypt(&scratch, column, RULES[*rule], &plain);
        assert!(
            encrypted.windows(4).any(|window| window == b"ENC["),
            "{name}.{format}: nothing encrypted"
        );
        if let Some(corpus) = &corpus
            && column.name == "age-x25519"
        {
            seed(corpus, format, *rule, &encrypted);
        }
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

/// Writes a file where the fuzzer of its format starts, and a block where that of the metadata does.
fn seed(corpus: &Path, format: &str, rule: usize, file: &[u8]) {
    let write = |target: &str, bytes: &[u8]| {
        let folder = corpus.join(target);
        std::fs::create_dir_all(&folder).expect("a folder");
        std::fs::write(folder.join(format!("matrix-{rule}")), bytes).expect("a file");
    };
    match format {
        "env" => write("sops_dotenv", file),
        "bin" => write("sops_binary", file),
        "json" => {
            write("sops_json", file);
            let value: serde_json::Value = serde_json::from_slice(file).expect("JSON");
            write("sops_metadata", format!("j{}", value["sops"]).as_bytes());
        }
        format => write(&format!("sops_{format}"), file),
    }
}
