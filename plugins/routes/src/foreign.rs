//! Kinds that make something reachable and are not handled: recognised and reported, never passed over in silence.

use krm::{Finding, ResourceList};

/// (API group, kind, what it belongs to). The kinds that ExternalDNS 0.22 reads (`source/store.go`), and those that
/// Traefik 3 no longer does.
const FOREIGN: &[(&str, &str, &str)] = &[
    ("networking.istio.io", "Gateway", "Istio"),
    ("networking.istio.io", "VirtualService", "Istio"),
    ("projectcontour.io", "HTTPProxy", "Contour"),
    ("configuration.konghq.com", "TCPIngress", "Kong"),
    ("configuration.konghq.com", "UDPIngress", "Kong"),
    ("zalando.org", "RouteGroup", "Skipper"),
    ("gateway.solo.io", "Gateway", "Gloo"),
    ("gateway.solo.io", "VirtualService", "Gloo"),
    ("gloo.solo.io", "Proxy", "Gloo"),
    ("cis.f5.com", "VirtualServer", "F5"),
    ("cis.f5.com", "TransportServer", "F5"),
    ("getambassador.io", "Host", "Ambassador"),
    ("getambassador.io", "Mapping", "Ambassador"),
    ("x.getambassador.io", "AmbassadorHost", "Ambassador"),
    ("apisix.apache.org", "ApisixRoute", "APISIX"),
    ("k8s.nginx.org", "VirtualServer", "NGINX"),
    ("k8s.nginx.org", "TransportServer", "NGINX"),
    ("serving.knative.dev", "DomainMapping", "Knative"),
    ("gateway.networking.x-k8s.io", "XListenerSet", "the Gateway API's experiments"),
];

/// The group that Traefik 2 read and Traefik 3 does not.
const OLD_TRAEFIK: &str = "traefik.containo.us";

/// What is said of the objects within reach that are not handled, one finding each.
pub fn findings(list: &ResourceList) -> Vec<Finding> {
    let mut findings = Vec::new();
    for item in list.items().iter().filter(|item| item.in_reach()) {
        let (kind, version) = (item.kind(), item.api_version());
        let group = version.rsplit_once('/').map_or("", |(group, _)| group);
        if group == OLD_TRAEFIK {
            findings.push(
                Finding::warning(
                    "old-traefik-group",
                    format!("Traefik 3 does not read {OLD_TRAEFIK}: this object has no effect"),
                )
                .on(item.id())
                .field("apiVersion")
                .hint("write `apiVersion: traefik.io/v1alpha1`"),
            );
        } else if let Some((_, _, owner)) =
            FOREIGN.iter().find(|foreign| foreign.0 == group && foreign.1 == kind)
        {
            findings.push(
                Finding::warning(
                    "unhandled-route-kind",
                    format!("routes of {owner} are not handled: nothing was woven into this one"),
                )
                .on(item.id())
                .hint("write its DNS, certificate and sign-in by hand"),
            );
        }
    }
    findings
}
