//! Back the way it came: JSON for a host, YAML for a stream and for people.
//!
//! JSON, because no YAML emitter in the path can then mangle `"2012-10-17"`, `"1_000"` or `"on"`.

use serde_json::Value;
use yaml::write::{json, json_into, json_length};

use crate::host::Host;
use crate::input::Spot;
use crate::run::Ran;
use crate::{Resource, print};

/// What goes to standard output, all at once. Nothing after a failure, except under kpt: the unchanged items.
///
/// JSON is written into a buffer of its size: whoever wipes that leaves no copy.
pub fn render(ran: &Ran) -> Vec<u8> {
    match (ran.host, ran.failed()) {
        (Some(Host::Kpt), true) => list(ran.unchanged.iter(), ran),
        (_, true) | (None, _) => Vec::new(),
        (Some(Host::Kustomize(_) | Host::Kpt), false) => list(values(ran), ran),
        (Some(Host::Plugin(_)), false) => documents(ran),
        (Some(Host::Hand | Host::Stream), false) => {
            stream(ran.places.as_deref().unwrap_or_default(), ran.list.items())
        }
    }
}

/// The items as they are written.
fn values(ran: &Ran) -> impl Iterator<Item = &Value> + Clone {
    ran.list.items().iter().map(|item| &**item)
}

/// A document for each item.
fn documents(ran: &Ran) -> Vec<u8> {
    let length = values(ran).map(|item| json_length(item) + "---\n\n".len()).sum();
    let mut text = String::with_capacity(length);
    for item in values(ran) {
        text.push_str("---\n");
        json_into(&mut text, item);
        text.push('\n');
    }
    text.into_bytes()
}

/// A ResourceList. `items` is always there: without it kustomize takes the list for a resource.
fn list<'r>(items: impl Iterator<Item = &'r Value> + Clone, ran: &Ran) -> Vec<u8> {
    const HEAD: &str = r#"{"apiVersion":"config.kubernetes.io/v1","kind":"ResourceList","items":["#;
    let results: Vec<Value> = ran.findings().map(crate::Finding::result).collect();
    let end = if results.is_empty() {
        "]}\n".to_owned()
    } else {
        format!("],\"results\":{}}}\n", json(&Value::Array(results)))
    };
    let length: usize = items.clone().map(|item| json_length(item) + 1).sum();
    let mut text = String::with_capacity(HEAD.len() + length + end.len());
    text.push_str(HEAD);
    for (index, item) in items.enumerate() {
        if index > 0 {
            text.push(',');
        }
        json_into(&mut text, item);
    }
    text.push_str(&end);
    text.into_bytes()
}

/// The documents in the order in which they came: an untouched one byte for byte, a touched or new one as our writer
/// prints it.
fn stream(places: &[Spot], items: &[Resource]) -> Vec<u8> {
    let (mut out, mut rest) = (Vec::new(), items);
    for place in places {
        let (here, after) = rest.split_at(place.items.min(rest.len()));
        rest = after;
        if here.iter().any(Resource::touched) {
            for item in here {
                document(&mut out, item);
            }
        } else {
            append(&mut out, &place.text);
        }
    }
    for item in rest {
        document(&mut out, item);
    }
    out
}

/// A copied text begins with its own `---`, unless it was the first of its file.
fn append(out: &mut Vec<u8>, text: &[u8]) {
    end_line(out);
    if !out.is_empty() && !text.starts_with(b"---") {
        out.extend_from_slice(b"---\n");
    }
    out.extend_from_slice(text);
}

fn document(out: &mut Vec<u8>, item: &Resource) {
    end_line(out);
    if !out.is_empty() {
        out.extend_from_slice(b"---\n");
    }
    out.extend_from_slice(print::yaml(item).as_bytes());
}

fn end_line(out: &mut Vec<u8>) {
    if out.last().is_some_and(|last| *last != b'\n') {
        out.push(b'\n');
    }
}
