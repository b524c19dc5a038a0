//! SOPS documents: bytes in, plain values out. Knows no Kubernetes; all crypto of the house lives here.

pub mod metadata;

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use serde_json::Value;
use zeroize::Zeroizing;

/// The formats of sops' stores. Picked by the extension alone, as sops does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// `.yaml`, `.yml`
    Yaml,
    /// `.json`
    Json,
    /// `.env`
    Dotenv,
    /// `.ini`
    Ini,
    /// Everything else: a JSON envelope around bytes.
    Binary,
}

impl Format {
    /// The format that sops picks for a path.
    pub fn of_path(_path: &Path) -> Self {
        unimplemented!()
    }
}

/// Every key that can be found, read once per run. Shared by all files of the run.
pub struct Keyring {}

impl Keyring {
    /// Looks keys up where sops does, in sops' order, through `env` (the environment as it was at the start; ours is
    /// cleaned by then). Nothing is read before the first file asks.
    pub fn new(_env: impl Fn(&str) -> Option<OsString> + Send + Sync + 'static) -> Self {
        unimplemented!()
    }

    /// The files and folders that keys may be read from, for whoever confines the process.
    pub fn paths(&self) -> Vec<PathBuf> {
        unimplemented!()
    }
}

/// A SOPS document that has been parsed, and not yet opened.
pub struct Sealed {}

impl Sealed {
    /// Parses. `Error::NotEncrypted` when there is no sops metadata.
    pub fn parse(_bytes: &[u8], _format: Format) -> Result<Self, Error> {
        unimplemented!()
    }

    /// The same from a value that was already parsed (a Secret in a stream with its own `sops:` block).
    pub fn from_value(_value: &Value) -> Result<Self, Error> {
        unimplemented!()
    }

    /// Decrypts every value and checks the MAC.
    pub fn open(&self, _keys: &Keyring) -> Result<Plain, Error> {
        unimplemented!()
    }

    /// The same tree with a placeholder for each encrypted value, derived from its ciphertext. Needs no key.
    pub fn redact(&self) -> Plain {
        unimplemented!()
    }
}

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

/// Why a document was not decrypted. Whose fault it is stands on every variant.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The user's: the file carries no sops metadata.
    #[error("not encrypted with sops")]
    NotEncrypted,
}
