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
    /// The name of the plugin, of a middleware of type `plugin`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plugin: Option<String>,
    /// Whom a `forwardAuth` asks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// The members of a chain, as Traefik resolves them (`namespace-name@kubernetescrd`).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub chain: Vec<String>,
}

/// Words in the name of a plugin that signs in.
const SIGN_IN_PLUGINS: [&str; 8] =
    ["oidc", "openid", "oauth", "auth", "jwt", "saml", "ldap", "keycloak"];

impl MiddlewareFact {
    /// Whether it lets nobody through who is not signed in. Of a chain its members say so.
    ///
    /// A `forwardAuth` that asks a bouncer of CrowdSec turns away who is banned, and lets everybody else through.
    pub fn signs_in(&self) -> bool {
        match self.kind.as_str() {
            "basicAuth" | "digestAuth" => true,
            "forwardAuth" => {
                let address = self.address.as_deref().unwrap_or_default().to_lowercase();
                !address.contains("crowdsec") && !address.contains("bouncer")
            }
            "plugin" => {
                let name = self.plugin.as_deref().unwrap_or_default().to_lowercase();
                SIGN_IN_PLUGINS.iter().any(|word| name.contains(word))
            }
            _ => false,
        }
    }
}
