//! What stands under `sops:`: who can open the file, and what of it is encrypted.

mod flat;
mod read;
mod take;

use indexmap::IndexMap;

pub(crate) use take::{Block, take};

/// The metadata of one file, read weakly typed as sops reads it.
#[derive(Debug, Clone, Default)]
pub struct Metadata {
    /// Key groups; a file without `key_groups` is one group.
    pub key_groups: Vec<Vec<MasterKey>>,
    /// How many groups must be opened when there is more than one.
    pub shamir_threshold: Option<usize>,
    /// When the file was written, as RFC 3339 in the form that sops prints; the MAC is bound to it.
    pub last_modified: String,
    /// The MAC, encrypted; empty when the file has none.
    pub mac: String,
    /// The version of sops that wrote the file.
    pub version: String,
    /// Which values are encrypted.
    pub rule: Rule,
    /// Whether the MAC covers encrypted values only.
    pub mac_only_encrypted: bool,
}

/// Which values of a file are encrypted. A file has exactly one rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rule {
    /// `unencrypted_suffix`; `_unencrypted` in a file that names no rule.
    UnencryptedSuffix(String),
    /// `encrypted_suffix`
    EncryptedSuffix(String),
    /// `unencrypted_regex`
    UnencryptedRegex(String),
    /// `encrypted_regex`
    EncryptedRegex(String),
    /// `unencrypted_comment_regex`
    UnencryptedCommentRegex(String),
    /// `encrypted_comment_regex`
    EncryptedCommentRegex(String),
}

impl Rule {
    /// Its field in the metadata.
    pub fn name(&self) -> &'static str {
        match self {
            Self::UnencryptedSuffix(_) => "unencrypted_suffix",
            Self::EncryptedSuffix(_) => "encrypted_suffix",
            Self::UnencryptedRegex(_) => "unencrypted_regex",
            Self::EncryptedRegex(_) => "encrypted_regex",
            Self::UnencryptedCommentRegex(_) => "unencrypted_comment_regex",
            Self::EncryptedCommentRegex(_) => "encrypted_comment_regex",
        }
    }
}

impl Default for Rule {
    fn default() -> Self {
        Self::UnencryptedSuffix("_unencrypted".into())
    }
}

/// One entry of a key group: the data key (or a Shamir share of it), encrypted for one recipient.
#[derive(Debug, Clone, Default)]
pub struct MasterKey {
    /// The name of its list in the metadata: `age`, `pgp`, `kms`, `gcp_kms`, `azure_kv`, `hc_vault`, `hckms`.
    pub service: String,
    /// How messages name it: the age recipient, the PGP fingerprint, the ARN, the resource id, the URL.
    pub recipient: String,
    /// The encrypted data key as the service wrote it (armored for age and pgp).
    pub enc: String,
    /// Every other field of the entry, as strings.
    pub fields: IndexMap<String, String>,
}
