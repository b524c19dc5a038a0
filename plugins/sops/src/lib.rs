//! SOPS documents: bytes in, plain values out. Knows no Kubernetes; all crypto of the house lives
//! here.

pub mod key;
mod keyring;
pub mod metadata;
mod shamir;

mod error;
mod format;
mod plain;
mod sealed;

pub use error::Error;
pub use format::Format;
pub use keyring::{DataKey, KeyError, Keyring, Refused, RefusedEntry};
pub use plain::Plain;
pub use sealed::{MacCheck, PLACEHOLDER, Sealed};
pub use shamir::ShamirError;
