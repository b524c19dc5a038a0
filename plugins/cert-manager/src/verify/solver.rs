//! Which solver of an ACME issuer proves a host (cert-manager v1.21.2, `internal/.../solverpicker`, `selectors`).

use std::collections::BTreeMap;

use krm::Finding;
use routes::facts::IssuerFact;
use routes::facts::issuer::SolverFact;

use super::Signed;

/// Whether each host has one: without, its order fails. A wildcard takes DNS-01 alone.
pub(super) fn check(
    signed: &Signed<'_>,
    fact: &IssuerFact,
    said: &mut Vec<Finding>,
) -> Result<(), Box<Finding>> {
    // Only an ACME issuer has solvers; one without any is for names that are proven already.
    if fact.server.is_none() || fact.solvers.is_empty() {
        return Ok(());
    }
    for host in &signed.hosts {
        let for_host = || fact.solvers.iter().filter(|one| matches(one, &signed.labels, host));
        let wildcard = host.starts_with("*.");
        if wildcard && !fact.solvers.iter().any(|one| one.challenge == "dns01") {
            return Err(Box::new(
                Finding::error(
                    "wildcard-without-dns01",
                    format!(
                        "{} has HTTP-01 solvers alone, and {host} is proven by DNS-01",
                        signed.issuer
                    ),
                )
                .on(signed.object.route.id.clone())
                .hint("give the issuer a dns01 solver, or name an issuer that has one"),
            ));
        }
        if !for_host().any(|one| !wildcard || one.challenge == "dns01") {
            said.push(
                Finding::warning(
                    "no-solver",
                    format!("no solver of {} is for {host}: its order fails", signed.issuer),
                )
                .on(signed.object.route.id.clone())
                .hint(wanted_labels(fact).unwrap_or_else(|| {
                    "add a solver whose dnsZones or dnsNames hold it, or one without a selector"
                        .to_owned()
                })),
            );
        }
    }
    Ok(())
}

fn matches(solver: &SolverFact, labels: &BTreeMap<String, String>, host: &str) -> bool {
    solver.match_labels.iter().all(|(key, value)| labels.get(key) == Some(value))
        && (solver.dns_names.is_empty() || solver.dns_names.iter().any(|name| name == host))
        && (solver.dns_zones.is_empty() || solver.dns_zones.iter().any(|zone| below(zone, host)))
}

/// Whether a name ends in all labels of a zone (`dns.CompareDomainName`).
fn below(zone: &str, host: &str) -> bool {
    let zone = zone.trim_end_matches('.').to_ascii_lowercase();
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    host.strip_suffix(&zone).is_some_and(|front| front.is_empty() || front.ends_with('.'))
}

/// The labels that a solver asks for, when one does.
fn wanted_labels(fact: &IssuerFact) -> Option<String> {
    let labelled = fact.solvers.iter().find(|one| !one.match_labels.is_empty())?;
    let labels: Vec<String> =
        labelled.match_labels.iter().map(|(key, value)| format!("{key}: {value}")).collect();
    Some(format!("a solver asks for these labels: {}; `labels` sets them", labels.join(", ")))
}
