//! Generates Secrets from SOPS files: `SopsDecrypt`, and the configs of KSOPS.
//!
//! Data flows one way: a config becomes a [plan](self), the files of the plan are opened, objects are made from them,
//! and all of them are added, or none. Crypto stands in `sops`; this crate knows Secrets, kustomize's generator
//! annotations, and what KSOPS writes.

mod config;
mod envfile;
pub mod explanation;
mod fragile;
mod generate;
mod godotenv;
mod ksops;
mod manifest;
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

use std::collections::HashMap;
use std::ffi::OsString;
use std::path::PathBuf;

use krm::{Definition, Finding, Function, KeyPaths, Loader, ResourceList, Role, Shape, Stream};

/// The functions of this crate.
pub const FUNCTIONS: &[Definition] = &[Definition::of::<SopsDecrypt>(), Definition::of::<Ksops>()];

impl Function for SopsDecrypt {
    const KINDS: &'static [(&'static str, &'static str)] =
        &[("pleach.dev/v1alpha1", "SopsDecrypt")];
    const ROLE: Role = Role::Generator;
    const READS_SECRETS: bool = true;
    const STREAM: Option<Stream> = Some(stream::STREAM);
    const KEY_PATHS: Option<KeyPaths> = Some(key_paths);

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
    const KEY_PATHS: Option<KeyPaths> = Some(key_paths);

    fn run(self, list: &mut ResourceList, loader: &Loader) -> Result<(), Box<Finding>> {
        generate::run(&self.plan()?, list, loader)
    }
}

/// Where keys are read from, for whoever confines the process.
fn key_paths(env: &dyn Fn(&str) -> Option<OsString>) -> Vec<PathBuf> {
    let at_start: HashMap<&str, OsString> =
        VARIABLES.iter().filter_map(|name| Some((*name, env(name)?))).collect();
    sops::Keyring::new(move |name| at_start.get(name).cloned()).paths()
}

/// The variables that decide where keys are looked for (sops 3.13 `age/keysource.go`, `pgp/keysource.go`, and ours).
const VARIABLES: &[&str] = &[
    "GNUPGHOME",
    "HOME",
    "PATH",
    "PLEACH_AGE_PASSPHRASE_FILE",
    "PLEACH_PGP_KEY_FILE",
    "PLEACH_PGP_PASSPHRASE_FILE",
    "SOPS_AGE_KEY_FILE",
    "SOPS_AGE_SSH_PRIVATE_KEY_FILE",
    "SOPS_GPG_EXEC",
    "XDG_CONFIG_HOME",
    "XDG_DATA_HOME",
    "XDG_RUNTIME_DIR",
];
