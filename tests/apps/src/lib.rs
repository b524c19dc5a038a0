//! The proof of `apps/`: what must hold in the tree, read from its files and from what they build to.
//!
//! * [`Checkout`] copies the tree, puts the skeletons of `tests/upstream/` in the place of every `upstream/`, and builds
//!   overlays with the real kustomize where there is no network.
//! * [`World`] holds the files and the built objects; [`RULES`] are what must hold in it. Each rule has its cases in
//!   `tests/apps/cases/`: small trees that it refuses, and near ones that it lets pass.
//! * [`walk`] resolves every reference of an object, by a table of (kind, pointer) and kind.
#![expect(
    clippy::panic,
    clippy::missing_panics_doc,
    reason = "a test whose machine does not run fails; it never skips"
)]

mod build;
mod checkout;
mod exceptions;
pub mod lock;
mod network;
pub mod object;
mod rule;
mod saved;
mod summary;
pub mod walk;
mod world;

pub use build::{Made, Plugins, key_file};
pub use checkout::Checkout;
pub use exceptions::{Exception, Exceptions};
pub use object::Object;
pub use rule::{RULES, Report, Rule};
pub use saved::{Saved, saved};
pub use summary::summary;
pub use world::World;
