//! An object as a selection sees it: with the class, entry points and hosts that it has from others.

use krm::Resource;

use super::gateway::ListenerFact;
use super::{Facts, Known};
use crate::route::ParentRef;
use crate::select::Subject;
use crate::slot::TlsSlot;
use crate::{Parent, Route, Routes};

/// The controller that Traefik's ingress classes name (3.7, `pkg/provider/kubernetes/ingress/client.go`).
const TRAEFIK: &str = "traefik.io/ingress-controller";
/// The group of Traefik's own kinds.
const TRAEFIK_GROUP: &str = "traefik.io";
/// The entry point of Traefik's API, on which no router is served that does not name it.
const INTERNAL: &str = "traefik";

/// A listener, from the tree or from the facts.
struct Listener<'a> {
    name: &'a str,
    hostname: Option<&'a str>,
    protocol: &'a str,
}

impl<'a> From<&'a ListenerFact> for Listener<'a> {
    fn from(fact: &'a ListenerFact) -> Self {
        let ListenerFact { name, hostname, protocol } = fact;
        let protocol = protocol.as_deref().unwrap_or_default();
        Self { name, hostname: hostname.as_deref(), protocol }
    }
}

impl<'a> From<&'a crate::Listener> for Listener<'a> {
    fn from(listener: &'a crate::Listener) -> Self {
        let hostname = listener.hostname.as_deref();
        Self { name: &listener.name, hostname, protocol: &listener.protocol }
    }
}

impl Facts {
    /// The object of a route with all that a selection asks of it. `item` is the object that `route` was read from.
    pub fn subject<'a>(
        &'a self,
        routes: &'a Routes,
        route: &'a Route,
        item: &'a Resource,
    ) -> Subject<'a> {
        let class = self.class(routes, route);
        Subject {
            item,
            route,
            hosts: self.hosts(routes, route),
            class,
            entry_points: self.entry_points(routes, route, class),
        }
    }

    /// The class of a route: its own, that of what it hangs below, or, for an Ingress, the default of the cluster.
    fn class<'a>(&'a self, routes: &'a Routes, route: &'a Route) -> Option<&'a str> {
        let above = || routes.ancestors(route).into_iter().find_map(|above| above.class.as_deref());
        let elsewhere = || {
            routes.parents(route).into_iter().find_map(|parent| match parent {
                Parent::Here(_) => None,
                Parent::Elsewhere(reference) => self.parent_of(route, reference)?.class.as_deref(),
            })
        };
        let default = || match (route.id.group(), route.id.kind.as_str()) {
            ("networking.k8s.io" | "extensions", "Ingress") => self.default_class().found(),
            _ => None,
        };
        route.class.as_deref().or_else(above).or_else(elsewhere).or_else(default)
    }

    fn parent_of<'a>(
        &'a self,
        route: &Route,
        reference: &ParentRef,
    ) -> Option<&'a super::GatewayFact> {
        let namespace = reference.namespace.as_deref().or_else(|| route.namespace());
        self.parent(&reference.kind, namespace, &reference.name).found()
    }

    /// The entry points of a route of Traefik: its own, those of what it hangs below, or the default ones of the
    /// controllers that serve it (`asDefault`; without any all but `traefik` and those for UDP).
    fn entry_points<'a>(
        &'a self,
        routes: &'a Routes,
        route: &'a Route,
        class: Option<&str>,
    ) -> Vec<&'a str> {
        let own =
            |route: &'a Route| route.entry_points.iter().map(String::as_str).collect::<Vec<_>>();
        let mut written = std::iter::once(route).chain(routes.ancestors(route)).map(own);
        if let Some(written) = written.find(|points| !points.is_empty()) {
            return written;
        }
        if !self.is_traefiks(route, class) {
            return Vec::new();
        }
        let mut names: Vec<&str> = Vec::new();
        for traefik in self.traefik_of(class).found().unwrap_or_default() {
            let points = &traefik.entry_points;
            let chosen = points.iter().any(|one| one.as_default);
            let udp = |address: &str| address.to_ascii_lowercase().ends_with("/udp");
            let meant = points.iter().filter(|one| {
                (one.as_default || !chosen)
                    && one.name != INTERNAL
                    && !one.address.as_deref().is_some_and(udp)
            });
            for point in meant {
                if !names.contains(&point.name.as_str()) {
                    names.push(&point.name);
                }
            }
        }
        names
    }

    /// Whether Traefik serves a route: one of its own kinds, or an Ingress of a class that is Traefik's.
    fn is_traefiks(&self, route: &Route, class: Option<&str>) -> bool {
        match (route.id.group(), route.id.kind.as_str()) {
            // A router for UDP has no default entry point.
            (TRAEFIK_GROUP, kind) => kind != "IngressRouteUDP",
            (_, "Ingress") => class.is_none_or(|class| match self.controller_of(class) {
                Known::Found(controller, _) => controller == Some(TRAEFIK),
                Known::Absent | Known::Unknown => {
                    let all = self.traefik().found().unwrap_or_default();
                    class == "traefik"
                        || all.iter().any(|one| one.ingress_class.as_deref() == Some(class))
                }
            }),
            _ => false,
        }
    }

    /// The hosts of a route. Of a Gateway: those of its listeners. Below Gateways: what its own hosts and those of the listeners have in common, and all of its
    /// own where a Gateway is not known.
    fn hosts<'a>(&'a self, routes: &'a Routes, route: &'a Route) -> Vec<&'a str> {
        let mut hosts: Vec<&str> = Vec::new();
        let mut add = |found: &[&'a str]| {
            for host in found {
                if !hosts.contains(host) {
                    hosts.push(host);
                }
            }
        };
        if let TlsSlot::Listeners(listeners) = &route.tls {
            let named: Vec<&str> =
                listeners.iter().filter_map(|one| one.hostname.as_deref()).collect();
            add(&named);
            if named.len() < listeners.len() {
                // Such a listener serves what its routes name.
                routes.below(route).for_each(|child| add(&child.own_hosts()));
            }
            return hosts;
        }
        let own = routes.hosts(route);
        let (mut gateways, mut listeners) = (false, Vec::new());
        for (parent, reference) in routes.parents(route).into_iter().zip(&route.parents) {
            if !matches!(reference.kind.as_str(), "Gateway" | "ListenerSet") {
                continue;
            }
            gateways = true;
            let found: Vec<Listener<'_>> = match parent {
                Parent::Here(Route { tls: TlsSlot::Listeners(found), .. }) => {
                    found.iter().map(Listener::from).collect()
                }
                Parent::Here(_) => return own,
                Parent::Elsewhere(reference) => match self.parent_of(route, reference) {
                    Some(gateway) => gateway.listeners.iter().map(Listener::from).collect(),
                    None => return own,
                },
            };
            let section = reference.section.as_deref();
            listeners.extend(found.into_iter().filter(|listener| {
                section.is_none_or(|section| section == listener.name) && serves(route, listener)
            }));
        }
        if !gateways {
            return own;
        }
        let own = route.own_hosts();
        for listener in listeners {
            match listener.hostname {
                None => add(&own),
                Some(name) if own.is_empty() => add(&[name]),
                Some(name) => {
                    let common: Vec<&str> =
                        own.iter().filter_map(|host| narrower(host, name)).collect();
                    add(&common);
                }
            }
        }
        hosts
    }
}

/// Whether a listener takes routes of this kind (Gateway API 1.4, "Supported route kinds"); one that says no protocol,
/// in facts that were written by hand, takes all.
fn serves(route: &Route, listener: &Listener<'_>) -> bool {
    let protocols: &[&str] = match route.id.kind.as_str() {
        "HTTPRoute" | "GRPCRoute" => &["HTTP", "HTTPS"],
        "TLSRoute" => &["TLS"],
        "TCPRoute" => &["TCP", "TLS"],
        "UDPRoute" => &["UDP"],
        _ => return true,
    };
    listener.protocol.is_empty() || protocols.contains(&listener.protocol)
}

/// The narrower of two hosts of which one holds the other; `*.` stands for one label or several (Gateway API, `Hostname`).
fn narrower<'a>(one: &'a str, other: &'a str) -> Option<&'a str> {
    let holds = |wide: &str, name: &str| {
        wide.strip_prefix('*').is_some_and(|end| name.len() > end.len() && name.ends_with(end))
    };
    if one == other || holds(other, one) {
        Some(one)
    } else if holds(one, other) {
        Some(other)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::narrower;

    #[test]
    fn of_two_hosts_the_narrower_is_what_they_have_in_common() {
        assert_eq!(narrower("a.qt.rs", "*.qt.rs"), Some("a.qt.rs"));
        assert_eq!(narrower("*.qt.rs", "a.b.qt.rs"), Some("a.b.qt.rs"));
        assert_eq!(narrower("*.qt.rs", "*.b.qt.rs"), Some("*.b.qt.rs"));
        assert_eq!(narrower("a.qt.rs", "a.qt.rs"), Some("a.qt.rs"));
        for (one, other) in [("qt.rs", "*.qt.rs"), ("a.qt.rs", "b.qt.rs"), ("aqt.rs", "*.qt.rs")] {
            assert_eq!(narrower(one, other), None, "{one} {other}");
        }
    }
}
