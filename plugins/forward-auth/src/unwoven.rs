//! `pleach-unwoven`: what waits for sign-in and did not get it must not leave the build.

use krm::{Finding, Resource, ResourceList, readable_pointer};
use serde_json::Value;

use crate::id::{UNWOVEN, UNWOVEN_ID};

/// Annotations of Traefik that hold lists of middlewares.
const ANNOTATIONS: &str = "traefik.ingress.kubernetes.io/";
/// The groups whose objects name middlewares in their spec.
const GROUPS: &[&str] = &["traefik.io", "traefik.containo.us", "gateway.networking.k8s.io"];

/// Where `pleach-unwoven` still stands, one finding for each object.
pub(crate) fn left(list: &ResourceList) -> Vec<Finding> {
    let within = list.items().iter().filter(|item| item.in_reach());
    within.filter_map(|item| Some(finding(item, &place(item)?))).collect()
}

fn finding(item: &Resource, pointer: &str) -> Finding {
    Finding::error("unwoven-left", format!("`{UNWOVEN}` stands where no sign-in is woven"))
        .on(item.id())
        .field(readable_pointer(pointer))
        .hint(
            "remove it where no sign-in is due: on an object that opts out, a route of the sign-in service, \
             an Ingress of another controller than Traefik, in a chain",
        )
}

fn place(item: &Resource) -> Option<String> {
    let annotations = item.pointer("/metadata/annotations").and_then(Value::as_object);
    for (key, value) in annotations.into_iter().flatten() {
        let mut items = value.as_str().unwrap_or_default().split(',').map(str::trim);
        if key.starts_with(ANNOTATIONS) && items.any(|one| one == UNWOVEN_ID || one == UNWOVEN) {
            return Some(routes::keys::pointer(key));
        }
    }
    let version = item.api_version();
    let group = version.rsplit_once('/').map_or("", |(group, _)| group);
    if !GROUPS.contains(&group) {
        return None;
    }
    below(item.get("spec")?).map(|pointer| format!("/spec{pointer}"))
}

/// The pointer, from a value on, of the first text below it that is one of the two names.
fn below(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => (text == UNWOVEN || text == UNWOVEN_ID).then(String::new),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .find_map(|(at, item)| below(item).map(|pointer| format!("/{at}{pointer}"))),
        Value::Object(fields) => fields.iter().find_map(|(key, field)| {
            let pointer = below(field)?;
            Some(format!("/{}{pointer}", key.replace('~', "~0").replace('/', "~1")))
        }),
        Value::Null | Value::Bool(_) | Value::Number(_) => None,
    }
}
