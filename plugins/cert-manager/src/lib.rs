//! Gives every route its certificate by cert-manager: `CertManager`.
//!
//! Data flows one way: every object is surveyed and planned for (`plan`), the ledger says who writes which
//! Secret (`ledger`), the issuers are held against the facts (`verify`), and only then is anything changed
//! (`weave`). What cert-manager v1.21.2 refuses is refused here by the same rules (`request`, `value`).
#![cfg_attr(not(test), warn(clippy::disallowed_methods))]

mod author;
mod certificates;
mod config;
pub mod explanation;
mod issuer;
mod keys;
mod known;
mod ledger;
mod plan;
mod request;
mod tls_options;
mod traefik;
mod value;
mod verify;
mod weave;

pub use config::{CertManager, Environment, External, Issuer, Settings, Traefik, Wildcard};
pub use request::{
    Algorithm, Encoding, PrivateKey, Request, RotationPolicy, SecretTemplate, Subject,
};
pub use tls_options::TlsOptions;
pub use value::{CommonName, Duration, Email, Ip, Name, Uri, Usage};

use krm::{Definition, Finding, Function, Loader, ResourceList, Role};

/// The functions of this crate.
pub const FUNCTIONS: &[Definition] = &[Definition::of::<CertManager>()];

impl Function for CertManager {
    const KINDS: &'static [(&'static str, &'static str)] =
        &[("pleach.dev/v1alpha1", "CertManager")];
    const ROLE: Role = Role::Transformer;
    const FILE_FIELDS: &'static [&'static str] = &["facts"];
    const EXAMPLE: Option<(&'static str, &'static str)> = Some((
        include_str!("../../../tests/cases/cert-manager/basic/input.yaml"),
        include_str!("../../../tests/cases/cert-manager/basic/expected.yaml"),
    ));

    fn schema() -> serde_json::Value {
        krm::schema::embedded(include_str!("../schema.json"))
    }

    fn run(self, list: &mut ResourceList, loader: &Loader) -> Result<(), Box<Finding>> {
        self.weave(routes::KINDS, list, loader)
    }
}
