//! Argo CD builds an Application anew when a commit changes what its `manifest-generate-paths` name: everything that its
//! kustomization reads must be among them, or a change of it waits for the next full refresh.

use std::collections::BTreeSet;

use serde_json::Value;

use super::Report;
use crate::World;
use crate::object::{everything_at, text};

const PATHS: &str = "argocd.argoproj.io/manifest-generate-paths";

/// Where a kustomization names folders and files.
const READ: [&str; 7] = [
    "/resources/*",
    "/components/*",
    "/generators/*",
    "/transformers/*",
    "/patches/*/path",
    "/configMapGenerator/*/files/*",
    "/replacements/*/path",
];

pub(super) fn check(world: &World, report: &mut Report) {
    for application in world.argocd().into_iter().filter(|one| one.kind() == "Application") {
        let path = text(&application.value, "/spec/source/path");
        let named = application.annotation(PATHS).unwrap_or_default();
        let named: Vec<String> = named.split(';').map(|one| join(path, one)).collect();
        for folder in folders(world, path) {
            let covered =
                named.iter().any(|one| folder == *one || folder.starts_with(&format!("{one}/")));
            report.hold(covered, application.id(), format!("{PATHS} leaves out {folder}"));
        }
    }
}

/// The folders that a kustomization reads, itself included.
fn folders(world: &World, start: &str) -> BTreeSet<String> {
    let (mut found, mut todo) = (BTreeSet::new(), vec![start.to_owned()]);
    while let Some(folder) = todo.pop() {
        if !found.insert(folder.clone()) {
            continue;
        }
        let file = format!("{folder}/kustomization.yaml");
        for one in world.documents(&file) {
            let entries = READ.iter().flat_map(|at| everything_at(&one, at));
            for entry in entries.filter_map(|(_, entry)| Value::as_str(entry).map(str::to_owned)) {
                let path = join(&folder, &entry);
                if world.files.contains_key(&format!("{path}/kustomization.yaml")) {
                    todo.push(path);
                } else if world.files.contains_key(&path) {
                    let above = path.rsplit_once('/').map_or("", |(above, _)| above);
                    found.insert(above.to_owned());
                }
            }
        }
    }
    found
}

/// A path from a folder; one that begins with `/` is from the root.
fn join(folder: &str, path: &str) -> String {
    let start = if path.starts_with('/') { "" } else { folder };
    let mut parts: Vec<&str> = Vec::new();
    for part in start.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}
