//! Each namespace: there, closed by default, and of a Pod Security level.

use std::collections::BTreeSet;

use serde_json::Value;

use super::Report;
use crate::object::list;
use crate::{Object, World};

pub(super) fn check(world: &World, report: &mut Report) {
    let namespaces: BTreeSet<&str> = world.of_kind("Namespace").map(Object::name).collect();
    for namespace in world.of_kind("Namespace") {
        let name = namespace.name();
        for direction in ["Ingress", "Egress"] {
            let closed = world
                .of_kind("NetworkPolicy")
                .filter(|policy| policy.namespace() == name)
                .any(|policy| denies(&policy.value["spec"], direction));
            report.hold(closed, namespace.id(), format!("{direction} is not denied by default"));
        }
        let level = namespace.value.pointer("/metadata/labels/pod-security.kubernetes.io~1enforce");
        let known = level
            .and_then(Value::as_str)
            .is_some_and(|level| ["restricted", "baseline", "privileged"].contains(&level));
        report.hold(known, namespace.id(), "no pod-security.kubernetes.io/enforce");
        if level.and_then(Value::as_str) == Some("privileged") {
            report.refuse_unless_excepted(
                world,
                "privileged",
                name,
                namespace.id(),
                "privileged pods",
            );
        }
    }
    report.refuse_idle_exceptions(world, "privileged");
    for object in world.objects().filter(|one| one.from.starts_with("apps/")) {
        let there = object.namespace().is_empty()
            || object.namespace() == "kube-system"
            || namespaces.contains(object.namespace());
        report.hold(there, object.id(), "no object of the tree is its namespace");
    }
}

/// Whether a policy denies a direction for every pod.
fn denies(spec: &Value, direction: &str) -> bool {
    let all =
        spec.get("podSelector").and_then(Value::as_object).is_some_and(serde_json::Map::is_empty);
    let rules = list(spec, &format!("/{}", direction.to_lowercase()));
    let named = list(spec, "/policyTypes").iter().any(|one| one == direction);
    all && named && rules.is_empty()
}
