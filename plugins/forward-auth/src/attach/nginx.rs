//! An Ingress in the words of ingress-nginx (1.13, `internal/ingress/annotations/authreq`), which Traefik's provider for it
//! reads too (3.7).

use krm::{Finding, Resource};
use routes::keys;
use serde_json::json;

use super::Change;
use crate::around::Around;
use crate::case::Case;
use crate::report;

const URL: &str = "nginx.ingress.kubernetes.io/auth-url";
const SIGNIN: &str = "nginx.ingress.kubernetes.io/auth-signin";
const RESPONSE_HEADERS: &str = "nginx.ingress.kubernetes.io/auth-response-headers";
/// `basic` or `digest`, with the users in a Secret.
const TYPE: &str = "nginx.ingress.kubernetes.io/auth-type";

/// Whether the author of an Ingress has put a sign-in before it.
pub(super) fn is_signed_in(item: &Resource) -> bool {
    [URL, TYPE].iter().any(|key| stands(item, key))
}

pub(super) fn changes(around: &Around<'_>, case: &Case<'_>) -> Result<Vec<Change>, Box<Finding>> {
    let Some(at) = case.chain else { return Ok(Vec::new()) };
    let nginx = match &around.chains.get(at).nginx {
        Ok(nginx) => nginx,
        Err(why) => return Err(report::no_words(case, why)),
    };
    let headers = Some(nginx.response_headers.join(",")).filter(|headers| !headers.is_empty());
    let written = [
        (URL, Some(nginx.url.clone())),
        (SIGNIN, nginx.signin.clone()),
        (RESPONSE_HEADERS, headers),
    ];
    let changes = written.into_iter().filter(|(key, _)| !stands(case.item, key));
    Ok(changes
        .filter_map(|(key, value)| {
            let (pointer, value) = (keys::pointer(key), json!(value?));
            Some(Change::Set { pointer, value, why: around.why(case) })
        })
        .collect())
}

fn stands(item: &Resource, key: &str) -> bool {
    item.annotation(key).is_some_and(|value| !value.trim().is_empty())
}
