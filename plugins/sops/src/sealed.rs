//! A SOPS document that has been parsed, and not yet opened.

use serde_json::Value;

use crate::keyring::Keyring;
use crate::metadata::Metadata;
use crate::plain::Plain;
use crate::{Error, Format};

/// A SOPS document that has been parsed, and not yet opened.
pub struct Sealed {}

/// What every placeholder starts with. No placeholder is valid base64 (the colon), and none holds a
/// character that means something in YAML, JSON, env or ini files.
pub const PLACEHOLDER: &str = "pleach-redacted:";

/// What a MAC check on a document that another program has rewritten could tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum MacCheck {
    /// The MAC is that of the values in the order given.
    Holds,
    /// The MAC is that of the values with the keys of every map sorted.
    HoldsSorted,
    /// The MAC covers clear values too (no `mac_only_encrypted`), and does not hold here: whoever
    /// rewrote the document may have changed them rightly. Check the source file instead.
    NotCheckable,
    /// The MAC covers encrypted values only, and holds in neither order.
    Mismatch,
}

impl Sealed {
    /// Parses. [`Error::NotEncrypted`] when there is no sops metadata.
    pub fn parse(_bytes: &[u8], _format: Format) -> Result<Self, Error> {
        unimplemented!()
    }

    /// The same from a value that was already parsed (a Secret in a stream with its own `sops:`
    /// block).
    pub fn from_value(_value: &Value) -> Result<Self, Error> {
        unimplemented!()
    }

    /// Who can open the file, and what of it is encrypted.
    pub fn metadata(&self) -> &Metadata {
        unimplemented!()
    }

    /// Decrypts every value and checks the MAC.
    pub fn open(&self, _keys: &Keyring) -> Result<Plain, Error> {
        unimplemented!()
    }

    /// Decrypts every value of a document that was rewritten since (kustomize sorts keys, adds a
    /// namespace and labels), and says what the MAC tells about it. The plain values of anything
    /// but [`MacCheck::Holds`] and [`MacCheck::HoldsSorted`] are to be used only after the source
    /// file's MAC was checked.
    pub fn open_rewritten(&self, _keys: &Keyring) -> Result<(Plain, MacCheck), Error> {
        unimplemented!()
    }

    /// The same tree with a placeholder for each encrypted value, derived from its ciphertext.
    /// Needs no key.
    pub fn redact(&self) -> Plain {
        unimplemented!()
    }

    /// One placeholder for the whole document, derived from the text of [`Self::redact`]: a value that
    /// is a whole file is replaced by it. Starts with [`PLACEHOLDER`]. Changes when a value or a clear
    /// part changes, and not when only the recipients do.
    pub fn placeholder(&self) -> String {
        unimplemented!()
    }
}
