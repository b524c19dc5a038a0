//! The routes of a list, and what hangs below what.

use std::collections::HashMap;

use krm::{Resource, ResourceList};

use crate::kind::Kind;
use crate::read::{ingress_class, once};
use crate::route::ParentRef;
use crate::slot::TlsSlot;
use crate::{Facts, Route, keys};

/// The routes of a list, in its order.
#[derive(Debug, Default)]
pub struct Routes {
    all: Vec<Route>,
    /// Of each route, whether the running Pipeline is for it.
    reached: Vec<bool>,
    /// (kind, namespace, name) to the place in `all`.
    index: HashMap<(String, String, String), usize>,
}

/// A parent of a route.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Parent<'a> {
    /// It stands in this list.
    Here(&'a Route),
    /// It does not.
    Elsewhere(&'a ParentRef),
}

impl Routes {
    /// Reads the objects of these kinds, served by the controllers of these facts. What answers ACME challenges is left out: cert-manager makes and removes it.
    pub fn read(list: &ResourceList, kinds: &[Kind], facts: &Facts) -> Self {
        let mut routes = Self::default();
        for (at, item) in list.items().iter().enumerate() {
            if let Some(route) = read(at, item, kinds, facts) {
                let id = &route.id;
                let key = (id.kind.clone(), id.namespace.clone(), id.name.clone());
                routes.index.insert(key, routes.all.len());
                routes.reached.push(item.in_reach());
                routes.all.push(route);
            }
        }
        routes
    }

    /// The routes that the running Pipeline is for, in the order of the list. Those beyond its reach are still parents,
    /// and no function changes them.
    pub fn iter(&self) -> impl Iterator<Item = &Route> {
        self.all.iter().zip(&self.reached).filter(|(_, reached)| **reached).map(|(route, _)| route)
    }

    /// Every route, in the order of the list, beyond the reach too.
    pub fn everywhere(&self) -> impl Iterator<Item = &Route> {
        self.all.iter()
    }

    /// The routes that name a route as their parent, beyond the reach too.
    pub fn below<'a>(&'a self, parent: &'a Route) -> impl Iterator<Item = &'a Route> {
        let names = |route: &&Route| {
            self.parents(route)
                .iter()
                .any(|one| matches!(one, Parent::Here(found) if found.item == parent.item))
        };
        self.all.iter().filter(names)
    }

    /// What a route is attached to, in the order in which it names them.
    pub fn parents<'a>(&'a self, route: &'a Route) -> Vec<Parent<'a>> {
        let find = |parent: &'a ParentRef| {
            let namespace = parent.namespace.as_deref().unwrap_or(&route.id.namespace);
            let key = (parent.kind.clone(), namespace.to_owned(), parent.name.clone());
            self.index
                .get(&key)
                .map_or(Parent::Elsewhere(parent), |at| Parent::Here(&self.all[*at]))
        };
        route.parents.iter().map(find).collect()
    }

    /// The routes above a route, nearest first; each once, also where they name each other.
    pub fn ancestors<'a>(&'a self, route: &'a Route) -> Vec<&'a Route> {
        let mut found: Vec<&Route> = Vec::new();
        let mut next = vec![route];
        while let Some(route) = next.pop() {
            for parent in self.parents(route) {
                if let Parent::Here(parent) = parent
                    && !found.iter().any(|known| known.item == parent.item)
                {
                    found.push(parent);
                    next.push(parent);
                }
            }
        }
        found
    }

    /// The hosts that a route serves, each once: its own (a Gateway's are those of its listeners), and where its rules
    /// name none, those that it inherits from its parents (an IngressRoute's rules, a Gateway's listeners).
    pub fn hosts<'a>(&'a self, route: &'a Route) -> Vec<&'a str> {
        if let TlsSlot::Listeners(listeners) = &route.tls {
            return listeners.iter().filter_map(|listener| listener.hostname.as_deref()).collect();
        }
        let own = route.own_hosts();
        if !own.is_empty() {
            return own;
        }
        let here = |parent| match parent {
            Parent::Here(parent) => Some(parent),
            Parent::Elsewhere(_) => None,
        };
        let parents = self.parents(route).into_iter().filter_map(here);
        once(parents.flat_map(|parent| inherited(parent, self, route)))
    }
}

/// The hosts that a parent hands down to a route.
fn inherited<'a>(parent: &'a Route, routes: &'a Routes, route: &'a Route) -> Vec<&'a str> {
    if let TlsSlot::Listeners(listeners) = &parent.tls {
        let meant = |name: &str| {
            let mut sections = route
                .parents
                .iter()
                .filter(|reference| reference.name == parent.id.name)
                .map(|reference| reference.section.as_deref());
            sections.any(|section| section.is_none_or(|section| section == name))
        };
        return listeners
            .iter()
            .filter(|listener| meant(&listener.name))
            .filter_map(|listener| listener.hostname.as_deref())
            .collect();
    }
    let own = parent.own_hosts();
    if !own.is_empty() {
        return own;
    }
    // Three layers are possible; a circle is not followed.
    let above = routes.ancestors(parent);
    above.into_iter().flat_map(Route::own_hosts).collect()
}

fn read(at: usize, item: &Resource, kinds: &[Kind], facts: &Facts) -> Option<Route> {
    let version = item.api_version();
    let group = version.rsplit_once('/').map_or("", |(group, _)| group);
    let named = item.kind();
    let kind = kinds.iter().find(|kind| kind.kind == named && kind.groups.contains(&group))?;
    if item.label(keys::ACME_SOLVER).is_some_and(|value| value == "true") {
        return None;
    }
    let mut route = Route::empty(at, item.id());
    route.syntax = facts.rule_syntax(ingress_class(item));
    (kind.read)(item, &mut route);
    Some(route)
}
