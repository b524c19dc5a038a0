//! Middlewares of Traefik: which there are, and which of them sign in.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A Middleware of Traefik.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub struct MiddlewareFact {
    /// Its namespace.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// Its name.
    pub name: String,
    /// What it does: the one field of its spec (`forwardAuth`, `chain`, `headers`).
    #[serde(rename = "type")]
    pub kind: String,
    /// The members of a chain, as Traefik resolves them (`namespace-name@kubernetescrd`).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub chain: Vec<String>,
}
