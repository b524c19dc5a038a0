//! What the tests of every crate share: the pinned tools, programs of the machine, scratch folders, and markers to search for.
#![expect(
    clippy::panic,
    clippy::missing_panics_doc,
    reason = "a test that lacks its tool or its folder fails; it never skips"
)]

mod marker;
mod scratch;
mod tools;

pub use marker::Marker;
pub use scratch::Scratch;
pub use tools::{age, age_keygen, crds, kustomize, machine, mirror, pre_commit, sops, tool};
