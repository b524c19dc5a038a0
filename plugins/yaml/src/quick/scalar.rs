//! What stands on one line: a key, a scalar, the header of a literal.

use std::borrow::Cow;

use serde_json::{Map, Value};

use crate::Scalar;
use crate::scalar::{Notation, resolve};
use crate::sink::value;

/// Longer keys, in bytes, are left to the parser, which has a limit for them.
const LONG_KEY: usize = 256;

/// How a line begins, or what stands behind its dashes.
pub(super) enum Head {
    /// A key, and what stands behind its colon.
    Key(String, Rest),
    /// No key.
    Value(Rest),
}

/// What stands behind a key or a dash.
pub(super) enum Rest {
    Scalar(Value),
    /// A map or a list without entries.
    Empty(Value),
    /// The header of a literal.
    Literal(Chomping),
    /// Nothing: the value stands on the lines below, or is null.
    Below,
}

/// What becomes of the breaks at the end of a literal.
#[derive(Clone, Copy)]
pub(super) enum Chomping {
    Strip,
    Clip,
    Keep,
}

impl Chomping {
    pub(super) fn end(self, text: &mut String) {
        let content = text.trim_end_matches('\n').len();
        match self {
            Self::Strip => text.truncate(content),
            Self::Clip => text.truncate(content + 1),
            Self::Keep => {}
        }
    }
}

/// Reads a line from its first character on.
pub(super) fn head(content: &str) -> Option<Head> {
    let first = content.as_bytes().first()?;
    let (name, behind) = if matches!(first, b'"' | b'\'') {
        let (text, behind) = quoted(content)?;
        match behind.strip_prefix(':') {
            Some(behind) => (text, behind),
            None if behind.is_empty() => {
                return Some(Head::Value(Rest::Scalar(Value::String(text.into_owned()))));
            }
            None => return None,
        }
    } else {
        match key_end(content)? {
            at if at < content.len() => (key(&content[..at])?, &content[at + 1..]),
            _ => return rest(content).map(Head::Value),
        }
    };
    if name == "<<" || content.len() - behind.len() > LONG_KEY {
        return None;
    }
    let rest = match behind.strip_prefix(' ') {
        Some(behind) => rest(behind.trim_start_matches(' '))?,
        None if behind.is_empty() => Rest::Below,
        None => return None,
    };
    Some(Head::Key(name.into_owned(), rest))
}

/// A plain key: a string, as far as YAML goes.
fn key(text: &str) -> Option<Cow<'_, str>> {
    if text.ends_with(' ') || !begins(text) {
        return None;
    }
    match resolve(None, Notation::Plain, text.into()) {
        Ok(Scalar::Str(text)) => Some(text.into()),
        _ => None,
    }
}

/// A value on one line.
fn rest(text: &str) -> Option<Rest> {
    Some(match text {
        "|" => Rest::Literal(Chomping::Clip),
        "|-" => Rest::Literal(Chomping::Strip),
        "|+" => Rest::Literal(Chomping::Keep),
        "{}" => Rest::Empty(Value::Object(Map::new())),
        "[]" => Rest::Empty(Value::Array(Vec::new())),
        _ if text.starts_with(['"', '\'']) => {
            let (text, behind) = quoted(text)?;
            behind.is_empty().then(|| Rest::Scalar(Value::String(text.into_owned())))?
        }
        _ if begins(text) && key_end(text) == Some(text.len()) => {
            let scalar = resolve(None, Notation::Plain, text.into()).ok()?;
            Rest::Scalar(value(scalar).ok()?)
        }
        _ => return None,
    })
}

/// Where the colon stands that ends a key; the whole length where there is none. `None` where a comment comes first.
fn key_end(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut before = b'x';
    for (at, &byte) in bytes.iter().enumerate() {
        match byte {
            b':' if matches!(bytes.get(at + 1), None | Some(b' ')) => return Some(at),
            b'#' if before == b' ' => return None,
            _ => before = byte,
        }
    }
    Some(bytes.len())
}

/// Whether a text may stand without quotes, as far as its beginning goes.
fn begins(text: &str) -> bool {
    match text.as_bytes() {
        [b'-', b' ', ..] | [b'-', b'-', b'-', ..] | [b'.', b'.', b'.', ..] | [b'-'] | [] => false,
        [b'-' | b'_' | b'.' | b'/' | b'$' | b'(' | b'+' | b'=' | b'<' | b'~' | 0x80.., ..] => true,
        [first, ..] => first.is_ascii_alphanumeric(),
    }
}

/// A text between quotes that ends on its line, and what stands behind it.
fn quoted(content: &str) -> Option<(Cow<'_, str>, &str)> {
    let inner = &content[1..];
    if content.starts_with('\'') {
        let mut end = inner.find('\'')?;
        if inner.as_bytes().get(end + 1) != Some(&b'\'') {
            return Some((inner[..end].into(), &inner[end + 1..]));
        }
        while inner.as_bytes().get(end + 1) == Some(&b'\'') {
            end += 2 + inner[end + 2..].find('\'')?;
        }
        return Some((inner[..end].replace("''", "'").into(), &inner[end + 1..]));
    }
    let end = inner.find(['"', '\\'])?;
    if inner.as_bytes()[end] == b'"' {
        return Some((inner[..end].into(), &inner[end + 1..]));
    }
    let (mut text, mut rest) = (inner[..end].to_owned(), &inner[end..]);
    loop {
        let next = rest.find(['"', '\\'])?;
        text.push_str(&rest[..next]);
        if rest.as_bytes()[next] == b'"' {
            return Some((text.into(), &rest[next + 1..]));
        }
        text.push(match rest.as_bytes().get(next + 1)? {
            b'"' => '"',
            b'\\' => '\\',
            b'n' => '\n',
            b't' => '\t',
            _ => return None,
        });
        rest = &rest[next + 2..];
    }
}
