//! `networking.k8s.io` Ingress: host and path rules, one annotation for all of them.

use krm::Resource;

use super::Kind;
use crate::middleware_id::{INGRESS as PROVIDER, MiddlewareId};
use crate::read::{comma_list, host, ingress_class, list, once, port, text, texts};
use crate::route::{Backend, MiddlewareUse, Path, PathMatch, Rule};
use crate::slot::{AuthSlot, DnsKeys, DnsSlot, HostsFrom, TargetFrom, TlsBlock, TlsSlot};
use crate::{Route, keys};

pub(super) const INGRESS: Kind =
    Kind { groups: &["networking.k8s.io", "extensions"], kind: "Ingress", read };

fn read(item: &Resource, route: &mut Route) {
    route.class = ingress_class(item).map(str::to_owned);
    let entry_points = item.annotation(keys::ROUTER_ENTRY_POINTS).unwrap_or_default();
    route.entry_points = comma_list(entry_points).map(str::to_owned).collect();
    let middlewares = middlewares(item);
    for (pointer, rule) in list(item, "/spec/rules") {
        let name = text(rule, "host");
        let mut read = Rule {
            hosts: name.map(|name| host(name, format!("{pointer}/host"))).into_iter().collect(),
            other_hosts: name.is_none(),
            middlewares: middlewares.clone(),
            ..Rule::default()
        };
        for (at, path) in list(item, &format!("{pointer}/http/paths")) {
            let matches = match text(path, "pathType") {
                Some("Exact") => PathMatch::Exact,
                _ => PathMatch::Prefix,
            };
            let path_text = text(path, "path").unwrap_or("/").to_owned();
            read.paths.push(Path { text: path_text, matches, pointer: format!("{at}/path") });
            read.backends.extend(backend(path, &format!("{at}/backend")));
        }
        read.pointer = pointer;
        route.rules.push(read);
    }
    if let Some(backend) = backend_at(item, "/spec/defaultBackend") {
        // It takes what no rule takes, whatever the host.
        route.rules.push(Rule {
            pointer: "/spec/defaultBackend".to_owned(),
            other_hosts: true,
            backends: vec![backend],
            middlewares,
            ..Rule::default()
        });
    }
    let blocks: Vec<TlsBlock> = list(item, "/spec/tls")
        .map(|(pointer, block)| TlsBlock {
            hosts: texts(block, "/hosts").map(str::to_ascii_lowercase).collect(),
            secret: text(block, "secretName").map(str::to_owned),
            pointer,
        })
        .collect();
    // ExternalDNS publishes the hosts of rules and those of tls blocks (source/ingress.go).
    let served = route.rules.iter().flat_map(|rule| &rule.hosts).map(|host| host.name.clone());
    route.published =
        once(served.chain(blocks.iter().flat_map(|block| block.hosts.iter().cloned())));
    route.dns = DnsSlot::Annotations {
        keys: DnsKeys::All,
        hosts: HostsFrom::Fields,
        target: TargetFrom::Object,
    };
    route.tls = TlsSlot::Blocks { pointer: "/spec/tls", blocks };
    route.auth = AuthSlot::Annotation;
}

fn middlewares(item: &Resource) -> Vec<MiddlewareUse> {
    let written = item.annotation(keys::ROUTER_MIDDLEWARES).unwrap_or_default();
    if written.is_empty() {
        return Vec::new();
    }
    // An empty item stays, as behind a last comma: Traefik looks for it, finds nothing, and builds no router.
    let used = |written: &str| MiddlewareUse {
        id: Some(MiddlewareId::of_text(written, PROVIDER)),
        written: written.to_owned(),
        pointer: keys::pointer(keys::ROUTER_MIDDLEWARES),
    };
    written.split(',').map(str::trim).map(used).collect()
}

fn backend_at(item: &Resource, pointer: &str) -> Option<Backend> {
    backend_of(item.pointer(pointer)?, pointer)
}

fn backend(path: &serde_json::Value, pointer: &str) -> Option<Backend> {
    backend_of(krm::get(path, "backend")?, pointer)
}

fn backend_of(backend: &serde_json::Value, pointer: &str) -> Option<Backend> {
    if let Some(resource) = krm::get(backend, "resource") {
        return Some(Backend {
            kind: text(resource, "kind").unwrap_or_default().to_owned(),
            namespace: None,
            name: text(resource, "name")?.to_owned(),
            port: None,
            pointer: format!("{pointer}/resource"),
        });
    }
    let service = krm::get(backend, "service")?;
    let number = krm::at(service, "/port/number").or_else(|| krm::at(service, "/port/name"));
    Some(Backend {
        kind: "Service".to_owned(),
        namespace: None,
        name: text(service, "name")?.to_owned(),
        port: port(number),
        pointer: format!("{pointer}/service"),
    })
}
