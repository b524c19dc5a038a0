//! The KRM function contract. Knows no crypto.

mod config;
mod definition;
pub mod environment;
pub mod explanation;
mod finding;
mod function;
mod identity;
mod list;
pub mod loader;
mod nearest;
pub mod policy;
mod record;
mod resource;
pub mod scope;

pub use definition::Definition;
pub use environment::Environment;
pub use finding::{Finding, Severity};
pub use function::{Function, KeyPaths, Role, Shape, Stream};
pub use identity::Identity;
pub use list::ResourceList;
pub use loader::Loader;
pub use nearest::nearest;
pub use record::Edit;
pub use resource::Resource;
