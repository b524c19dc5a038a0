//! The record: every change of a resource, as one RFC 6902 operation with its reason.

use std::fmt;

use json_patch::{AddOperation, PatchOperation, jsonptr::PointerBuf};
use serde_json::{Map, Value};

use crate::pointer;

/// One change of a resource. `Debug` shows no value: it may be a secret's.
#[derive(Clone, PartialEq)]
pub struct Edit {
    /// The JSON Pointer (RFC 6901) of the `add`; its parent stands.
    pub pointer: String,
    /// What stood there; `None` when nothing did, and for what goes into a list.
    pub old: Option<Value>,
    /// What stands there now.
    pub new: Value,
    /// Why, for `diff`.
    pub why: String,
}

impl fmt::Debug for Edit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Edit({}: {})", self.pointer, self.why)
    }
}

impl Edit {
    /// The RFC 6902 operation; `None` when the pointer is none.
    pub fn operation(&self) -> Option<PatchOperation> {
        let path = PointerBuf::parse(self.pointer.clone()).ok()?;
        Some(PatchOperation::Add(AddOperation { path, value: self.new.clone() }))
    }

    /// Applies the operation; false when it does not fit.
    pub fn apply(&self, value: &mut Value) -> bool {
        // One `add` either applies or changes nothing: there is nothing to undo.
        self.operation()
            .is_some_and(|operation| json_patch::patch_unsafe(value, &[operation]).is_ok())
    }

    /// As people read the pointer: `metadata.annotations["a/b"]`.
    pub fn field(&self) -> String {
        pointer::readable(&pointer::parts(&self.pointer).unwrap_or_default())
    }
}

/// What stands in the way of an edit.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Obstacle {
    /// The field, as people read it.
    pub(crate) field: String,
    /// What stands there and what was expected.
    pub(crate) message: String,
}

/// Plans the one `add` that puts `new` at `pointer`: at the pointer itself where its parent stands, else at the first
/// part that is missing or null, with the maps below it. `None` when the same value stands there already.
pub(crate) fn set(
    root: &Value,
    pointer: &str,
    new: Value,
    why: &str,
) -> Result<Option<Edit>, Obstacle> {
    let parts = parts(pointer)?;
    let Some((last, above)) = parts.split_last() else {
        return Ok((*root != new).then(|| edit(String::new(), Some(root), new, why)));
    };
    let (depth, place) = walk(root, above)?;
    let Some(place) = place else {
        return Ok(Some(made(root, &parts, depth, nest(&parts[depth + 1..], new), why)));
    };
    match place {
        Value::Object(map) => {
            let old = pointer::field(map, last);
            Ok((old != Some(&new)).then(|| edit(pointer.to_owned(), old, new, why)))
        }
        other => Err(obstacle(above, other, "a map")),
    }
}

/// Plans the one `add` that puts `new` into the list at the parent of `pointer`.
pub(crate) fn insert(root: &Value, pointer: &str, new: Value, why: &str) -> Result<Edit, Obstacle> {
    let parts = parts(pointer)?;
    let Some((last, above)) = parts.split_last() else {
        return Err(obstacle(&parts, root, "a list"));
    };
    let (depth, place) = walk(root, above)?;
    match place {
        None => {
            let made_list = Value::Array(vec![new]);
            Ok(made(root, above, depth, nest(&above[depth + 1..], made_list), why))
        }
        Some(Value::Array(items)) => match pointer::index(last) {
            Some(index) if index <= items.len() => Ok(edit(pointer.to_owned(), None, new, why)),
            None if last == "-" => Ok(edit(pointer.to_owned(), None, new, why)),
            _ => Err(Obstacle {
                field: pointer::readable(&parts),
                message: format!("no such place in a list of {}", items.len()),
            }),
        },
        Some(other) => Err(obstacle(above, other, "a list")),
    }
}

fn parts(pointer: &str) -> Result<Vec<String>, Obstacle> {
    pointer::parts(pointer).ok_or_else(|| Obstacle {
        field: pointer.to_owned(),
        message: "no JSON Pointer".to_owned(),
    })
}

fn edit(pointer: String, old: Option<&Value>, new: Value, why: &str) -> Edit {
    Edit { pointer, old: old.cloned(), new, why: why.to_owned() }
}

/// The edit that makes `parts[..=depth]`, where something is missing or null.
fn made(root: &Value, parts: &[String], depth: usize, new: Value, why: &str) -> Edit {
    let pointer = pointer::join(&parts[..=depth]);
    let old = pointer::at(root, &pointer);
    edit(pointer, old, new, why)
}

/// Goes down along `parts`: the value there, or `None` and how many parts stand above the first that is missing or
/// null.
fn walk<'a>(root: &'a Value, parts: &[String]) -> Result<(usize, Option<&'a Value>), Obstacle> {
    let mut place = root;
    for (depth, part) in parts.iter().enumerate() {
        let next = match place {
            Value::Object(map) => pointer::field(map, part),
            Value::Array(list) => {
                let item = pointer::index(part).and_then(|index| list.get(index));
                if item.is_none() {
                    return Err(Obstacle {
                        field: pointer::readable(&parts[..=depth]),
                        message: format!("no such item in a list of {}", list.len()),
                    });
                }
                item
            }
            other => return Err(obstacle(&parts[..depth], other, "a map")),
        };
        match next {
            None | Some(Value::Null) => return Ok((depth, None)),
            Some(next) => place = next,
        }
    }
    Ok((parts.len(), Some(place)))
}

/// `new` below maps named `parts`.
fn nest(parts: &[String], new: Value) -> Value {
    parts.iter().rev().fold(new, |inner, part| {
        let mut map = Map::new();
        map.insert(part.clone(), inner);
        Value::Object(map)
    })
}

fn obstacle(parts: &[String], found: &Value, expected: &str) -> Obstacle {
    Obstacle {
        field: pointer::readable(parts),
        message: format!("expected {expected}, found {}", kind_of(found)),
    }
}

/// What a value is, without saying which.
pub(crate) fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "a map",
    }
}
