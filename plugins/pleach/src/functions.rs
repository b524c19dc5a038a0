//! The registry: every function that the product holds.

use cert_manager::CertManager;
use external_dns::ExternalDns;
use forward_auth::ForwardAuth;
use krm::Definition;
use sops_decrypt::{Ksops, SopsDecrypt};

/// Every function, in the order in which help and documentation list them.
pub const FUNCTIONS: &[Definition] = &[
    Definition::of::<SopsDecrypt>(),
    Definition::of::<Ksops>(),
    Definition::of::<ExternalDns>(),
    Definition::of::<CertManager>(),
    Definition::of::<ForwardAuth>(),
];
