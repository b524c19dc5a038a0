//! The message authentication code over the values of a file.

use sha2::{Digest as _, Sha512};

use crate::number;
use crate::tree::Leaf;

/// SHA-256 of `sops`: what a MAC over encrypted values alone starts with, so that it is never the
/// MAC over all values (sops 3.13.3, `sops.go`).
const ONLY_ENCRYPTED: [u8; 32] = [
    0x8a, 0x3f, 0xd2, 0xad, 0x54, 0xce, 0x66, 0x52, 0x7b, 0x10, 0x34, 0xf3, 0xd1, 0x47, 0xbe, 0x0b,
    0x0b, 0x97, 0x5b, 0x3b, 0xf4, 0x4f, 0x72, 0xc6, 0xfd, 0xad, 0xec, 0x81, 0x76, 0xf2, 0x7d, 0x69,
];

/// A MAC in the making.
#[derive(Clone)]
pub(crate) struct Mac {
    hash: Sha512,
    only_encrypted: bool,
}

impl Mac {
    /// Over every value, or over encrypted ones alone.
    pub(crate) fn new(only_encrypted: bool) -> Self {
        let mut hash = Sha512::new();
        if only_encrypted {
            hash.update(ONLY_ENCRYPTED);
        }
        Self { hash, only_encrypted }
    }

    /// Adds a plain value. Comments are never added, and nulls have no bytes.
    pub(crate) fn add(&mut self, leaf: &Leaf, encrypted: bool) {
        if self.only_encrypted && !encrypted {
            return;
        }
        match leaf {
            Leaf::Null => {}
            Leaf::Bool(value) => self.hash.update(if *value { "True" } else { "False" }),
            Leaf::Int(value) => self.hash.update(value.to_string()),
            Leaf::Float(value) => self.hash.update(number::plain(*value)),
            Leaf::Time(text) => self.hash.update(text),
            Leaf::Str(text) => self.hash.update(text.as_slice()),
        }
    }

    /// The upper-case hexadecimal text that sops stores encrypted.
    pub(crate) fn finish(self) -> String {
        use std::fmt::Write as _;
        self.hash.finalize().iter().fold(String::with_capacity(128), |mut text, byte| {
            let _ = write!(text, "{byte:02X}");
            text
        })
    }
}
