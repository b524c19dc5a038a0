//! Breaks the copy in one place, and runs the test that must notice.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::list::Mutation;

/// What became of a mutation.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// The test failed, as it must.
    Caught,
    /// The test passed, or no test has that name.
    Survived,
    /// The edit does not compile, so it says nothing about the test.
    DoesNotCompile,
    /// The text to replace stands not exactly once in the file.
    Stale,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Caught => "caught",
            Self::Survived => "SURVIVED",
            Self::DoesNotCompile => "DOES NOT COMPILE",
            Self::Stale => "STALE",
        })
    }
}

/// Runs cargo in the copy.
pub(crate) struct Cargo {
    tree: PathBuf,
    build: PathBuf,
}

impl Cargo {
    /// Builds into the folder of the real tree: the dependencies are the same.
    pub(crate) fn new(tree: &Path, build: &Path) -> Self {
        Self { tree: tree.to_owned(), build: build.to_owned() }
    }

    /// The tests pass while nothing is broken.
    pub(crate) fn baseline(&self, package: &str, tests: &[&str]) -> Result<(), String> {
        let output = self.test(package, &[&["--"], tests].concat())?;
        if output.status.success() {
            return Ok(());
        }
        let text = String::from_utf8_lossy(&output.stdout);
        Err(format!("the tests of {package} fail although nothing is broken:\n{text}"))
    }

    /// Applies the edit, runs its test and takes the edit back.
    pub(crate) fn attempt(&self, root: &Path, mutation: &Mutation) -> Result<Verdict, String> {
        let file = self.tree.join(&mutation.file);
        let Some((original, broken)) = mutation.edit(root) else {
            return Ok(Verdict::Stale);
        };
        fs::write(&file, broken).map_err(|error| error.to_string())?;
        let verdict = self.judge(mutation);
        fs::write(&file, original).map_err(|error| error.to_string())?;
        verdict
    }

    fn judge(&self, mutation: &Mutation) -> Result<Verdict, String> {
        if !self.test(&mutation.package, &["--no-run"])?.status.success() {
            return Ok(Verdict::DoesNotCompile);
        }
        let output = self.test(&mutation.package, &["--", &mutation.test])?;
        Ok(if output.status.success() { Verdict::Survived } else { Verdict::Caught })
    }

    fn test(&self, package: &str, args: &[&str]) -> Result<Output, String> {
        Command::new("cargo")
            .args(["test", "--quiet", "--locked", "--no-fail-fast", "--package", package])
            .args(args)
            .current_dir(&self.tree)
            .env("CARGO_TARGET_DIR", &self.build)
            .env("INSTA_UPDATE", "no")
            .output()
            .map_err(|error| format!("cargo: {error}"))
    }
}
