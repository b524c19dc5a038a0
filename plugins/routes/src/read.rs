//! Fields of a manifest, read leniently: what is of another type is as good as not there, the API server refuses it.

use std::collections::HashSet;
use std::hash::Hash;

use krm::Resource;
use serde_json::Value;

use crate::keys;
use crate::route::{Backend, Host, ParentRef};

/// A text.
pub(crate) fn text<'a>(value: &'a Value, field: &str) -> Option<&'a str> {
    krm::get(value, field)?.as_str().filter(|text| !text.is_empty())
}

/// A text at a pointer.
pub(crate) fn text_at<'a>(value: &'a Value, pointer: &str) -> Option<&'a str> {
    krm::at(value, pointer)?.as_str().filter(|text| !text.is_empty())
}

/// The items of a list at a pointer, each with its own pointer.
pub(crate) fn list<'a>(
    value: &'a Value,
    pointer: &str,
) -> impl Iterator<Item = (String, &'a Value)> {
    let items = krm::at(value, pointer).and_then(Value::as_array);
    let pointer = pointer.to_owned();
    let place = move |(at, item): (usize, &'a Value)| {
        let mut place = String::with_capacity(pointer.len() + 4);
        place.push_str(&pointer);
        place.push('/');
        // Nearly all lists are short.
        match u8::try_from(at) {
            Ok(digit @ 0..=9) => place.push(char::from(b'0' + digit)),
            _ => place.push_str(&at.to_string()),
        }
        (place, item)
    };
    items.into_iter().flatten().enumerate().map(place)
}

/// The texts of a list at a pointer.
pub(crate) fn texts<'a>(value: &'a Value, pointer: &str) -> impl Iterator<Item = &'a str> {
    krm::at(value, pointer)
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
}

/// The items of a comma list in an annotation: blanks around them do not count.
pub(crate) fn comma_list(text: &str) -> impl Iterator<Item = &str> {
    text.split(',').map(str::trim).filter(|item| !item.is_empty())
}

/// The ingress class that an object names. Traefik 3.7 reads the field first (`getIngressClassName`).
pub(crate) fn ingress_class(item: &Resource) -> Option<&str> {
    text_at(item, "/spec/ingressClassName").or_else(|| item.annotation(keys::INGRESS_CLASS))
}

/// The items, each once, where it stands first.
pub(crate) fn once<T: Clone + Eq + Hash>(items: impl IntoIterator<Item = T>) -> Vec<T> {
    /// Up to here a list is faster than a table.
    const FEW: usize = 8;
    let (mut kept, mut seen) = (Vec::new(), HashSet::new());
    for item in items {
        if kept.len() < FEW {
            if kept.contains(&item) {
                continue;
            }
        } else {
            if seen.is_empty() {
                seen.extend(kept.iter().cloned());
            }
            if !seen.insert(item.clone()) {
                continue;
            }
        }
        kept.push(item);
    }
    kept
}

/// A host as it is compared: in lower case, without the dot of the root.
pub(crate) fn host(name: &str, pointer: impl Into<String>) -> Host {
    Host { name: name.trim_end_matches('.').to_ascii_lowercase(), pointer: pointer.into() }
}

/// A port, as a number or a name.
pub(crate) fn port(value: Option<&Value>) -> Option<String> {
    match value? {
        Value::Number(number) => Some(number.to_string()),
        Value::String(name) => Some(name.clone()),
        _ => None,
    }
}

/// A reference to a Service or to what stands for one, as Traefik and the Gateway API write it.
pub(crate) fn backend(value: &Value, pointer: String) -> Option<Backend> {
    Some(Backend {
        kind: text(value, "kind").unwrap_or("Service").to_owned(),
        namespace: text(value, "namespace").map(str::to_owned),
        name: text(value, "name")?.to_owned(),
        port: port(krm::get(value, "port")),
        pointer,
    })
}

/// The parents of a route; `group` and `kind` are those that a reference means which names none.
pub(crate) fn parents(value: &Value, group: &str, kind: &str) -> Vec<ParentRef> {
    list(value, "/spec/parentRefs")
        .filter_map(|(pointer, parent)| {
            Some(ParentRef {
                group: parent.get("group").and_then(Value::as_str).unwrap_or(group).to_owned(),
                kind: text(parent, "kind").unwrap_or(kind).to_owned(),
                namespace: text(parent, "namespace").map(str::to_owned),
                name: text(parent, "name")?.to_owned(),
                section: text(parent, "sectionName").map(str::to_owned),
                pointer,
            })
        })
        .collect()
}
