//! SOPS documents: bytes in, plain values out. Knows no Kubernetes; all crypto of the house lives
//! here.
//!
//! # Keys
//!
//! A [`Keyring`] finds keys where sops finds them and asks the key services ([`key::SERVICES`]): age (X25519, ssh,
//! plugins, identities below a passphrase, post-quantum) and PGP (exported secret keys in-process, else the user's gpg,
//! else gpgme behind the feature of that name). What only a cloud can open is refused by its name.
//!
//! Post-quantum age identities (`AGE-SECRET-KEY-PQ-1`) rest on `libcrux-ml-kem` 0.0.11, of which its crate doc says
//! that "it is formally verified using hax and F*". No other crate for ML-KEM or X-Wing that builds here has a public
//! proof or audit: `ml-kem` and `x-wing` say that they have "never been independently audited", `hpke` that it "has not
//! been formally audited". libcrux calls itself a pre-release. The X-Wing combiner and the HPKE key schedule around
//! it are ours, and are tested against what the real sops encrypts.
//!
//! # What is wiped
//!
//! Overwritten when dropped: data keys, identities, passphrases, what key files hold, every text of a document, sealed
//! or open, and what [`Plain::to_bytes`] returns. `krm` overwrites the objects of a run and its output after writing
//! them, and sizes the buffer of JSON beforehand, so that it is never moved.
//!
//! Not overwritten: what the printers behind [`Plain::to_bytes`] leave behind when their buffer grows (INI, dotenv,
//! binary, and YAML with merge keys; other YAML and JSON become values without being printed); the copies that age,
//! rPGP, the YAML reader and `serde_json` make on their way; map keys and numbers; stacks and registers. They last as
//! long as the process, which dumps no core.
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
