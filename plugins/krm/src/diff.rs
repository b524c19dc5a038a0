//! What a run would change, and why: for people, and as patches that need no pleach.

mod overlay;

use std::collections::BTreeMap;
use std::fmt::Write;

use serde_json::Value;

use crate::run::Ran;
use crate::{Edit, Resource, pointer, print};

pub use overlay::{Overlay, overlay};

/// What a run would change, in the order of its resources; empty when it changes nothing. After a function that
/// reads secrets no value is shown, names and keys are.
pub fn text(ran: &Ran) -> String {
    let mut text = String::new();
    for resource in ran.list().items().iter().filter(|resource| resource.touched()) {
        // Writing to a string cannot fail.
        let _ = describe(&mut text, resource, ran.reads_secrets);
    }
    text
}

fn describe(text: &mut String, resource: &Resource, secret: bool) -> std::fmt::Result {
    if let Some(why) = resource.added_because() {
        writeln!(text, "add {}: {why}", resource.id())?;
        if secret {
            for field in leaves(resource).keys() {
                writeln!(text, "    {field}")?;
            }
            return Ok(());
        }
        for line in print::yaml(resource).lines() {
            writeln!(text, "    {line}")?;
        }
        return Ok(());
    }
    writeln!(text, "change {}", resource.id())?;
    for edit in resource.edits() {
        if secret {
            hidden(text, edit)?;
        } else {
            shown(text, edit)?;
        }
    }
    Ok(())
}

fn shown(text: &mut String, edit: &Edit) -> std::fmt::Result {
    let new = yaml::write::json(&edit.new);
    match &edit.old {
        Some(old) => writeln!(text, "    {}: {} -> {new}", edit.field(), yaml::write::json(old))?,
        None => writeln!(text, "    {}: {new}", edit.field())?,
    }
    writeln!(text, "        {}", edit.why)
}

/// The fields that an edit changes, each with `+`, `-` or `~` in front.
fn hidden(text: &mut String, edit: &Edit) -> std::fmt::Result {
    let below = |value: &Value| {
        let mut parts = pointer::parts(&edit.pointer).unwrap_or_default();
        let mut found = BTreeMap::new();
        gather(value, &mut parts, &mut found);
        found
    };
    let (old, new) = (edit.old.as_ref().map(below).unwrap_or_default(), below(&edit.new));
    for (field, value) in &new {
        match old.get(field) {
            None => writeln!(text, "    + {field}")?,
            Some(before) if before != value => writeln!(text, "    ~ {field}")?,
            Some(_) => {}
        }
    }
    for field in old.keys().filter(|field| !new.contains_key(*field)) {
        writeln!(text, "    - {field}")?;
    }
    writeln!(text, "        {}", edit.why)
}

/// Every field that holds no map and no list, as people read its path.
fn leaves(value: &Value) -> BTreeMap<String, Value> {
    let mut found = BTreeMap::new();
    gather(value, &mut Vec::new(), &mut found);
    found
}

fn gather(value: &Value, parts: &mut Vec<String>, found: &mut BTreeMap<String, Value>) {
    let below: Vec<(String, &Value)> = match value {
        Value::Object(map) => map.iter().map(|(key, value)| (key.clone(), value)).collect(),
        Value::Array(items) => {
            items.iter().enumerate().map(|(at, value)| (at.to_string(), value)).collect()
        }
        _ => Vec::new(),
    };
    if below.is_empty() {
        found.insert(pointer::readable(parts), value.clone());
    }
    for (part, value) in below {
        parts.push(part);
        gather(value, parts, found);
        parts.pop();
    }
}
