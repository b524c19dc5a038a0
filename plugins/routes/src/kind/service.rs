//! A Service: of type LoadBalancer it is reachable by its address, and by name where a hostname annotation gives it one.

use krm::Resource;

use super::Kind;
use crate::Route;
use crate::read::text_at;
use crate::route::{Backend, Rule};
use crate::slot::{AuthSlot, DnsKeys, DnsSlot, HostsFrom, TargetFrom};

pub(super) const SERVICE: Kind = Kind { groups: &[""], kind: "Service", read };

fn read(item: &Resource, route: &mut Route) {
    // ExternalDNS publishes a Service of any type that has a hostname annotation (source/service.go).
    let kind = text_at(item, "/spec/type").unwrap_or("ClusterIP");
    let keys = match kind {
        "LoadBalancer" => DnsKeys::All,
        "NodePort" => DnsKeys::Access,
        _ => DnsKeys::Written,
    };
    route.dns =
        DnsSlot::Annotations { keys, hosts: HostsFrom::Annotation, target: TargetFrom::Object };
    if kind != "LoadBalancer" {
        return;
    }
    route.rules.push(Rule {
        pointer: "/spec".to_owned(),
        other_hosts: true,
        backends: vec![Backend {
            kind: "Service".to_owned(),
            namespace: item.namespace().map(str::to_owned),
            name: item.name().to_owned(),
            port: None,
            pointer: "/metadata/name".to_owned(),
        }],
        ..Rule::default()
    });
    route.auth = AuthSlot::Impossible("a load balancer passes connections on, and asks nobody");
}
