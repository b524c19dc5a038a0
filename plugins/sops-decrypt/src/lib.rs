//! Generates Secrets from SOPS files: `SopsDecrypt`, and the configs of KSOPS.
//!
//! Data flows one way: a config becomes a [plan](self), the files of the plan are opened, objects are made from them,
//! and all of them are added, or none. Crypto stands in `sops`; this crate knows Secrets, kustomize's generator
//! annotations, and what KSOPS writes.
#![cfg_attr(not(test), warn(clippy::disallowed_methods))]

mod config;
mod envfile;
pub mod explanation;
mod failures;
mod fragile;
mod generate;
mod godotenv;
mod ksops;
mod manifest;
mod needs;
mod opener;
mod pair;
mod plan;
mod redacted;
mod said;
mod secret;
mod stream;
mod token;

pub use config::{Behavior, Options, SecretArgs, SopsDecrypt};
pub use ksops::{Ksops, Metadata, SecretFrom};

use krm::{Definition, Finding, Function, Loader, Needs, ResourceList, Role, Shape, Stream};

/// The functions of this crate.
pub const FUNCTIONS: &[Definition] = &[Definition::of::<SopsDecrypt>(), Definition::of::<Ksops>()];

impl Function for SopsDecrypt {
    const KINDS: &'static [(&'static str, &'static str)] =
        &[("pleach.dev/v1alpha1", "SopsDecrypt")];
    const ROLE: Role = Role::Generator;
    const READS_SECRETS: bool = true;
    const STREAM: Option<Stream> = Some(stream::STREAM);
    const NEEDS: Option<Needs> = Some(needs::needs);

    fn schema() -> serde_json::Value {
        krm::schema::embedded(include_str!("../schema.json"))
    }

    fn run(self, list: &mut ResourceList, loader: &Loader) -> Result<(), Box<Finding>> {
        generate::run(&self.plan(loader)?, list, loader)
    }
}

impl Function for Ksops {
    const KINDS: &'static [(&'static str, &'static str)] =
        &[("viaduct.ai/v1", "ksops"), ("viaduct.ai/v1", "ksops-exec")];
    const ROLE: Role = Role::Generator;
    const SHAPE: Shape = Shape::TopLevel;
    const READS_SECRETS: bool = true;
    const NEEDS: Option<Needs> = Some(needs::needs);

    fn schema() -> serde_json::Value {
        krm::schema::embedded(include_str!("../ksops.schema.json"))
    }

    fn run(self, list: &mut ResourceList, loader: &Loader) -> Result<(), Box<Finding>> {
        generate::run(&self.plan()?, list, loader)
    }
}
