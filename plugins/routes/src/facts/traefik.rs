//! Traefik: its version, which references it follows, and its entry points.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A Traefik controller. A field that is not given is at the controller's default, or not known.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub struct TraefikFact {
    /// The name of its workload.
    pub name: String,
    /// The namespace of its workload.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// Its version (`3.7.9`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// `--providers.kubernetescrd.allowCrossNamespace`
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub allow_cross_namespace: bool,
    /// `--providers.kubernetesingress.crossProviderNamespaces`: other namespaces must not name middlewares of another
    /// provider (3.6.17, 3.7.1).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cross_provider_namespaces: Option<Vec<String>>,
    /// `--providers.kubernetescrd.crossProviderNamespaces`: the same for IngressRoutes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub crd_cross_provider_namespaces: Option<Vec<String>>,
    /// The ingress class that it serves (`--providers.kubernetesingress.ingressclass`, `...kubernetescrd.ingressclass`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ingress_class: Option<String>,
    /// Its providers: `kubernetescrd`, `kubernetesingress`, `kubernetesgateway`, ...
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub providers: Vec<String>,
    /// `--core.defaultRuleSyntax`: `v3` or `v2`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_rule_syntax: Option<String>,
    /// Its entry points.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub entry_points: Vec<EntryPointFact>,
    /// Whether there is configuration that cannot be read: a file that is not in the tree, `$(VARIABLE)`.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub unreadable_arguments: bool,
}

/// An entry point of Traefik.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub struct EntryPointFact {
    /// Its name.
    pub name: String,
    /// Its address (`:8443/tcp`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// Whether routers that name no entry point are served here (`asDefault`).
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub as_default: bool,
    /// Whether its routers have TLS without asking for it (`http.tls`).
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub tls: bool,
    /// The entry point to which it redirects everything.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub redirect_to: Option<String>,
    /// The middlewares that run before those of each router (`http.middlewares`).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub middlewares: Vec<String>,
    /// The senders whose forwarded headers it trusts.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub trusted_ips: Vec<String>,
    /// Whether it trusts the forwarded headers of every sender.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub insecure: bool,
}
