//! What an overlay builds to, for a person who reads a diff: objects, hosts and how they are reached, images, Secrets.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::object::{everything_at, list, text};
use crate::rule::{hosts, is_route, middlewares};
use crate::walk::{Index, keys};
use crate::{Object, World};

/// The summary of an overlay.
#[must_use]
pub fn summary(world: &World, overlay: &str) -> String {
    let objects = world.builds.get(overlay).map_or(&[][..], Vec::as_slice);
    let index = Index::new(world);
    let mut out = format!("{overlay}\n\nobjects: {}\n", objects.len());
    let mut ids: Vec<String> = objects.iter().map(line).collect();
    ids.sort();
    lines(&mut out, ids);
    section(&mut out, "hosts", routes(&index, objects));
    section(&mut out, "images", images(objects));
    section(&mut out, "secrets", secrets(objects));
    section(&mut out, "applications", applications(objects));
    out
}

fn line(object: &Object) -> String {
    let wave = object.annotation("argocd.argoproj.io/sync-wave");
    let wave = wave.map(|wave| format!("  wave {wave}")).unwrap_or_default();
    format!("{}{wave}", object.id())
}

fn section(out: &mut String, title: &str, of: Vec<String>) {
    if !of.is_empty() {
        let _ = writeln!(out, "\n{title}:");
        lines(out, of);
    }
}

fn lines(out: &mut String, of: Vec<String>) {
    for line in of {
        let _ = writeln!(out, "  {line}");
    }
}

/// Each host: where it leads in DNS, who issues its certificate, whether one signs in.
fn routes(index: &Index<'_>, objects: &[Object]) -> Vec<String> {
    let mut found = Vec::new();
    for route in objects.iter().filter(|one| is_route(one)) {
        let targets: BTreeSet<&str> = crate::rule::PREFIXES
            .iter()
            .filter_map(|prefix| route.annotation(&format!("{prefix}target")))
            .collect();
        let targets: Vec<&str> = targets.into_iter().collect();
        let issuer = route.annotation("cert-manager.io/cluster-issuer").map(str::to_owned);
        let issuer = issuer.or_else(|| issuer_of_certificate(objects, route));
        let gated = middlewares(index, route).iter().all(|passed| {
            passed.iter().any(|one| one.value.pointer("/spec/forwardAuth").is_some())
        });
        let sign_in = if gated { "sign-in".to_owned() } else { open(route) };
        for host in hosts(route) {
            found.push(format!(
                "{host}  {}  dns {}  issuer {}  {sign_in}",
                route.id(),
                targets.join(" "),
                issuer.as_deref().unwrap_or("none"),
            ));
        }
    }
    found.sort();
    found
}

fn open(route: &Object) -> String {
    let reason = route.annotation("pleach.dev/forward-auth-reason").unwrap_or("no reason");
    format!("open: {reason}")
}

/// An `IngressRoute` has its certificate by an object of its own.
fn issuer_of_certificate(objects: &[Object], route: &Object) -> Option<String> {
    let secret = text(&route.value, "/spec/tls/secretName");
    let certificate = objects.iter().find(|one| {
        one.kind() == "Certificate"
            && one.namespace() == route.namespace()
            && text(&one.value, "/spec/secretName") == secret
    })?;
    Some(text(&certificate.value, "/spec/issuerRef/name").to_owned())
}

fn images(objects: &[Object]) -> Vec<String> {
    let specs = objects.iter().filter_map(Object::pod).map(|(_, spec)| spec);
    let containers = specs.flat_map(|spec| {
        ["/containers/*/image", "/initContainers/*/image"]
            .into_iter()
            .flat_map(move |at| everything_at(spec, at))
    });
    let images: BTreeSet<String> =
        containers.filter_map(|(_, image)| Some(image.as_str()?.to_owned())).collect();
    images.into_iter().collect()
}

/// By name and key; never a value.
fn secrets(objects: &[Object]) -> Vec<String> {
    let secrets = objects.iter().filter(|one| one.kind() == "Secret");
    secrets.map(|one| format!("{}: {}", one.id(), keys(one).join(", "))).collect()
}

fn applications(objects: &[Object]) -> Vec<String> {
    let applications = objects.iter().filter(|one| one.kind() == "Application");
    let mut found: Vec<(i64, String)> = applications
        .map(|one| {
            let wave =
                one.annotation("argocd.argoproj.io/sync-wave").and_then(|wave| wave.parse().ok());
            let spec = &one.value["spec"];
            let options: Vec<&str> = list(spec, "/syncPolicy/syncOptions")
                .iter()
                .filter_map(serde_json::Value::as_str)
                .collect();
            let path = text(spec, "/source/path");
            let project = text(spec, "/project");
            let line = format!("{}: {path}  project {project}  {}", one.name(), options.join(" "));
            (wave.unwrap_or(i64::MIN), line)
        })
        .collect();
    found.sort();
    found.into_iter().map(|(_, line)| line).collect()
}
