//! Weaker routers: what would answer for a protected host without asking.
//!
//! Traefik takes the router with the highest priority among those that match. Where the protected one does not match (another
//! path, another entry point) or is not built (its middleware is missing), the next one answers: a catch-all, a
//! `HostRegexp`, a wildcard, another object with the same host.

use std::collections::{HashMap, HashSet};

use krm::{Finding, Severity, readable_pointer};
use routes::{Routes, Rule};

use crate::case::Case;
use crate::report::{hosts, ways_out};
use crate::state::{Open, State};

/// A path that no rule names.
const NOWHERE: &str = "/pleach.dev/no-such-path/";

/// A host that is protected, and by which case.
#[derive(Debug)]
struct Protected<'a> {
    host: &'a str,
    case: &'a Case<'a>,
}

/// What is said of the open rules that may answer for a protected host.
pub(crate) fn check(
    routes: &Routes,
    cases: &[Case<'_>],
    errors: &mut Vec<Finding>,
    said: &mut Vec<Finding>,
) {
    let protected = protected(cases);
    let index: HashMap<&str, usize> =
        protected.iter().enumerate().map(|(at, one)| (one.host, at)).collect();
    for case in cases {
        for (rule, state) in case.route.rules.iter().zip(&case.states) {
            let State::Open(open) = state else { continue };
            if let Some(other) = answered(rule, &protected, &index)
                && !may(case, rule, open, other.host)
                && !is_above(routes, case, other.case)
            {
                let finding = finding(case, rule, open, other);
                if other.case.requires() || case.requires() {
                    errors.push(finding);
                } else {
                    said.push(Finding { severity: Severity::Warning, ..finding });
                }
            }
        }
    }
}

/// The hosts of protected rules, each once.
fn protected<'a>(cases: &'a [Case<'a>]) -> Vec<Protected<'a>> {
    let mut protected: Vec<Protected<'a>> = Vec::new();
    let mut seen: HashSet<&str> = HashSet::new();
    for case in cases {
        for (rule, state) in case.route.rules.iter().zip(&case.states) {
            if !state.is_protected() {
                continue;
            }
            for host in case.hosts(rule) {
                if seen.insert(host) {
                    protected.push(Protected { host, case });
                }
            }
        }
    }
    protected
}

/// A protected host that an open rule may answer for.
fn answered<'a>(
    rule: &Rule,
    protected: &'a [Protected<'a>],
    index: &HashMap<&str, usize>,
) -> Option<&'a Protected<'a>> {
    let names: Vec<&str> = rule.hosts.iter().map(|host| host.name.as_str()).collect();
    // Inherited hosts may not be all of them.
    let open_ended = names.is_empty() || rule.other_hosts;
    let wild = names.iter().any(|name| name.starts_with("*."));
    if !open_ended && !wild {
        let exact = names.iter().find_map(|name| index.get(name).map(|at| &protected[*at]));
        let below_wildcard = || {
            names.iter().find_map(|name| {
                let mut rest = *name;
                while let Some((_, above)) = rest.split_once('.') {
                    if let Some(at) = index.get(format!("*.{above}").as_str()) {
                        return Some(&protected[*at]);
                    }
                    rest = above;
                }
                None
            })
        };
        return exact.or_else(below_wildcard);
    }
    protected.iter().find(|other| match &rule.parsed {
        Some(parsed) => parsed.may_match_host(other.host),
        None => open_ended || names.iter().any(|name| meet(name, other.host)),
    })
}

/// Whether a name and another have a host in common; a wildcard stands for one label or more (Gateway API).
fn meet(name: &str, other: &str) -> bool {
    let below = |name: &str, wild: &str| {
        let zone = wild.strip_prefix("*.");
        zone.is_some_and(|zone| name.strip_suffix(zone).is_some_and(|front| front.ends_with('.')))
    };
    name == other || below(name, other) || below(other, name)
}

/// Whether an open rule may answer for a protected host all the same.
fn may(case: &Case<'_>, rule: &Rule, open: &Open, host: &str) -> bool {
    match open {
        // The operator has looked at what is allowed.
        Open::SignInService | Open::Acme | Open::Allowed(_) => true,
        // Its author answers for some paths of its own hosts, not for whole hosts, and not for those of others.
        Open::Skipped(_) => {
            rule.hosts.iter().any(|one| one.name == host) && !serves_all(rule, host)
        }
        // A load balancer and a UDP route answer on ports of their own.
        Open::Impossible(_) if rule.parsed.is_none() && rule.hosts.is_empty() => true,
        // Said already, as an error.
        Open::SignInHost | Open::SignInPath | Open::Impossible(_) if case.is_due() => true,
        Open::SignInHost | Open::SignInPath | Open::Impossible(_) | Open::NotAsked => false,
    }
}

/// Whether one hangs below the other: what is above hands its requests down, and serves none itself.
fn is_above(routes: &Routes, case: &Case<'_>, below: &Case<'_>) -> bool {
    routes.ancestors(below.route).iter().any(|above| above.item == case.route.item)
}

/// Whether a rule may serve any path of a host.
fn serves_all(rule: &Rule, host: &str) -> bool {
    match &rule.parsed {
        Some(parsed) => parsed.may_match(Some(host), Some(NOWHERE)),
        None => rule.paths.is_empty() || rule.paths.iter().any(|path| path.text == "/"),
    }
}

fn finding(case: &Case<'_>, rule: &Rule, open: &Open, other: &Protected<'_>) -> Finding {
    Finding::error(
        "weaker-router",
        format!(
            "{} stays open and may answer for `{}`, which {} protects",
            hosts(case, rule),
            other.host,
            other.case.item.id()
        ),
    )
    .on(case.item.id())
    .field(readable_pointer(&rule.pointer))
    .hint(match open {
        Open::Skipped(_) => {
            "take the host out of its rule, leave some of its paths open instead of all, or name it in `allow` with a \
             reason: an author cannot opt out for the host of another"
                .to_owned()
        }
        _ => ways_out("put sign-in before it, or take the host out of its rule"),
    })
}

#[cfg(test)]
mod tests {
    use super::meet;

    #[test]
    fn wildcards_and_names_meet_where_a_host_is_both() {
        assert!(meet("a.example", "a.example"));
        assert!(meet("*.example", "a.example"));
        assert!(meet("a.b.example", "*.example"));
        assert!(meet("*.b.example", "*.example"));
        assert!(!meet("*.example", "example"));
        assert!(!meet("*.example", "a.other"));
        assert!(!meet("aexample", "*.example"));
    }
}
