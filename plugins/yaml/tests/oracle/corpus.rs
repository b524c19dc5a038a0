//! The texts that lie in the repository.

use std::fs;
use std::path::{Path, PathBuf};

/// Every YAML file of this crate's cases, of the tests and of the examples.
pub(crate) fn cases() -> Vec<Vec<u8>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    for folder in ["tests/cases", "../../tests", "../../examples"] {
        walk(&root.join(folder), &mut files);
    }
    let is_yaml =
        |path: &PathBuf| path.extension().is_some_and(|ext| ext == "yaml" || ext == "yml");
    files.iter().filter(|path| is_yaml(path)).map(|path| fs::read(path).unwrap()).collect()
}

/// Every input that the fuzzer of the reader keeps.
pub(crate) fn fuzz() -> Vec<Vec<u8>> {
    let mut files = Vec::new();
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus/yaml_reader"), &mut files);
    files.iter().map(|path| fs::read(path).unwrap()).collect()
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() { walk(&path, files) } else { files.push(path) }
    }
}
