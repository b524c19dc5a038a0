//! Whether the network policies of a tree let one pod reach another.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::object::{everything_at, labels, list, text};
use crate::walk::{Index, matches};
use crate::{Object, World};

/// A pod that an object of the tree makes.
#[derive(Debug, Clone)]
pub(crate) struct Pod<'a> {
    pub(crate) maker: &'a Object,
    labels: BTreeMap<String, String>,
    spec: &'a Value,
}

/// The pods that a Service selects.
pub(crate) fn behind<'a>(index: &Index<'a>, service: &Object) -> Vec<Pod<'a>> {
    let map = service.value.pointer("/spec/selector").cloned().unwrap_or_default();
    let selector = serde_json::json!({ "matchLabels": map });
    let pods = index.pods(service.namespace()).filter(|(labels, ..)| matches(&selector, labels));
    pods.map(|(labels, spec, maker)| Pod { maker, labels, spec }).collect()
}

/// The ports of a pod that a Service leads to: of one of its ports by name or number, or of all.
pub(crate) fn targets(service: &Object, pod: &Pod<'_>, port: Option<&Value>) -> Vec<u64> {
    let chosen = list(&service.value, "/spec/ports").iter().filter(|one| match port {
        Some(Value::String(name)) => one["name"] == *name,
        Some(number) => one["port"] == *number,
        None => true,
    });
    let numbers = chosen.filter_map(|one| match one.get("targetPort") {
        Some(Value::String(name)) => named(pod, name),
        Some(number) => number.as_u64(),
        None => one["port"].as_u64(),
    });
    numbers.collect()
}

fn named(pod: &Pod<'_>, name: &str) -> Option<u64> {
    let ports = everything_at(pod.spec, "/containers/*/ports/*").into_iter().map(|(_, one)| one);
    ports.into_iter().find(|one| one["name"] == name)?["containerPort"].as_u64()
}

/// Whether `from` may reach `to` at a port, by the policies of both.
pub(crate) fn reaches(
    world: &World,
    from: &Pod<'_>,
    to: &Pod<'_>,
    port: u64,
) -> Result<(), &'static str> {
    if !allowed(world, "Egress", from, to, to, port) {
        return Err("no policy lets it out");
    }
    if !allowed(world, "Ingress", to, from, to, port) {
        return Err("no policy lets it in");
    }
    Ok(())
}

/// Whether the policies of `pod` allow a direction with `peer`; a pod that no policy selects is open.
fn allowed(
    world: &World,
    direction: &str,
    pod: &Pod<'_>,
    peer: &Pod<'_>,
    target: &Pod<'_>,
    port: u64,
) -> bool {
    let policies = world.of_kind("NetworkPolicy").filter(|policy| {
        let spec = &policy.value["spec"];
        let types = list(spec, "/policyTypes").iter().any(|one| one == direction);
        let selects =
            spec.get("podSelector").is_some_and(|selector| matches(selector, &pod.labels));
        policy.namespace() == pod.maker.namespace() && types && selects
    });
    let mut closed = false;
    for policy in policies {
        closed = true;
        let (rules, peers) = match direction {
            "Ingress" => ("/spec/ingress", "/from"),
            _ => ("/spec/egress", "/to"),
        };
        let admits = list(&policy.value, rules).iter().any(|rule| {
            let listed = list(rule, peers);
            let who =
                listed.is_empty() || listed.iter().any(|one| is_peer(world, policy, one, peer));
            who && has_port(rule, target, port)
        });
        if admits {
            return true;
        }
    }
    !closed
}

fn is_peer(world: &World, policy: &Object, peer: &Value, pod: &Pod<'_>) -> bool {
    let namespace = match peer.get("namespaceSelector") {
        Some(selector) => matches(selector, &of_namespace(world, pod.maker.namespace())),
        None => policy.namespace() == pod.maker.namespace(),
    };
    let pods = peer.get("podSelector").is_none_or(|selector| matches(selector, &pod.labels));
    peer.get("ipBlock").is_none() && namespace && pods
}

fn of_namespace(world: &World, name: &str) -> BTreeMap<String, String> {
    let namespace = world.of_kind("Namespace").find(|one| one.name() == name);
    let mut found = labels(namespace.and_then(|one| one.value.pointer("/metadata/labels")));
    found.insert("kubernetes.io/metadata.name".to_owned(), name.to_owned());
    found
}

fn has_port(rule: &Value, target: &Pod<'_>, port: u64) -> bool {
    let ports = list(rule, "/ports");
    let is_it = |one: &Value| match one.get("port") {
        Some(Value::String(name)) => named(target, name) == Some(port),
        Some(number) => number.as_u64() == Some(port),
        None => true,
    };
    ports.is_empty() || ports.iter().any(|one| text(one, "/protocol") != "UDP" && is_it(one))
}
