//! References that stand inside a text: Traefik's middleware ids, addresses of Services, `$keys` of Argo CD.

use serde_json::Value;

use super::resolve::Target;
use crate::Object;
use crate::object::{labels, list, text, texts};

/// One of them.
pub(super) struct Reference {
    pub(super) at: String,
    pub(super) target: Target,
}

/// Annotations of Traefik's Ingress provider that name objects, and their kind.
const ANNOTATIONS: [(&str, &str); 3] = [
    ("traefik.ingress.kubernetes.io/router.middlewares", "Middleware"),
    ("traefik.ingress.kubernetes.io/router.tls.options", "TLSOption"),
    ("traefik.ingress.kubernetes.io/service.serverstransport", "ServersTransport"),
];

/// All of an object.
pub(super) fn references(object: &Object) -> Vec<Reference> {
    let mut found = Vec::new();
    for (key, kind) in ANNOTATIONS {
        for id in object.annotation(key).unwrap_or_default().split(',').filter(|id| !id.is_empty())
        {
            found.push(Reference {
                at: format!("annotation {key}"),
                target: provided(kind, id.trim()),
            });
        }
    }
    if object.kind() == "Middleware" {
        let address = text(&object.value, "/spec/forwardAuth/address");
        found.extend(service("/spec/forwardAuth/address", address));
    }
    if object.kind() == "ConfigMap" && object.name() == "argocd-cm" {
        found.extend(argo_cd_keys(object));
    }
    if let Some((_, spec)) = object.pod() {
        found.extend(arguments(spec));
    }
    found
}

/// `namespace-name@kubernetescrd`: the index knows where the namespace ends.
fn provided(kind: &str, id: &str) -> Target {
    Target {
        kind: kind.to_owned(),
        namespace: String::new(),
        name: id.to_owned(),
        keys: Vec::new(),
        port: None,
    }
}

/// `http://name.namespace.svc...:port/`.
fn service(at: &str, address: &str) -> Option<Reference> {
    let (scheme, rest) = address.split_once("://")?;
    let authority = rest.split('/').next()?;
    let (host, port) = authority.split_once(':').unwrap_or((authority, ""));
    let port = match (port, scheme) {
        ("", "https") => 443,
        ("", _) => 80,
        (port, _) => port.parse().ok()?,
    };
    let mut labels = host.split('.');
    let (name, namespace, svc) = (labels.next()?, labels.next()?, labels.next()?);
    (svc == "svc").then(|| Reference {
        at: at.to_owned(),
        target: Target {
            kind: "Service".into(),
            namespace: namespace.into(),
            name: name.into(),
            keys: Vec::new(),
            port: Some(Value::from(port)),
        },
    })
}

/// `$key` is a key of argocd-secret, `$secret:key` one of another Secret beside it.
fn argo_cd_keys(object: &Object) -> Vec<Reference> {
    let data = labels(object.value.get("data"));
    let mut found = Vec::new();
    for (key, value) in &data {
        let Ok(documents) = yaml::values(value.as_bytes()) else { continue };
        for (at, text) in documents.iter().flat_map(texts) {
            let Some(name) = text.strip_prefix('$') else { continue };
            let (secret, name) = name.split_once(':').unwrap_or(("argocd-secret", name));
            found.push(Reference {
                at: format!("/data/{key}{at}"),
                target: Target {
                    kind: "Secret".into(),
                    namespace: object.namespace().into(),
                    name: secret.into(),
                    keys: vec![name.into()],
                    port: None,
                },
            });
        }
    }
    found
}

/// What Traefik is told on its command line.
fn arguments(spec: &Value) -> Vec<Reference> {
    let containers = list(spec, "/containers").iter();
    let arguments = containers.flat_map(|one| list(one, "/args")).filter_map(Value::as_str);
    let mut found = Vec::new();
    for argument in arguments {
        let Some((flag, value)) = argument.split_once('=') else { continue };
        let flag = flag.to_lowercase();
        if flag.ends_with(".publishedservice") {
            if let Some((namespace, name)) = value.split_once('/') {
                let target = Target {
                    kind: "Service".into(),
                    namespace: namespace.into(),
                    name: name.into(),
                    keys: Vec::new(),
                    port: None,
                };
                found.push(Reference { at: flag, target });
            }
        } else if flag.ends_with(".http.middlewares") {
            for id in value.split(',') {
                found.push(Reference { at: flag.clone(), target: provided("Middleware", id) });
            }
        } else if flag.ends_with(".http.tls.options") {
            found.push(Reference { at: flag, target: provided("TLSOption", value) });
        }
    }
    found
}
