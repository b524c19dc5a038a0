//! The listeners of a Gateway or a ListenerSet: each one that cert-manager accepts gives a certificate
//! (`handleGatewayAPIListeners`, `validateGatewayListenerBlock`).

use krm::{Finding, Resource};
use routes::Listener;
use serde_json::json;

use super::{Group, Object, zone};
use crate::keys;

/// Reads the listeners, and completes what is to be.
pub(super) fn plan(
    object: &mut Object<'_>,
    item: &Resource,
    listeners: &[Listener],
    config: &str,
    said: &mut Vec<Finding>,
) -> Result<(), Box<Finding>> {
    let ignored = item.annotation(keys::IGNORE_LISTENERS).unwrap_or_default();
    let ignored: Vec<&str> = ignored.split(',').map(str::trim).collect();
    let meant: Vec<&Listener> = listeners
        .iter()
        .filter(|one| matches!(one.protocol.as_str(), "HTTPS" | "TLS"))
        .filter(|one| one.mode.as_deref() != Some("Passthrough"))
        .filter(|one| !ignored.contains(&one.name.as_str()))
        .collect();
    object.plan.tls = !meant.is_empty();
    let lacking = |one: &&Listener| one.secrets.is_empty() && !one.foreign;
    // A wildcard is used where all listeners can: one annotation is for all of them, and it would make the Gateway a
    // second owner of the wildcard's Secret.
    let zones: Option<Vec<String>> = meant
        .iter()
        .map(|one| {
            let host = one.hostname.as_deref().filter(|_| lacking(one) && object.adds_tls())?;
            zone::of(object.zones(), host).map(str::to_owned)
        })
        .collect();
    let mut skipped = Vec::new();
    for (at, one) in meant.iter().enumerate() {
        if let Some(why) = problem(one, object.adds_tls()) {
            skipped.push((one, why));
            continue;
        }
        let hosts: Vec<String> = one.hostname.iter().cloned().collect();
        let field = format!("{}/tls/certificateRefs", one.pointer);
        if lacking(one) {
            let zone = zones.as_ref().map(|zones| zones[at].clone());
            let secret = match &zone {
                Some(zone) => zone::secret(config, zone),
                None => format!("{}-{}-tls", object.route.id.name, one.name),
            };
            let reference = json!([{"kind": "Secret", "name": secret}]);
            let why = object.why("a listener needs a Secret and the mode Terminate");
            object.plan.set(field.clone(), reference, why.clone());
            if one.mode.is_none() {
                object.plan.set(format!("{}/tls/mode", one.pointer), "Terminate", why);
            }
            object.plan.group(Group { secret, hosts, new: zone.is_none(), zone, field });
        } else {
            for secret in &one.secrets {
                let (secret, hosts, field) = (secret.clone(), hosts.clone(), field.clone());
                object.plan.group(Group { secret, hosts, new: false, zone: None, field });
            }
        }
    }
    say(object, &skipped, said)
}

/// Why cert-manager skips a listener. A mode that is not given is Terminate: the CRD's default (Gateway API v1.4.1).
fn problem(one: &Listener, adds_tls: bool) -> Option<(&'static str, &'static str)> {
    if one.hostname.is_none() {
        return Some(("hostname", "has no host"));
    }
    if one.foreign {
        return Some((
            "tls/certificateRefs",
            "names a certificate that is no Secret of its own namespace",
        ));
    }
    if one.mode.as_deref().is_some_and(|mode| mode != "Terminate") {
        return Some(("tls/mode", "has another mode than Terminate"));
    }
    (one.secrets.is_empty() && !adds_tls).then_some(("tls/certificateRefs", "names no Secret"))
}

/// Says which listeners get no certificate. Where the author asks for one and none gets any, that is an error.
fn say(
    object: &Object<'_>,
    skipped: &[(&&Listener, (&'static str, &'static str))],
    said: &mut Vec<Finding>,
) -> Result<(), Box<Finding>> {
    if object.left || !(object.ours() || object.asked()) {
        return Ok(());
    }
    let fatal = object.asked() && object.plan.groups.is_empty();
    for (one, (field, why)) in skipped {
        let message = format!("the listener {} {why}: cert-manager skips it", one.name);
        let hint = format!(
            "complete it, set `addTls: true` where a Secret is missing, or name it in `{}`",
            keys::IGNORE_LISTENERS
        );
        let finding = |finding: Finding| {
            finding
                .on(object.route.id.clone())
                .field(krm::readable_pointer(&format!("{}/{field}", one.pointer)))
                .hint(hint.clone())
        };
        if fatal {
            return Err(Box::new(finding(Finding::error("skipped-listener", message))));
        }
        said.push(finding(Finding::warning("skipped-listener", message)));
    }
    if fatal {
        return Err(Box::new(
            Finding::error("no-tls-listener", "asks for a certificate, and no listener has TLS")
                .on(object.route.id.clone())
                .field("spec.listeners")
                .hint("add a listener with protocol HTTPS, a host and a Secret"),
        ));
    }
    Ok(())
}
