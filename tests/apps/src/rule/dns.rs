//! Names: none is a wildcard, so that an unknown one is NXDOMAIN; each leads to the target under both prefixes while
//! ExternalDNS changes from the one to the other (0.22).

use super::Report;
use super::routes::{hosts, is_route};
use crate::World;
use crate::object::everything_at;

/// The prefixes of ExternalDNS up to 0.21, and from 0.22 on.
pub(crate) const PREFIXES: [&str; 2] =
    ["external-dns.alpha.kubernetes.io/", "external-dns.kubernetes.io/"];

pub(super) fn check(world: &World, report: &mut Report) {
    let cluster = world.cluster();
    let (zone, target) = (cluster.get("zone"), cluster.get("dns-target"));
    for route in world.objects().filter(|one| is_route(one)) {
        for host in hosts(route) {
            report.hold(!host.contains('*'), route.id(), format!("the wildcard host {host}"));
            let inside =
                zone.is_some_and(|zone| host == *zone || host.ends_with(&format!(".{zone}")));
            report.hold(inside, route.id(), format!("{host} lies in no zone of the cluster"));
        }
        for prefix in PREFIXES {
            let key = format!("{prefix}target");
            let said = route.annotation(&key);
            report.hold(
                said.is_some() && said == target.map(String::as_str),
                route.id(),
                format!("no {key}"),
            );
        }
    }
    for endpoint in world.of_kind("DNSEndpoint") {
        for (at, name) in everything_at(&endpoint.value, "/spec/endpoints/*/dnsName") {
            let wildcard = name.as_str().is_none_or(|name| name.contains('*'));
            report.hold(!wildcard, endpoint.id(), format!("{at}: a wildcard"));
        }
    }
}
