//! Compact JSON that every YAML reader reads as the same values.

use serde_json::{Map, Value};

/// Writes a value as one line of JSON without a break at its end.
///
/// Numbers keep their text. What is legal in a JSON string and not in a YAML one (U+007F, U+0085, U+2028, U+2029, a
/// byte order mark, U+FFFE, U+FFFF and the other control characters) is escaped.
pub fn json(value: &Value) -> String {
    let mut out = String::new();
    write(&mut out, value);
    out
}

/// Appends what [`json`] gives.
pub fn json_into(out: &mut String, value: &Value) {
    write(out, value);
}

/// How many bytes [`json`] gives: a buffer of that size is never moved, so that no copy of a secret stays behind.
pub fn json_length(value: &Value) -> usize {
    let mut length = Length(0);
    write(&mut length, value);
    length.0
}

/// What JSON is written to.
trait Out {
    fn push_str(&mut self, text: &str);

    fn push(&mut self, character: char) {
        self.push_str(character.encode_utf8(&mut [0; 4]));
    }
}

impl Out for String {
    fn push_str(&mut self, text: &str) {
        String::push_str(self, text);
    }

    fn push(&mut self, character: char) {
        String::push(self, character);
    }
}

/// Counts bytes.
struct Length(usize);

impl Out for Length {
    fn push_str(&mut self, text: &str) {
        self.0 += text.len();
    }
}

fn write(out: &mut impl Out, value: &Value) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(true) => out.push_str("true"),
        Value::Bool(false) => out.push_str("false"),
        Value::Number(number) => out.push_str(number.as_str()),
        Value::String(text) => string(out, text),
        Value::Array(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write(out, item);
            }
            out.push(']');
        }
        Value::Object(map) => object(out, map),
    }
}

fn object(out: &mut impl Out, map: &Map<String, Value>) {
    out.push('{');
    for (index, (name, value)) in map.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        string(out, name);
        out.push(':');
        write(out, value);
    }
    out.push('}');
}

fn string(out: &mut impl Out, text: &str) {
    out.push('"');
    let mut plain = 0;
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        // Everything that may need an escape starts with one of these bytes.
        if !matches!(bytes[at], 0..=0x1F | b'"' | b'\\' | 0x7F | 0xC2 | 0xE2 | 0xEF) {
            at += 1;
            continue;
        }
        let Some(character) = text[at..].chars().next() else { break };
        let length = character.len_utf8();
        if must_escape(character) {
            out.push_str(&text[plain..at]);
            escape(out, character);
            plain = at + length;
        }
        at += length;
    }
    out.push_str(&text[plain..]);
    out.push('"');
}

fn must_escape(character: char) -> bool {
    matches!(
        character,
        '\0'..='\u{1F}'
            | '"'
            | '\\'
            | '\u{7F}'..='\u{9F}'
            | '\u{2028}'
            | '\u{2029}'
            | '\u{FEFF}'
            | '\u{FFFE}'
            | '\u{FFFF}'
    )
}

fn escape(out: &mut impl Out, character: char) {
    match character {
        '"' => out.push_str("\\\""),
        '\\' => out.push_str("\\\\"),
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        other => {
            out.push_str("\\u");
            for shift in [12, 8, 4, 0] {
                let digit = (u32::from(other) >> shift) & 0xF;
                out.push(char::from_digit(digit, 16).unwrap_or('0'));
            }
        }
    }
}
