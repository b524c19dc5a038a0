//! What the facts say of cert-manager, its issuers and Traefik, in the questions of this crate.

use routes::facts::{CertManagerFact, IssuerFact, Known, TraefikFact};
use routes::{ClusterFacts, Facts};

use crate::issuer::IssuerRef;

/// The API group of cert-manager's own issuers.
pub(crate) const GROUP: &str = "cert-manager.io";

/// The controllers of cert-manager; none where nothing says which there are, and where there are none.
fn controllers(facts: &Facts) -> Vec<&CertManagerFact> {
    facts.cert_manager().found().unwrap_or_default()
}

/// The default issuer, as far as it is known: `Absent` where no controller has one.
pub(crate) fn default_issuer(facts: &Facts) -> Known<IssuerRef> {
    let Known::Found(controllers, source) = facts.cert_manager() else { return Known::Unknown };
    if controllers.iter().any(|one| one.unreadable_arguments) {
        return Known::Unknown;
    }
    let issuer = controllers.iter().find_map(|one| {
        let name = one.default_issuer_name.clone()?;
        // `--default-issuer-kind` is Issuer where it is not given (v1.21.2, `v1alpha1/defaults.go`).
        let kind = one.default_issuer_kind.clone().unwrap_or_else(|| "Issuer".to_owned());
        let group = one.default_issuer_group.clone().filter(|group| group != GROUP);
        Some(IssuerRef { name, kind, group })
    });
    issuer.map_or(Known::Absent, |issuer| Known::Found(issuer, source))
}

/// Annotations beside `tls-acme` that ask for a certificate by the default issuer.
pub(crate) fn auto_annotations(facts: &Facts) -> impl Iterator<Item = &str> {
    let annotations =
        controllers(facts).into_iter().flat_map(|one| &one.auto_certificate_annotations);
    annotations.map(String::as_str).filter(|key| *key != crate::keys::TLS_ACME)
}

/// Whether cert-manager reads Gateways: `None` where that is not known.
pub(crate) fn reads_gateways(facts: &Facts) -> Option<bool> {
    let controllers = controllers(facts);
    if controllers.iter().any(|one| one.gateway_api) {
        return Some(true);
    }
    (!controllers.is_empty() && !controllers.iter().any(|one| one.unreadable_arguments))
        .then_some(false)
}

/// Every issuer that the facts hold.
pub(crate) fn issuers(facts: &Facts) -> impl Iterator<Item = &IssuerFact> {
    let all = std::iter::once(&facts.here).chain(&facts.elsewhere);
    all.flat_map(|facts: &ClusterFacts| facts.issuers.iter().flatten())
}

/// The issuer that an object of a namespace means.
pub(crate) fn issuer<'a>(
    facts: &'a Facts,
    issuer: &IssuerRef,
    namespace: Option<&str>,
) -> Known<&'a IssuerFact> {
    let group = issuer.group.as_deref().unwrap_or_default();
    match facts.issuer(&issuer.kind, group, namespace, &issuer.name) {
        // Without a namespace nobody knows which Issuer is meant, and issuers of other groups are not looked for.
        Known::Absent if issuer.group.is_some() => Known::Unknown,
        Known::Absent if issuer.is_namespaced() && namespace.is_none() => Known::Unknown,
        known => known,
    }
}

/// The Traefiks, the one that serves a class where one is named.
pub(crate) fn traefiks<'a>(facts: &'a Facts, class: Option<&str>) -> Vec<&'a TraefikFact> {
    facts.traefik_of(class).found().unwrap_or_default()
}

/// Whether a class belongs to a controller that is known not to be Traefik.
pub(crate) fn of_another_controller(facts: &Facts, class: Option<&str>) -> bool {
    let Some(class) = class.or_else(|| facts.default_class().found()) else { return false };
    let controller = facts.controller_of(class).found().flatten();
    controller.is_some_and(|controller| !controller.contains("traefik"))
}
