//! Files that a container has from ConfigMaps of the tree.

use serde_json::Value;

use super::workload::Controller;
use crate::read::{list, text, text_at};

/// What stands at a path in a container.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum File<'a> {
    /// A file with this text.
    Text(&'a str),
    /// Perhaps a file: something is mounted there that the tree does not hold.
    Unknown,
    /// Nothing that is mounted.
    None,
}

/// What stands at `path`.
pub(super) fn file<'a>(controller: &Controller<'a>, path: &str) -> File<'a> {
    let mut found = File::None;
    for (_, mount) in list(controller.container, "/volumeMounts") {
        let (Some(name), Some(at)) = (text(mount, "name"), text(mount, "mountPath")) else {
            continue;
        };
        let at = at.trim_end_matches('/');
        let Some(below) = path.strip_prefix(at) else { continue };
        // With `subPath` the mount is that file or folder of the volume.
        let inside = match (text(mount, "subPath"), below.strip_prefix('/')) {
            (Some(sub), None) if below.is_empty() => sub.to_owned(),
            (Some(sub), Some(below)) => format!("{sub}/{below}"),
            (None, Some(below)) => below.to_owned(),
            _ => continue,
        };
        match in_volume(controller, name, &inside) {
            // A later mount stands above an earlier one.
            File::None => {}
            other => found = other,
        }
    }
    found
}

fn in_volume<'a>(controller: &Controller<'a>, name: &str, path: &str) -> File<'a> {
    let mut volumes = list(controller.pod, "/volumes").map(|(_, volume)| volume);
    let Some(volume) = volumes.find(|volume| text(volume, "name") == Some(name)) else {
        return File::Unknown;
    };
    if let Some(map) = volume.get("configMap") {
        return in_config_map(controller, map, path);
    }
    if volume.get("emptyDir").is_some() {
        return File::None;
    }
    let mut sources = list(volume, "/projected/sources").peekable();
    if sources.peek().is_none() {
        // A Secret, a claim, a folder of the node.
        return File::Unknown;
    }
    let mut found = File::None;
    for (_, source) in sources {
        let one = match source.get("configMap") {
            Some(map) => in_config_map(controller, map, path),
            None if source.get("secret").is_some() => File::Unknown,
            None => File::None,
        };
        if one != File::None {
            found = one;
        }
    }
    found
}

fn in_config_map<'a>(controller: &Controller<'a>, map: &Value, path: &str) -> File<'a> {
    let namespace = controller.namespace.as_deref().unwrap_or_default();
    let items = list(map, "/items").map(|(_, item)| item).collect::<Vec<_>>();
    let key = if items.is_empty() {
        Some(path)
    } else {
        let named = items.iter().find(|item| text(item, "path") == Some(path));
        named.and_then(|item| text(item, "key"))
    };
    let Some(key) = key else { return File::None };
    match text_at(map, "/name").and_then(|name| controller.tree.config_map(namespace, name)) {
        Some(data) => data.get(key).and_then(Value::as_str).map_or(File::None, File::Text),
        None => File::Unknown,
    }
}
