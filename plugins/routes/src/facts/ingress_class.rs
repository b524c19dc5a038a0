//! Ingress classes: which controller serves a class, and which class is the default.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An IngressClass.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub struct IngressClassFact {
    /// Its name.
    pub name: String,
    /// The controller that serves it (`traefik.io/ingress-controller`, `k8s.io/ingress-nginx`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub controller: Option<String>,
    /// Whether an Ingress that names no class gets it (`ingressclass.kubernetes.io/is-default-class`).
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub default: bool,
}
