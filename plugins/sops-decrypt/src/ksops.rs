//! The config of KSOPS: `viaduct.ai/v1`, kinds `ksops` and `ksops-exec`.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Decrypts what a KSOPS generator lists, into the objects that KSOPS gives.
///
/// The objects are those of KSOPS 4.5 down to the hash suffix of a Secret, so that a migration restarts no pod:
/// manifests as they were decrypted, `secretFrom` with text in `stringData`. Two things differ on purpose: a value
/// that kustomize would damage on its way moves from `stringData` to `data`, with a warning, and a manifest with
/// `behavior: merge` or `replace` gets the `type` that kustomize would lose. A field that KSOPS would ignore is an
/// error here.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Ksops {
    /// Encrypted manifests: paths relative to the kustomization that lists this config.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub files: Option<Vec<String>>,
    /// Secrets to make from encrypted files.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret_from: Option<Vec<SecretFrom>>,
}

/// One Secret of `secretFrom`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct SecretFrom {
    /// Encrypted text files: `path` or `key=path`; the decrypted text goes into `stringData`.
    #[serde(default)]
    pub files: Vec<String>,
    /// Encrypted files of any content: `path` or `key=path`; what they hold goes into `data`.
    #[serde(default)]
    pub binary_files: Vec<String>,
    /// Encrypted env files, read as the library godotenv reads them; each variable goes into `stringData`.
    #[serde(default)]
    pub envs: Vec<String>,
    /// Name, namespace, labels and annotations.
    #[serde(default)]
    pub metadata: Metadata,
    /// The type; none is written when none is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub r#type: Option<String>,
}

/// The metadata of a Secret of `secretFrom`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Metadata {
    /// Its name.
    #[serde(default)]
    pub name: String,
    /// Its namespace.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// Its labels.
    #[serde(default)]
    pub labels: BTreeMap<String, String>,
    /// Its annotations; `kustomize.config.k8s.io/needs-hash` and `.../behavior` are kustomize's to read.
    #[serde(default)]
    pub annotations: BTreeMap<String, String>,
}
