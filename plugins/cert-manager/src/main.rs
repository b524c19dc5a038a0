//! The function of this crate as a binary of its own.

use std::process::ExitCode;

fn main() -> ExitCode {
    krm::main(cert_manager::FUNCTIONS)
}
