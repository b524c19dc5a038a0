//! A Service of type LoadBalancer: reachable by its address, and by name where a hostname annotation gives it one.

use krm::Resource;

use super::Kind;
use crate::Route;
use crate::read::text_at;
use crate::route::{Backend, Rule};
use crate::slot::{AuthSlot, DnsKeys, DnsSlot, HostsFrom};

pub(super) const SERVICE: Kind = Kind { groups: &[""], kind: "Service", read };

fn read(item: &Resource, route: &mut Route) {
    if text_at(item, "/spec/type") != Some("LoadBalancer") {
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
    route.dns = DnsSlot::Annotations { keys: DnsKeys::All, hosts: HostsFrom::Annotation };
    route.auth = AuthSlot::Impossible("a load balancer passes connections on, and asks nobody");
}
