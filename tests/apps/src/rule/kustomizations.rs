//! How kustomizations may be laid on each other: a component's transformers run before the `namespace:` beside them, and
//! before every prefix above them (measured), and a transformer over someone's CRDs costs minutes.

use serde_json::Value;

use super::Report;
use crate::World;
use crate::object::{everything_at, list};

/// The component that weaves routes.
const ROUTES: &str = "_components/routes";

pub(super) fn check(world: &World, report: &mut Report) {
    for (path, one) in world.kustomizations() {
        let has = |field: &str| one.get(field).is_some_and(|value| !value.is_null());
        let weaves = list(&one, "/components").iter().any(is_routes);
        report.hold(!(has("namespace") && has("components")), path, "namespace beside components");
        for field in ["namePrefix", "nameSuffix"] {
            report.hold(
                !has(field),
                path,
                format!("{field}: the functions have written names already"),
            );
        }
        let ours = path.ends_with("/ours/kustomization.yaml");
        let component = path.starts_with("apps/_components/");
        report.hold(
            !has("transformers") || ours || component,
            path,
            "transformers outside of ours/",
        );
        report.hold(!weaves || ours, path, "the routes are woven outside of ours/");
        if ours {
            let upstream = everything_at(&one, "/resources/*")
                .iter()
                .any(|(_, entry)| entry.as_str().is_some_and(|entry| entry.contains("upstream")));
            report.hold(!upstream, path, "upstream stands below the functions");
        }
    }
    for (path, text) in world.files.iter().filter(|(path, _)| path.starts_with("apps/")) {
        let annotated = text.lines().any(|line| {
            line.contains("config.kubernetes.io/function") && !line.trim_start().starts_with('#')
        });
        report.hold(!annotated, path, "a function annotation: the plugin form needs none");
    }
}

fn is_routes(entry: &Value) -> bool {
    entry.as_str().is_some_and(|entry| entry.trim_end_matches('/').ends_with(ROUTES))
}
