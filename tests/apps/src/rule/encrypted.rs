//! Secrets in Git: encrypted, below `secrets/`, for whom `.sops.yaml` says; and nowhere else.

use serde_json::Value;

use super::Report;
use crate::World;
use crate::object::{everything_at, list, text};

pub(super) fn check(world: &World, report: &mut Report) {
    for path in world.files.keys().filter(|path| path.starts_with("apps/")) {
        let below = path.split('/').rev().nth(1) == Some("secrets");
        if below {
            sealed(world, path, report);
            continue;
        }
        for object in world.documents(path).iter().filter(|one| one["kind"] == "Secret") {
            let values = ["/data/*", "/stringData/*"].iter().any(|at| !everything_at(object, at).is_empty());
            report.hold(!values, path, "a Secret with values outside of secrets/");
        }
        if path.ends_with("kustomization.yaml") {
            for object in world.documents(path) {
                report.hold(object.get("secretGenerator").is_none(), path, "secretGenerator: values in the clear");
            }
        }
    }
}

/// The recipients of `apps/` are those of `.sops.yaml`, so each file names an age key and a PGP key.
fn sealed(world: &World, path: &str, report: &mut Report) {
    let documents = world.documents(path);
    report.hold(!documents.is_empty(), path, "no manifest");
    for document in documents {
        let sops = document.get("sops").unwrap_or(&Value::Null);
        report.hold(!text(sops, "/mac").is_empty(), path, "not encrypted: no MAC");
        for (field, what) in [("/age", "age"), ("/pgp", "PGP")] {
            report.hold(!list(sops, field).is_empty(), path, format!("no {what} key opens it"));
        }
        for (at, value) in ["/data/*", "/stringData/*"].iter().flat_map(|at| everything_at(&document, at)) {
            let sealed = value.as_str().is_some_and(|value| value.starts_with("ENC["));
            report.hold(sealed, path, format!("{at} stands in the clear"));
        }
        report.hold(!text(&document, "/type").is_empty(), path, "no type: a merge would lose the other's");
    }
}
