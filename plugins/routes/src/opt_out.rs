//! `pleach.dev/<function>: skip` on an object, with its reason: stays in the output, so that a second run decides the
//! same.

use krm::{Finding, Resource};
use serde_json::{Map, Value};

/// The group of our annotations.
const GROUP: &str = "pleach.dev";
/// Leaves the function out.
const SKIP: &str = "skip";

/// What an author says about a function on an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice<'a> {
    /// Nothing.
    None,
    /// It is left out, for this reason.
    Skip(&'a str),
    /// The other word that the function knows.
    Other,
}

/// Why an object is left alone by `function` (its folder name); `None` where it is not.
///
/// # Errors
/// An opt-out without a reason, and a value that is none: the author wanted something that would not happen.
pub fn reason<'a>(item: &'a Resource, function: &str) -> Result<Option<&'a str>, Box<Finding>> {
    Ok(match choice(item, function, None)? {
        Choice::Skip(reason) => Some(reason),
        Choice::None | Choice::Other => None,
    })
}

/// What an author says about `function`, which knows the word `other` beside `skip`.
///
/// # Errors
/// Those of [`reason`].
pub fn choice<'a>(
    item: &'a Resource,
    function: &str,
    other: Option<&str>,
) -> Result<Choice<'a>, Box<Finding>> {
    if !is_said(item, function) {
        return Ok(Choice::None);
    }
    let key = key(function);
    let reason_key = format!("{key}-reason");
    let field = |key: &str| format!("metadata.annotations[{key:?}]");
    let reason = item.annotation(&reason_key).map(str::trim).filter(|reason| !reason.is_empty());
    match item.annotation(&key) {
        None => Ok(Choice::None),
        Some(SKIP) => match reason {
            Some(reason) => Ok(Choice::Skip(reason)),
            None => Err(Box::new(
                Finding::error(
                    "opt-out-without-reason",
                    format!("leaves {function} out, and does not say why"),
                )
                .on(item.id())
                .field(field(&key))
                .hint(format!("add the annotation `{reason_key}` with the reason")),
            )),
        },
        Some(word) if other == Some(word) => Ok(Choice::Other),
        Some(_) => {
            let expected = match other {
                Some(other) => format!("expected `{SKIP}` or `{other}`"),
                None => format!("expected `{SKIP}`"),
            };
            Err(Box::new(
                Finding::error("unknown-opt-out", expected).on(item.id()).field(field(&key)).hint(
                    format!(
                        "write `{key}: {SKIP}` to leave {function} out, or remove the annotation"
                    ),
                ),
            ))
        }
    }
}

/// Whether an author says anything, without making texts of the keys: nearly none does.
fn is_said(item: &Resource, function: &str) -> bool {
    let annotations = item.get("metadata").and_then(|metadata| krm::get(metadata, "annotations"));
    let mut keys = annotations.and_then(Value::as_object).into_iter().flat_map(Map::keys);
    let name = |key: &str| {
        key.strip_prefix(GROUP).and_then(|rest| rest.strip_prefix('/')) == Some(function)
    };
    keys.any(|key| name(key))
}

/// The key on which an author opts out of a function, or in.
pub fn key(function: &str) -> String {
    format!("{GROUP}/{function}")
}
