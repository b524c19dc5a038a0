//! The multi-call binary.

use std::process::ExitCode;

fn main() -> ExitCode {
    krm::main(pleach::functions::FUNCTIONS)
}
