//! The hosts that ExternalDNS publishes for an object, in one view of it.

use routes::{DnsKeys, HostsFrom, Route, TargetFrom, TlsSlot};

use crate::author::{self, Author};
use crate::keys::{
    ANNOTATION_ONLY, DEFINED_HOSTS_ONLY, GATEWAY_HOSTNAME_SOURCE, HOSTNAME, INGRESS_HOSTNAME_SOURCE,
};
use crate::views::View;

/// The parts of a DNS slot that decide.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Slot {
    pub(crate) keys: DnsKeys,
    pub(crate) hosts: HostsFrom,
    pub(crate) target: TargetFrom,
}

/// The hosts of an object.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Hosts {
    /// From fields: its own, and those of what it hangs below.
    pub(crate) fields: Vec<String>,
    /// From hostname annotations.
    pub(crate) annotated: Vec<String>,
    /// Those of `fields` that ExternalDNS takes from a rule which leaves them out.
    pub(crate) wrong: Vec<String>,
    /// Whether there are others that nothing here names: those of a Gateway of another build, of a listener for all hosts.
    pub(crate) others: bool,
}

impl Hosts {
    /// All that are known, each once.
    pub(crate) fn all(&self) -> Vec<&str> {
        let mut all: Vec<&str> = Vec::new();
        for host in self.fields.iter().chain(&self.annotated) {
            if !all.contains(&host.as_str()) {
                all.push(host);
            }
        }
        all
    }

    /// Whether nothing is published, or nothing but what is wrong.
    pub(crate) fn none(&self) -> bool {
        let wrong = |host: &String| self.wrong.contains(host);
        self.fields.iter().all(wrong) && self.annotated.is_empty() && !self.others
    }
}

/// The hosts that one view publishes; `served` are those that the object serves, inherited ones included, and `elsewhere`
/// says that a parent stands in another build.
pub(crate) fn of(
    route: &Route,
    slot: Slot,
    author: &Author<'_>,
    view: &View,
    served: &[&str],
    elsewhere: bool,
) -> Hosts {
    let mut hosts = Hosts::default();
    match (slot.keys, slot.hosts) {
        (DnsKeys::Target, _) => {
            let all_named = match &route.tls {
                TlsSlot::Listeners(listeners) => {
                    !listeners.is_empty() && listeners.iter().all(|one| one.hostname.is_some())
                }
                TlsSlot::None
                | TlsSlot::Blocks { .. }
                | TlsSlot::Certificate { .. }
                | TlsSlot::Filled { .. } => false,
            };
            hosts.fields.extend(served.iter().map(|host| (*host).to_owned()));
            // Routes of other builds name the rest.
            hosts.others = !all_named;
            return hosts;
        }
        (DnsKeys::Record, HostsFrom::Fields) => {
            hosts.fields.extend(served.iter().map(|host| (*host).to_owned()));
            hosts.others = served.is_empty() && elsewhere;
        }
        (_, HostsFrom::Fields) => {
            hosts.fields.extend(route.published.iter().map(|host| lower(host)));
            hosts.wrong = left_out(route);
        }
        (_, HostsFrom::Annotation) => {}
    }
    hosts.annotated.extend(author.value(view, HOSTNAME).map(author::names).into_iter().flatten());
    match source(slot, author, view) {
        Some(Source::Defined) => hosts.annotated.clear(),
        Some(Source::Annotation) => {
            hosts.fields.clear();
            hosts.others = false;
        }
        Some(Source::Wrong) if slot.keys == DnsKeys::All => {
            hosts = Hosts::default();
        }
        Some(Source::Wrong) | None => {}
    }
    hosts
}

/// Where an author wants hosts to come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Source {
    Defined,
    Annotation,
    /// Any other value: an Ingress then has no record at all, and for a route below a Gateway it does not count.
    Wrong,
}

/// The key that says where the hosts of an object come from.
pub(crate) fn source_key(slot: Slot) -> Option<&'static str> {
    match (slot.keys, slot.hosts, slot.target) {
        (DnsKeys::Record, _, _) => Some(GATEWAY_HOSTNAME_SOURCE),
        (DnsKeys::All, HostsFrom::Fields, TargetFrom::Object) => Some(INGRESS_HOSTNAME_SOURCE),
        _ => None,
    }
}

/// What an author says of it.
pub(crate) fn source(slot: Slot, author: &Author<'_>, view: &View) -> Option<Source> {
    let value = author.value(view, source_key(slot)?)?.to_ascii_lowercase();
    Some(match value.as_str() {
        DEFINED_HOSTS_ONLY => Source::Defined,
        ANNOTATION_ONLY => Source::Annotation,
        _ => Source::Wrong,
    })
}

/// The hosts below a negation in a rule, where no rule of the object serves them.
fn left_out(route: &Route) -> Vec<String> {
    let parsed = route.rules.iter().filter_map(|rule| rule.parsed.as_ref());
    let served = route.own_hosts();
    let mut left_out = parsed.flat_map(|rule| rule.hosts().negated.clone()).collect::<Vec<_>>();
    left_out.retain(|host| !served.contains(&host.as_str()));
    left_out
}

fn lower(host: &str) -> String {
    host.trim_end_matches('.').to_ascii_lowercase()
}
