//! `make mutants`: applies each edit of `tests/mutations.d/` to a copy of the tree, and sees its test fail there.
#![expect(
    clippy::print_stdout,
    reason = "a program of the test suite: what it prints is the report"
)]

mod copy;
mod list;
mod trial;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use list::Mutation;
use trial::Verdict;

fn main() -> Result<ExitCode, Box<dyn std::error::Error>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize()?;
    let choice = std::env::args().nth(1).unwrap_or_else(|| "all".to_owned());
    let mutations = choose(list::read(&root.join("tests"))?, &choice)?;

    let build = build_dir(&root);
    let tree = build.join("mutants");
    copy::fresh(&root, &tree)?;
    let mut cargo = trial::Cargo::new(&tree, &build);

    // A test that fails for another reason would catch everything.
    for ((package, ignored), tests) in list::tests_by_package(&mutations) {
        cargo.baseline(package, ignored, &tests)?;
    }

    let mut survived = 0;
    for mutation in &mutations {
        let begin = Instant::now();
        let verdict = cargo.attempt(&root, mutation)?;
        println!("{verdict:<16} {:>4} s  {}", begin.elapsed().as_secs(), mutation.name);
        survived += usize::from(verdict != Verdict::Caught);
    }
    println!("mutants: {} of {} caught", mutations.len() - survived, mutations.len());
    Ok(if survived == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// All of them, so many at random, those of a package or of a list, or those whose name holds the word. Those of tier 3,
/// which need root and minutes, are not among all: their list is named.
fn choose(mut mutations: Vec<Mutation>, choice: &str) -> Result<Vec<Mutation>, String> {
    if choice == "all" || choice.parse::<usize>().is_ok() {
        mutations.retain(|mutation| !mutation.ignored);
    }
    if let Ok(count) = choice.parse::<usize>() {
        let seed = std::env::var("MUTANTS_SEED").ok().and_then(|seed| seed.parse().ok());
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |now| now.as_secs());
        let seed: u64 = seed.unwrap_or(now);
        println!("mutants: seed {seed} (MUTANTS_SEED={seed} repeats it)");
        fastrand::Rng::with_seed(seed).shuffle(&mut mutations);
        mutations.truncate(count);
        mutations.sort_by(|one, other| one.package.cmp(&other.package));
    } else if choice != "all" {
        mutations.retain(|mutation| {
            mutation.package == choice
                || mutation.subject == choice
                || mutation.name.contains(choice)
        });
    }
    if mutations.is_empty() {
        return Err(format!("no mutation to try for `{choice}`"));
    }
    Ok(mutations)
}

/// The folder that the workspace builds into: its dependencies are built there already.
fn build_dir(root: &Path) -> PathBuf {
    root.join(std::env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into()))
}
