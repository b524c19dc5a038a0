//! What one object gets. A plan looks at its object and at what the object hangs below, and at nothing beside it.

use std::collections::BTreeMap;

use krm::{Finding, Identity, Resource};
use routes::select::Subject;
use routes::{DnsKeys, DnsSlot, Facts, HostsFrom, Parent, Route, Routes, opt_out};

mod annotate;
mod due;
mod publish;

pub(crate) use due::record_keys;

use due::Due;

use crate::author::Author;
use crate::config::{ExternalDns, Mode, Records};
use crate::endpoint::Endpoint;
use crate::hosts::{self, Hosts, Slot};
use crate::keys::{CONTROLLER, DNS_CONTROLLER, HOSTNAME, INTERNAL_HOSTNAME};
use crate::views::{Controllers, View};
use crate::{NAME, check, gateways, unseen};

/// What all plans share.
pub(crate) struct Shared<'a> {
    pub(crate) spec: &'a ExternalDns,
    pub(crate) items: &'a [Resource],
    pub(crate) routes: &'a Routes,
    pub(crate) facts: &'a Facts,
    pub(crate) controllers: &'a Controllers,
    /// Every prefix that may hold a value.
    pub(crate) prefixes: &'a [String],
    /// The config that asks for it.
    pub(crate) config: &'a Identity,
}

/// What one object gets.
#[derive(Debug)]
pub(crate) struct Plan<'a> {
    pub(crate) route: &'a Route,
    pub(crate) edits: Vec<Edit>,
    pub(crate) endpoint: Option<Endpoint>,
    /// What each view reads then.
    pub(crate) seen: Vec<Seen>,
    pub(crate) said: Vec<Finding>,
    /// Whether the prefix was left to the controllers.
    pub(crate) auto: bool,
    /// Whether a target was due that stands on a parent.
    pub(crate) wants_parent: bool,
}

/// An annotation to write.
#[derive(Debug)]
pub(crate) struct Edit {
    pub(crate) name: String,
    pub(crate) value: String,
    pub(crate) why: String,
}

/// What one view reads of an object.
#[derive(Debug)]
pub(crate) struct Seen {
    pub(crate) view: View,
    pub(crate) slot: Slot,
    pub(crate) hosts: Hosts,
    /// All keys with their values.
    pub(crate) values: BTreeMap<String, String>,
    /// Whether ExternalDNS passes it over.
    pub(crate) passed_over: bool,
    /// Whether the author left it out of this function.
    pub(crate) left_out: bool,
}

impl Seen {
    /// Whether a Service has a name for the inside of the cluster, which leads to its cluster IP: a target would take
    /// that name too (`source/service.go`).
    pub(crate) fn has_inner_name(&self) -> bool {
        self.slot.hosts == HostsFrom::Annotation && self.values.contains_key(INTERNAL_HOSTNAME)
    }

    pub(crate) fn value(&self, key: &str) -> Option<&str> {
        self.values.get(key).map(String::as_str)
    }
}

/// Plans one object.
pub(crate) fn of<'a>(shared: &Shared<'a>, route: &'a Route) -> Result<Plan<'a>, Box<Finding>> {
    let mut plan = Plan {
        route,
        edits: Vec::new(),
        endpoint: None,
        seen: Vec::new(),
        said: Vec::new(),
        auto: false,
        wants_parent: false,
    };
    let item = &shared.items[route.item];
    let left_out = opt_out::reason(item, NAME)?.is_some();
    let slot = match &route.dns {
        DnsSlot::None | DnsSlot::Records(_) => return Ok(plan),
        DnsSlot::Annotations { keys, hosts, target } => {
            Slot { keys: *keys, hosts: *hosts, target: *target }
        }
    };
    let author = Author::of(item, shared.prefixes);
    let named = author.any(HOSTNAME).is_some() || author.any(INTERNAL_HOSTNAME).is_some();
    if slot.hosts == HostsFrom::Annotation && !named {
        // Without a name there is no record: what is written here would do nothing, or feed a template.
        return Ok(plan);
    }
    if !left_out {
        plan.said.extend(route.problems.iter().cloned());
    }
    let mut subject = shared.facts.subject(shared.routes, route, item);
    let served = subject.hosts.clone();
    annotated(shared, item, &mut subject);
    let (rule, settings) = if left_out {
        (None, Records::default())
    } else {
        shared.spec.decided(&subject, &mut plan.said)
    };
    let prefix = settings.prefix.as_ref().or(shared.spec.prefix.as_ref()).cloned();
    let prefix = prefix.unwrap_or_default();
    plan.auto = prefix == crate::config::Prefix::Auto;
    let readers = shared.controllers.readers(item, subject.class);
    let here = Object { shared, route, item, slot, author: &author, settings: &settings, rule };
    for view in shared.controllers.views(&prefix, &readers) {
        let unknown = |one: &Parent<'_>| match one {
            Parent::Here(_) => false,
            Parent::Elsewhere(parent) => {
                gateways::fact(shared.facts, route, parent).found().is_none()
            }
        };
        let elsewhere = shared.routes.parents(route).iter().any(unknown);
        let hosts = hosts::of(route, slot, &author, &view, &served, elsewhere);
        let values = author.keys(&view);
        let values = values.into_iter().map(|(key, value)| (key.to_owned(), value.to_owned()));
        let controller = author.value(&view, CONTROLLER);
        let passed_over =
            slot.keys != DnsKeys::Target && controller.is_some_and(|value| value != DNS_CONTROLLER);
        plan.seen.push(Seen { values: values.collect(), view, slot, hosts, passed_over, left_out });
    }
    if left_out {
        return Ok(plan);
    }
    if readers.is_empty()
        && !shared.controllers.all.is_empty()
        && !plan.seen.iter().all(|one| one.hosts.none())
    {
        plan.said.push(
            Finding::warning("unread-object", "no ExternalDNS that is known reads this object: its filters leave it out")
                .on(route.id.clone())
                .hint("look at --annotation-filter, --label-filter, --ingress-class and --namespace of the controllers"),
        );
    }
    let mode = settings.mode.unwrap_or_default();
    if mode == Mode::Endpoint {
        here.publish(&mut plan, &subject)?;
    }
    if plan.endpoint.is_none() {
        here.copy(&mut plan);
    }
    if mode == Mode::Annotations {
        here.annotate(&mut plan)?;
    }
    for seen in &plan.seen {
        if !seen.passed_over {
            plan.said.extend(check::object(shared, route, &author, seen)?);
        }
    }
    plan.said.extend(unseen::findings(route, &plan, mode));
    Ok(plan)
}

/// An object with all that decides over it.
pub(crate) struct Object<'p, 'a> {
    pub(crate) shared: &'p Shared<'a>,
    pub(crate) route: &'a Route,
    pub(crate) item: &'a Resource,
    pub(crate) slot: Slot,
    pub(crate) author: &'p Author<'a>,
    pub(crate) settings: &'p Records,
    rule: Option<usize>,
}

/// Selections ask for the hosts of annotations too.
fn annotated<'a>(shared: &Shared<'a>, item: &'a Resource, subject: &mut Subject<'a>) {
    for prefix in shared.prefixes {
        let annotated = item.annotation(&format!("{prefix}{HOSTNAME}")).unwrap_or_default();
        for host in annotated.split(',').map(str::trim).filter(|host| !host.is_empty()) {
            if !subject.hosts.contains(&host) {
                subject.hosts.push(host);
            }
        }
    }
}
