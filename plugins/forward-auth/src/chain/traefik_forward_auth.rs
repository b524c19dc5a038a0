//! thomseddon/traefik-forward-auth 2.2: it answers its own path (`/_oauth`) from behind the middleware, so no route of it
//! stays open but that of its own host.

use super::{Backend, Chain, Member, bound, forward_auth};
use crate::config::{SignInRoutes, TraefikForwardAuth};

pub(super) fn chain(preset: &TraefikForwardAuth) -> Chain {
    let service = Backend::of(&preset.service, "traefik-forward-auth", 4181);
    let spec = forward_auth(&service.address(""), &["X-Forwarded-User"], &preset.forward_auth);
    let suffix = preset.name.clone().unwrap_or_else(|| "traefik-forward-auth".to_owned());
    Chain {
        by: format!("traefik-forward-auth in {}", service.namespace),
        members: vec![Member::Made { suffix, spec, bound: bound(&preset.forward_auth) }],
        nginx: Err("traefik-forward-auth speaks to Traefik alone"),
        service: Some(service),
        prefix: None,
        auth_host: preset.auth_host.as_ref().map(|host| host.as_str().to_owned()),
        routes: SignInRoutes::None,
        behind_itself: true,
        since: None,
    }
}
