//! SOPS documents: bytes in, plain values out. Knows no Kubernetes; all crypto of the house lives
//! here.
#![cfg_attr(not(test), warn(clippy::disallowed_methods))]

pub mod key;
mod keyring;
pub mod metadata;
mod shamir;

mod cipher;
mod decrypt;
mod diagnose;
mod error;
mod format;
mod mac;
mod number;
mod place;
mod plain;
mod redact;
mod rules;
mod sealed;
mod timestamp;
mod tree;
mod walk;

pub use error::{Error, Guess, Syntax};
pub use format::Format;
pub use keyring::{DataKey, KeyError, Keyring, Refused, RefusedEntry};
pub use place::Place;
pub use plain::Plain;
pub use redact::PLACEHOLDER;
pub use sealed::{MacCheck, Sealed};
pub use shamir::ShamirError;
