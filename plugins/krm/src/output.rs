//! Back the way it came: JSON for a host, YAML for a stream and for people.
//!
//! JSON, because no YAML emitter in the path can then mangle `"2012-10-17"`, `"1_000"` or `"on"`.

use serde_json::{Value, json};

use crate::host::Host;
use crate::input::Spot;
use crate::run::Ran;
use crate::{Resource, print};

/// What goes to standard output, all at once. Nothing after a failure, except under kpt: the unchanged items.
pub fn render(ran: &Ran) -> Vec<u8> {
    match (ran.host, ran.failed()) {
        (Some(Host::Kpt), true) => list(&ran.unchanged, ran),
        (_, true) | (None, _) => Vec::new(),
        (Some(Host::Kustomize(_) | Host::Kpt), false) => {
            let items: Vec<Value> = ran.list.items().iter().map(|item| (**item).clone()).collect();
            list(&items, ran)
        }
        (Some(Host::Plugin(_)), false) => {
            let documents = ran.list.items().iter().map(|item| format!("---\n{}\n", compact(item)));
            documents.collect::<String>().into_bytes()
        }
        (Some(Host::Hand | Host::Stream), false) => {
            stream(ran.places.as_deref().unwrap_or_default(), ran.list.items())
        }
    }
}

/// A ResourceList. `items` is always there: without it kustomize takes the list for a resource.
fn list(items: &[Value], ran: &Ran) -> Vec<u8> {
    let mut list = json!({
        "apiVersion": "config.kubernetes.io/v1", "kind": "ResourceList", "items": items,
    });
    let results: Vec<Value> = ran.findings().map(crate::Finding::result).collect();
    if !results.is_empty() {
        list["results"] = Value::Array(results);
    }
    let mut text = compact(&list);
    text.push('\n');
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

/// One line of JSON that is valid YAML, too.
fn compact(value: &Value) -> String {
    yaml::write::json(value)
}
