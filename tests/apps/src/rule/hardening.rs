//! Pods that we write: probes, resources, no root, a read-only root, no capability, a budget for more than one replica.

use serde_json::Value;

use super::Report;
use crate::object::{list, text};
use crate::walk::matches;
use crate::{Object, World};

pub(super) fn check(world: &World, report: &mut Report) {
    for object in world.ours() {
        let Some((labels_of_pod, spec)) = object.pod() else { continue };
        let mut need = |holds: bool, container: &str, what: &str| {
            report.look();
            if !holds {
                let name = format!("{} {container}: {what}", object.id());
                report.refuse_unless_excepted(
                    world,
                    "hardening",
                    &name,
                    format!("{} {container}", object.id()),
                    what,
                );
            }
        };
        for (container, init) in containers(spec) {
            let name = text(container, "/name");
            for (what, holds) in security(spec, container) {
                need(holds, name, what);
            }
            let memory = container.pointer("/resources/limits/memory").is_some();
            need(memory, name, "no limit of memory");
            let requests = ["cpu", "memory"]
                .iter()
                .all(|what| container.pointer(&format!("/resources/requests/{what}")).is_some());
            need(requests, name, "no requests of cpu and memory");
            let runs_on = !init && !["Job", "CronJob"].contains(&object.kind());
            need(!runs_on || container.get("readinessProbe").is_some(), name, "no readiness probe");
            need(!runs_on || container.get("livenessProbe").is_some(), name, "no liveness probe");
            need(pinned(text(container, "/image")), name, "its image has no version");
        }
        let replicas = object.value.pointer("/spec/replicas").and_then(Value::as_i64).unwrap_or(1);
        let budget = budgeted(world, object, &labels_of_pod);
        need(replicas < 2 || budget, "", "more than one replica and no PodDisruptionBudget");
    }
    report.refuse_idle_exceptions(world, "hardening");
}

fn containers(spec: &Value) -> Vec<(&Value, bool)> {
    let of = |at: &str, init: bool| list(spec, at).iter().map(move |one| (one, init));
    of("/initContainers", true).chain(of("/containers", false)).collect()
}

/// What the security contexts of a container and its pod must say.
fn security(spec: &Value, container: &Value) -> [(&'static str, bool); 5] {
    let own = |at: &str| container.pointer(&format!("/securityContext/{at}"));
    let either = |at: &str| own(at).or_else(|| spec.pointer(&format!("/securityContext/{at}")));
    let dropped = own("capabilities/drop").and_then(Value::as_array);
    [
        ("may run as root", either("runAsNonRoot") == Some(&Value::Bool(true))),
        ("its root is not read-only", own("readOnlyRootFilesystem") == Some(&Value::Bool(true))),
        ("may escalate privileges", own("allowPrivilegeEscalation") == Some(&Value::Bool(false))),
        ("keeps capabilities", dropped.is_some_and(|list| list.iter().any(|one| one == "ALL"))),
        (
            "no seccomp profile",
            either("seccompProfile/type").is_some_and(|one| one == "RuntimeDefault"),
        ),
    ]
}

/// Whether an image says its version: a tag that is no `latest`, or a digest.
fn pinned(image: &str) -> bool {
    let name = image.rsplit('/').next().unwrap_or(image);
    image.contains("@sha256:") || name.split_once(':').is_some_and(|(_, tag)| tag != "latest")
}

fn budgeted(
    world: &World,
    object: &Object,
    pod: &std::collections::BTreeMap<String, String>,
) -> bool {
    world.of_kind("PodDisruptionBudget").any(|budget| {
        let selector = budget.value.pointer("/spec/selector").unwrap_or(&Value::Null);
        budget.namespace() == object.namespace() && matches(selector, pod)
    })
}
