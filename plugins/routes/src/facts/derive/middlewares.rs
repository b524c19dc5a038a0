//! Middlewares of Traefik (3.7, `pkg/provider/kubernetes/crd/traefikio/v1alpha1/middleware.go`).

use krm::Resource;
use serde_json::Value;

use crate::facts::MiddlewareFact;
use crate::middleware_id::MiddlewareId;
use crate::read::{list, text, text_at};

pub(super) fn fact(item: &Resource) -> MiddlewareFact {
    let spec = item.get("spec").and_then(Value::as_object);
    let kind = spec.and_then(|spec| spec.keys().next()).cloned().unwrap_or_default();
    let plugin = item.pointer("/spec/plugin").and_then(Value::as_object);
    MiddlewareFact {
        namespace: item.namespace().map(str::to_owned),
        name: item.name().to_owned(),
        kind,
        plugin: plugin.and_then(|plugin| plugin.keys().next()).cloned(),
        address: text_at(item, "/spec/forwardAuth/address").map(without_credentials),
        chain: list(item, "/spec/chain/middlewares")
            .filter_map(|(_, member)| member_of(member, item.namespace()))
            .collect(),
    }
}

/// A member without a namespace is one of the chain's namespace; where that is not known yet, it stands as it is
/// written.
fn member_of(member: &Value, namespace: Option<&str>) -> Option<String> {
    let name = text(member, "name")?;
    let namespace = text(member, "namespace").or(namespace);
    let id = MiddlewareId::of_reference(namespace, name);
    Some(id.map_or_else(|| name.to_owned(), |id| id.to_string()))
}

/// An address may hold a user and a password (RFC 3986 §3.2.1); a file that is committed may not.
fn without_credentials(address: &str) -> String {
    let Some((scheme, rest)) = address.split_once("://") else { return address.to_owned() };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    let host = authority.rsplit('@').next().unwrap_or_default();
    format!("{scheme}://{host}{path}")
}

#[cfg(test)]
mod tests {
    use super::without_credentials;

    #[test]
    fn an_address_loses_its_password() {
        assert_eq!(without_credentials("http://u:p@auth.svc/a?x=@"), "http://auth.svc/a?x=@");
        assert_eq!(without_credentials("http://auth.svc:4181"), "http://auth.svc:4181");
    }
}
