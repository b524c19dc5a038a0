//! `pleach.dev/<function>: skip` on an object, with its reason: stays in the output, so that a second run decides the
//! same.

use krm::{Finding, Resource};

/// The group of our annotations.
const GROUP: &str = "pleach.dev";
/// The one value that there is.
const SKIP: &str = "skip";

/// Why an object is left alone by `function` (its folder name); `None` where it is not.
///
/// # Errors
/// An opt-out without a reason, and a value that is none: the author wanted something that would not happen.
pub fn reason<'a>(item: &'a Resource, function: &str) -> Result<Option<&'a str>, Box<Finding>> {
    let key = format!("{GROUP}/{function}");
    let reason_key = format!("{key}-reason");
    let field = |key: &str| format!("metadata.annotations[{key:?}]");
    let reason = item.annotation(&reason_key).map(str::trim).filter(|reason| !reason.is_empty());
    match item.annotation(&key) {
        None => Ok(None),
        Some(SKIP) => match reason {
            Some(reason) => Ok(Some(reason)),
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
        Some(_) => Err(Box::new(
            Finding::error("unknown-opt-out", format!("expected `{SKIP}`"))
                .on(item.id())
                .field(field(&key))
                .hint(format!(
                    "write `{key}: {SKIP}` to leave {function} out, or remove the annotation"
                )),
        )),
    }
}
