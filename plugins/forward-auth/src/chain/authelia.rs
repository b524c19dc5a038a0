//! Authelia 4.38 and later: the `ForwardAuth` and `AuthRequest` endpoints (docs, integration/kubernetes).

use super::{Backend, Chain, Member, bound, forward_auth};
use crate::config::{Authelia, Nginx, SignInRoutes};

const HEADERS: &[&str] = &["Remote-User", "Remote-Groups", "Remote-Email", "Remote-Name"];

pub(super) fn chain(preset: &Authelia) -> Chain {
    let service = Backend::of(&preset.service, "authelia", 80);
    let host = preset.auth_host.as_str().to_owned();
    let spec =
        forward_auth(&service.address("/api/authz/forward-auth"), HEADERS, &preset.forward_auth);
    let suffix = preset.name.clone().unwrap_or_else(|| "authelia".to_owned());
    Chain {
        by: format!("Authelia in {}", service.namespace),
        members: vec![Member::Made { suffix, spec, bound: bound(&preset.forward_auth) }],
        nginx: Ok(Nginx {
            url: service.full_address("/api/authz/auth-request"),
            signin: Some(format!("https://{host}?rm=$request_method")),
            response_headers: HEADERS.iter().map(|&header| header.to_owned()).collect(),
        }),
        service: Some(service),
        prefix: None,
        auth_host: Some(host),
        routes: SignInRoutes::None,
        behind_itself: false,
        since: None,
    }
}
