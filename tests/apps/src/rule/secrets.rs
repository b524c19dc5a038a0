//! The Secrets that the apps need, each with its keys. A row for each is all that a further app brings.

use super::Report;
use super::cookie_secret::decoded;
use crate::object::text;
use crate::walk::keys;
use crate::{Object, World};

/// App, namespace, name and keys.
pub(crate) const NEEDED: [(&str, &str, &str, &[&str]); 4] = [
    ("argocd", "argocd", "argocd-secret", &["oidc.gitlab.clientSecret", "webhook.gitlab.secret"]),
    ("external-dns", "external-dns", "external-dns-cloudflare-token", &["CF_API_TOKEN"]),
    ("cert-manager", "cert-manager", "cloudflare-api-token-secret", &["api-token"]),
    (
        "oauth2-proxy",
        "oauth2-proxy",
        "oauth2-proxy-secrets",
        &[
            "OAUTH2_PROXY_COOKIE_SECRET",
            "OAUTH2_PROXY_CLIENT_ID",
            "OAUTH2_PROXY_CLIENT_SECRET",
            "authenticated-emails-list",
        ],
    ),
];

pub(super) fn check(world: &World, report: &mut Report) {
    for (app, namespace, name, needed) in NEEDED {
        if !world.builds.contains_key(&format!("apps/{app}/overlays/prod")) {
            continue;
        }
        let secret = world.of_kind("Secret").find(|one| {
            one.app() == app && one.namespace() == namespace && is_called(one.name(), name)
        });
        report.hold(
            secret.is_some(),
            format!("apps/{app}"),
            format!("no Secret {namespace}/{name}"),
        );
        for key in secret.map_or(&[][..], |_| needed) {
            let there =
                secret.is_some_and(|one| value(one, key).is_some_and(|value| !value.is_empty()));
            report.hold(
                there,
                format!("Secret {namespace}/{name}"),
                format!("no value under {key}"),
            );
        }
    }
    for secret in world.of_kind("Secret").filter(|one| !keys(one).is_empty()) {
        for key in keys(secret) {
            let sealed = value(secret, key).is_some_and(|value| value.starts_with(b"ENC["));
            report.hold(!sealed, secret.id(), format!("{key} is still encrypted"));
        }
    }
}

/// A name, or that name with kustomize's hash behind it.
fn is_called(found: &str, name: &str) -> bool {
    found.strip_prefix(name).is_some_and(|rest| {
        let hash = rest.strip_prefix('-').unwrap_or("?");
        rest.is_empty() || hash.len() == 10 && hash.chars().all(|c| c.is_ascii_alphanumeric())
    })
}

/// What stands under a key of a Secret.
pub(crate) fn value(secret: &Object, key: &str) -> Option<Vec<u8>> {
    let key = key.replace('~', "~0").replace('/', "~1");
    let plain = text(&secret.value, &format!("/stringData/{key}"));
    if !plain.is_empty() {
        return Some(plain.as_bytes().to_vec());
    }
    decoded(secret.value.pointer(&format!("/data/{key}"))?.as_str()?)
}
