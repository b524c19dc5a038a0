//! `select`: which objects a rule is for.

use krm::Resource;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::Route;

mod glob;
mod selector;

pub use glob::{Glob, Zone};
pub use selector::Selector;

/// Which objects a rule is for. Every field that is given must match; of a field's list one entry is enough. Without
/// any field it is for all of them.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub struct Select {
    /// API groups, as globs (`networking.k8s.io`, `*.traefik.io`; the core group is the empty text).
    pub groups: Vec<Glob>,
    /// Kinds, as globs (`Ingress*`).
    pub kinds: Vec<Glob>,
    /// Names, as globs.
    pub names: Vec<Glob>,
    /// Namespaces, as globs.
    pub namespaces: Vec<Glob>,
    /// A label selector in Kubernetes' words (`app=web,tier in (a,b),!internal`).
    pub label_selector: Option<Selector>,
    /// The same, over annotations.
    pub annotation_selector: Option<Selector>,
    /// Ingress classes and Gateway classes, as globs.
    pub ingress_classes: Vec<Glob>,
    /// Traefik entry points, as globs; one that the object is served on is enough.
    pub entry_points: Vec<Glob>,
    /// Hosts, as globs; `*` stands for any text, dots too. All hosts of the object must match one.
    pub hosts: Vec<Glob>,
    /// Zones: all hosts of the object must be such a name or stand below one.
    pub zones: Vec<Zone>,
}

/// An object with all that a selection asks of it, what it inherits and what the facts say included.
#[derive(Debug, Clone)]
pub struct Subject<'a> {
    /// The object.
    pub item: &'a Resource,
    /// Its route.
    pub route: &'a Route,
    /// The hosts that it serves, inherited ones included.
    pub hosts: Vec<&'a str>,
    /// Its class: its own, that of what it hangs below, or the default of the cluster.
    pub class: Option<&'a str>,
    /// The entry points that it is served on: its own, or the default ones of the cluster.
    pub entry_points: Vec<&'a str>,
}

/// How a selection answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Match {
    /// The object is meant.
    Yes,
    /// It is not.
    No,
    /// Some of its hosts are meant and some are not: one annotation cannot serve both.
    SomeHosts,
}

impl Select {
    /// Whether the object is meant.
    pub fn matches(&self, subject: &Subject<'_>) -> Match {
        let Subject { item, .. } = subject;
        let version = item.api_version();
        let group = version.rsplit_once('/').map_or("", |(group, _)| group);
        let object = any(&self.groups, [group])
            && any(&self.kinds, [item.kind()])
            && any(&self.names, [item.name()])
            && any(&self.namespaces, item.namespace())
            && any(&self.ingress_classes, subject.class)
            && any(&self.entry_points, subject.entry_points.iter().copied())
            && self.label_selector.as_ref().is_none_or(|one| one.matches(|key| item.label(key)))
            && self
                .annotation_selector
                .as_ref()
                .is_none_or(|one| one.matches(|key| item.annotation(key)));
        if !object {
            return Match::No;
        }
        if self.hosts.is_empty() && self.zones.is_empty() {
            return Match::Yes;
        }
        let meant = |host: &&&str| {
            (self.hosts.is_empty() || self.hosts.iter().any(|glob| glob.matches(host)))
                && (self.zones.is_empty() || self.zones.iter().any(|zone| zone.holds(host)))
        };
        match subject.hosts.iter().filter(meant).count() {
            0 => Match::No,
            all if all == subject.hosts.len() => Match::Yes,
            _ => Match::SomeHosts,
        }
    }
}

fn any<'a>(globs: &[Glob], values: impl IntoIterator<Item = &'a str>) -> bool {
    globs.is_empty() || values.into_iter().any(|value| globs.iter().any(|glob| glob.matches(value)))
}
