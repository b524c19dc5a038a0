//! The registry: every function that the product holds.

use cert_manager::CertManager;
use external_dns::ExternalDns;
use forward_auth::ForwardAuth;
use krm::Definition;
use serde_json::Value;
use sops_decrypt::{Ksops, SopsDecrypt};

/// One list of types, and what is made of each.
macro_rules! functions {
    ($($Function:ty,)*) => {
        /// Every function, in the order in which help and documentation list them.
        pub const FUNCTIONS: &[Definition] = &[$(Definition::of::<$Function>()),*];

        /// The JSON Schema of each, derived from its type. Nothing in the binary calls it: `make update` does.
        pub fn schemas() -> Vec<Value> {
            vec![$(krm::schema::of::<$Function>()),*]
        }
    };
}

functions! {
    SopsDecrypt,
    Ksops,
    ExternalDns,
    CertManager,
    ForwardAuth,
}
