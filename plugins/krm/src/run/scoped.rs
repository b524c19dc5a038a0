//! What a Pipeline is for, and what it leaves out or undone.

use crate::config::Config;
use crate::host::{Host, Place};
use crate::pipeline::Reach;
use crate::registry::{Scoped, Step};
use crate::{Finding, Identity, Resource, ResourceList};

/// Kinds whose objects have no namespace, as far as they stand in builds of apps: those of Kubernetes 1.36, and of the
/// controllers whose routes are woven. Kinds that begin with `Cluster` have none either.
const WITHOUT_NAMESPACE: &[&str] = &[
    "APIService",
    "CSIDriver",
    "CustomResourceDefinition",
    "GatewayClass",
    "IngressClass",
    "MutatingAdmissionPolicy",
    "MutatingAdmissionPolicyBinding",
    "MutatingWebhookConfiguration",
    "Namespace",
    "Node",
    "PersistentVolume",
    "PriorityClass",
    "RuntimeClass",
    "StorageClass",
    "ValidatingAdmissionPolicy",
    "ValidatingAdmissionPolicyBinding",
    "ValidatingWebhookConfiguration",
    "VolumeAttachment",
    "VolumeSnapshotClass",
];

/// Puts the items within reach of a Pipeline, or beyond. False when it is for none of them, and need not be for one.
pub(super) fn scope(
    pipeline: Option<&Scoped>,
    host: Host,
    list: &mut ResourceList,
) -> Result<bool, Box<Finding>> {
    let all = Reach::All;
    let reach = pipeline.map_or(&all, |pipeline| &pipeline.reach);
    if list.reach(reach) || *reach == Reach::All {
        let early = matches!(
            host,
            Host::Kustomize(Place::Transformers) | Host::Plugin(Place::Transformers)
        );
        if let (Some(pipeline), Reach::Namespace(_), true) = (pipeline, reach, early) {
            nowhere(pipeline, list);
        }
        return Ok(true);
    }
    match pipeline {
        Some(Scoped { id, must: true, .. }) => Err(Box::new(
            Finding::error("nothing-in-scope", format!("no object has {reach}"))
                .on(id.clone())
                .field("spec.scope")
                .hint(
                    "correct it; where an outer kustomization sets namespaces or labels, list the Pipeline there, \
                     or use the stream form: kustomize build DIR | pleach run",
                ),
        )),
        Some(_) | None => Ok(false),
    }
}

/// Says which objects have no namespace yet: an outer kustomization may give them that of the Pipeline, and then they
/// come out as they are.
fn nowhere(pipeline: &Scoped, list: &mut ResourceList) {
    let waits = |item: &&Resource| {
        item.namespace().is_none()
            && !item.kind().starts_with("Cluster")
            && !WITHOUT_NAMESPACE.contains(&item.kind())
    };
    let ids: Vec<Identity> = list.items().iter().filter(waits).map(Resource::id).collect();
    let named: Vec<String> = ids.iter().take(3).map(ToString::to_string).collect();
    let more = ids.len() - named.len();
    let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
    if ids.is_empty() {
        return;
    }
    list.say(
        Finding::warning(
            "no-namespace-yet",
            format!("no namespace stands in {}{rest}: it is not for them", named.join(", ")),
        )
        .on(pipeline.id.clone())
        .field("spec.scope.namespace")
        .hint(
            "list the Pipeline in the outermost overlay, where `namespace:` has run, or use the stream form: \
             kustomize build DIR | pleach run",
        ),
    );
}

/// What is said of Pipelines without functions.
pub(super) fn idle(configs: &[Config], steps: &[Step]) -> Vec<Finding> {
    let runs = |at: usize| {
        steps.iter().any(|step| step.pipeline.as_ref().is_some_and(|pipeline| pipeline.at == at))
    };
    let pipelines = configs.iter().enumerate().filter(|(_, config)| config.is_pipeline());
    pipelines
        .filter(|(at, _)| !runs(*at))
        .map(|(_, config)| {
            Finding::warning("idle-pipeline", "lists no function, so nothing is done")
                .on(config.id())
                .field("spec.functions")
                .hint("list the configs that are to run, or take the Pipeline out")
        })
        .collect()
}
