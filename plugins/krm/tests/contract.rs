//! The contract as hosts and people see it: what goes in, what comes out, with two toy functions.
#![expect(clippy::unwrap_used, reason = "in a test an unwrap is the assertion")]

#[path = "contract/diff.rs"]
mod diff;
#[path = "contract/hosts.rs"]
mod hosts;
#[path = "contract/kpt.rs"]
mod kpt;
#[path = "contract/pipeline.rs"]
mod pipeline;
#[path = "contract/stream.rs"]
mod stream;
#[path = "contract/toys.rs"]
mod toys;
