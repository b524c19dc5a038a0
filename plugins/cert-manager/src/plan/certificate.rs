//! `spec.tls` of an IngressRoute: cert-manager does not read it, so that it names the Secret of a Certificate beside it.

use krm::Finding;
use routes::RouterTls;
use serde_json::json;

use super::{Group, Object, zone};

/// Decides on the Secret. A child of a multi-layer IngressRoute has no TLS of its own, its parent has.
pub(super) fn plan(
    object: &mut Object<'_>,
    pointer: &str,
    tls: Option<&RouterTls>,
    hosts: &[&str],
    config: &str,
    said: &mut Vec<Finding>,
) {
    let child = !object.route.parents.is_empty();
    object.plan.tls = tls.is_some_and(|tls| !tls.passthrough) && !child;
    let field = format!("{pointer}/secretName");
    if let Some(secret) = tls.and_then(|tls| tls.secret.clone()) {
        let hosts = hosts.iter().map(|host| (*host).to_owned()).collect();
        object.plan.group(Group { secret, hosts, new: false, zone: None, field });
        return;
    }
    let bare = tls.map_or(object.adds_tls(), |tls| !(tls.resolver || tls.store || tls.passthrough));
    let signed = object.issuer.is_some() && !object.left;
    if child || !bare || !signed {
        return;
    }
    let hosts: Vec<String> = hosts.iter().map(|host| (*host).to_owned()).collect();
    let unnamed = object.route.rules.iter().any(|rule| rule.other_hosts) || hosts.is_empty();
    // A rule that cannot be read is said already.
    if unnamed && object.route.problems.is_empty() {
        said.push(
            Finding::warning(
                "host-without-name",
                if hosts.is_empty() {
                    "its rules name no host: there is no certificate"
                } else {
                    "it serves hosts, too, that its rules do not name: the certificate is not for them"
                },
            )
            .on(object.route.id.clone())
            .hint("name the hosts with Host or HostSNI; a regular expression and a rule without a host name none"),
        );
    }
    if hosts.is_empty() {
        return;
    }
    let zone = zone::of_all(object.zones(), &hosts).map(str::to_owned);
    let secret = if let Some(zone) = &zone {
        zone::secret(config, zone)
    } else {
        // The kind belongs to the name: an IngressRoute and an IngressRouteTCP may share one.
        let id = &object.route.id;
        routes::added::name(config, &format!("{}-{}", id.name, id.kind.to_ascii_lowercase()))
    };
    let why = object.why(match &zone {
        Some(zone) => format!("its hosts are served by the certificate of *.{zone}"),
        None => "cert-manager does not read it: the Certificate beside it does".to_owned(),
    });
    if tls.is_some() {
        object.plan.set(field.clone(), secret.clone(), why);
    } else {
        object.plan.set(pointer.to_owned(), json!({"secretName": secret}), why);
        object.plan.tls = true;
    }
    let new = zone.is_none();
    object.plan.group(Group { secret, hosts, new, zone, field });
}
