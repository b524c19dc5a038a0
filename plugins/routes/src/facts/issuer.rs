//! Issuers: who signs, and which challenges prove a name.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An Issuer, a ClusterIssuer, or an issuer of another group.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub struct IssuerFact {
    /// `Issuer`, `ClusterIssuer`, or the kind of an external issuer.
    pub kind: String,
    /// Its API group, when it is not `cert-manager.io`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// Its namespace, unless it is cluster-wide.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// Its name.
    pub name: String,
    /// The ACME server: whether an issuer is for testing is told by this URL, never by its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub server: Option<String>,
    /// Its ACME solvers.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub solvers: Vec<SolverFact>,
}

/// A solver of an ACME issuer.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub struct SolverFact {
    /// `dns01` or `http01`.
    pub challenge: String,
    /// The names that it is for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub dns_names: Vec<String>,
    /// The zones that it is for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub dns_zones: Vec<String>,
    /// The labels of the Certificates that it is for.
    #[serde(skip_serializing_if = "std::collections::BTreeMap::is_empty")]
    pub match_labels: std::collections::BTreeMap<String, String>,
}
