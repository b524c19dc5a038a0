//! Middlewares that stand already, or an address of one's own.

use krm::Finding;

use super::{Backend, Chain, Member, below, bound, forward_auth, unusable};
use crate::config::{Custom, SignInRoutes};

pub(super) fn chain(preset: &Custom) -> Result<Chain, Box<Finding>> {
    let suffix = preset.name.clone().unwrap_or_else(|| "auth".to_owned());
    let members: Vec<Member> = match (&preset.address, preset.middlewares.as_slice()) {
        (Some(address), [])
            if address.starts_with("http://") || address.starts_with("https://") =>
        {
            let spec = forward_auth(address, &[], &preset.forward_auth);
            vec![Member::Made { suffix, spec, bound: bound(&preset.forward_auth) }]
        }
        (Some(_), []) => {
            return Err(unusable(
                "no address: expected `http://` or `https://`",
                "custom.address",
                "write the whole URL that Traefik asks",
            ));
        }
        (None, named @ [_, ..]) => named
            .iter()
            .map(|one| Member::Existing {
                namespace: one.namespace.clone(),
                name: one.name.clone(),
            })
            .collect(),
        _ => {
            return Err(unusable(
                "expected one of `middlewares` and `address`",
                "custom",
                "name the middlewares that stand already, or the address that is asked",
            ));
        }
    };
    let prefix = preset.prefix.as_deref().map(below).filter(|prefix| prefix != "/");
    if preset.prefix.as_deref().is_some_and(|prefix| !prefix.starts_with('/'))
        || prefix.is_none() != preset.prefix.is_none()
    {
        return Err(unusable(
            "a path begins with `/`, and `/` alone is every page",
            "custom.prefix",
            "write the path of the sign-in service, or leave it out",
        ));
    }
    Ok(Chain {
        by: "the configured middlewares".to_owned(),
        members,
        service: preset.service.as_ref().map(|service| Backend::of(service, "auth", 80)),
        prefix,
        auth_host: preset.auth_host.as_ref().map(|host| host.as_str().to_owned()),
        routes: SignInRoutes::None,
        nginx: preset.nginx.clone().ok_or("the config gives no `custom.nginx`"),
        behind_itself: false,
        since: None,
    })
}
