//! Projects: what an Application makes, its project allows: the namespace, and each kind without one.

use serde_json::Value;

use super::Report;
use crate::object::{list, text};
use crate::{Object, World};

pub(super) fn check(world: &World, report: &mut Report) {
    let argocd = world.argocd();
    let project =
        |name: &str| argocd.iter().find(|one| one.kind() == "AppProject" && one.name() == name);
    for application in
        argocd.iter().filter(|one| one.kind() == "Application" && one.name() != "root")
    {
        let named = text(&application.value, "/spec/project");
        let Some(project) = project(named) else {
            report.refuse(application.id(), format!("no project {named}"));
            continue;
        };
        let from = text(&application.value, "/spec/source/repoURL");
        let allowed =
            list(&project.value, "/spec/sourceRepos").iter().any(|one| one == from || one == "*");
        report.hold(
            allowed,
            application.id(),
            format!("{named} reads nothing from its repository"),
        );
        let path = text(&application.value, "/spec/source/path");
        for object in world.builds.get(path).into_iter().flatten() {
            let what = format!("its project {named} does not allow it");
            report.hold(allows(project, object), object.id(), what);
        }
    }
}

fn allows(project: &Object, object: &Object) -> bool {
    let spec = &project.value["spec"];
    let listed = |at: &str| {
        list(spec, at).iter().any(|one| {
            matches(text(one, "/group"), object.group())
                && matches(text(one, "/kind"), object.kind())
        })
    };
    if object.namespace().is_empty() {
        return listed("/clusterResourceWhitelist");
    }
    let destined = list(spec, "/destinations")
        .iter()
        .any(|one: &Value| matches(text(one, "/namespace"), object.namespace()));
    let white =
        spec.get("namespaceResourceWhitelist").is_none() || listed("/namespaceResourceWhitelist");
    destined && white && !listed("/namespaceResourceBlacklist")
}

/// As Argo CD matches: a `*` is any text.
fn matches(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        Some((start, end)) => text.starts_with(start) && text.ends_with(end),
        None => pattern == text,
    }
}
