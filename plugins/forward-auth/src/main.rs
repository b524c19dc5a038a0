//! The functions of this crate as a binary of their own.

use std::process::ExitCode;

fn main() -> ExitCode {
    krm::main(forward_auth::FUNCTIONS)
}
