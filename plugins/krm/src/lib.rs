//! The KRM function contract. Knows no crypto.
#![cfg_attr(not(test), warn(clippy::disallowed_methods))]

pub mod annotations;
mod config;
pub mod deadline;
mod definition;
pub mod diff;
mod documents;
pub mod environment;
pub mod explanation;
mod finding;
mod function;
mod host;
mod identity;
mod input;
mod list;
pub mod loader;
mod nearest;
mod output;
pub mod pipeline;
mod pointer;
pub mod policy;
mod print;
mod record;
mod registry;
mod resource;
pub mod rights;
mod run;
pub mod scope;
pub mod serve;

pub use definition::Definition;
pub use environment::Environment;
pub use finding::{Finding, Severity};
pub use function::{Function, Needs, Role, Shape, Stream};
pub use host::{Host, Place};
pub use identity::Identity;
pub use input::{Input, Source};
pub use list::ResourceList;
pub use loader::Loader;
pub use nearest::nearest;
pub use output::render;
pub use pipeline::Pipeline;
pub use record::Edit;
pub use registry::Registry;
pub use resource::Resource;
pub use run::{Dispatched, Ran, run};
pub use serve::main;
