//! One Application for each overlay and back, and what each must say.

use std::collections::BTreeMap;

use super::Report;
use crate::World;
use crate::object::{list, text};

/// What every Application's sync says.
const OPTIONS: [&str; 3] =
    ["CreateNamespace=false", "ServerSideApply=true", "FailOnSharedResource=true"];

pub(super) fn check(world: &World, report: &mut Report) {
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    let mut paths: BTreeMap<String, String> = BTreeMap::new();
    for one in world.argocd().into_iter().filter(|one| one.kind() == "Application") {
        let (id, spec) = (one.id(), &one.value["spec"]);
        let path = text(spec, "/source/path");
        let twice = names.insert(one.name().to_owned(), one.from.clone());
        report.hold(twice.is_none(), &id, "another Application has its name");
        if one.name() == "root" {
            report.hold(path == "argocd", &id, "the root reads argocd");
        } else {
            report.hold(world.builds.contains_key(path), &id, format!("no overlay {path}"));
            report.hold(path.starts_with("apps/"), &id, format!("{path} is no app"));
            let wave = one.annotation(super::waves::WAVE);
            report.hold(wave.is_some(), &id, "no sync wave");
        }
        let other = paths.insert(path.to_owned(), id.clone());
        report.hold(other.is_none(), &id, format!("{path} has another Application"));
        for option in OPTIONS {
            let said = list(spec, "/syncPolicy/syncOptions").iter().any(|one| one == option);
            report.hold(said, &id, format!("no {option}"));
        }
        report.hold(spec.pointer("/syncPolicy/automated").is_some(), &id, "not synced by itself");
        let bounded =
            spec.pointer("/syncPolicy/retry/limit").is_some_and(|limit| limit.as_i64() > Some(0));
        report.hold(bounded, &id, "its retry has no limit");
        report.hold(spec.get("sources").is_none(), &id, "more than one source");
    }
    for overlay in world.builds.keys().filter(|overlay| overlay.starts_with("apps/")) {
        report.hold(paths.contains_key(overlay), overlay, "no Application syncs it");
    }
}
