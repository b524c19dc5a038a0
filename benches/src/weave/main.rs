//! `make bench`, second part: what the transformers cost in a build, beside what kustomize charges for any function.
//!
//! In one run, on a committed generator of resources: three entries under `transformers:`, one Pipeline entry, and
//! `kustomize build | pleach run`; for each form a no-op of the same form, and bare kustomize, as floors. The floor of
//! the Pipeline entry is a C program that prints what the Pipeline printed, because kustomize charges for every object
//! that comes back changed or new, whoever changed it. CPU time is user and system time of all processes of the build.
#![expect(
    clippy::print_stdout,
    reason = "a program of the test suite: what it prints is the report"
)]

mod forms;
mod goals;
mod resources;

use std::process::ExitCode;

use forms::Forms;
use pleach_bench::measure::measure;

/// (resources, rounds) of the builds that are measured: the order of the contenders changes from round to round.
const BUILDS: [(usize, usize); 2] = [(100, 11), (1000, 5)];
/// The same where the goals are only reported: a build of 1,000 resources and three functions takes many seconds.
const FEW_BUILDS: [(usize, usize); 1] = [(100, 5)];
/// (resources, rounds) of our own process alone, without kustomize.
const ALONE: [(usize, usize); 2] = [(1000, 11), (10_000, 3)];

fn main() -> Result<ExitCode, Box<dyn std::error::Error>> {
    let mut args = std::env::args_os().skip(1);
    let (Some(pleach), Some(noop), Some(goals)) = (args.next(), args.next(), args.next()) else {
        return Err("usage: pleach-bench-weave PLEACH NOOP enforce|report".into());
    };
    let (pleach, noop) = (std::path::absolute(pleach)?, std::path::absolute(noop)?);
    let mut missed = 0;

    let builds: &[(usize, usize)] = if goals == "report" { &FEW_BUILDS } else { &BUILDS };
    for &(count, rounds) in builds {
        let forms = Forms::make(&pleach, &noop, count)?;
        println!(
            "{count} resources, {:.2} MB as function input, {:.2} MB as a stream; median of {rounds} rounds",
            forms.function_mb(),
            forms.stream_mb()
        );
        let results = measure(forms.builds(), rounds)?;
        results.print();
        missed += goals::builds(&results, count);
    }
    let mut shares = Vec::new();
    for (count, rounds) in ALONE {
        let forms = Forms::make(&pleach, &noop, count)?;
        println!("our own process on {count} resources; median of {rounds} rounds");
        let results = measure(forms.alone(), rounds)?;
        results.print();
        shares.push(goals::alone(&results, count, &mut missed));
    }
    missed += goals::growth(&shares);
    Ok(if missed == 0 || goals == "report" { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
