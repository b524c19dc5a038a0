//! What stands under `sops:`: who can open the file, and what of it is encrypted.

use indexmap::IndexMap;

/// The metadata of one file, read weakly typed as sops reads it.
#[derive(Debug, Clone, Default)]
pub struct Metadata {
    /// Key groups; a file without `key_groups` is one group.
    pub key_groups: Vec<Vec<MasterKey>>,
    /// How many groups must be opened when there is more than one.
    pub shamir_threshold: Option<usize>,
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
