//! ExternalDNS: what it may do is said, whose records they are, and it reads a prefix that the tree writes.

use serde_json::Value;

use super::Report;
use super::dns::PREFIXES;
use super::routes::is_route;
use crate::object::list;
use crate::{Object, World};

/// The prefix that is read where no flag says one: from 0.22 on the new one (commit ecb88cfbd of external-dns).
fn default_prefix(image: &str) -> &'static str {
    let tag = image.rsplit_once(":v").map_or("", |(_, tag)| tag);
    let minor = tag.split('.').nth(1).and_then(|minor| minor.parse::<u32>().ok());
    if tag.starts_with("0.") && minor < Some(22) { PREFIXES[0] } else { PREFIXES[1] }
}

/// The resources that a source lists (chart of external-dns, `templates/clusterrole.yaml`, v0.22.0).
const SOURCES: [(&str, &str, &str); 4] = [
    ("ingress", "networking.k8s.io", "ingresses"),
    ("service", "", "services"),
    ("traefik-proxy", "traefik.io", "ingressroutes"),
    ("crd", "externaldns.k8s.io", "dnsendpoints"),
];

pub(super) fn check(world: &World, report: &mut Report) {
    for object in world.objects() {
        let Some((_, spec)) = object.pod() else { continue };
        for container in list(spec, "/containers").iter().filter(|one| is_external_dns(one)) {
            flags(world, object, container, report);
        }
    }
}

fn is_external_dns(container: &Value) -> bool {
    container["image"].as_str().is_some_and(|image| image.contains("/external-dns:"))
}

fn flags(world: &World, object: &Object, container: &Value, report: &mut Report) {
    let arguments: Vec<&str> = list(container, "/args").iter().filter_map(Value::as_str).collect();
    let values = |flag: &str| -> Vec<&str> {
        let start = format!("--{flag}=");
        arguments.iter().filter_map(|one| one.strip_prefix(&*start)).collect()
    };
    let id = object.id();
    let policy = values("policy");
    let said = policy.len() == 1
        && policy.iter().all(|one| ["sync", "upsert-only", "create-only"].contains(one));
    report.hold(said, &id, "no --policy: 0.22 does not start without it");
    report.hold(values("registry") == ["txt"], &id, "no --registry=txt");
    report.hold(values("txt-owner-id").iter().any(|one| !one.is_empty()), &id, "no --txt-owner-id");
    report.hold(values("provider") == ["cloudflare"], &id, "no --provider=cloudflare");
    let filtered = values("domain-filter").iter().any(|one| !one.is_empty());
    report.hold(filtered, &id, "no --domain-filter: every zone of the token is open to it");
    let image = container["image"].as_str().unwrap_or_default();
    let prefix = values("annotation-prefix").first().copied().unwrap_or(default_prefix(image));
    let key = format!("{prefix}target");
    let mut routes = world.objects().filter(|one| is_route(one));
    let written = PREFIXES.contains(&prefix) && routes.all(|one| one.annotation(&key).is_some());
    report.hold(written, &id, format!("reads {prefix}, which the tree does not write"));
    let sources = values("source");
    report.hold(!sources.is_empty(), &id, "no --source");
    let roles: Vec<&Object> =
        world.of_kind("ClusterRole").filter(|one| one.app() == object.app()).collect();
    for source in sources {
        let Some((_, group, resource)) = SOURCES.iter().find(|(name, ..)| *name == source) else {
            continue;
        };
        let allowed = roles.iter().flat_map(|role| list(&role.value, "/rules")).any(|rule| {
            let has = |at: &str, what: &str| list(rule, at).iter().any(|one| one == what);
            has("/apiGroups", group)
                && has("/resources", resource)
                && has("/verbs", "list")
                && has("/verbs", "watch")
        });
        report.hold(allowed, &id, format!("may not list {resource} for the source {source}"));
    }
}
