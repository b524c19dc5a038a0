//! One rule of a route: whether it is signed in already, stays open and why, or is due.

use routes::{Path, PathMatch, Route, Rule};

use crate::chain::Chain;
use crate::chains::Chains;

/// Where ACME servers look for the answers of HTTP-01 challenges (RFC 8555 §8.3).
const ACME: &str = "/.well-known/acme-challenge";

/// What is to be done about a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum State {
    /// Sign-in is to be attached.
    Due,
    /// A middleware that signs in runs before it.
    SignedIn,
    /// It hangs below routes that are protected.
    Inherited,
    /// It stays open.
    Open(Open),
}

/// Why a rule stays open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Open {
    /// It leads to the sign-in service.
    SignInService,
    /// It answers ACME challenges.
    Acme,
    /// It stands on the sign-in host and leads elsewhere.
    SignInHost,
    /// It stands below the path of the sign-in service and leads elsewhere.
    SignInPath,
    /// The operator allows it.
    Allowed(String),
    /// Its author opts out.
    Skipped(String),
    /// Nobody asks for sign-in.
    NotAsked,
    /// Nothing can sign in there.
    Impossible(String),
}

impl State {
    /// Whether nobody gets through unasked, once everything is woven.
    pub(crate) fn is_protected(&self) -> bool {
        matches!(self, Self::Due | Self::SignedIn | Self::Inherited)
    }
}

/// Why sign-in is never attached to a rule, whatever is asked for.
pub(crate) fn never(rule: &Rule, route: &Route, chains: &Chains) -> Option<Open> {
    if chains.iter().any(|chain| leads_to_sign_in(rule, route, chain)) {
        return Some(Open::SignInService);
    }
    if rule.only_below(ACME) {
        return Some(Open::Acme);
    }
    if chains.iter().filter_map(|chain| chain.prefix.as_deref()).any(|prefix| below(rule, prefix)) {
        return Some(Open::SignInPath);
    }
    chains
        .iter()
        .filter_map(|chain| chain.auth_host.as_deref())
        .any(|host| only_on(rule, host))
        .then_some(Open::SignInHost)
}

/// Whether some of the rule's paths or backends are those of the sign-in service, and some are not: one list of
/// middlewares cannot serve both.
pub(crate) fn is_mixed(rule: &Rule, route: &Route, chains: &Chains) -> bool {
    if never(rule, route, chains).is_some() {
        return false;
    }
    let open = |path: &Path| {
        let acme = path.matches != PathMatch::Regex && path.text.starts_with(ACME);
        acme || chains
            .iter()
            .filter_map(|chain| chain.prefix.as_deref())
            .any(|prefix| path_below(path, prefix))
    };
    rule.paths.iter().any(open)
        || chains.iter().any(|chain| rule.backends.iter().any(|one| is_sign_in(one, route, chain)))
}

/// Whether a rule leads to the sign-in service alone.
pub(crate) fn leads_to_sign_in(rule: &Rule, route: &Route, chain: &Chain) -> bool {
    !rule.backends.is_empty() && rule.backends.iter().all(|one| is_sign_in(one, route, chain))
}

/// Whether a backend is the sign-in service. The namespace counts: a name alone is anybody's.
fn is_sign_in(backend: &routes::Backend, route: &Route, chain: &Chain) -> bool {
    let namespace = backend.namespace.as_deref().or(route.namespace());
    chain.service.as_ref().is_some_and(|service| {
        backend.kind == "Service"
            && backend.name == service.name
            && namespace == Some(service.namespace.as_str())
    })
}

/// Whether a rule serves nothing but what stands below `prefix`, which ends in `/`.
fn below(rule: &Rule, prefix: &str) -> bool {
    // `/oauth2` of an Ingress or a Gateway route is a whole path segment; in Traefik's own rules it is a text.
    let segments = rule.parsed.is_none()
        && !rule.paths.is_empty()
        && rule.paths.iter().all(|path| path_below(path, prefix));
    segments || rule.only_below(prefix)
}

fn path_below(path: &Path, prefix: &str) -> bool {
    path.matches != PathMatch::Regex
        && (path.text.starts_with(prefix) || Some(path.text.as_str()) == prefix.strip_suffix('/'))
}

fn only_on(rule: &Rule, host: &str) -> bool {
    !rule.hosts.is_empty() && !rule.other_hosts && rule.hosts.iter().all(|one| one.name == host)
}
