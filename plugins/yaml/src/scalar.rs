//! What a scalar means: go-yaml v3's `resolve.go` (v3.0.4), rule for rule.

mod float;
mod number;
mod time;

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::{Problem, Scalar};

pub(crate) use float::{go_json, go_short};

/// How a scalar stands in the text, as far as its meaning goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Notation {
    /// Without quotes.
    Plain,
    /// Quoted, or a block scalar.
    Quoted,
}

/// A tag as far as it changes the meaning of a scalar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    None,
    Str,
    Bool,
    Int,
    Float,
    Null,
    Timestamp,
    Binary,
    Other,
}

impl Kind {
    fn of(tag: &str) -> Self {
        match tag.strip_prefix("tag:yaml.org,2002:").or_else(|| tag.strip_prefix("!!")) {
            Some("str") => Self::Str,
            Some("bool") => Self::Bool,
            Some("int") => Self::Int,
            Some("float") => Self::Float,
            Some("null") => Self::Null,
            Some("timestamp") => Self::Timestamp,
            Some("binary") => Self::Binary,
            _ => Self::Other,
        }
    }
}

/// Resolves a scalar. `tag` is the long form, `None` without one and for the non-specific `!`.
pub(crate) fn resolve(
    tag: Option<&str>,
    notation: Notation,
    text: Cow<'_, str>,
) -> Result<Scalar, Problem> {
    let kind = match tag {
        Some(tag) => Kind::of(tag),
        None if notation == Notation::Quoted => Kind::Str,
        None => Kind::None,
    };
    match kind {
        Kind::Str | Kind::Other => Ok(Scalar::Str(text.into_owned())),
        Kind::Binary => binary(&text),
        Kind::None => Ok(implicit(&text, true).unwrap_or_else(|| Scalar::Str(text.into_owned()))),
        kind => explicit(kind, &text),
    }
}

/// What a plain scalar without a tag means; `None` for a string. `times` off leaves timestamps alone.
pub(crate) fn implicit(text: &str, times: bool) -> Option<Scalar> {
    match text.as_bytes().first() {
        None => Some(Scalar::Null),
        Some(b'0'..=b'9' | b'+' | b'-') => {
            if let Some(float) = number::special(text) {
                return Some(float);
            }
            if times && let Some(time) = time::parse(text) {
                return Some(Scalar::Time(time));
            }
            number::parse(text)
        }
        Some(b'.') => number::special(text).or_else(|| number::dotted(text)),
        Some(b'y' | b'Y' | b'n' | b'N' | b't' | b'T' | b'f' | b'F' | b'o' | b'O' | b'~') => {
            match text {
                "true" | "True" | "TRUE" => Some(Scalar::Bool(true)),
                "false" | "False" | "FALSE" => Some(Scalar::Bool(false)),
                "~" | "null" | "Null" | "NULL" => Some(Scalar::Null),
                _ => None,
            }
        }
        Some(_) => None,
    }
}

fn explicit(kind: Kind, text: &str) -> Result<Scalar, Problem> {
    let wrong = Problem::Tag("this scalar is not what its tag says");
    let found = implicit(text, kind == Kind::Timestamp).ok_or_else(|| wrong.clone())?;
    match (kind, found) {
        (Kind::Bool, found @ Scalar::Bool(_))
        | (Kind::Int, found @ (Scalar::Int(_) | Scalar::Uint(_)))
        | (Kind::Float, found @ Scalar::Float { .. })
        | (Kind::Null, found @ Scalar::Null)
        | (Kind::Timestamp, found @ Scalar::Time(_)) => Ok(found),
        #[expect(clippy::cast_precision_loss, reason = "go-yaml converts the same way")]
        (Kind::Float, Scalar::Int(int)) => {
            Ok(Scalar::Float { value: int as f64, text: text.to_owned() })
        }
        _ => Err(wrong),
    }
}

/// Go's base64 decoder skips line breaks, and nothing else.
fn binary(text: &str) -> Result<Scalar, Problem> {
    let joined: Vec<u8> = text.bytes().filter(|byte| !matches!(byte, b'\r' | b'\n')).collect();
    match STANDARD.decode(joined) {
        Ok(bytes) => Ok(Scalar::Binary(bytes)),
        Err(_) => Err(Problem::Tag("!!binary holds invalid base64")),
    }
}
