//! What both parts of the bench share: how a command is measured.
#![expect(
    clippy::print_stdout,
    reason = "a program of the test suite: what it prints is the report"
)]

pub mod measure;
