//! oauth2-proxy 7: three recipes (docs/configuration/integrations/traefik.md of v7.15, and Traefik's forwardAuth).

use krm::Finding;
use serde_json::json;

use super::{Backend, Chain, Member, below, bound, forward_auth, unusable};
use crate::config::{Nginx, Oauth2Proxy, Recipe};

/// What `--set-xauthrequest` answers with.
const HEADERS: &[&str] = &[
    "X-Auth-Request-User",
    "X-Auth-Request-Email",
    "X-Auth-Request-Groups",
    "X-Auth-Request-Preferred-Username",
    "X-Auth-Request-Access-Token",
    "Authorization",
];

pub(super) fn chain(preset: &Oauth2Proxy) -> Result<Chain, Box<Finding>> {
    let service = Backend::of(&preset.service, "oauth2-proxy", 4180);
    let name = preset.name.as_deref().unwrap_or("oauth2-proxy");
    let prefix = preset.prefix.as_deref().unwrap_or("/oauth2").trim_end_matches('/');
    if !prefix.starts_with('/') {
        return Err(unusable(
            "a path begins with `/`, and `/` alone is every page",
            "oauth2Proxy.prefix",
            "write the value of --proxy-prefix, `/oauth2` where it is not set",
        ));
    }
    let host = preset.auth_host.as_ref().map(|host| host.as_str().to_owned());
    // Without a host of its own a path is one of the protected host.
    let origin = host.as_ref().map(|host| format!("https://{host}")).unwrap_or_default();
    let options = &preset.forward_auth;
    let bound_by_options = bound(options);
    let auth = |path: &str| forward_auth(&service.address(path), HEADERS, options);
    let made = |suffix: String, spec, bound| Member::Made { suffix, spec, bound };
    let members = match preset.recipe {
        Recipe::Static => vec![made(name.to_owned(), auth("/"), bound_by_options)],
        Recipe::Signin => {
            let mut spec = auth(&format!("{prefix}/auth"));
            spec["forwardAuth"]["authSigninURL"] = json!(format!("{origin}{prefix}/start"));
            vec![made(name.to_owned(), spec, bound_by_options)]
        }
        Recipe::Errors => {
            let errors = json!({"errors": {
                "status": ["401-403"],
                "statusRewrites": {"401": 302},
                "service": {"name": service.name, "namespace": service.namespace, "port": service.port},
                "query": format!("{prefix}/sign_in?rd={{url}}"),
            }});
            vec![
                made(format!("{name}-errors"), errors, Some("a Service")),
                made(name.to_owned(), auth(&format!("{prefix}/auth")), bound_by_options),
            ]
        }
    };
    let signin = if host.is_some() {
        format!("{origin}{prefix}/start?rd=https://$host$escaped_request_uri")
    } else {
        format!("https://$host{prefix}/start?rd=$escaped_request_uri")
    };
    Ok(Chain {
        by: format!("oauth2-proxy in {}", service.namespace),
        members,
        nginx: Ok(Nginx {
            url: service.full_address(&format!("{prefix}/auth")),
            signin: Some(signin),
            response_headers: HEADERS.iter().map(|&header| header.to_owned()).collect(),
        }),
        service: Some(service),
        prefix: Some(below(prefix)),
        auth_host: host,
        routes: preset.sign_in_routes,
        behind_itself: false,
        since: (preset.recipe == Recipe::Signin).then_some((3, 7)),
    })
}
