//! A decrypted or redacted document.

use serde_json::Value;
use zeroize::Zeroizing;

use crate::Error;

/// A decrypted (or redacted) document. Wiped when dropped.
pub struct Plain {}

impl Plain {
    /// What `sops -d` prints, byte for byte.
    pub fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        unimplemented!()
    }

    /// The documents as plain values: what go-yaml reads from [`Self::to_bytes`].
    pub fn values(&self) -> Result<Vec<Value>, Error> {
        unimplemented!()
    }
}
