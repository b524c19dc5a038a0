//! `route.openshift.io` Route: one host, certificates by a controller of its own.

use krm::Resource;

use super::Kind;
use crate::Route;
use crate::read::{backend, host, text_at};
use crate::route::{Path, PathMatch, Rule};
use crate::slot::{AuthSlot, DnsKeys, DnsSlot, HostsFrom, TargetFrom, TlsSlot};

pub(super) const ROUTE: Kind = Kind { groups: &["route.openshift.io"], kind: "Route", read };

fn read(item: &Resource, route: &mut Route) {
    let name = text_at(item, "/spec/host");
    let path = text_at(item, "/spec/path").map(|text| Path {
        text: text.to_owned(),
        matches: PathMatch::Prefix,
        pointer: "/spec/path".to_owned(),
    });
    let to = item.pointer("/spec/to");
    route.rules.push(Rule {
        pointer: "/spec".to_owned(),
        hosts: name.map(|name| host(name, "/spec/host")).into_iter().collect(),
        other_hosts: name.is_none(),
        paths: path.into_iter().collect(),
        backends: to.and_then(|to| backend(to, "/spec/to".to_owned())).into_iter().collect(),
        ..Rule::default()
    });
    route.published = route.own_hosts().into_iter().map(str::to_owned).collect();
    route.dns = DnsSlot::Annotations {
        keys: DnsKeys::All,
        hosts: HostsFrom::Fields,
        target: TargetFrom::Object,
    };
    route.tls = match text_at(item, "/spec/tls/termination") {
        // TLS ends at the backend: the router shows no certificate.
        Some("passthrough") => TlsSlot::None,
        _ => TlsSlot::Filled {
            own: ["/spec/tls/certificate", "/spec/tls/key", "/spec/tls/externalCertificate/name"]
                .iter()
                .any(|pointer| text_at(item, pointer).is_some()),
        },
    };
    route.auth = AuthSlot::Impossible("the router of OpenShift has no forward auth");
}
