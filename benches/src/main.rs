//! `make bench`: the shipped static binary, `sops -d` and a no-op process, interleaved in one run.
//!
//! Prints a table of medians and what each goal came to; a goal that is missed is a
//! failure, unless the run is asked to report only. CPU time is user and
//! system time of the process and of the children that it waited for (gpg counts, its agent does not).
#![expect(
    clippy::print_stdout,
    reason = "a program of the test suite: what it prints is the report"
)]

mod goals;
mod inputs;

use std::process::ExitCode;

use inputs::{Inputs, Recipient};
use pleach_bench::measure::{Contender, measure};

/// How often each contender runs; the order changes from round to round.
const ROUNDS: usize = 21;

fn main() -> Result<ExitCode, Box<dyn std::error::Error>> {
    let mut args = std::env::args_os().skip(1);
    let (Some(pleach), Some(noop), Some(goals)) = (args.next(), args.next(), args.next()) else {
        return Err("usage: pleach-bench PLEACH NOOP enforce|report".into());
    };
    // Each contender runs in the folder of its files, and the build folder may be named relative to ours.
    let (pleach, noop) = (std::path::absolute(pleach)?, std::path::absolute(noop)?);
    let inputs = Inputs::make(pleach.as_os_str())?;

    let mut contenders = vec![
        Contender::new("no-op", inputs.command(noop)),
        Contender::refusing("pleach, empty", inputs.pleach_empty()),
    ];
    for recipient in Recipient::ALL {
        contenders.push(Contender::new(format!("sops -d {recipient}"), inputs.sops(recipient)));
        for count in [1, 10, 100] {
            let name = format!("pleach {recipient} x{count}");
            contenders.push(Contender::new(name, inputs.pleach(recipient, count)));
        }
    }
    let results = measure(contenders, ROUNDS)?;

    println!("median of {ROUNDS} rounds");
    results.print();
    let missed = goals::report(&results);
    Ok(if missed == 0 || goals == "report" { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
