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
    /// Whether that is a test of tier 3, which runs with `--ignored` on the binary that `PLEACH` names.
    #[serde(default)]
    pub(crate) ignored: bool,
    /// The name of the list that it stands in, without its ending.
    #[serde(skip)]
    pub(crate) subject: String,
}

impl Mutation {
    /// The file as it is and as it is broken; none when the text to replace stands not exactly once in it.
    pub(crate) fn edit(&self, root: &Path) -> Option<(String, String)> {
        let original = std::fs::read_to_string(root.join(&self.file)).ok()?;
        let broken = original.replacen(&self.find, &self.replace, 1);
        (original.matches(&self.find).count() == 1 && original != broken)
            .then_some((original, broken))
    }
}

#[derive(Deserialize)]
struct List {
    mutation: Vec<Mutation>,
}

/// Every mutation of the files in `mutations.d/`, one file for each subject. Those of one file of the sources follow
/// each other: what is built for one is nearly what is built for the next.
pub(crate) fn read(tests: &Path) -> Result<Vec<Mutation>, Box<dyn std::error::Error>> {
    let folder = std::fs::read_dir(tests.join("mutations.d"))?;
    let mut files: Vec<_> = folder.filter_map(Result::ok).map(|entry| entry.path()).collect();
    files.sort();
    let mut mutations = Vec::new();
    for file in &files {
        let list: List = toml::from_str(&std::fs::read_to_string(file)?)
            .map_err(|error| format!("{}: {error}", file.display()))?;
        let subject = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let named = |mutation| Mutation { subject: subject.clone(), ..mutation };
        mutations.extend(list.mutation.into_iter().map(named));
    }
    mutations.sort_by(|one, other| (&one.package, &one.file).cmp(&(&other.package, &other.file)));
    Ok(mutations)
}

/// The tests that must pass while nothing is broken, by package and whether they are of tier 3.
pub(crate) fn tests_by_package(mutations: &[Mutation]) -> BTreeMap<(&str, bool), Vec<&str>> {
    let mut tests: BTreeMap<(&str, bool), Vec<&str>> = BTreeMap::new();
    for mutation in mutations {
        let tests = tests.entry((&mutation.package, mutation.ignored)).or_default();
        if !tests.contains(&mutation.test.as_str()) {
            tests.push(&mutation.test);
        }
    }
    tests
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mutation_has_a_name_of_its_own_and_applies() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let mutations = read(&root.join("tests")).unwrap();
        let mut names: Vec<_> = mutations.iter().map(|mutation| &mutation.name).collect();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), mutations.len());
        let stale: Vec<_> =
            mutations.iter().filter(|mutation| mutation.edit(&root).is_none()).collect();
        assert!(stale.is_empty(), "{stale:#?}");
        println!("mutations: {}", mutations.len());
    }
}
