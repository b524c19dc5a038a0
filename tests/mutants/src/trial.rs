//! Breaks the copy in one place, and runs the test that must notice.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde::Deserialize;

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
    /// The test targets of each package, and the tests in each.
    targets: BTreeMap<String, Vec<Target>>,
}

/// One test binary of a package: only it is built and run for a mutation, not the others.
struct Target {
    /// What cargo gets to build it.
    selector: Vec<String>,
    tests: Vec<String>,
}

/// A line of `cargo --message-format=json` that says what was built.
#[derive(Deserialize)]
struct Built {
    target: Described,
    profile: Profile,
}

#[derive(Deserialize)]
struct Described {
    kind: Vec<String>,
    name: String,
}

#[derive(Deserialize)]
struct Profile {
    test: bool,
}

impl Cargo {
    /// Builds into the folder of the real tree: the dependencies are the same.
    pub(crate) fn new(tree: &Path, build: &Path) -> Self {
        Self { tree: tree.to_owned(), build: build.to_owned(), targets: BTreeMap::new() }
    }

    /// Builds the tests of a package, and sees that these pass while nothing is broken.
    pub(crate) fn baseline(
        &mut self,
        package: &str,
        ignored: bool,
        tests: &[&str],
    ) -> Result<(), String> {
        let fails = |output: &Output| {
            let text = String::from_utf8_lossy(&output.stdout);
            let errors = String::from_utf8_lossy(&output.stderr);
            format!("the tests of {package} fail although nothing is broken:\n{text}{errors}")
        };
        let built = self.test(package, &["--no-run", "--message-format=json"])?;
        if !built.status.success() {
            return Err(fails(&built));
        }
        let text = String::from_utf8_lossy(&built.stdout);
        let lines = text.lines().filter_map(|line| serde_json::from_str::<Built>(line).ok());
        let mut targets = Vec::new();
        for Built { target, .. } in lines.filter(|built| built.profile.test) {
            let selector = match target.kind.first().map(String::as_str) {
                Some("test") => vec!["--test".to_owned(), target.name],
                Some("bin") => vec!["--bin".to_owned(), target.name],
                _ => vec!["--lib".to_owned()],
            };
            let mut target = Target { selector, tests: Vec::new() };
            let listed =
                self.test(package, &target.args(&["--", "--list", "--format", "terse"]))?;
            let listed = String::from_utf8_lossy(&listed.stdout);
            target.tests = listed
                .lines()
                .filter_map(|line| line.strip_suffix(": test"))
                .map(str::to_owned)
                .collect();
            let own: Vec<&str> = tests.iter().copied().filter(|test| target.has(test)).collect();
            if !own.is_empty() {
                if ignored && !self.build()?.status.success() {
                    return Err("the binary under test does not build".to_owned());
                }
                let args = [filters(ignored), &own[..]].concat();
                let output = self.test(package, &target.args(&args))?;
                if !output.status.success() {
                    return Err(fails(&output));
                }
            }
            targets.push(target);
        }
        self.targets.insert(package.to_owned(), targets);
        Ok(())
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
        let targets = self.targets.get(&mutation.package).map(Vec::as_slice).unwrap_or_default();
        for target in targets.iter().filter(|target| target.has(&mutation.test)) {
            if !self.test(&mutation.package, &target.args(&["--no-run"]))?.status.success() {
                return Ok(Verdict::DoesNotCompile);
            }
            if mutation.ignored && !self.build()?.status.success() {
                return Ok(Verdict::DoesNotCompile);
            }
            let args = target.args(&[filters(mutation.ignored), &[&mutation.test]].concat());
            if !self.test(&mutation.package, &args)?.status.success() {
                return Ok(Verdict::Caught);
            }
        }
        Ok(Verdict::Survived)
    }

    fn test(&self, package: &str, args: &[&str]) -> Result<Output, String> {
        self.run(
            &[&["test", "--quiet", "--locked", "--no-fail-fast", "-p", package], args].concat(),
        )
    }

    /// Builds the binary that the tests of tier 3 run, in little time: not the static one.
    fn build(&self) -> Result<Output, String> {
        self.run(&["build", "--quiet", "--locked", "--bin", "pleach"])
    }

    fn run(&self, args: &[&str]) -> Result<Output, String> {
        Command::new("cargo")
            .args(args)
            .env("PLEACH", self.build.join("debug/pleach"))
            .current_dir(&self.tree)
            .env("CARGO_TARGET_DIR", &self.build)
            // An edit touches one file: what the others compile to is kept. Nobody debugs what comes out.
            .env("CARGO_INCREMENTAL", "1")
            .env("CARGO_PROFILE_DEV_DEBUG", "none")
            .env("INSTA_UPDATE", "no")
            .output()
            .map_err(|error| format!("cargo: {error}"))
    }
}

/// What stands before the names of tests.
fn filters(ignored: bool) -> &'static [&'static str] {
    if ignored { &["--", "--ignored"] } else { &["--"] }
}

impl Target {
    /// The arguments that mean this target, and these.
    fn args<'a>(&'a self, args: &[&'a str]) -> Vec<&'a str> {
        self.selector.iter().map(String::as_str).chain(args.iter().copied()).collect()
    }

    /// Whether a filter finds one of its tests.
    fn has(&self, filter: &str) -> bool {
        self.tests.iter().any(|test| test.contains(filter))
    }
}
