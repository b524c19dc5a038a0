//! The annotations of ExternalDNS, without their prefix (`source/annotations/annotations.go`).

pub(crate) use routes::facts::external_dns::{ALPHA, GA};

pub(crate) const TARGET: &str = "target";
pub(crate) const TTL: &str = "ttl";
pub(crate) const HOSTNAME: &str = "hostname";
pub(crate) const INTERNAL_HOSTNAME: &str = "internal-hostname";
pub(crate) const CONTROLLER: &str = "controller";
pub(crate) const ACCESS: &str = "access";
pub(crate) const SET_IDENTIFIER: &str = "set-identifier";
pub(crate) const ALIAS: &str = "alias";
pub(crate) const RECORD_TYPE: &str = "record-type";
pub(crate) const PROXIED: &str = "cloudflare-proxied";
pub(crate) const RECORD_COMMENT: &str = "cloudflare-record-comment";
pub(crate) const INGRESS_HOSTNAME_SOURCE: &str = "ingress-hostname-source";
pub(crate) const GATEWAY_HOSTNAME_SOURCE: &str = "gateway-hostname-source";

/// The one value of `controller` with which ExternalDNS reads the object.
pub(crate) const DNS_CONTROLLER: &str = "dns-controller";
/// What we write as `controller` where a DNSEndpoint publishes the object's hosts: any other value than
/// [`DNS_CONTROLLER`] makes ExternalDNS pass the object over.
pub(crate) const BY_ENDPOINT: &str = "dns-endpoint";

/// The two values of `ingress-hostname-source` and `gateway-hostname-source`, in any case (`source/ingress.go`,
/// `source/gateway.go`).
pub(crate) const DEFINED_HOSTS_ONLY: &str = "defined-hosts-only";
pub(crate) const ANNOTATION_ONLY: &str = "annotation-only";

/// Keys of providers beside those that have a field of their own (`provider/aws/aws.go`, `provider/coredns/coredns.go`,
/// `provider/scaleway/scaleway.go`, `source/annotations/provider_specific.go`).
pub(crate) const PROVIDER_KEYS: &[&str] = &[
    "alias",
    "record-type",
    "aws-evaluate-target-health",
    "aws-failover",
    "aws-geolocation-continent-code",
    "aws-geolocation-country-code",
    "aws-geolocation-subdivision-code",
    "aws-geoproximity-bias",
    "aws-geoproximity-coordinates",
    "aws-geoproximity-local-zone-group",
    "aws-geoproximity-region",
    "aws-health-check-id",
    "aws-hosted-zone-id",
    "aws-multi-value-answer",
    "aws-region",
    "aws-target-hosted-zone",
    "aws-weight",
    "azure-tags",
    "cloudflare-custom-hostname",
    "cloudflare-region-key",
    "cloudflare-tags",
    "coredns-group",
    "scw-priority",
];

/// A webhook provider gets every key that begins so.
pub(crate) const WEBHOOK: &str = "webhook-";

/// Whether a key chooses a routing policy of Route 53, which takes a set identifier to tell records apart.
pub(crate) fn is_routing_policy(key: &str) -> bool {
    matches!(key, "aws-weight" | "aws-region" | "aws-failover" | "aws-multi-value-answer")
        || key.starts_with("aws-geolocation-")
        || key.starts_with("aws-geoproximity-")
}

/// Whether a key is passed to the provider (`source/annotations/provider_specific.go`).
pub(crate) fn is_for_provider(key: &str) -> bool {
    matches!(key, ALIAS | RECORD_TYPE | "azure-tags")
        || ["aws-", "scw-", "coredns-", "cloudflare-", WEBHOOK].iter().any(|of| key.starts_with(of))
}
