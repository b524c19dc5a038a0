//! All objects of one host: records that contradict each other, and objects that stay behind.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use krm::{Finding, Identity, Resource};
use routes::{DnsKeys, DnsSlot, Parent, Routes, TargetFrom};
use serde_json::Value;

use crate::check::{parse_bool, private_and_proxied, proxied_to};
use crate::keys::{PROXIED, SET_IDENTIFIER, TARGET};
use crate::plan::{Plan, Seen, Shared};
use crate::target::{RecordType, Targets};

/// Who publishes a host.
#[derive(Debug)]
struct Publisher<'a> {
    id: &'a Identity,
    points: Points,
    /// What tells the reader of a DNSEndpoint apart; `None` for annotations.
    labels: Option<BTreeMap<String, String>>,
}

/// What the records of a host point to.
#[derive(Debug)]
enum Points {
    /// To these.
    To(Targets),
    /// To the status of the object, which nobody knows here; true where its author left it out.
    Status(bool),
}

/// Records of one name that ExternalDNS holds together: prefix, host, set identifier.
type Key<'a> = (&'a str, String, String);

/// Holds the plans against each other.
pub(crate) fn check(plans: &[Plan<'_>], shared: &Shared<'_>) -> Result<Vec<Finding>, Box<Finding>> {
    let by_item: HashMap<usize, &Plan<'_>> =
        plans.iter().map(|plan| (plan.route.item, plan)).collect();
    let mut hosts: BTreeMap<Key<'_>, Vec<Publisher<'_>>> = BTreeMap::new();
    for plan in plans {
        for seen in &plan.seen {
            let Some(points) = points(plan, seen, shared.routes, &by_item) else { continue };
            proxied(plan, seen, &points, shared)?;
            let identifier = seen.value(SET_IDENTIFIER).unwrap_or_default();
            for host in seen.hosts.all() {
                let key = (seen.view.reads[0].as_str(), host.to_owned(), identifier.to_owned());
                let points = match &points {
                    Points::To(targets) => Points::To(targets.clone()),
                    Points::Status(left) => Points::Status(*left),
                };
                let publisher = Publisher { id: &plan.route.id, points, labels: None };
                hosts.entry(key).or_default().push(publisher);
            }
        }
        if let Some(endpoint) = &plan.endpoint {
            for host in &endpoint.hosts {
                let identifier = endpoint.set_identifier.clone().unwrap_or_default();
                let points = Points::To(endpoint.targets.clone());
                let labels = Some(endpoint.labels.clone());
                let publisher = Publisher { id: &plan.route.id, points, labels };
                hosts.entry(("", host.clone(), identifier)).or_default().push(publisher);
            }
        }
    }
    with_records(plans, shared.items, &mut hosts);
    let mut said = Vec::new();
    for ((_, host, _), publishers) in &hosts {
        for finding in host_findings(host, publishers)? {
            if !said.contains(&finding) {
                said.push(finding);
            }
        }
    }
    Ok(said)
}

/// Adds what DNSEndpoints of the tree hold to the hosts that annotations publish.
fn with_records<'a>(
    plans: &'a [Plan<'_>],
    items: &[Resource],
    hosts: &mut BTreeMap<Key<'a>, Vec<Publisher<'a>>>,
) {
    let prefixes: BTreeSet<&str> = hosts.keys().map(|key| key.0).collect();
    for plan in plans {
        let DnsSlot::Records(records) = &plan.route.dns else { continue };
        let labels = items[plan.route.item].pointer("/metadata/labels").and_then(Value::as_object);
        let text =
            |(key, value): (&String, &Value)| Some((key.clone(), value.as_str()?.to_owned()));
        let labels: BTreeMap<String, String> =
            labels.into_iter().flatten().filter_map(text).collect();
        for record in records {
            let points = Targets::parse(&record.targets.join(","));
            let address = matches!(record.record_type.as_str(), "A" | "AAAA" | "CNAME");
            let (Ok(targets), true) = (points, address) else { continue };
            let identifier = record.set_identifier.clone().unwrap_or_default();
            for prefix in &prefixes {
                let key = (*prefix, record.name.clone(), identifier.clone());
                if let Some(publishers) = hosts.get_mut(&key) {
                    let points = Points::To(targets.clone());
                    publishers.push(Publisher {
                        id: &plan.route.id,
                        points,
                        labels: Some(labels.clone()),
                    });
                }
            }
        }
    }
}

/// What the records of an object point to in one view; `None` where it has none.
fn points(
    plan: &Plan<'_>,
    seen: &Seen,
    routes: &Routes,
    by_item: &HashMap<usize, &Plan<'_>>,
) -> Option<Points> {
    if seen.passed_over || seen.slot.keys == DnsKeys::Target || seen.hosts.all().is_empty() {
        return None;
    }
    let own = |seen: &Seen| seen.value(TARGET).and_then(|text| Targets::parse(text).ok());
    match seen.slot.target {
        TargetFrom::Nowhere => own(seen).map(Points::To),
        TargetFrom::Object => {
            // Nodes, and what is inside of the cluster, are meant to differ.
            let status = seen.slot.keys == DnsKeys::All;
            own(seen).map(Points::To).or_else(|| status.then_some(Points::Status(seen.left_out)))
        }
        TargetFrom::Parents => {
            for parent in routes.parents(plan.route) {
                let Parent::Here(parent) = parent else { return None };
                // A ListenerSet without a target has that of its Gateway.
                let above = std::iter::once(parent).chain(routes.ancestors(parent));
                let target = above.into_iter().find_map(|above| {
                    let plan = by_item.get(&above.item)?;
                    let same = |one: &&Seen| one.view.reads[0] == seen.view.reads[0];
                    plan.seen.iter().find(same).and_then(own)
                });
                if let Some(target) = target {
                    return Some(Points::To(target));
                }
            }
            Some(Points::Status(seen.left_out))
        }
    }
}

/// A private address behind Cloudflare's proxy, where the target stands on a Gateway, or where the controller proxies by
/// default.
fn proxied(
    plan: &Plan<'_>,
    seen: &Seen,
    points: &Points,
    shared: &Shared<'_>,
) -> Result<(), Box<Finding>> {
    let Points::To(targets) = points else { return Ok(()) };
    let Some(address) = targets.private() else { return Ok(()) };
    let all = &shared.controllers.all;
    let by_default = || seen.view.controllers.iter().any(|at| all[*at].fact.cloudflare_proxied);
    if seen.left_out || !seen.value(PROXIED).and_then(parse_bool).unwrap_or_else(by_default) {
        return Ok(());
    }
    Err(Box::new(private_and_proxied(proxied_to(address).on(plan.route.id.clone()))))
}

/// What is said of one host.
fn host_findings(host: &str, publishers: &[Publisher<'_>]) -> Result<Vec<Finding>, Box<Finding>> {
    let mut said = Vec::new();
    let Some((first, targets)) = publishers.iter().find_map(|one| match &one.points {
        Points::To(targets) => Some((one, targets)),
        Points::Status(_) => None,
    }) else {
        return Ok(said);
    };
    for other in publishers {
        match &other.points {
            Points::To(points) if points.sorted() != targets.sorted() => {
                // Labels tell a controller which DNSEndpoints are its own, and another one may read annotations.
                let apart = other.labels != first.labels;
                if apart && other.labels.is_some() && first.labels.is_some() {
                    continue;
                }
                let (what, id, severity) = contradiction(targets, points, apart);
                let message = format!(
                    "{host} points to {}, and for {} to {}: {what}",
                    points.text(),
                    first.id,
                    targets.text()
                );
                let finding = Finding { severity, ..Finding::error(id, message) }
                    .on(other.id.clone())
                    .hint("give all objects of one host the same target, or tell them apart by `setIdentifier`");
                if severity == krm::Severity::Error {
                    return Err(Box::new(finding));
                }
                said.push(finding);
            }
            Points::To(_) => {}
            Points::Status(left_out) => {
                let why = if *left_out { "its author left it out" } else { "nothing gives it one" };
                let message = format!(
                    "{host} points to {} for {}, and here to the status of the object, because {why}: the two make one record",
                    targets.text(),
                    first.id
                );
                said.push(
                    Finding::warning("host-left-behind", message)
                        .on(other.id.clone())
                        .hint("give it the same target, or add `controller: none` in ExternalDNS's own annotation"),
                );
            }
        }
    }
    Ok(said)
}

/// How two lists of targets go together.
fn contradiction(
    one: &Targets,
    other: &Targets,
    apart: bool,
) -> (&'static str, &'static str, krm::Severity) {
    let name = |targets: &Targets| targets.types().contains(&RecordType::Cname);
    let severity = if apart { krm::Severity::Warning } else { krm::Severity::Error };
    match (name(one), name(other)) {
        (true, true) => ("a host has one CNAME", "different-targets", severity),
        (false, false) => {
            ("ExternalDNS publishes all of them", "different-targets", krm::Severity::Warning)
        }
        _ => ("a host with a CNAME has no other record", "mixed-targets", severity),
    }
}
