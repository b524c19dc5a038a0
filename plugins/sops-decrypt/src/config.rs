//! The documented config: `SopsDecrypt`.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Generates Secrets from files that SOPS encrypted.
///
/// Values are decrypted while the tree is built and stand in the Secret's `data`; nothing is written into the tree.
/// `files` are whole manifests, encrypted as they stand; `secrets` are made here from encrypted files, as kustomize's
/// own `secretGenerator` makes them from plain ones: an entry keeps its fields when it moves from there.
///
/// With `PLEACH_SOPS=redact` in the environment (by hand: `--redact`) no key is needed: each encrypted value becomes
/// a placeholder that is derived from its ciphertext, and an API server refuses the object.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct SopsDecrypt {
    /// Encrypted manifests: paths or globs, relative to the kustomization that lists this config. A glob gives its
    /// files sorted; one that matches nothing is an error. Any kind is allowed; in a Secret, `stringData` moves into
    /// `data`, and `type` is `Opaque` where none stands.
    #[serde(default)]
    pub files: Vec<String>,
    /// Secrets to make from encrypted files.
    #[serde(default)]
    pub secrets: Vec<SecretArgs>,
}

/// One Secret, in the words of kustomize's `secretGenerator`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct SecretArgs {
    /// Its name; kustomize appends the hash of the content unless `options.disableNameSuffixHash` is set.
    pub name: String,
    /// Its namespace.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// Its type; `Opaque` when none is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub r#type: Option<String>,
    /// Encrypted files, each a value: `path` (its base name is the key) or `key=path`. The extension decides which
    /// SOPS format is read.
    #[serde(default)]
    pub files: Vec<String>,
    /// The same as `files`: both are carried in base64. The name is that of KSOPS.
    #[serde(default)]
    pub binary_files: Vec<String>,
    /// Encrypted files of `KEY=value` lines, each line a value, read as `secretGenerator` reads them: the value is
    /// everything behind the first `=`, quotes included.
    #[serde(default)]
    pub envs: Vec<String>,
    /// What kustomize does when the Secret stands in the tree already.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub behavior: Option<Behavior>,
    /// Labels, annotations, immutability, and whether the name gets a hash.
    #[serde(default)]
    pub options: Options,
}

/// What kustomize does when the Secret stands in the tree already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Behavior {
    /// It must not: the default.
    Create,
    /// The two are merged, key by key.
    Merge,
    /// This one takes the place of the other.
    Replace,
}

impl Behavior {
    /// The word of the annotation.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Merge => "merge",
            Self::Replace => "replace",
        }
    }
}

/// The `options` of kustomize's `secretGenerator`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Options {
    /// Labels of the Secret.
    #[serde(default)]
    pub labels: BTreeMap<String, String>,
    /// Annotations of the Secret.
    #[serde(default)]
    pub annotations: BTreeMap<String, String>,
    /// Whether the API server refuses later changes.
    #[serde(default)]
    pub immutable: bool,
    /// Whether the name stays as it is, without the hash of the content.
    #[serde(default)]
    pub disable_name_suffix_hash: bool,
}
