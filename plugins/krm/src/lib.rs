//! The KRM function contract: functions, their items, what they say, and the four ways in. Knows no crypto.
//!
//! # Write a function
//!
//! A function is one type. The type is the `spec` of its config: its doc comment is the documentation, its fields'
//! doc comments are the options, and [`Function`] says which kind it answers to and how it runs.
//!
//! ```
//! use krm::{Definition, Finding, Function, Loader, ResourceList, Role};
//! use schemars::JsonSchema;
//! use serde::Deserialize;
//!
//! /// Writes the owner of every Service as an annotation.
//! #[derive(Debug, Deserialize, JsonSchema)]
//! #[serde(deny_unknown_fields, rename_all = "camelCase")]
//! struct ServiceOwner {
//!     /// Who it is.
//!     owner: String,
//! }
//!
//! impl Function for ServiceOwner {
//!     const KINDS: &'static [(&'static str, &'static str)] =
//!         &[("pleach.dev/v1alpha1", "ServiceOwner")];
//!     const ROLE: Role = Role::Transformer;
//!
//!     fn run(self, list: &mut ResourceList, _: &Loader) -> Result<(), Box<Finding>> {
//!         for item in list.items_mut() {
//!             // An author's value wins, so a second run changes nothing.
//!             if item.kind() == "Service" && item.annotation("example.com/owner").is_none() {
//!                 let why = "every Service has an owner";
//!                 item.set("/metadata/annotations/example.com~1owner", &*self.owner, why)?;
//!             }
//!         }
//!         Ok(())
//!     }
//! }
//!
//! const FUNCTIONS: &[Definition] = &[Definition::of::<ServiceOwner>()];
//!
//! assert_eq!(FUNCTIONS[0].name(), "service-owner");
//! assert_eq!(FUNCTIONS[0].summary(), "Writes the owner of every Service as an annotation.");
//! ```
//!
//! A binary with these functions is `fn main() -> ExitCode { krm::main(FUNCTIONS) }`.
//!
//! * A [`Resource`] reads as a value and changes only by `set` and `insert`, which record what and why. From the record
//!   come `diff` and its patches ([`diff`]), and the proof that a second run changes nothing.
//! * What stops the build is returned as a [`Finding`], what does not is [said](ResourceList::say).
//! * Files are read through the [`Loader`], below the scope; an object in one by [`read_object`].
//! * A config of another shape (older tools) is a type of its own with another [`Shape`].
//!
//! # Four ways in, and back the way it came
//!
//! | way | who | in | out |
//! |---|---|---|---|
//! | function | kustomize, kpt | a ResourceList | a ResourceList, as JSON |
//! | plugin | kustomize | `argv[1]` is the config, a stream of manifests | documents, as JSON |
//! | by hand | `pleach run CONFIG [FILE...]` | files | YAML |
//! | stream | `kustomize build \| pleach run` | a stream that holds its Pipeline | YAML |
//!
//! Which one it is, is decided by what is sent ([`Host`]). In YAML a document that nobody touched is copied byte for
//! byte. Nothing goes out before everything has run; after a failure nothing goes out at all, except that kpt gets its
//! items back unchanged, with `results`. Findings are on standard error and, for a host, in `results`.
#![cfg_attr(not(test), warn(clippy::disallowed_methods))]

pub mod annotations;
mod called;
mod config;
pub mod deadline;
mod definition;
pub mod diff;
mod documents;
pub mod environment;
pub mod explanation;
mod finding;
mod function;
mod glob;
mod host;
mod identity;
mod input;
mod list;
pub mod loader;
mod nearest;
mod object;
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
pub mod schema;
pub mod scope;
pub mod serve;
pub mod under;

pub use called::as_function as called_as_function;
pub use definition::Definition;
pub use environment::Environment;
pub use finding::{Finding, Severity};
pub use function::{Function, Needs, Reads, Role, Shape, Stream};
pub use glob::Glob;
pub use host::{Host, Place};
pub use identity::Identity;
pub use input::{Input, Source};
pub use list::ResourceList;
pub use loader::Loader;
pub use nearest::nearest;
pub use object::{read_manifests, read_object};
pub use output::render;
pub use pipeline::Pipeline;
pub use pointer::{at, get, readable_pointer};
pub use print::yaml as to_yaml;
pub use record::Edit;
pub use registry::Registry;
pub use resource::Resource;
pub use run::{Dispatched, Ran, run};
pub use serve::main;
