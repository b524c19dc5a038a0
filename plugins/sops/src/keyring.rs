//! Every key that can be found, read once per run.

use std::ffi::OsString;
use std::path::PathBuf;

use zeroize::Zeroizing;

use crate::metadata::Metadata;

/// The key that the values of one file are encrypted with; wiped when dropped.
pub struct DataKey(Zeroizing<[u8; 32]>);

impl DataKey {
    /// Its 32 bytes.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// A key of these bytes.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }
}

/// Every key that can be found, read once per run. Shared by all files of the run.
pub struct Keyring {}

impl Keyring {
    /// Looks keys up where sops does, in sops' order, through `env` (the environment as it was at
    /// the start; ours is cleaned by then). Nothing is read before the first file asks.
    pub fn new(_env: impl Fn(&str) -> Option<OsString> + Send + Sync + 'static) -> Self {
        unimplemented!()
    }

    /// The files and folders that keys may be read from, for whoever confines the process.
    pub fn paths(&self) -> Vec<PathBuf> {
        unimplemented!()
    }

    /// The data key of a file.
    pub fn data_key(&self, _metadata: &Metadata) -> Result<DataKey, KeyError> {
        unimplemented!()
    }
}

/// Why there is no data key.
#[derive(Debug, thiserror::Error)]
#[error("no data key")]
pub struct KeyError {}

impl KeyError {
    /// What to do about it.
    pub fn hint(&self) -> String {
        String::new()
    }
}
