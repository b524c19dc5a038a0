//! `pleach.dev/cert-manager: of-host`: a route that needs no certificate of its own, since another route has one for its
//! hosts. `ForwardAuth` writes it on the routes that it adds. It is a claim and no opt-out: what is not so changes nothing.

use std::collections::BTreeSet;

use krm::Finding;
use routes::{Route, Routes, TlsSlot};

use super::{Object, zone};

/// The word.
pub(super) const WORD: &str = "of-host";

/// Whether the word says something of a route: where a controller serves the certificate of a host on all routes of it.
pub(super) fn known(route: &Route) -> Option<&'static str> {
    matches!(route.tls, TlsSlot::Blocks { .. } | TlsSlot::Certificate { .. }).then_some(WORD)
}

/// The names that certificates are for: those of the objects at hand that do not say so themselves, and those of routes
/// beyond the reach of the run, as they stand.
pub(super) fn names(routes: &Routes, objects: &[Object<'_>], claims: &[usize]) -> Vec<String> {
    let own = objects.iter().enumerate().filter(|(at, _)| !claims.contains(at));
    let groups = own.flat_map(|(_, object)| &object.plan.groups);
    let claiming: BTreeSet<usize> = claims.iter().map(|at| objects[*at].route.item).collect();
    let standing = routes.everywhere().filter(|route| !claiming.contains(&route.item));
    groups.flat_map(|group| group.hosts.clone()).chain(standing.flat_map(of_route)).collect()
}

/// The names that the certificates are for which a route names as it stands.
fn of_route(route: &Route) -> Vec<String> {
    match &route.tls {
        TlsSlot::None | TlsSlot::Filled { own: false } => Vec::new(),
        TlsSlot::Filled { own: true } => own(route),
        TlsSlot::Blocks { blocks, .. } => {
            let named = blocks.iter().filter(|block| block.secret.is_some());
            named.flat_map(|block| block.hosts.clone()).collect()
        }
        TlsSlot::Listeners(all) => {
            let named = all.iter().filter(|one| one.foreign || !one.secrets.is_empty());
            named.filter_map(|one| one.hostname.clone()).collect()
        }
        TlsSlot::Certificate { tls, .. } => {
            let served =
                |tls: &routes::RouterTls| tls.secret.is_some() || tls.resolver || tls.store;
            if tls.as_ref().is_some_and(served) { own(route) } else { Vec::new() }
        }
    }
}

fn own(route: &Route) -> Vec<String> {
    route.own_hosts().into_iter().map(str::to_owned).collect()
}

/// The first host that no name covers.
pub(super) fn lacking<'h>(names: &[String], hosts: &[&'h str]) -> Option<&'h str> {
    hosts.iter().copied().find(|host| !zone::covers(names, host))
}

/// What is said of a claim that is not so.
pub(super) fn not_so(route: &Route, host: &str) -> Finding {
    Finding::warning(
        "not-of-host",
        format!("no other route has a certificate for {host}: this one gets its own"),
    )
    .on(route.id.clone())
    .field("metadata.annotations[\"pleach.dev/cert-manager\"]")
    .hint(format!("take `{WORD}` off, or build it with the routes of that host"))
}
