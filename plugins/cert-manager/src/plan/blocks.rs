//! `spec.tls` of an Ingress: each block with hosts and a Secret gives a certificate, every other one gives nothing
//! (`validateIngressTLSBlock`).

use krm::Finding;
use routes::TlsBlock;
use serde_json::json;

use super::{Group, Object, zone};

/// Reads the blocks, and adds and completes what is to be.
pub(super) fn plan(
    object: &mut Object<'_>,
    pointer: &str,
    blocks: &[TlsBlock],
    hosts: &[&str],
    config: &str,
    said: &mut Vec<Finding>,
) -> Result<(), Box<Finding>> {
    object.plan.tls = !blocks.is_empty();
    let in_blocks: Vec<String> = blocks.iter().flat_map(|block| block.hosts.clone()).collect();
    let mut left: Vec<String> = hosts
        .iter()
        .filter(|host| !zone::covers(&in_blocks, host))
        .map(|host| (*host).to_owned())
        .collect();
    let mut secrets: Vec<Option<String>> = Vec::new();
    for block in blocks {
        let mut hosts = block.hosts.clone();
        let mut new = None;
        if object.adds_tls() {
            if hosts.is_empty() && !left.is_empty() {
                hosts = std::mem::take(&mut left);
                let why = object.why("a TLS block needs hosts");
                object.plan.set(format!("{}/hosts", block.pointer), hosts.clone(), why);
            }
            if block.secret.is_none() && !hosts.is_empty() {
                new = Some(complete(object, block, &hosts, secrets.len(), config));
            }
        }
        let zone = new.as_ref().and_then(|(_, zone)| zone.clone());
        let is_new = new.is_some() && zone.is_none();
        let secret = block.secret.clone().or(new.map(|(secret, _)| secret));
        secrets.push(secret.clone());
        match secret {
            Some(secret) if !hosts.is_empty() => {
                let field = format!("{}/secretName", block.pointer);
                object.plan.group(Group { secret, hosts, new: is_new, zone, field });
            }
            secret => incomplete(object, block, secret.is_none(), said)?,
        }
    }
    object.plan.rejected = twice(&secrets);
    if object.adds_tls() && !left.is_empty() {
        add(object, pointer, left, &secrets, config);
    }
    none_at_all(object, pointer, blocks, said)
}

/// Gives a block its Secret: that of a wildcard, or one of its own. The name depends on the block's place alone.
fn complete(
    object: &mut Object<'_>,
    block: &TlsBlock,
    hosts: &[String],
    at: usize,
    config: &str,
) -> (String, Option<String>) {
    let zone = zone::of_all(object.zones(), hosts).map(str::to_owned);
    let secret = match &zone {
        Some(zone) => zone::secret(config, zone),
        None if at == 0 => object.secret_name(),
        None => format!("{}-{at}", object.secret_name()),
    };
    let why = object.why("a TLS block needs a Secret");
    object.plan.set(format!("{}/secretName", block.pointer), secret.clone(), why);
    (secret, zone)
}

/// Adds blocks for hosts that none has: one for each wildcard, one for the rest.
fn add(
    object: &mut Object<'_>,
    pointer: &str,
    hosts: Vec<String>,
    secrets: &[Option<String>],
    config: &str,
) {
    let mut wanted: Vec<Group> = Vec::new();
    for host in hosts {
        let zone = zone::of(object.zones(), &host).map(str::to_owned);
        let own = object.secret_name();
        let secret = match &zone {
            Some(zone) => zone::secret(config, zone),
            None if secrets.iter().flatten().any(|known| *known == own) => format!("{own}-added"),
            None => own,
        };
        if let Some(known) = wanted.iter_mut().find(|known| known.secret == secret) {
            known.hosts.push(host);
        } else {
            let field = format!("{pointer}/{}/secretName", secrets.len() + wanted.len());
            let new = zone.is_none();
            wanted.push(Group { secret, hosts: vec![host], new, zone, field });
        }
    }
    for group in wanted {
        let why = object.why(match &group.zone {
            Some(zone) => format!("these hosts are served by the certificate of *.{zone}"),
            None => "the hosts of the rules get a certificate".to_owned(),
        });
        let value = json!({"hosts": group.hosts, "secretName": group.secret});
        let edit = super::Edit { pointer: format!("{pointer}/-"), value, insert: true, why };
        object.plan.edits.push(edit);
        object.plan.tls = true;
        // A wildcard's Secret may stand in a block of the author already.
        object.plan.group(group);
    }
}

/// What stands twice: cert-manager then takes nothing of the object, and no name counts as one, too
/// (`checkForDuplicateSecretNames`).
fn twice(secrets: &[Option<String>]) -> Option<String> {
    let again = |(at, secret): (usize, &Option<String>)| {
        secrets[..at].contains(secret).then(|| match secret {
            Some(name) => format!("the Secret {name} stands in two TLS blocks"),
            None => "two TLS blocks name no Secret".to_owned(),
        })
    };
    secrets.iter().enumerate().find_map(again)
}

/// Says that a block gives nothing.
fn incomplete(
    object: &Object<'_>,
    block: &TlsBlock,
    lacks_secret: bool,
    said: &mut Vec<Finding>,
) -> Result<(), Box<Finding>> {
    let (field, what) =
        if lacks_secret { ("secretName", "names no Secret") } else { ("hosts", "has no hosts") };
    let message = format!("this TLS block {what}: cert-manager makes no certificate for it");
    let hint = match object.settings.add_tls {
        Some(true) => "no rule names a host that another block does not have: write the hosts",
        _ => "complete it, or set `addTls: true`",
    };
    let finding = |finding: Finding| {
        finding
            .on(object.route.id.clone())
            .field(krm::readable_pointer(&format!("{}/{field}", block.pointer)))
            .hint(hint)
    };
    if object.left || !(object.ours() || object.asked()) {
        return Ok(());
    }
    if object.asked() {
        return Err(Box::new(finding(Finding::error("incomplete-tls-block", message))));
    }
    said.push(finding(Finding::warning("incomplete-tls-block", message)));
    Ok(())
}

/// Says that an object asks for a certificate and has no block at all.
fn none_at_all(
    object: &Object<'_>,
    pointer: &str,
    blocks: &[TlsBlock],
    said: &mut Vec<Finding>,
) -> Result<(), Box<Finding>> {
    if object.left || !blocks.is_empty() || !object.plan.groups.is_empty() {
        return Ok(());
    }
    let message = "there is no TLS block: cert-manager makes no certificate, and says nothing";
    let hint = match object.settings.add_tls {
        Some(true) => "no rule names a host: write `spec.tls` with hosts and a Secret",
        _ => "write `spec.tls` with hosts and a Secret, or set `addTls: true`",
    };
    let finding = |finding: Finding| {
        finding.on(object.route.id.clone()).field(krm::readable_pointer(pointer)).hint(hint)
    };
    if object.asked() {
        return Err(Box::new(finding(Finding::error("no-tls-block", message))));
    }
    if object.ours() {
        said.push(finding(Finding::warning("no-tls-block", message)));
    }
    Ok(())
}
