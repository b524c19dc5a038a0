//! What serde says of a config, as a finding: without the value that was given, with the nearest name.

use crate::{Finding, nearest};

/// The finding for what serde says about the field at `path`.
pub(super) fn finding(path: String, said: &str) -> Finding {
    let finding = Finding::error("config-field", without_value(said)).field(path);
    match meant(said) {
        Some(name) => finding.hint(format!("did you mean `{name}`?")),
        None => finding,
    }
}

/// The name that an unknown field or variant most likely meant.
fn meant(said: &str) -> Option<&str> {
    if !said.starts_with("unknown ") {
        return None;
    }
    // unknown field `x`, expected one of `a`, `b`
    let mut quoted = said.split('`').skip(1).step_by(2);
    let typo = quoted.next()?;
    nearest(typo, quoted)
}

/// serde's `invalid type: string "hunter2", expected a map` repeats the value (`serde::de::Unexpected`); a config may
/// hold a secret by mistake, so only what the value is stays.
fn without_value(said: &str) -> String {
    let Some((invalid, rest)) = said.split_once(": ") else { return said.to_owned() };
    if !matches!(invalid, "invalid type" | "invalid value") {
        return said.to_owned();
    }
    let Some((found, expected)) = rest.rsplit_once(", expected ") else {
        return invalid.to_owned();
    };
    let found = found.split(['"', '`']).next().unwrap_or_default().trim_end();
    // To a user a struct of ours is a map, and so is a choice that has a value.
    let found = if found == "unit variant" { "string" } else { found };
    let expected = match expected {
        "newtype variant" | "struct variant" => "a map with that key",
        expected if expected.starts_with("struct ") => "a map",
        expected => expected,
    };
    format!("{invalid}: {found}, expected {expected}")
}
