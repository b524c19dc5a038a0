//! What the tests of every crate share: the pinned tools, programs of the machine, and scratch folders.
#![expect(
    clippy::panic,
    clippy::missing_panics_doc,
    reason = "a test that lacks its tool or its folder fails; it never skips"
)]

mod scratch;
mod tools;

pub use scratch::Scratch;
pub use tools::{age, age_keygen, crds, kustomize, machine, pre_commit, sops, tool};
