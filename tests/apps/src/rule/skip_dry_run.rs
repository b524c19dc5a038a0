//! `SkipDryRunOnMissingResource` on single objects alone: on an Application it would serve routes whose Pipeline did
//! not run.

use super::Report;
use super::template_free::is_of_the_tree;
use crate::World;

const OPTION: &str = "SkipDryRunOnMissingResource";

pub(super) fn check(world: &World, report: &mut Report) {
    for one in world.argocd() {
        report.hold(!one.value.to_string().contains(OPTION), one.id(), OPTION);
    }
    for (path, text) in world.files.iter().filter(|(path, _)| is_of_the_tree(path)) {
        let said =
            text.lines().any(|line| line.contains(OPTION) && !line.trim_start().starts_with('#'));
        report.hold(!said, path, OPTION);
    }
    for object in world.objects().filter(|one| one.from.starts_with("apps/")) {
        let options = object.annotation("argocd.argoproj.io/sync-options").unwrap_or_default();
        if options.contains(OPTION) {
            let core = !object.group().contains('.') || object.group().ends_with(".k8s.io");
            report.hold(!core, object.id(), format!("{OPTION} on a kind that every cluster has"));
        }
    }
}
