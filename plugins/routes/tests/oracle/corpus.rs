//! The rules that lie in the repository.

use std::fs;
use std::path::{Path, PathBuf};

/// One file for each rule: those of the tests, and what the fuzzer keeps.
pub(crate) fn texts() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let listed = fs::read_to_string(root.join("tests/rules/rules.txt")).unwrap();
    // A rule may hold line breaks, so a line of its own ends each.
    let mut texts: Vec<_> = listed.split("\n---\n").map(str::to_owned).collect();
    let mut files: Vec<PathBuf> = fs::read_dir(root.join("../../fuzz/corpus/traefik_rule"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    texts.extend(files.iter().filter_map(|file| String::from_utf8(fs::read(file).unwrap()).ok()));
    texts
}
