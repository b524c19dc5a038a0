//! `externaldns.k8s.io` DNSEndpoint: records in its own spec.

use krm::Resource;

use super::Kind;
use crate::Route;
use crate::read::{list, text, texts};
use crate::slot::{DnsRecord, DnsSlot};

pub(super) const DNS_ENDPOINT: Kind =
    Kind { groups: &["externaldns.k8s.io"], kind: "DNSEndpoint", read };

fn read(item: &Resource, route: &mut Route) {
    let mut records = Vec::new();
    for (pointer, endpoint) in list(item, "/spec/endpoints") {
        let Some(name) = text(endpoint, "dnsName") else { continue };
        records.push(DnsRecord {
            pointer,
            name: name.trim_end_matches('.').to_ascii_lowercase(),
            record_type: text(endpoint, "recordType").unwrap_or_default().to_owned(),
            targets: texts(endpoint, "/targets").map(str::to_owned).collect(),
            set_identifier: text(endpoint, "setIdentifier").map(str::to_owned),
        });
    }
    route.published = records.iter().map(|record| record.name.clone()).collect();
    route.dns = DnsSlot::Records(records);
}
