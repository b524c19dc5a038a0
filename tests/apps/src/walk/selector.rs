//! Selectors: which labels they match, and which of a tree match no pod.

use std::collections::BTreeMap;

use serde_json::Value;

use super::index::Index;
use crate::object::{everything_at, labels, list, text};
use crate::{Object, World};

/// Pods that every cluster has and no tree builds: namespace and labels.
const BUILT_IN: [(&str, &str, &str); 1] = [("kube-system", "k8s-app", "kube-dns")];

/// Whether a `LabelSelector` matches these labels; an empty one matches all.
#[must_use]
pub fn matches(selector: &Value, of: &BTreeMap<String, String>) -> bool {
    let by_label =
        labels(selector.get("matchLabels")).iter().all(|(key, value)| of.get(key) == Some(value));
    let by_expression = list(selector, "/matchExpressions").iter().all(|one| {
        let value = of.get(text(one, "/key"));
        let listed =
            || value.is_some_and(|value| list(one, "/values").iter().any(|item| item == value));
        match text(one, "/operator") {
            "In" => listed(),
            "NotIn" => !listed(),
            "Exists" => value.is_some(),
            "DoesNotExist" => value.is_none(),
            _ => false,
        }
    });
    by_label && by_expression
}

/// Every selector that selects nothing, by object and what is wrong; and how many there are.
#[must_use]
pub fn unmatched(world: &World) -> (Vec<(String, String)>, usize) {
    let index = Index::new(world);
    let (mut wrong, mut seen) = (Vec::new(), 0);
    for object in world.objects() {
        let mut look = |at: &str, namespaces: &[&str], selector: &Value| {
            seen += 1;
            if !selects(&index, namespaces, selector) {
                wrong.push((object.id(), format!("{at} selects no pod: {selector}")));
            }
        };
        let own = [object.namespace()];
        match object.kind() {
            "Service" => {
                let selector = object.value.pointer("/spec/selector");
                if let Some(map) = selector {
                    look("/spec/selector", &own, &serde_json::json!({ "matchLabels": map }));
                }
            }
            "PodDisruptionBudget" => {
                look(
                    "/spec/selector",
                    &own,
                    object.value.pointer("/spec/selector").unwrap_or(&Value::Null),
                );
            }
            "NetworkPolicy" => network_policy(world, object, &mut look),
            "Deployment" | "StatefulSet" | "DaemonSet" => {
                seen += 1;
                let selector = object.value.pointer("/spec/selector").unwrap_or(&Value::Null);
                if object.pod().is_none_or(|(labels, _)| !matches(selector, &labels)) {
                    wrong.push((
                        object.id(),
                        "/spec/selector does not match its own template".into(),
                    ));
                }
            }
            _ => {}
        }
        ports(&index, object, &mut wrong);
    }
    (wrong, seen)
}

/// Its own pods, unless it means all, and those of its peers.
fn network_policy(world: &World, policy: &Object, look: &mut impl FnMut(&str, &[&str], &Value)) {
    let spec = policy.value.get("spec").unwrap_or(&Value::Null);
    let is_empty = |selector: &Value| selector.as_object().is_some_and(serde_json::Map::is_empty);
    if let Some(own) = spec.get("podSelector").filter(|selector| !is_empty(selector)) {
        look("/spec/podSelector", &[policy.namespace()], own);
    }
    for (at, peer) in
        ["/ingress/*/from/*", "/egress/*/to/*"].iter().flat_map(|at| everything_at(spec, at))
    {
        let Some(pods) = peer.get("podSelector").filter(|selector| !is_empty(selector)) else {
            continue;
        };
        let namespaces: Vec<&str> = match peer.get("namespaceSelector") {
            None => vec![policy.namespace()],
            Some(selector) => namespaces(world, selector),
        };
        look(&format!("/spec{at}"), &namespaces, pods);
    }
}

/// The namespaces that a selector matches, of the tree and of every cluster.
pub(crate) fn namespaces<'a>(world: &'a World, selector: &Value) -> Vec<&'a str> {
    let named = |name: &str, mut labels: BTreeMap<String, String>| {
        labels.insert("kubernetes.io/metadata.name".into(), name.into());
        matches(selector, &labels)
    };
    let built = world
        .of_kind("Namespace")
        .filter(|one| named(one.name(), labels(one.value.pointer("/metadata/labels"))));
    let system = ["default", "kube-system"].into_iter().filter(|name| named(name, BTreeMap::new()));
    built.map(Object::name).chain(system).collect()
}

fn selects(index: &Index<'_>, namespaces: &[&str], selector: &Value) -> bool {
    namespaces.iter().any(|namespace| {
        let built = index.pods(namespace).any(|(labels, ..)| matches(selector, &labels));
        let system =
            BUILT_IN.iter().filter(|(within, ..)| within == namespace).any(|(_, key, value)| {
                matches(selector, &BTreeMap::from([((*key).to_owned(), (*value).to_owned())]))
            });
        built || system
    })
}

/// Named ports: of a Service in the pods that it selects, of a policy in its pods, of a probe in its container.
fn ports(index: &Index<'_>, object: &Object, wrong: &mut Vec<(String, String)>) {
    let declared = |selector: &Value, name: &str| {
        let mut pods =
            index.pods(object.namespace()).filter(|(of, ..)| matches(selector, of)).peekable();
        pods.peek().is_none() || pods.any(|(_, spec, _)| has_port(spec, name))
    };
    let mut named = Vec::new();
    match object.kind() {
        "Service" => {
            let map = object.value.pointer("/spec/selector").cloned().unwrap_or_default();
            let selector = serde_json::json!({ "matchLabels": map });
            for (at, port) in everything_at(&object.value, "/spec/ports/*/targetPort") {
                named.push((at, port, selector.clone()));
            }
        }
        "NetworkPolicy" => {
            let selector = object.value.pointer("/spec/podSelector").cloned().unwrap_or_default();
            for (at, port) in everything_at(&object.value, "/spec/ingress/*/ports/*/port") {
                named.push((at, port, selector.clone()));
            }
        }
        _ => {}
    }
    for (at, port, selector) in named {
        if let Some(name) = port.as_str()
            && !declared(&selector, name)
        {
            wrong.push((object.id(), format!("{at}: no selected pod has a port {name}")));
        }
    }
    if let Some((_, spec)) = object.pod() {
        for container in list(spec, "/containers") {
            for probe in ["readinessProbe", "livenessProbe", "startupProbe"] {
                let port =
                    container.pointer(&format!("/{probe}/httpGet/port")).and_then(Value::as_str);
                let ports = list(container, "/ports");
                if port.is_some_and(|port| !ports.iter().any(|one| one["name"] == *port)) {
                    wrong.push((object.id(), format!("{probe}: its container has no such port")));
                }
            }
        }
    }
}

fn has_port(spec: &Value, name: &str) -> bool {
    everything_at(spec, "/containers/*/ports/*/name").iter().any(|(_, one)| **one == *name)
}
