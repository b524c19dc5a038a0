//! What a scalar is written as: its text, its tag, its style (go-yaml v3.0.4, `encode.go`).

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::Style;
use crate::Scalar;
use crate::scalar::{go_short, implicit};

/// How a scalar is written. The order is that of [`super::analysis::Analysis::settle`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Quotes {
    Plain,
    Single,
    Double,
    Literal,
}

/// A scalar on its way out.
pub(super) struct Leaf<'n> {
    pub(super) text: Cow<'n, str>,
    pub(super) tag: Option<&'static str>,
    pub(super) quotes: Quotes,
}

impl<'n> Leaf<'n> {
    pub(super) fn of(scalar: &'n Scalar, style: Style) -> Self {
        let plain = |text: Cow<'n, str>| Self { text, tag: None, quotes: Quotes::Plain };
        match scalar {
            Scalar::Null => plain("null".into()),
            Scalar::Bool(true) => plain("true".into()),
            Scalar::Bool(false) => plain("false".into()),
            Scalar::Int(int) => plain(int.to_string().into()),
            Scalar::Uint(int) => plain(int.to_string().into()),
            Scalar::Float { value, text } => plain(float(*value, text, style)),
            Scalar::Time(text) => plain(text.as_str().into()),
            Scalar::Merge => merge(style),
            Scalar::Str(text) => string(text, style),
            Scalar::Binary(bytes) => match std::str::from_utf8(bytes) {
                // To Go it is the same string that plain text would be.
                Ok(text) if style == Style::Sops => string(text, style),
                _ => binary(bytes),
            },
        }
    }
}

/// For people a number keeps its text.
fn float(value: f64, text: &str, style: Style) -> Cow<'_, str> {
    match style {
        Style::People if matches!(implicit(text, false), Some(Scalar::Float { .. })) => text.into(),
        _ => go_short(value).into(),
    }
}

/// go-yaml prints a merge key with its tag once a node has gone through `Node.Encode`.
fn merge(style: Style) -> Leaf<'static> {
    let tag = (style == Style::Sops).then_some("!!merge");
    Leaf { text: "<<".into(), tag, quotes: Quotes::Plain }
}

pub(super) fn string(text: &str, style: Style) -> Leaf<'_> {
    if text == "<<" && style == Style::Sops {
        return merge(style);
    }
    let quotes = if text.contains('\n') {
        Quotes::Literal
    } else if is_safe_plain(text, style) {
        Quotes::Plain
    } else {
        Quotes::Double
    };
    Leaf { text: text.into(), tag: None, quotes }
}

/// Lines of 70 characters when one does not suffice.
fn binary(bytes: &[u8]) -> Leaf<'static> {
    let encoded = STANDARD.encode(bytes);
    let (text, quotes) = if encoded.len() < 70 {
        (encoded, Quotes::Plain)
    } else {
        let mut lines = String::with_capacity(encoded.len() + encoded.len() / 70 + 1);
        for line in encoded.as_bytes().chunks(70) {
            lines.extend(line.iter().map(|byte| char::from(*byte)));
            lines.push('\n');
        }
        (lines, Quotes::Literal)
    };
    Leaf { text: text.into(), tag: Some("!!binary"), quotes }
}

/// Whether the text, written plain, is read back as a string: by go-yaml, or for people by every reader.
fn is_safe_plain(text: &str, style: Style) -> bool {
    implicit(text, true).is_none()
        && !is_sexagesimal(text)
        && !is_old_bool(text)
        && (style == Style::Sops || !is_disputed(text))
}

/// YAML 1.1's other words for booleans.
fn is_old_bool(text: &str) -> bool {
    matches!(
        text,
        "y" | "Y"
            | "yes"
            | "Yes"
            | "YES"
            | "on"
            | "On"
            | "ON"
            | "n"
            | "N"
            | "no"
            | "No"
            | "NO"
            | "off"
            | "Off"
            | "OFF"
    )
}

/// `[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?`: YAML 1.1 counts in sixties.
fn is_sexagesimal(text: &str) -> bool {
    let text = text.strip_prefix(['-', '+']).unwrap_or(text);
    if !text.starts_with(|first: char| first.is_ascii_digit()) {
        return false;
    }
    let (groups, part) = text.split_once('.').unwrap_or((text, ""));
    if !part.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_') {
        return false;
    }
    let mut groups = groups.split(':');
    let first = groups.next().unwrap_or_default();
    let is_first =
        !first.is_empty() && first.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_');
    let mut count = 0;
    let is_group = |group: &str| match group.as_bytes() {
        [digit] => digit.is_ascii_digit(),
        [tens, digit] => (b'0'..=b'5').contains(tens) && digit.is_ascii_digit(),
        _ => false,
    };
    is_first
        && groups.all(|group| {
            count += 1;
            is_group(group)
        })
        && count > 0
}

/// What some YAML 1.1 or 1.2 reader takes for a number, a timestamp, a merge key or a default: `=`, `<<`, and every
/// text of the characters of numbers and times that starts like one.
fn is_disputed(text: &str) -> bool {
    let starts =
        |character: char| character.is_ascii_digit() || matches!(character, '+' | '-' | '.');
    let continues = |character: char| {
        character.is_ascii_hexdigit()
            || matches!(character, '_' | '.' | ',' | ':' | '+' | '-' | ' ')
            || matches!(character, 'x' | 'X' | 'o' | 'O' | 't' | 'T' | 'z' | 'Z')
            || matches!(character, 'i' | 'I' | 'n' | 'N')
    };
    matches!(text, "=" | "<<" | "~") || text.starts_with(starts) && text.chars().all(continues)
}
