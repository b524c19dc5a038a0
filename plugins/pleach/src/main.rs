//! The multi-call binary.

use std::process::ExitCode;

fn main() -> ExitCode {
    pleach::front::main()
}
