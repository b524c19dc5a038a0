//! Traefik: it obtains no certificate itself, speaks TLS 1.2 at least, and sends HSTS from every secure entry point.

use serde_json::Value;

use super::Report;
use crate::object::{labels, list, text};
use crate::walk::Index;
use crate::{Object, World};

/// The entry point of every public route.
const SECURE: &str = "websecure";
/// Half a year, the least that browsers' preload lists and scanners take for lasting.
const LASTING: i64 = 15_768_000;

pub(super) fn check(world: &World, report: &mut Report) {
    let index = Index::new(world);
    for (config, value) in static_configs(world) {
        let id = config.id();
        report.hold(
            value.get("certificatesResolvers").is_none(),
            &id,
            "certificatesResolvers: cert-manager does that",
        );
        let entry = value.pointer(&format!("/entryPoints/{SECURE}"));
        report.hold(entry.is_some(), &id, format!("no entry point {SECURE}"));
        let entry = entry.unwrap_or(&Value::Null);
        report.hold(entry.pointer("/http/tls").is_some(), &id, format!("{SECURE} without tls"));
        let resolver = entry.pointer("/http/tls/certResolver").is_none();
        report.hold(resolver, &id, format!("{SECURE} names a certResolver"));
        let passed = list(entry, "/http/middlewares").iter().filter_map(Value::as_str);
        let hsts = passed
            .filter_map(|one| one.strip_suffix("@kubernetescrd"))
            .flat_map(|one| index.provided("Middleware", one))
            .any(|one| {
                one.value.pointer("/spec/headers/stsSeconds").and_then(Value::as_i64)
                    >= Some(LASTING)
            });
        report.hold(hsts, &id, format!("no HSTS of half a year on {SECURE}"));
        let redirected = value.pointer("/entryPoints/web/http/redirections/entryPoint/scheme");
        report.hold(
            redirected.is_some_and(|scheme| scheme == "https"),
            &id,
            "web does not lead to https",
        );
        let insecure = value.pointer("/api/insecure") == Some(&Value::Bool(true));
        report.hold(!insecure, &id, "api.insecure");
        let published =
            value.pointer("/providers/kubernetesIngress/ingressEndpoint/publishedService");
        if let Some((namespace, name)) =
            published.and_then(Value::as_str).and_then(|one| one.split_once('/'))
        {
            report.hold(
                !index.find("Service", namespace, name).is_empty(),
                &id,
                format!("no Service {namespace}/{name}"),
            );
        }
    }
    for option in world.of_kind("TLSOption") {
        let least = text(&option.value, "/spec/minVersion");
        let modern = ["VersionTLS12", "VersionTLS13"].contains(&least);
        report.hold(modern, option.id(), format!("minVersion {least:?}"));
    }
    if world.of_kind("Deployment").any(|one| one.name() == "traefik") {
        let default = world.of_kind("TLSOption").filter(|one| one.name() == "default").count();
        report.hold(
            default == 1,
            "TLSOption default",
            format!("there are {default}, Traefik takes one"),
        );
    }
    for deployment in world.of_kind("Deployment") {
        for container in
            deployment.pod().map(|(_, spec)| list(spec, "/containers")).unwrap_or_default()
        {
            for argument in list(container, "/args").iter().filter_map(Value::as_str) {
                let resolver = argument.to_lowercase().starts_with("--certificatesresolvers");
                report.hold(!resolver, deployment.id(), argument);
            }
        }
    }
}

/// The ConfigMaps that hold a static configuration, and it.
pub(crate) fn static_configs(world: &World) -> Vec<(&Object, Value)> {
    let maps = world.of_kind("ConfigMap").flat_map(|map| {
        let files = labels(map.value.get("data")).into_iter();
        let texts =
            files.filter(|(key, _)| ["traefik.yaml", "traefik.yml"].contains(&key.as_str()));
        texts.map(move |(_, text)| (map, text))
    });
    let values = maps.filter_map(|(map, text)| {
        Some((map, yaml::values(text.as_bytes()).ok()?.into_iter().next()?))
    });
    values.collect()
}
