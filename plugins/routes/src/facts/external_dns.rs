//! ExternalDNS: which annotations a controller reads, and which hosts it keeps.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An ExternalDNS controller. A field that is not given is at the controller's default, or not known.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub struct ExternalDnsFact {
    /// The name of its workload.
    pub name: String,
    /// The namespace of its workload.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// Its version (`0.22.0`); not given where the image has a digest or a moving tag alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// `--annotation-prefix`: 0.20 and later.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub annotation_prefix: Option<String>,
    /// `--enable-legacy-annotation-prefix`: 0.23 and later.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub legacy_annotation_prefix: bool,
    /// `--policy`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy: Option<String>,
    /// `--provider`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provider: Option<String>,
    /// `--source`, each.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<String>,
    /// `--domain-filter`, each.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub domain_filters: Vec<String>,
    /// `--exclude-domains`, each.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub exclude_domains: Vec<String>,
    /// `--annotation-filter`: a selector over the literal annotation keys.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub annotation_filter: Option<String>,
    /// `--label-filter`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label_filter: Option<String>,
    /// `--ingress-class`, each.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ingress_classes: Vec<String>,
    /// `--namespace`: it reads this one alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub only_namespace: Option<String>,
    /// `--default-targets`, each.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub default_targets: Vec<String>,
    /// `--ignore-hostname-annotation`
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub ignore_hostname_annotation: bool,
    /// `--cloudflare-proxied`
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub cloudflare_proxied: bool,
    /// Arguments that cannot be read: `$(VARIABLE)` and what comes from a ConfigMap.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub unreadable_arguments: bool,
}
