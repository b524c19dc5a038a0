//! Gateways: their listeners, for the routes that hang below them in other builds.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A Gateway or a ListenerSet.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub struct GatewayFact {
    /// `Gateway` or `ListenerSet`.
    pub kind: String,
    /// Its namespace.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// Its name.
    pub name: String,
    /// Its class.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub class: Option<String>,
    /// Whether it has a DNS target, under any known spelling of the annotation.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub target: bool,
    /// Its listeners.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub listeners: Vec<ListenerFact>,
}

/// A listener.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub struct ListenerFact {
    /// Its name.
    pub name: String,
    /// Its host.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hostname: Option<String>,
    /// `HTTPS`, `TLS`, `HTTP`, `TCP`, `UDP`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub protocol: Option<String>,
}
