//! `externaldns.k8s.io` DNSEndpoint: records in its own spec.

use krm::Resource;

use super::Kind;
use crate::Route;
use crate::read::{list, text};
use crate::slot::DnsSlot;

pub(super) const DNS_ENDPOINT: Kind =
    Kind { groups: &["externaldns.k8s.io"], kind: "DNSEndpoint", read };

fn read(item: &Resource, route: &mut Route) {
    for (_, endpoint) in list(&**item, "/spec/endpoints") {
        route.published.extend(text(endpoint, "dnsName").map(str::to_ascii_lowercase));
    }
    route.dns = DnsSlot::Records;
}
