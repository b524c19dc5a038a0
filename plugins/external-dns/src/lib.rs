//! Weaves DNS targets and record settings for ExternalDNS into routes: `ExternalDNS`.
//!
//! Data flows one way. Facts say which controllers there are, and under which prefixes they read annotations
//! (`views`); each object is read with what its author wrote (`author`) and gets a `plan` of its own, which
//! looks at no other object; then the plans are held against each other (`alike`: all objects of one host), and
//! applied, all of them or none.
//!
//! Facts about ExternalDNS are those of v0.22.0, by the file of its source that holds them.
#![cfg_attr(not(test), warn(clippy::disallowed_methods))]

mod alike;
mod author;
mod check;
mod config;
mod endpoint;
pub mod explanation;
mod gateways;
mod hosts;
mod keys;
mod plan;
mod target;
mod ttl;
mod unseen;
mod views;
mod weave;
mod zones;

pub use config::{Access, Comment, ExternalDns, Mode, Prefix, ProviderKeys, Records, Word};
pub use target::Targets;
pub use ttl::Ttl;

use krm::{Definition, Finding, Function, Loader, ResourceList, Role};

/// The functions of this crate.
pub const FUNCTIONS: &[Definition] = &[Definition::of::<ExternalDns>()];

/// The name of the function: its folder, and its opt-out annotation.
const NAME: &str = "external-dns";

impl Function for ExternalDns {
    const KINDS: &'static [(&'static str, &'static str)] =
        &[("pleach.dev/v1alpha1", "ExternalDNS")];
    const ROLE: Role = Role::Transformer;
    const FILE_FIELDS: &'static [&'static str] = &["facts"];
    const EXAMPLE: Option<(&'static str, &'static str)> = Some((
        include_str!("../../../tests/cases/external-dns/basic/input.yaml"),
        include_str!("../../../tests/cases/external-dns/basic/expected.yaml"),
    ));

    fn schema() -> serde_json::Value {
        krm::schema::embedded(include_str!("../schema.json"))
    }

    fn run(self, list: &mut ResourceList, loader: &Loader) -> Result<(), Box<Finding>> {
        self.weave(routes::KINDS, list, loader)
    }
}
