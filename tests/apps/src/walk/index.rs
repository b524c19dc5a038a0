//! What there is to refer to: built objects, what controllers make of them, and what every cluster has.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::object::{everything_at, labels, list, text};
use crate::{Object, World};

/// Every object by kind, namespace and name.
#[derive(Debug)]
pub struct Index<'a> {
    world: &'a World,
    objects: BTreeMap<String, Vec<&'a Object>>,
    /// Secrets that cert-manager makes: namespace and name.
    certificates: Vec<(String, String)>,
}

/// What every cluster has: kind, namespace and name; `*` is any.
const BUILT_IN: [(&str, &str, &str); 15] = [
    // Argo CD makes it when it starts.
    ("AppProject", "argocd", "default"),
    ("Namespace", "", "default"),
    ("Namespace", "", "kube-system"),
    ("Namespace", "", "kube-public"),
    ("ServiceAccount", "*", "default"),
    ("ConfigMap", "*", "kube-root-ca.crt"),
    ("ConfigMap", "kube-system", "extension-apiserver-authentication"),
    ("Role", "kube-system", "extension-apiserver-authentication-reader"),
    ("Service", "default", "kubernetes"),
    ("ClusterRole", "", "admin"),
    ("ClusterRole", "", "cluster-admin"),
    ("ClusterRole", "", "edit"),
    ("ClusterRole", "", "view"),
    ("PriorityClass", "", "system-cluster-critical"),
    ("PriorityClass", "", "system-node-critical"),
];

impl<'a> Index<'a> {
    /// Of everything that is built.
    #[must_use]
    pub fn new(world: &'a World) -> Self {
        let mut objects: BTreeMap<_, Vec<&Object>> = BTreeMap::new();
        for object in world.objects() {
            objects.entry(object.id()).or_default().push(object);
        }
        let certificates = world.objects().flat_map(certificates).collect();
        Self { world, objects, certificates }
    }

    /// The objects of this kind and name.
    #[must_use]
    pub fn find(&self, kind: &str, namespace: &str, name: &str) -> &[&'a Object] {
        self.objects.get(&id(kind, namespace, name)).map_or(&[], Vec::as_slice)
    }

    /// The objects of a kind that Traefik calls `id@kubernetescrd`: `namespace-name`.
    #[must_use]
    pub fn provided(&self, kind: &str, id: &str) -> Vec<&'a Object> {
        let of_kind = self.world.objects().filter(|one| one.kind() == kind);
        of_kind.filter(|one| format!("{}-{}", one.namespace(), one.name()) == id).collect()
    }

    /// Whether it is there without being built: in every cluster, made by cert-manager, or in the locked upstream.
    #[must_use]
    pub fn is_elsewhere(&self, kind: &str, namespace: &str, name: &str) -> bool {
        let built_in = BUILT_IN.iter().any(|(one, within, called)| {
            *one == kind && [namespace, "*"].contains(within) && *called == name
        });
        let system = kind.ends_with("Role") && name.starts_with("system:");
        let made = kind == "Secret"
            && self.certificates.iter().any(|one| one.0 == namespace && one.1 == name);
        built_in || system || made || self.world.is_locked(kind, namespace, name)
    }

    /// The pods of a namespace: labels, spec, and who makes them.
    pub fn pods(
        &self,
        namespace: &str,
    ) -> impl Iterator<Item = (BTreeMap<String, String>, &'a Value, &'a Object)> {
        let of_namespace = self.world.objects().filter(move |one| one.namespace() == namespace);
        of_namespace.filter_map(|object| object.pod().map(|(labels, spec)| (labels, spec, object)))
    }
}

/// As [`Object::id`] says it.
pub(super) fn id(kind: &str, namespace: &str, name: &str) -> String {
    match namespace {
        "" => format!("{kind} {name}"),
        namespace => format!("{kind} {namespace}/{name}"),
    }
}

/// The keys of a Secret or a ConfigMap.
#[must_use]
pub fn keys(object: &Object) -> Vec<&str> {
    let maps = ["data", "stringData", "binaryData"].into_iter();
    let maps = maps.filter_map(|field| object.value.get(field)?.as_object());
    maps.flat_map(|map| map.keys().map(String::as_str)).collect()
}

/// The Secrets that cert-manager makes of an object.
fn certificates(object: &Object) -> Vec<(String, String)> {
    let namespace = object.namespace().to_owned();
    let of = |name: &str| (namespace.clone(), name.to_owned());
    match object.kind() {
        "Certificate" => vec![of(text(&object.value, "/spec/secretName"))],
        "Ingress" => {
            let annotations = labels(object.value.pointer("/metadata/annotations"));
            let issued = annotations.keys().any(|key| {
                ["cert-manager.io/cluster-issuer", "cert-manager.io/issuer"].contains(&key.as_str())
            });
            let blocks = if issued { list(&object.value, "/spec/tls") } else { &[] };
            blocks.iter().map(|block| of(text(block, "/secretName"))).collect()
        }
        // Its key is the account's; cert-manager makes it.
        "ClusterIssuer" | "Issuer" => {
            everything_at(&object.value, "/spec/acme/privateKeySecretRef/name")
                .into_iter()
                .filter_map(|(_, name)| Some(of(name.as_str()?)))
                .collect()
        }
        _ => Vec::new(),
    }
}
