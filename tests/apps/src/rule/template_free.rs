//! No template and no Helm chart: what stands in Git is what is built.

use super::Report;
use crate::World;

/// Fields of a kustomization, and kinds, that render a chart.
const CHARTS: [&str; 3] = ["helmCharts", "helmGlobals", "helmChartInflationGenerator"];

pub(super) fn check(world: &World, report: &mut Report) {
    for (path, text) in &world.files {
        if path.starts_with("tests/") || path.starts_with("argocd/") && !is_of_the_tree(path) {
            continue;
        }
        report.look();
        for (number, line) in text.lines().enumerate() {
            if line.contains("{{") {
                report.refuse(format!("{path}:{}", number + 1), "a template");
            }
        }
    }
    for (path, kustomization) in world.kustomizations() {
        for field in CHARTS {
            report.hold(kustomization.get(field).is_none(), path, format!("{field}: a chart"));
        }
    }
    for (path, _) in world.files.iter().filter(|(path, _)| path.starts_with("apps/")) {
        for object in world.documents(path) {
            let kind = object["kind"].as_str().unwrap_or_default();
            report.hold(
                !["HelmChart", "HelmChartInflationGenerator", "HelmRelease"].contains(&kind),
                path,
                kind,
            );
        }
    }
}

/// Whether a file of `argocd/` is of this tree, not of the components for everyone's Argo CD.
pub(crate) fn is_of_the_tree(path: &str) -> bool {
    ["argocd/root.yaml", "argocd/projects.yaml", "argocd/kustomization.yaml"].contains(&path)
        || path.starts_with("argocd/applications/")
}
