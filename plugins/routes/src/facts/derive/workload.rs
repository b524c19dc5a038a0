//! Workloads: which of their containers are controllers, and how each is called.

use krm::Resource;
use serde_json::Value;

use super::arguments::Arguments;
use super::image;
use super::tree::Tree;
use crate::facts::version::Version;
use crate::read::{list, text};

/// A program whose facts are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Program {
    ExternalDns,
    Traefik,
    CertManager,
}

impl Program {
    /// `app.kubernetes.io/name` in its chart.
    fn of_label(name: &str) -> Option<Self> {
        Some(match name {
            "external-dns" => Self::ExternalDns,
            "traefik" => Self::Traefik,
            "cert-manager" => Self::CertManager,
            _ => return None,
        })
    }

    /// The names of its program file, and those that charts give its container.
    fn names(self) -> &'static [&'static str] {
        match self {
            Self::ExternalDns => &["external-dns"],
            // Its image starts it by a script.
            Self::Traefik => &["traefik", "traefik-hub", "entrypoint.sh"],
            Self::CertManager => &["controller", "cert-manager-controller", "cert-manager"],
        }
    }
}

/// A container that runs a controller.
pub(super) struct Controller<'a> {
    pub(super) program: Program,
    /// The name of its workload.
    pub(super) name: String,
    /// The namespace of its workload.
    pub(super) namespace: Option<String>,
    pub(super) version: Option<String>,
    pub(super) arguments: Arguments,
    pub(super) tree: &'a Tree<'a>,
    pub(super) pod: &'a Value,
    pub(super) container: &'a Value,
}

/// The controllers of a workload: by the images of its containers, else by its labels.
pub(super) fn controllers<'a>(item: &'a Resource, tree: &'a Tree<'a>) -> Vec<Controller<'a>> {
    let value: &'a Value = item;
    let Some(pod) = value.pointer("/spec/template/spec") else { return Vec::new() };
    let containers: Vec<&Value> =
        list(pod, "/containers").map(|(_, container)| container).collect();
    let by_image = |container: &&'a Value| {
        let image = text(container, "image")?;
        Some((image::program(image)?, *container))
    };
    let mut found: Vec<(Program, &Value)> = containers.iter().filter_map(by_image).collect();
    if found.is_empty() {
        found.extend(by_label(item, &containers));
    }
    let controller = |(program, container)| Controller {
        program,
        name: item.name().to_owned(),
        namespace: item.namespace().map(str::to_owned),
        version: version(item, program, container),
        arguments: Arguments::of(container, item.namespace(), program.names(), tree),
        tree,
        pod,
        container,
    };
    found.into_iter().map(controller).collect()
}

/// By `app.kubernetes.io/name`: an image of another name, as some build their own.
fn by_label<'a>(item: &Resource, containers: &[&'a Value]) -> Option<(Program, &'a Value)> {
    let program = Program::of_label(label(item, "app.kubernetes.io/name")?)?;
    let component = label(item, "app.kubernetes.io/component");
    if program == Program::CertManager && component.is_some_and(|one| one != "controller") {
        return None;
    }
    let named = |container: &&&Value| {
        text(container, "name").is_some_and(|name| program.names().contains(&name))
    };
    match containers {
        [only] => Some((program, only)),
        several => several.iter().find(named).map(|container| (program, *container)),
    }
}

/// A label of the pods, or of the workload.
fn label<'a>(item: &'a Resource, key: &str) -> Option<&'a str> {
    let pods = item.pointer("/spec/template/metadata/labels").and_then(|labels| labels.get(key));
    pods.and_then(Value::as_str).or_else(|| item.label(key))
}

/// The version: of the image, else of the chart that made the workload.
fn version(item: &Resource, program: Program, container: &Value) -> Option<String> {
    let of_image = text(container, "image").and_then(image::version);
    let of_app = || {
        let version = label(item, "app.kubernetes.io/version")?;
        Version::parse(version).map(|_| version.trim_start_matches('v').to_owned())
    };
    of_image.or_else(of_app).or_else(|| of_chart(program, label(item, "helm.sh/chart")?))
}

/// The version of the program in a chart: cert-manager's has the same, that of ExternalDNS the same minor version
/// (1.21.1 installs 0.21.0: `charts/external-dns/CHANGELOG.md`), and Traefik's says nothing.
fn of_chart(program: Program, chart: &str) -> Option<String> {
    match program {
        Program::ExternalDns => {
            let version = chart.strip_prefix("external-dns-1.")?;
            let minor: u64 = version.split('.').next()?.parse().ok()?;
            // Before 1.13 the two were counted apart.
            (minor >= 13).then(|| format!("0.{minor}"))
        }
        Program::CertManager => {
            let version = chart.strip_prefix("cert-manager-")?;
            Version::parse(version).map(|_| version.trim_start_matches('v').to_owned())
        }
        Program::Traefik => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_chart_is_a_second_source_of_the_version() {
        let of = |program, chart| of_chart(program, chart);
        assert_eq!(of(Program::ExternalDns, "external-dns-1.21.1").as_deref(), Some("0.21"));
        assert_eq!(of(Program::ExternalDns, "external-dns-1.12.2"), None);
        assert_eq!(
            of(Program::ExternalDns, "external-dns-6.5.0"),
            None,
            "a chart of another publisher"
        );
        assert_eq!(of(Program::CertManager, "cert-manager-v1.20.0").as_deref(), Some("1.20.0"));
        assert_eq!(of(Program::Traefik, "traefik-37.1.0"), None);
    }
}
