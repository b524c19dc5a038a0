//! `gateway.networking.k8s.io` HTTPRoute, GRPCRoute, TLSRoute, TCPRoute and UDPRoute: what hangs below a Gateway.

use krm::Resource;
use serde_json::Value;

use super::Kind;
use crate::Route;
use crate::middleware_id::MiddlewareId;
use crate::read::{backend, host, list, parents, text, texts};
use crate::route::{Host, MiddlewareUse, Path, PathMatch, Rule};
use crate::slot::{AuthSlot, DnsKeys, DnsSlot, HostsFrom, TargetFrom};

const GROUP: &str = "gateway.networking.k8s.io";

pub(super) const HTTP_ROUTE: Kind = Kind { groups: &[GROUP], kind: "HTTPRoute", read: http };
pub(super) const GRPC_ROUTE: Kind = Kind { groups: &[GROUP], kind: "GRPCRoute", read: http };
pub(super) const TLS_ROUTE: Kind = Kind { groups: &[GROUP], kind: "TLSRoute", read: tls };
pub(super) const TCP_ROUTE: Kind = Kind { groups: &[GROUP], kind: "TCPRoute", read: tcp };
pub(super) const UDP_ROUTE: Kind = Kind { groups: &[GROUP], kind: "UDPRoute", read: udp };

fn http(item: &Resource, route: &mut Route) {
    rules(item, route, HostsFrom::Fields);
    route.auth = AuthSlot::Filters { field: "filters" };
}

fn tls(item: &Resource, route: &mut Route) {
    rules(item, route, HostsFrom::Fields);
    route.auth = AuthSlot::Impossible("forward auth is HTTP, and this route passes TLS on");
}

fn tcp(item: &Resource, route: &mut Route) {
    rules(item, route, HostsFrom::Annotation);
    route.auth = AuthSlot::Impossible("forward auth is HTTP, and this route is TCP");
}

fn udp(item: &Resource, route: &mut Route) {
    rules(item, route, HostsFrom::Annotation);
    route.auth = AuthSlot::Impossible("forward auth is HTTP, and this route is UDP");
}

fn rules(item: &Resource, route: &mut Route, from: HostsFrom) {
    let hosts: Vec<Host> = match from {
        HostsFrom::Fields => list(item, "/spec/hostnames")
            .filter_map(|(pointer, name)| Some(host(name.as_str()?, pointer)))
            .collect(),
        HostsFrom::Annotation => Vec::new(),
    };
    for (pointer, written) in list(item, "/spec/rules") {
        let mut rule =
            Rule { hosts: hosts.clone(), other_hosts: hosts.is_empty(), ..Rule::default() };
        for (at, matched) in list(written, "/matches") {
            if let Some(path) = matched.get("path") {
                rule.paths.push(Path {
                    text: text(path, "value").unwrap_or("/").to_owned(),
                    matches: match text(path, "type") {
                        Some("Exact") => PathMatch::Exact,
                        Some("RegularExpression") => PathMatch::Regex,
                        _ => PathMatch::Prefix,
                    },
                    pointer: format!("{pointer}{at}/path"),
                });
            }
        }
        rule.backends = list(written, "/backendRefs")
            .filter_map(|(at, one)| backend(one, format!("{pointer}{at}")))
            .collect();
        rule.middlewares = list(written, "/filters")
            .filter_map(|(at, filter)| middleware(item, filter, format!("{pointer}{at}")))
            .collect();
        rule.pointer = pointer;
        route.rules.push(rule);
    }
    route.published = texts(item, "/spec/hostnames")
        .filter(|_| from == HostsFrom::Fields)
        .map(str::to_ascii_lowercase)
        .collect();
    route.parents = parents(item, GROUP, "Gateway");
    route.dns =
        DnsSlot::Annotations { keys: DnsKeys::Record, hosts: from, target: TargetFrom::Parents };
}

/// Traefik reads an ExtensionRef to one of its Middlewares, of the namespace of the route (3.7,
/// `pkg/provider/kubernetes/gateway/httproute.go`).
fn middleware(item: &Resource, filter: &Value, pointer: String) -> Option<MiddlewareUse> {
    let reference =
        filter.get("extensionRef").filter(|_| text(filter, "type") == Some("ExtensionRef"))?;
    if text(reference, "group") != Some("traefik.io")
        || text(reference, "kind") != Some("Middleware")
    {
        return None;
    }
    let name = text(reference, "name")?;
    Some(MiddlewareUse {
        id: MiddlewareId::of_extension_ref(item.namespace(), name),
        written: name.to_owned(),
        pointer,
    })
}
