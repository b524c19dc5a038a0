//! authentik: an outpost as forward auth (docs, providers/proxy).

use super::{Backend, Chain, Member, bound, forward_auth};
use crate::config::Authentik;

const HEADERS: &[&str] = &[
    "X-authentik-username",
    "X-authentik-groups",
    "X-authentik-entitlements",
    "X-authentik-email",
    "X-authentik-name",
    "X-authentik-uid",
    "X-authentik-jwt",
    "X-authentik-meta-jwks",
    "X-authentik-meta-outpost",
    "X-authentik-meta-provider",
    "X-authentik-meta-app",
    "X-authentik-meta-version",
];
const PREFIX: &str = "/outpost.goauthentik.io/";

pub(super) fn chain(preset: &Authentik) -> Chain {
    let service = Backend::of(&preset.service, "authentik-server", 80);
    let spec = forward_auth(
        &service.address(&format!("{PREFIX}auth/traefik")),
        HEADERS,
        &preset.forward_auth,
    );
    let suffix = preset.name.clone().unwrap_or_else(|| "authentik".to_owned());
    Chain {
        by: format!("authentik in {}", service.namespace),
        members: vec![Member::Made { suffix, spec, bound: bound(&preset.forward_auth) }],
        nginx: Err(
            "authentik behind ingress-nginx needs an `auth-snippet`, and is not written here",
        ),
        service: Some(service),
        prefix: Some(PREFIX.to_owned()),
        auth_host: preset.auth_host.as_ref().map(|host| host.as_str().to_owned()),
        routes: preset.sign_in_routes,
        behind_itself: false,
        since: None,
    }
}
