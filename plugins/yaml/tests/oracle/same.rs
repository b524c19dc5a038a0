//! Whether the oracle's answer about a text is ours.

use std::fmt;

use serde_json::Value;
use yaml::{Error, Problem};

/// How often both agreed, and who refused.
#[derive(Default)]
pub(crate) struct Tally {
    pub(crate) equal: usize,
    pub(crate) by_us: usize,
    pub(crate) by_go: usize,
    pub(crate) by_both: usize,
    /// Values that we alone refuse, and the tree is read.
    pub(crate) values_by_us: usize,
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { equal, by_us, by_go, by_both, values_by_us } = self;
        write!(
            f,
            "{equal} equal, {by_us} refused by us, {by_go} refused by go, {by_both} by both, {values_by_us} values by us"
        )
    }
}

/// Compares the tree and the values.
pub(crate) fn compare(text: &[u8], answer: &Value, tally: &mut Tally) -> Result<(), String> {
    let ours = yaml::documents(text);
    let theirs = &answer["tree"]["ok"];
    match (&ours, theirs.is_null()) {
        (Ok(documents), false) => {
            let mut ours = super::tree::documents(documents);
            drop_places(&mut ours, theirs);
            if ours != *theirs {
                return Err(format!("trees\n ours {ours}\n go   {theirs}"));
            }
            tally.equal += 1;
        }
        (Ok(_), true) => tally.by_go += 1,
        (Err(_), true) => tally.by_both += 1,
        (Err(_), false) => tally.by_us += 1,
    }
    match (yaml::values(text), answer["values"]["ok"].as_array()) {
        (Ok(ours), Some(theirs)) => {
            if ours.len() != theirs.len() || !ours.iter().zip(theirs).all(|(a, b)| equal(a, b)) {
                return Err(format!("values\n ours {ours:?}\n go   {theirs:?}"));
            }
            // What one sink reads the other reads as well.
            ours_too(&ours, text)?;
        }
        // Bytes that are no text (Go's JSON puts U+FFFD in their place), and keys that only become strings because they
        // are merged into a map of strings.
        (Err(Error { problem: Problem::NoValue(_), .. }), Some(_)) => tally.values_by_us += 1,
        (Err(error), Some(_)) if ours.is_ok() => {
            return Err(format!("values refused by us alone: {error}"));
        }
        _ => {}
    }
    Ok(())
}

/// What is not there has no place to the oracle.
fn drop_places(ours: &mut Value, theirs: &Value) {
    match (ours, theirs) {
        (Value::Array(ours), Value::Array(theirs)) => {
            ours.iter_mut().zip(theirs).for_each(|(ours, theirs)| drop_places(ours, theirs));
        }
        (Value::Object(ours), Value::Object(theirs)) => {
            if !theirs.contains_key("at") && ours.get("kind").is_some_and(|kind| kind == "null") {
                ours.shift_remove("at");
            }
            for (name, ours) in ours {
                if let Some(theirs) = theirs.get(name) {
                    drop_places(ours, theirs);
                }
            }
        }
        _ => {}
    }
}

fn ours_too(values: &[Value], text: &[u8]) -> Result<(), String> {
    match yaml::documents(text) {
        Ok(documents) if documents.len() == values.len() => Ok(()),
        Ok(_) => Err("the sinks differ in the number of documents".to_owned()),
        Err(error) => Err(format!("only the tree is refused: {error}")),
    }
}

/// Equal values; a number that we keep as written equals the one that Go cut to an `f64`.
fn equal(ours: &Value, theirs: &Value) -> bool {
    match (ours, theirs) {
        (Value::Number(a), Value::Number(b)) => {
            a == b || a.as_f64() == b.as_f64() && (is_long(a) || is_tiny(a))
        }
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| equal(a, b))
        }
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len()
                && a.iter().all(|(name, value)| b.get(name).is_some_and(|b| equal(value, b)))
        }
        (a, b) => a == b,
    }
}

/// More digits than an `f64` holds.
fn is_long(number: &serde_json::Number) -> bool {
    number.as_str().bytes().filter(u8::is_ascii_digit).count() > 15
}

/// Below what an `f64` can tell from zero.
fn is_tiny(number: &serde_json::Number) -> bool {
    number.as_f64() == Some(0.0) && number.as_str().contains(['e', 'E'])
}
