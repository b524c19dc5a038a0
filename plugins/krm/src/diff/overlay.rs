//! The changes as an overlay of RFC 6902 patches, for kustomize alone: no lock-in.
//!
//! An overlay, because in the kustomization itself the patches would run before its prefix and its namespace, and
//! miss silently.

use serde_json::{Value, json};

use crate::record::Edit;
use crate::run::Ran;
use crate::{Finding, Resource, pointer, print};

/// A folder beside the original one: a kustomization, and what was added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overlay {
    /// `kustomization.yaml`
    pub kustomization: String,
    /// `added.yaml`, when something was added.
    pub added: Option<String>,
}

/// The overlay over the kustomization at `original` (`../original`). A function that reads secrets has none: its
/// patches would hold them.
pub fn overlay(ran: &Ran, original: &str) -> Result<Overlay, Box<Finding>> {
    if ran.reads_secrets {
        return Err(Box::new(
            Finding::error(
                "secret-patches",
                "patches of a function that reads secrets would hold them in plain text",
            )
            .hint("use `--format text`, which shows names and keys"),
        ));
    }
    let (added, kept): (Vec<_>, Vec<_>) =
        ran.list().items().iter().partition(|item| item.added_because().is_some());
    let added: Vec<String> = added.into_iter().map(|item| print::yaml(item)).collect();
    let patches: Vec<Value> = kept.into_iter().filter(|item| item.touched()).map(patch).collect();
    let mut kustomization = json!({
        "apiVersion": "kustomize.config.k8s.io/v1beta1", "kind": "Kustomization", "resources": [original],
    });
    if let (false, Some(resources)) = (added.is_empty(), kustomization["resources"].as_array_mut())
    {
        resources.push(json!("added.yaml"));
    }
    if !patches.is_empty() {
        kustomization["patches"] = Value::Array(patches);
    }
    Ok(Overlay {
        kustomization: print::yaml(&kustomization),
        added: (!added.is_empty()).then(|| added.join("---\n")),
    })
}

/// The patch of one resource. kustomize reads the names of a target as regular expressions.
fn patch(resource: &Resource) -> Value {
    let id = resource.id();
    let version = id.api_version.rsplit('/').next().unwrap_or_default();
    let mut target =
        json!({"version": quote(version), "kind": quote(&id.kind), "name": quote(&id.name)});
    if !id.group().is_empty() {
        target["group"] = json!(quote(id.group()));
    }
    if !id.namespace.is_empty() {
        target["namespace"] = json!(quote(&id.namespace));
    }
    json!({"target": target, "patch": yaml::write::json(&Value::Array(operations(resource)))})
}

/// The record, with a `test` before what replaces a value or goes into a list: the patch fails where the original
/// has changed, and does not overwrite.
fn operations(resource: &Resource) -> Vec<Value> {
    let mut now = (**resource).clone();
    let mut operations = Vec::new();
    // Backwards, since the value before an edit is known by undoing those after it.
    for edit in resource.edits().iter().rev() {
        let list = undo(edit, &mut now);
        operations.push(json!({"op": "add", "path": edit.pointer, "value": edit.new}));
        match (list, &edit.old) {
            (Some((path, before)), _) => {
                operations.push(json!({"op": "test", "path": path, "value": before}));
            }
            (None, Some(old)) => {
                operations.push(json!({"op": "test", "path": edit.pointer, "value": old}));
            }
            (None, None) => {}
        }
    }
    operations.reverse();
    operations
}

/// Takes an edit back. Of what went into a list, the list and what it held before.
fn undo(edit: &Edit, value: &mut Value) -> Option<(String, Value)> {
    let mut parts = pointer::parts(&edit.pointer)?;
    let Some(last) = parts.pop() else {
        *value = edit.old.clone().unwrap_or_default();
        return None;
    };
    let path = pointer::join(&parts);
    match value.pointer_mut(&path)? {
        Value::Array(items) => {
            match pointer::index(&last) {
                Some(index) if index < items.len() => drop(items.remove(index)),
                _ => drop(items.pop()),
            }
            Some((path, Value::Array(items.clone())))
        }
        Value::Object(map) => {
            match &edit.old {
                Some(old) => drop(map.insert(last, old.clone())),
                None => drop(map.shift_remove(&last)),
            }
            None
        }
        _ => None,
    }
}

/// A text as a regular expression that matches it alone.
fn quote(text: &str) -> String {
    text.chars().fold(String::new(), |quoted, c| {
        let plain = c.is_alphanumeric() || c == '-' || c == '_';
        if plain { format!("{quoted}{c}") } else { format!("{quoted}\\{c}") }
    })
}
