//! Reads the list of mutations.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;

/// One edit that breaks the code, and the test that must catch it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Mutation {
    /// What is broken, in words.
    pub(crate) name: String,
    /// The file, from the root of the repository.
    pub(crate) file: String,
    /// The text that is replaced; it stands exactly once in the file.
    pub(crate) find: String,
    /// What takes its place.
    pub(crate) replace: String,
    /// The package that the test belongs to.
    pub(crate) package: String,
    /// The filter that `cargo test` gets.
    pub(crate) test: String,
}

#[derive(Deserialize)]
struct List {
    mutation: Vec<Mutation>,
}

/// Every mutation of `mutations.toml`, and of the files in `mutations.d/`.
pub(crate) fn read(tests: &Path) -> Result<Vec<Mutation>, Box<dyn std::error::Error>> {
    let mut files = vec![tests.join("mutations.toml")];
    if let Ok(folder) = std::fs::read_dir(tests.join("mutations.d")) {
        files.extend(folder.filter_map(Result::ok).map(|entry| entry.path()));
    }
    files.sort();
    let mut mutations = Vec::new();
    for file in files.iter().filter(|file| file.exists()) {
        let list: List = toml::from_str(&std::fs::read_to_string(file)?)
            .map_err(|error| format!("{}: {error}", file.display()))?;
        mutations.extend(list.mutation);
    }
    Ok(mutations)
}

/// The tests that must pass while nothing is broken.
pub(crate) fn tests_by_package(mutations: &[Mutation]) -> BTreeMap<&str, Vec<&str>> {
    let mut tests: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for mutation in mutations {
        let tests = tests.entry(&mutation.package).or_default();
        if !tests.contains(&mutation.test.as_str()) {
            tests.push(&mutation.test);
        }
    }
    tests
}
