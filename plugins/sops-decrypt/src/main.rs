//! The functions of this crate as a binary of their own.

use std::process::ExitCode;

fn main() -> ExitCode {
    krm::main(sops_decrypt::FUNCTIONS)
}
