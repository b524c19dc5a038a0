//! The annotations that kustomize and kpt put on items and read from them (krm spec; kustomize 5.8.2 `kioutil`).

use serde_json::Value;

use crate::pointer::get;

/// kustomize's own id of an item: only kustomize writes it, for transformers and validators.
pub const KUSTOMIZE_ID: &str = "kustomize.config.k8s.io/id";
/// Asks kustomize for the hash suffix; read from what a generator gives, and nowhere else.
pub const NEEDS_HASH: &str = "kustomize.config.k8s.io/needs-hash";
/// Tells kustomize to create, merge or replace; read from what a generator gives, and nowhere else.
pub const BEHAVIOR: &str = "kustomize.config.k8s.io/behavior";

/// The annotation by which an author opts an object out of a function, and the value that does it.
pub fn opt_out(function: &str) -> (String, &'static str) {
    (format!("pleach.dev/{function}"), "skip")
}

/// Where in a package an item stands.
const PATHS: [&str; 3] =
    ["config.kubernetes.io/path", "internal.config.kubernetes.io/path", "config.k8s.io/path"];

/// What a host adds to tell items apart, besides their path.
const COUNTS: [&str; 8] = [
    "config.kubernetes.io/index",
    "internal.config.kubernetes.io/index",
    "config.k8s.io/index",
    "internal.config.kubernetes.io/annotations-migration-resource-id",
    "config.kubernetes.io/id",
    "internal.config.kubernetes.io/id",
    "config.k8s.io/id",
    KUSTOMIZE_ID,
];

/// The annotations of a manifest.
pub(crate) fn of(manifest: &Value) -> impl Iterator<Item = (&str, &Value)> {
    let map =
        get(manifest, "metadata").and_then(|metadata| get(metadata, "annotations")?.as_object());
    map.into_iter().flatten().map(|(key, value)| (key.as_str(), value))
}

/// Whether a manifest has an annotation.
pub(crate) fn has(manifest: &Value, key: &str) -> bool {
    of(manifest).any(|(found, _)| found == key)
}

/// Whether a manifest says where in a package it stands.
pub(crate) fn has_path(manifest: &Value) -> bool {
    PATHS.iter().any(|path| has(manifest, path))
}

/// The manifest without the annotations by which a host counts; an empty map of annotations is none.
pub(crate) fn uncounted(manifest: &Value) -> Value {
    let mut manifest = manifest.clone();
    let metadata = manifest.get_mut("metadata").and_then(Value::as_object_mut);
    if let Some(metadata) = metadata
        && let Some(annotations) = metadata.get_mut("annotations").and_then(Value::as_object_mut)
    {
        annotations.retain(|key, _| !COUNTS.contains(&key.as_str()));
        if annotations.is_empty() {
            metadata.shift_remove("annotations");
        }
    }
    manifest
}
