//! cert-manager: its version, and what it does without being asked.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A cert-manager controller. A field that is not given is at the controller's default, or not known.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub struct CertManagerFact {
    /// The name of its workload.
    pub name: String,
    /// The namespace of its workload.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// Its version (`1.20.0`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// `--default-issuer-name`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_issuer_name: Option<String>,
    /// `--default-issuer-kind`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_issuer_kind: Option<String>,
    /// `--default-issuer-group`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_issuer_group: Option<String>,
    /// `--auto-certificate-annotations`, each.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub auto_certificate_annotations: Vec<String>,
    /// `--enable-gateway-api`: without it Gateways are not read.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub gateway_api: bool,
    /// `--enable-gateway-api-listenerset`: without it ListenerSets are not read.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub listener_sets: bool,
    /// `--cluster-resource-namespace`: where the Secrets of a ClusterIssuer stand.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cluster_resource_namespace: Option<String>,
    /// Whether there are arguments that cannot be read: `$(VARIABLE)`, a shell's, a file that is not in the tree.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub unreadable_arguments: bool,
}
