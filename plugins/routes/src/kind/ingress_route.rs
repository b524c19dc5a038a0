//! `traefik.io` IngressRoute, IngressRouteTCP and IngressRouteUDP: rules in Traefik's own language.

use std::sync::Arc;

use krm::{Finding, Resource};
use serde_json::Value;

use super::Kind;
use crate::Route;
use crate::middleware_id::MiddlewareId;
use crate::read::{backend, ingress_class, list, once, parents, text, text_at, texts};
use crate::route::{Host, MiddlewareUse, Path, PathMatch, Rule};
use crate::rule::{self, PathKind, Syntax};
use crate::slot::{AuthSlot, DnsKeys, DnsSlot, HostsFrom, RouterTls, TargetFrom, TlsSlot};

const GROUPS: &[&str] = &["traefik.io"];

pub(super) const INGRESS_ROUTE: Kind = Kind { groups: GROUPS, kind: "IngressRoute", read: http };
pub(super) const INGRESS_ROUTE_TCP: Kind =
    Kind { groups: GROUPS, kind: "IngressRouteTCP", read: tcp };
pub(super) const INGRESS_ROUTE_UDP: Kind =
    Kind { groups: GROUPS, kind: "IngressRouteUDP", read: udp };

fn http(item: &Resource, route: &mut Route) {
    common(item, route);
    for (pointer, written) in list(item, "/spec/routes") {
        let mut rule = rule(item, &pointer, written, route, rule::Rule::shared);
        rule.middlewares = list(written, "/middlewares")
            .filter_map(|(at, named)| middleware(item, named, format!("{pointer}{at}")))
            .collect();
        route.rules.push(rule);
    }
    route.published = once(std::mem::take(&mut route.published));
    route.parents = parents(item, "traefik.io", "IngressRoute");
    route.dns = DnsSlot::Annotations {
        keys: DnsKeys::All,
        hosts: HostsFrom::Fields,
        target: TargetFrom::Nowhere,
    };
    route.tls = certificate(item);
    route.auth = AuthSlot::Middlewares { field: "middlewares" };
}

fn tcp(item: &Resource, route: &mut Route) {
    common(item, route);
    for (pointer, written) in list(item, "/spec/routes") {
        let rule = rule(item, &pointer, written, route, rule::Rule::shared_tcp);
        route.rules.push(rule);
    }
    route.published = once(std::mem::take(&mut route.published));
    route.dns = DnsSlot::Annotations {
        keys: DnsKeys::All,
        hosts: HostsFrom::Fields,
        target: TargetFrom::Nowhere,
    };
    route.tls = certificate(item);
    route.auth = AuthSlot::Impossible("forward auth is HTTP, and this route is TCP");
}

fn udp(item: &Resource, route: &mut Route) {
    common(item, route);
    for (pointer, written) in list(item, "/spec/routes") {
        let backends = list(written, "/services");
        route.rules.push(Rule {
            backends: backends
                .filter_map(|(at, one)| backend(one, pointer.clone() + &at))
                .collect(),
            pointer,
            other_hosts: true,
            ..Rule::default()
        });
    }
    route.dns = DnsSlot::Annotations {
        keys: DnsKeys::All,
        hosts: HostsFrom::Annotation,
        target: TargetFrom::Nowhere,
    };
    route.auth = AuthSlot::Impossible("forward auth is HTTP, and this route is UDP");
}

fn common(item: &Resource, route: &mut Route) {
    route.class = ingress_class(item).map(str::to_owned);
    route.entry_points = texts(item, "/spec/entryPoints").map(str::to_owned).collect();
}

type Parse = fn(&str, Syntax) -> Result<Arc<rule::Rule>, rule::RuleError>;

/// A rule with its hosts, paths and backends; what cannot be read goes into the route's problems.
fn rule(item: &Resource, pointer: &str, written: &Value, route: &mut Route, parse: Parse) -> Rule {
    let at = format!("{pointer}/match");
    let mut read = Rule {
        pointer: pointer.to_owned(),
        priority: krm::get(written, "priority").and_then(Value::as_i64),
        backends: list(written, "/services")
            .filter_map(|(below, one)| backend(one, format!("{pointer}{below}")))
            .collect(),
        ..Rule::default()
    };
    let Some(text) = text(written, "match") else {
        read.other_hosts = true;
        return read;
    };
    let syntax = match krm::get(written, "syntax").and_then(Value::as_str) {
        None | Some("") => route.syntax,
        Some(name) => Syntax::named(name),
    };
    match parse(text, syntax) {
        Ok(parsed) => {
            let hosts = parsed.hosts();
            route.published.extend_from_slice(parsed.published());
            read.other_hosts = hosts.unknown || hosts.catch_all;
            read.hosts = hosts
                .exact
                .iter()
                .chain(&hosts.wildcards)
                .map(|name| Host { name: name.clone(), pointer: at.clone() })
                .collect();
            read.paths = parsed
                .paths()
                .into_iter()
                .filter(|path| !path.negated)
                .map(|path| Path {
                    text: path.value,
                    matches: match path.kind {
                        PathKind::Exact => PathMatch::Exact,
                        PathKind::Prefix => PathMatch::Prefix,
                        PathKind::Regexp => PathMatch::Regex,
                    },
                    pointer: at.clone(),
                })
                .collect();
            read.parsed = Some(parsed);
        }
        Err(error) => {
            // Traefik builds no router for it: what it would serve is not known.
            read.other_hosts = true;
            route.published.extend(rule::external_dns_hosts(text));
            let until = "until then Traefik serves nothing of it";
            let hint = match error.hint() {
                Some(hint) => format!("{hint}; {until}"),
                None => format!("correct the rule; {until}"),
            };
            route.problems.push(
                Finding::warning("unreadable-rule", format!("Traefik refuses this rule: {error}"))
                    .on(item.id())
                    .field(krm::readable_pointer(&at))
                    .hint(hint),
            );
        }
    }
    read
}

fn middleware(item: &Resource, named: &Value, pointer: String) -> Option<MiddlewareUse> {
    let name = text(named, "name")?;
    let written = match text(named, "namespace") {
        Some(namespace) => format!("{namespace}/{name}"),
        None => name.to_owned(),
    };
    let namespace = text(named, "namespace");
    let id = MiddlewareId::of_reference(namespace.or(item.namespace()), name);
    Some(MiddlewareUse { id, written, pointer })
}

fn certificate(item: &Resource) -> TlsSlot {
    let tls = item.pointer("/spec/tls").filter(|tls| tls.is_object());
    TlsSlot::Certificate {
        pointer: "/spec/tls",
        tls: tls.map(|tls| RouterTls {
            secret: text(tls, "secretName").map(str::to_owned),
            resolver: text(tls, "certResolver").is_some(),
            store: text_at(tls, "/store/name").is_some(),
            options: text_at(tls, "/options/name").is_some(),
            passthrough: krm::get(tls, "passthrough").and_then(Value::as_bool).unwrap_or_default(),
        }),
    }
}
