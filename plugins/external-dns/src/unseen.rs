//! Hosts of Traefik's rules that ExternalDNS does not see, or sees wrongly: it reads rules with a regular expression.

use std::collections::HashSet;

use krm::Finding;
use routes::{Route, Rule};

use crate::config::Mode;
use crate::plan::Plan;

/// What is said of the rules of one object.
pub(crate) fn findings(route: &Route, plan: &Plan<'_>, mode: Mode) -> Vec<Finding> {
    let mut said = Vec::new();
    if plan.seen.is_empty()
        || plan.seen.iter().all(|one| one.passed_over && plan.endpoint.is_none())
    {
        return said;
    }
    // Named in an annotation: what the rule says does not matter then.
    let annotated = |host: &str| {
        plan.seen.iter().any(|one| one.hosts.annotated.iter().any(|name| name == host))
    };
    let named = plan.seen.iter().any(|one| !one.hosts.annotated.is_empty());
    let key = plan
        .seen
        .first()
        .map_or_else(String::new, |one| format!("{}{}", one.view.writes[0], crate::keys::HOSTNAME));
    let published: HashSet<String> =
        route.published.iter().map(|host| host.to_ascii_lowercase()).collect();
    let served: HashSet<&str> = route.own_hosts().into_iter().collect();
    for rule in &route.rules {
        let Some(parsed) = &rule.parsed else { continue };
        let hosts = parsed.hosts();
        let warn = |id, message: String| {
            Finding::warning(id, message)
                .on(route.id.clone())
                .field(format!("{}.match", krm::readable_pointer(&rule.pointer)))
        };
        let published = |host: &str| published.contains(&host.to_ascii_lowercase());
        let served = |host: &str| served.contains(host);
        let patterns = || hosts.patterns.iter().map(|one| format!("`{one}`"));
        if mode == Mode::Annotations {
            let unseen: Vec<&str> = hosts
                .unpublished
                .iter()
                .map(String::as_str)
                .filter(|host| !annotated(host) && !published(host))
                .collect();
            if !unseen.is_empty() {
                let list = unseen.join(",");
                said.push(
                    warn("unseen-host", format!("ExternalDNS does not find {list} in this rule: it looks for names in backquotes"))
                        .hint(format!("write the name in backquotes, or add the annotation `{key}: {list}`")),
                );
            }
            let wrong: Vec<&str> = hosts
                .negated
                .iter()
                .map(String::as_str)
                .filter(|host| published(host) && !served(host))
                .collect();
            if !wrong.is_empty() {
                let list = wrong.join(", ");
                said.push(
                    warn("negated-host", format!("ExternalDNS takes {list} from this rule, which leaves it out: it does not know negation"))
                        .hint("publish the object by a DNSEndpoint (`mode: endpoint`), or not at all (`controller: none`)"),
                );
            }
        }
        if !hosts.patterns.is_empty() && !named && only_pattern(rule) {
            let patterns: Vec<String> = patterns().collect();
            said.push(
                warn(
                    "host-pattern",
                    format!(
                        "ExternalDNS publishes nothing for {}: no name stands there",
                        patterns.join(", ")
                    ),
                )
                .hint(format!("add the annotation `{key}` with the names")),
            );
        }
        if mode == Mode::Annotations {
            let wildcards = hosts.wildcards.iter().filter(|host| published(host));
            let wildcards: Vec<&str> = wildcards.map(String::as_str).collect();
            if !wildcards.is_empty() {
                said.push(wildcard(warn, &wildcards));
            }
        }
    }
    said
}

/// Whether no host of the rule is known.
fn only_pattern(rule: &Rule) -> bool {
    rule.hosts.is_empty()
}

fn wildcard(warn: impl Fn(&'static str, String) -> Finding, names: &[&str]) -> Finding {
    let message = format!("{} is a wildcard record", names.join(", "));
    Finding { severity: krm::Severity::Info, ..warn("wildcard-host", message) }
        .hint("where the provider refuses the TXT record beside it, set --txt-wildcard-replacement")
}
