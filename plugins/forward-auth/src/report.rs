//! What is said of a route: why the build stops, and what stays open.

use krm::{Finding, readable_pointer};
use routes::{AuthSlot, Rule, opt_out};

use crate::case::{Case, NAME, REQUIRED};
use crate::id;
use crate::state::{Open, State};

/// An Ingress whose controller's words are not known.
pub(crate) fn unknown_controller(case: &Case<'_>, why: &str) -> Box<Finding> {
    Box::new(
        Finding::error("unknown-controller", format!("sign-in is due, and {why}"))
            .on(case.item.id())
            .hint("let `facts` name the ingress classes, or set `dialect: traefik` or `dialect: nginx`"),
    )
}

/// A sign-in that has no words for the controller.
pub(crate) fn no_words(case: &Case<'_>, why: &str) -> Box<Finding> {
    Box::new(
        Finding::error("no-dialect", format!("sign-in is due, and {why}"))
            .on(case.item.id())
            .hint("give the annotations with `custom.nginx`, or serve the host by Traefik"),
    )
}

/// A rule that serves what must stay open and what must not.
pub(crate) fn split_rule(case: &Case<'_>, rule: &Rule) -> Box<Finding> {
    Box::new(
        Finding::error(
            "split-route",
            "serves the sign-in service, or the answers to ACME challenges, and other pages in one rule",
        )
        .on(case.item.id())
        .field(readable_pointer(&rule.pointer))
        .hint("make two rules of it: the first stays open, the second gets sign-in"),
    )
}

/// An Ingress has one list for all its paths: all of them are due, or none.
pub(crate) fn one_for_all(case: &Case<'_>) -> Result<(), Box<Finding>> {
    let rules = || case.route.rules.iter().zip(&case.states);
    if let Some((rule, _)) = rules().zip(&case.mixed).find(|(_, mixed)| **mixed).map(|(one, _)| one)
    {
        return Err(split_ingress(
            case,
            rule,
            "the sign-in service, or the answers to ACME challenges",
        ));
    }
    let open = rules().find_map(|(rule, state)| match state {
        State::Open(why) => Some((rule, why)),
        State::Due | State::SignedIn | State::Inherited => None,
    });
    open.map_or(Ok(()), |(rule, why)| Err(split_ingress(case, rule, &open_why(why))))
}

/// Whether one list is for all rules.
fn is_one_for_all(case: &Case<'_>) -> bool {
    matches!(case.route.auth, AuthSlot::Annotation)
}

fn split_ingress(case: &Case<'_>, rule: &Rule, what: &str) -> Box<Finding> {
    Box::new(
        Finding::error(
            "split-route",
            format!(
                "one annotation is for all its paths: sign-in is due, and would stand before {what}"
            ),
        )
        .on(case.item.id())
        .field(readable_pointer(&rule.pointer))
        .hint("make two Ingresses of it: one stays open, the other gets sign-in"),
    )
}

/// What a rule that stays open serves, in words.
fn open_why(open: &Open) -> String {
    match open {
        Open::SignInService => "the sign-in service".to_owned(),
        Open::Acme => "the answers to ACME challenges".to_owned(),
        Open::SignInHost => "the sign-in host".to_owned(),
        Open::SignInPath => "the path of the sign-in service".to_owned(),
        Open::Allowed(reason) => format!("what the config allows to stay open ({reason})"),
        Open::Skipped(reason) => format!("what its author leaves open ({reason})"),
        Open::NotAsked => "what nobody asks for".to_owned(),
        Open::Impossible(why) => (*why).clone(),
    }
}

/// Sign-in before the sign-in service itself: a loop.
pub(crate) fn looped(case: &Case<'_>, rule: &Rule, open: &Open) -> Box<Finding> {
    let (what, comes) = match open {
        Open::Acme => ("the answers to ACME challenges", "no certificate is issued"),
        _ => ("the sign-in service", "nobody can sign in"),
    };
    Box::new(
        Finding::error("sign-in-loop", format!("sign-in stands before {what}: {comes}"))
            .on(case.item.id())
            .field(readable_pointer(&rule.pointer))
            .hint("remove the middleware there"),
    )
}

/// What is said of the rules of a case that stay open: errors where sign-in is due, and otherwise what an auditor reads.
pub(crate) fn open(case: &Case<'_>, errors: &mut Vec<Finding>, said: &mut Vec<Finding>) {
    let mut seen: Vec<&Open> = Vec::new();
    for (rule, state) in case.route.rules.iter().zip(&case.states) {
        let State::Open(open) = state else { continue };
        if seen.contains(&open) {
            continue;
        }
        seen.push(open);
        let on =
            |finding: Finding| finding.on(case.item.id()).field(readable_pointer(&rule.pointer));
        let hosts = hosts(case, rule);
        let left =
            |reason: &str| Finding::info("left-open", format!("{hosts} stays open: {reason}"));
        match open {
            Open::SignInService | Open::NotAsked => {}
            Open::Acme => said.push(on(left("it answers ACME challenges"))),
            Open::Allowed(reason) => {
                said.push(on(left(&format!("the config allows it ({reason})"))));
            }
            Open::Skipped(reason) => {
                said.push(on(left(&format!("its author opts out ({reason})"))));
            }
            // Said of the whole Ingress.
            Open::SignInHost | Open::SignInPath if case.is_to_weave() && is_one_for_all(case) => {}
            Open::SignInHost | Open::SignInPath => {
                let place = match open {
                    Open::SignInHost => "on the sign-in host",
                    _ => "below the path of the sign-in service",
                };
                let message =
                    format!("{hosts} stays open {place}, and does not lead to the sign-in service");
                if case.is_due() {
                    let finding = on(Finding::error("unprotected-host", message));
                    errors.push(
                        finding.hint(ways_out("move it, or correct the service in `signIn`")),
                    );
                } else {
                    said.push(on(Finding::warning("unprotected-host", message)));
                }
            }
            Open::Impossible(why) => {
                if case.is_due() {
                    let message = format!("sign-in is due, and impossible for {hosts}: {why}");
                    let finding = on(Finding::error("sign-in-impossible", message));
                    errors.push(finding.hint(ways_out("serve it by an HTTP route")));
                } else {
                    let message = format!("no sign-in is possible for {hosts}: {why}");
                    said.push(on(Finding::info("sign-in-impossible", message)));
                }
            }
        }
    }
}

/// The ways out of a refusal.
pub(crate) fn ways_out(first: &str) -> String {
    let key = opt_out::key(NAME);
    format!(
        "{first}; or name it in `allow` with a reason, or let its author write `{key}: skip` and `{key}-reason`"
    )
}

/// The ways out of a refusal of what no config can allow.
pub(crate) fn author_ways_out(first: &str) -> String {
    let key = opt_out::key(NAME);
    format!("{first}; or let its author write `{key}: skip` and `{key}-reason`")
}

/// The hosts of a rule, for a message.
pub(crate) fn hosts(case: &Case<'_>, rule: &Rule) -> String {
    let mut hosts: Vec<String> = case.hosts(rule).iter().map(|host| format!("`{host}`")).collect();
    if rule.other_hosts && rule.hosts.is_empty() == hosts.is_empty() {
        let pattern =
            rule.parsed.as_ref().is_some_and(|parsed| !parsed.hosts().patterns.is_empty());
        let unnamed =
            if pattern || !hosts.is_empty() { "hosts that it does not list" } else { "every host" };
        hosts.push(unnamed.to_owned());
    }
    match hosts.len() {
        0 => "it".to_owned(),
        1..=3 => hosts.join(", "),
        more => format!("{} and {} more", hosts[..2].join(", "), more - 2),
    }
}

/// Why sign-in comes to a case.
pub(crate) fn why(case: &Case<'_>, by: &str) -> String {
    let asks = match case.rule {
        _ if case.required => {
            format!("the object says `{REQUIRED}`, or waits with `{}`", id::UNWOVEN)
        }
        Some(at) => format!("rules[{at}] requires it"),
        None => "the config requires it".to_owned(),
    };
    format!("{by} signs in: {asks}")
}
