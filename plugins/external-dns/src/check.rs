//! What ExternalDNS makes of the values of one object: refused where a record would be missing or wrong.

use krm::Finding;
use routes::{DnsKeys, Route, TargetFrom};

use crate::author::Author;
use crate::hosts::{self, Source};
use crate::keys::{
    ACCESS, ALIAS, ANNOTATION_ONLY, DEFINED_HOSTS_ONLY, HOSTNAME, PROXIED, RECORD_TYPE,
    SET_IDENTIFIER, TARGET, TTL, is_routing_policy,
};
use crate::plan::{Seen, Shared};
use crate::target::{Targets, Wrong};
use crate::ttl::{self, Read};

/// The longest label of a name, in characters (RFC 1035 §2.3.4): ExternalDNS makes no record for a longer one.
const LONGEST_LABEL: usize = 63;

/// What is said of an object in one view; an error where a record would be missing or wrong.
pub(crate) fn object(
    shared: &Shared<'_>,
    route: &Route,
    author: &Author<'_>,
    seen: &Seen,
) -> Result<Vec<Finding>, Box<Finding>> {
    let mut said = Vec::new();
    let at =
        |key: &str, finding: Finding| author.field(&seen.view, key, finding.on(route.id.clone()));
    let hosts = seen.hosts.all();
    let long = |host: &&&str| host.split('.').any(|label| label.len() > LONGEST_LABEL);
    if let Some(host) = hosts.iter().find(long) {
        let message = format!(
            "{host} has a label of more than {LONGEST_LABEL} characters: no record can hold it"
        );
        return Err(Box::new(
            Finding::error("long-label", message).on(route.id.clone()).hint("shorten the name"),
        ));
    }
    if let Some(target) = seen.value(TARGET).filter(|_| seen.slot.keys != DnsKeys::Record)
        && let Err(wrong) = Targets::parse(target)
    {
        let id = if wrong == Wrong::Mixed { "mixed-targets" } else { "bad-target" };
        return Err(Box::new(
            at(TARGET, Finding::error(id, wrong.to_string()))
                .hint("write addresses with commas between them, or one name"),
        ));
    }
    match seen.slot.keys {
        DnsKeys::Target => {
            let wrong = |key: &str| key != TARGET;
            said.extend(misplaced(seen, &at, "a Gateway", "the routes below it", wrong));
        }
        DnsKeys::Record => said.extend(misplaced(
            seen,
            &at,
            "a route below a Gateway",
            "the Gateway, or give the route a DNSEndpoint (`mode: endpoint`)",
            |key| key == TARGET,
        )),
        DnsKeys::All | DnsKeys::Access | DnsKeys::Written => {}
    }
    source(seen, author, &at, &mut said)?;
    values(seen, &at, &mut said)?;
    if let Some(key) = seen.values.keys().find(|key| is_routing_policy(key))
        && seen.value(SET_IDENTIFIER).is_none()
        && seen.slot.keys != DnsKeys::Target
    {
        let message = format!(
            "`{key}` chooses a routing policy of Route 53, which takes no record without a set identifier"
        );
        return Err(Box::new(
            at(key, Finding::error("no-set-identifier", message))
                .hint("set `setIdentifier` in the config, or the annotation `set-identifier`"),
        ));
    }
    said.extend(no_target(route, author, seen)?);
    said.extend(ignored_hostname(shared, &at, seen));
    said.extend(filtered(shared, route, seen));
    Ok(said)
}

/// Keys on an object of the Gateway API where ExternalDNS does not look for them.
fn misplaced(
    seen: &Seen,
    at: &dyn Fn(&str, Finding) -> Finding,
    here: &str,
    there: &str,
    wrong: impl Fn(&str) -> bool,
) -> Option<Finding> {
    let keys: Vec<&str> = seen.values.keys().map(String::as_str).filter(|key| wrong(key)).collect();
    let first = keys.first()?;
    let message = format!("ExternalDNS does not read {} on {here}", keys.join(", "));
    Some(at(first, Finding::warning("misplaced-key", message)).hint(format!("write it on {there}")))
}

/// Where hosts come from: a value that is none of two.
fn source(
    seen: &Seen,
    author: &Author<'_>,
    at: &dyn Fn(&str, Finding) -> Finding,
    said: &mut Vec<Finding>,
) -> Result<(), Box<Finding>> {
    let Some(key) = hosts::source_key(seen.slot) else { return Ok(()) };
    if hosts::source(seen.slot, author, &seen.view) != Some(Source::Wrong) {
        return Ok(());
    }
    let hint =
        format!("write `{DEFINED_HOSTS_ONLY}` or `{ANNOTATION_ONLY}`, or remove the annotation");
    if seen.slot.keys == DnsKeys::Record {
        let message = "this value does not count: hosts come from the route and from annotations";
        said.push(at(key, Finding::warning("bad-hostname-source", message)).hint(hint));
        return Ok(());
    }
    let message = "with this value ExternalDNS publishes no host of the object, and says nothing";
    Err(Box::new(at(key, Finding::error("bad-hostname-source", message)).hint(hint)))
}

/// Values that ExternalDNS does not take: it goes on with its default.
fn values(
    seen: &Seen,
    at: &dyn Fn(&str, Finding) -> Finding,
    said: &mut Vec<Finding>,
) -> Result<(), Box<Finding>> {
    let mut ignored = |key: &str, expected: &str| {
        let message = format!("ExternalDNS does not take this value: expected {expected}");
        said.push(
            at(key, Finding::warning("ignored-value", message))
                .hint("until then its default counts"),
        );
    };
    if let Some(ttl) = seen.value(TTL) {
        match ttl::read(ttl) {
            Read::Default => ignored(TTL, "1 to 2147483647 seconds, or a duration like `5m`"),
            Read::Seconds(_, true) => ignored(TTL, "whole seconds; the fraction is dropped"),
            Read::Seconds(_, false) => {}
        }
    }
    if let Some(value) = seen.value(ACCESS)
        && !matches!(value, "public" | "private")
    {
        ignored(ACCESS, "`public` or `private`");
    }
    if let Some(value) = seen.value(ALIAS)
        && !matches!(value, "true" | "false" | "A" | "AAAA")
    {
        ignored(ALIAS, "`true`");
    }
    if let Some(value) = seen.value(RECORD_TYPE)
        && !matches!(value, "ptr" | "")
    {
        ignored(RECORD_TYPE, "`ptr`, or nothing");
    }
    if let Some(value) = seen.value(PROXIED)
        && parse_bool(value).is_none()
    {
        ignored(PROXIED, "`true` or `false`");
    }
    if let Some(target) = seen.value(TARGET).and_then(|text| Targets::parse(text).ok())
        && let Some(address) = target.private()
        && seen.value(PROXIED).and_then(parse_bool) == Some(true)
    {
        return Err(Box::new(private_and_proxied(at(PROXIED, proxied_to(address)))));
    }
    Ok(())
}

/// A proxied record to an address that Cloudflare cannot reach.
pub(crate) fn proxied_to(address: &str) -> Finding {
    let message =
        format!("Cloudflare does not proxy to the private address {address} (its error 9003)");
    Finding::error("private-and-proxied", message)
}

pub(crate) fn private_and_proxied(finding: Finding) -> Finding {
    finding.hint("give these objects a public target, or set `proxied: false` for them by a rule")
}

/// Go's `strconv.ParseBool`.
pub(crate) fn parse_bool(text: &str) -> Option<bool> {
    match text {
        "1" | "t" | "T" | "TRUE" | "true" | "True" => Some(true),
        "0" | "f" | "F" | "FALSE" | "false" | "False" => Some(false),
        _ => None,
    }
}

/// A record that nothing gives a target.
fn no_target(
    route: &Route,
    author: &Author<'_>,
    seen: &Seen,
) -> Result<Option<Finding>, Box<Finding>> {
    let due = seen.slot.target == TargetFrom::Nowhere && !seen.hosts.none();
    if !due || seen.value(TARGET).is_some() || seen.passed_over {
        return Ok(None);
    }
    let message = format!(
        "has no target, and no status to take one from: ExternalDNS publishes nothing for {}",
        seen.hosts.all().join(", ")
    );
    let finding = |severity: fn(&'static str, String) -> Finding| {
        severity("no-target", message.clone()).on(route.id.clone()).hint(
            "set `target` in the config, or `controller: none` by a rule if it is not to be published",
        )
    };
    if seen.hosts.annotated.is_empty() {
        return Ok(Some(finding(Finding::warning)));
    }
    // Its author asks for a record by name.
    let error = finding(Finding::error);
    Err(Box::new(author.field(&seen.view, HOSTNAME, error)))
}

/// A hostname annotation that all controllers of the view ignore.
fn ignored_hostname(
    shared: &Shared<'_>,
    at: &dyn Fn(&str, Finding) -> Finding,
    seen: &Seen,
) -> Option<Finding> {
    let controllers = &seen.view.controllers;
    let ignores = |at: &usize| shared.controllers.all[*at].fact.ignore_hostname_annotation;
    let counts = controllers.is_empty() || !controllers.iter().all(ignores);
    if counts || seen.hosts.annotated.is_empty() || seen.passed_over {
        return None;
    }
    let message = format!(
        "ExternalDNS has --ignore-hostname-annotation: no record is made for {}",
        seen.hosts.annotated.join(", ")
    );
    let finding = at(HOSTNAME, Finding::warning("ignored-hostname", message));
    Some(
        finding
            .hint("take the flag away, or publish the object by a DNSEndpoint (`mode: endpoint`)"),
    )
}

/// Hosts that all controllers of the view filter out.
fn filtered(shared: &Shared<'_>, route: &Route, seen: &Seen) -> Option<Finding> {
    let all = &shared.controllers.all;
    let controllers: Vec<_> = seen.view.controllers.iter().map(|at| &all[*at]).collect();
    let nothing = seen.slot.keys == DnsKeys::Target || seen.passed_over || controllers.is_empty();
    if nothing || controllers.iter().any(|one| one.fact.unreadable_arguments) {
        return None;
    }
    let kept = |host: &str| {
        controllers.iter().any(|one| {
            let fact = &one.fact;
            (fact.domain_filters.is_empty() || matches(&fact.domain_filters, host))
                && !matches(&fact.exclude_domains, host)
        })
    };
    let hosts = seen.hosts.all();
    let hosts: Vec<&str> = hosts.into_iter().filter(|host| !kept(host)).collect();
    if hosts.is_empty() {
        return None;
    }
    let names: Vec<String> = controllers.iter().map(|one| one.name()).collect();
    let message = format!(
        "{} filters {} out (--domain-filter, --exclude-domains): no record is made",
        names.join(" and "),
        hosts.join(", ")
    );
    Some(
        Finding::warning("filtered-host", message)
            .on(route.id.clone())
            .hint("add the domain to the controller's filter, or correct the facts"),
    )
}

/// `matchFilter` of `endpoint/domain_filter.go`: the domain itself and what stands below it; with a dot in front, what
/// stands below it alone.
fn matches(filters: &[String], host: &str) -> bool {
    filters.iter().any(|filter| {
        let filter = filter.trim().trim_end_matches('.').to_ascii_lowercase();
        let below = if filter.starts_with('.') { filter.clone() } else { format!(".{filter}") };
        !filter.is_empty() && (host == filter || host.ends_with(&below))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_domain_filter_holds_the_domain_and_what_stands_below_it() {
        let filter = |filter: &str, host: &str| matches(&[filter.to_owned()], host);
        assert!(filter("qt.rs", "qt.rs") && filter("qt.rs", "a.b.qt.rs"));
        assert!(filter("QT.rs.", "a.qt.rs"));
        assert!(!filter("qt.rs", "notqt.rs"));
        assert!(filter(".qt.rs", "a.qt.rs") && !filter(".qt.rs", "qt.rs"));
        assert!(!filter("", "qt.rs"));
    }
}
