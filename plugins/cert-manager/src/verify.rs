//! Whether an issuer can do what an object asks of it, as far as tree and facts tell.

mod server;
mod solver;

use std::collections::BTreeMap;

use krm::Finding;
use routes::Facts;
use routes::facts::{IssuerFact, Known};

use crate::config::Environment;
use crate::issuer::IssuerRef;
use crate::known;
use crate::plan::Object;
use server::Server;

/// A certificate as its issuer sees it.
#[derive(Debug)]
pub(crate) struct Signed<'a> {
    /// The object that it is for.
    pub(crate) object: &'a Object<'a>,
    /// Who signs.
    pub(crate) issuer: &'a IssuerRef,
    /// Its hosts.
    pub(crate) hosts: Vec<&'a str>,
    /// The labels of its Certificate.
    pub(crate) labels: BTreeMap<String, String>,
}

/// Whether the issuer is there, of the right environment, and has a solver for each host.
pub(crate) fn issuer(
    signed: &Signed<'_>,
    facts: &Facts,
    said: &mut Vec<Finding>,
) -> Result<(), Box<Finding>> {
    let namespace = Some(signed.object.namespace.as_str()).filter(|name| !name.is_empty());
    match known::issuer(facts, signed.issuer, namespace) {
        Known::Absent => Err(absent(signed, facts)),
        Known::Unknown => {
            said.push(
                Finding::info(
                    "issuer-unknown",
                    format!("neither the tree nor the facts hold {}", signed.issuer),
                )
                .hint("name a `facts` file that lists the issuers: pleach facts writes it"),
            );
            Ok(())
        }
        Known::Found(fact, _) => {
            environment(signed, fact, said)?;
            solver::check(signed, fact, said)?;
            lifetime(signed, fact, said);
            Ok(())
        }
    }
}

/// Says what is there instead: another kind, or another namespace.
fn absent(signed: &Signed<'_>, facts: &Facts) -> Box<Finding> {
    let IssuerRef { name, kind, .. } = signed.issuer;
    let same_name = || known::issuers(facts).filter(|fact| fact.name == *name);
    let hint = if let Some(other) = same_name().find(|fact| fact.kind != *kind) {
        format!("there is a {} {name}: write that kind", other.kind)
    } else if let Some(namespace) = same_name().find_map(|fact| fact.namespace.clone()) {
        format!(
            "there is one in the namespace {namespace}, and an Issuer signs for its own alone: use a ClusterIssuer, or add one here"
        )
    } else {
        let names: Vec<String> =
            known::issuers(facts).map(|fact| format!("{} {}", fact.kind, fact.name)).collect();
        if names.is_empty() {
            "there is no issuer at all".to_owned()
        } else {
            format!("there are: {}", names.join(", "))
        }
    };
    let place = match signed.object.namespace.as_str() {
        namespace if signed.issuer.is_namespaced() && !namespace.is_empty() => {
            format!(" in the namespace {namespace}")
        }
        _ => String::new(),
    };
    Box::new(
        Finding::error("issuer-absent", format!("there is no {}{place}", signed.issuer))
            .on(signed.object.route.id.clone())
            .hint(hint),
    )
}

/// Compares the server with what the certificates are for.
fn environment(
    signed: &Signed<'_>,
    fact: &IssuerFact,
    said: &mut Vec<Finding>,
) -> Result<(), Box<Finding>> {
    let Some(url) = fact.server.as_deref() else { return Ok(()) };
    let (wanted, is) = match (signed.object.settings.environment, server::classify(url)) {
        (Some(Environment::Production), Server::Staging) => ("production", "a staging server"),
        (Some(Environment::Staging), Server::Production) => ("staging", "a production server"),
        (None, Server::Staging) => {
            said.push(
                Finding::warning(
                    "staging-issuer",
                    format!(
                        "{} asks a staging server, whose certificates no browser accepts",
                        signed.issuer
                    ),
                )
                .hint("say `environment: staging` where that is meant"),
            );
            return Ok(());
        }
        (_, Server::Other)
        | (Some(Environment::Staging), Server::Staging)
        | (Some(Environment::Production) | None, Server::Production) => return Ok(()),
    };
    Err(Box::new(
        Finding::error(
            "other-environment",
            format!("{} asks {is} ({url}), and the environment is {wanted}", signed.issuer),
        )
        .on(signed.object.route.id.clone())
        .hint("the server decides, not the name of the issuer: name another issuer, or another environment"),
    ))
}

/// Let's Encrypt knows no duration.
fn lifetime(signed: &Signed<'_>, fact: &IssuerFact, said: &mut Vec<Finding>) {
    let lets_encrypt = fact.server.as_deref().is_some_and(server::is_lets_encrypt);
    if lets_encrypt && signed.object.request.duration.is_some() {
        said.push(
            Finding::warning(
                "duration-without-effect",
                format!("{} is Let's Encrypt: it is not asked for a duration, and refuses the order where `enableDurationFeature` asks it", signed.issuer),
            )
            .on(signed.object.route.id.clone())
            .hint("leave the duration out; renewBefore works"),
        );
    }
}

/// Whether cert-manager reads Gateways at all.
pub(crate) fn gateways(
    object: &Object<'_>,
    facts: &Facts,
    said: &mut Vec<Finding>,
) -> Result<(), Box<Finding>> {
    let hint = "start cert-manager with `--enable-gateway-api` (chart: config.enableGatewayAPI), or write a Certificate";
    match known::reads_gateways(facts) {
        Some(true) => Ok(()),
        Some(false) => Err(Box::new(
            Finding::error(
                "gateways-not-read",
                "cert-manager does not read Gateways here: there is no certificate",
            )
            .on(object.route.id.clone())
            .hint(hint),
        )),
        None => {
            said.push(
                Finding::info(
                    "gateways-unknown",
                    "nothing says whether cert-manager reads Gateways",
                )
                .hint(hint),
            );
            Ok(())
        }
    }
}
