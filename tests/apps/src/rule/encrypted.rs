//! Secrets in Git: encrypted, below `secrets/`, for whom `.sops.yaml` says; and nowhere else.

use std::collections::BTreeSet;

use serde_json::Value;

use super::Report;
use crate::World;
use crate::object::{everything_at, list, text};

/// The file that says who opens what.
const SOPS: &str = ".sops.yaml";

pub(super) fn check(world: &World, report: &mut Report) {
    for path in world.files.keys().filter(|path| path.starts_with("apps/")) {
        let below = path.split('/').rev().nth(1) == Some("secrets");
        if below {
            sealed(world, path, report);
            continue;
        }
        for object in world.documents(path).iter().filter(|one| one["kind"] == "Secret") {
            let values =
                ["/data/*", "/stringData/*"].iter().any(|at| !everything_at(object, at).is_empty());
            report.hold(!values, path, "a Secret with values outside of secrets/");
        }
        if path.ends_with("kustomization.yaml") {
            for object in world.documents(path) {
                report.hold(
                    object.get("secretGenerator").is_none(),
                    path,
                    "secretGenerator: values in the clear",
                );
            }
        }
    }
}

/// For the recipients that `.sops.yaml` names for `apps/`, and nobody else.
fn sealed(world: &World, path: &str, report: &mut Report) {
    let documents = world.documents(path);
    report.hold(!documents.is_empty(), path, "no manifest");
    for document in documents {
        let sops = document.get("sops").unwrap_or(&Value::Null);
        report.hold(!text(sops, "/mac").is_empty(), path, "not encrypted: no MAC");
        let mut found = BTreeSet::new();
        for (at, field) in [("/age", "/recipient"), ("/pgp", "/fp")] {
            found.extend(list(sops, at).iter().map(|one| text(one, field).to_owned()));
        }
        let meant = recipients(world);
        let same = !meant.is_empty() && found == meant;
        report.hold(same, path, format!("{} open it, {SOPS} names {}", say(&found), say(&meant)));
        for (at, value) in
            ["/data/*", "/stringData/*"].iter().flat_map(|at| everything_at(&document, at))
        {
            let sealed = value.as_str().is_some_and(|value| value.starts_with("ENC["));
            report.hold(sealed, path, format!("{at} stands in the clear"));
        }
        report.hold(
            !text(&document, "/type").is_empty(),
            path,
            "no type: a merge would lose the other's",
        );
    }
}

/// Those of the rule for `apps/`.
fn recipients(world: &World) -> BTreeSet<String> {
    let config = world.documents(SOPS).into_iter().next().unwrap_or_default();
    let rules = list(&config, "/creation_rules").iter();
    let rule = rules.into_iter().find(|rule| text(rule, "/path_regex").starts_with("^apps/"));
    let lists = ["/age", "/pgp"].map(|at| rule.map(|rule| text(rule, at)).unwrap_or_default());
    let names = lists.into_iter().flat_map(|list| list.split(','));
    names.map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

fn say(names: &BTreeSet<String>) -> String {
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    if names.is_empty() { "none".to_owned() } else { names.join(" and ") }
}
