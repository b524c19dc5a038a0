//! A decrypted or redacted document.

use serde_json::Value;
use zeroize::Zeroizing;

use crate::Error;
use crate::format::{Format, value};
use crate::tree::Tree;

/// A decrypted (or redacted) document. Wiped when dropped.
pub struct Plain {
    format: Format,
    tree: Tree,
}

impl Plain {
    pub(crate) fn new(format: Format, tree: Tree) -> Self {
        Self { format, tree }
    }

    /// What `sops -d` prints, byte for byte.
    pub fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        Zeroizing::new(self.format.print(&self.tree))
    }

    /// The documents as plain values: what go-yaml reads from [`Self::to_bytes`].
    pub fn values(&self) -> Result<Vec<Value>, Error> {
        match self.format {
            Format::Yaml | Format::Json => match value::print(&self.tree) {
                Some(values) => values,
                None => Ok(yaml::values(&self.to_bytes())?),
            },
            Format::Dotenv | Format::Ini | Format::Binary => Ok(yaml::values(&self.to_bytes())?),
        }
    }
}
