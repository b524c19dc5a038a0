//! Quoted values: Go's raw and interpreted string literals (the Go specification, "String literals").

use super::error::{Problem, RuleError};

/// The literal that starts at byte `start` of `text`: its length, and its value. Bytes that are no UTF-8, which only
/// `\x` and octal escapes can make, become U+FFFD: they are no host either way.
pub(super) fn read(text: &str, start: usize) -> Result<(usize, String), RuleError> {
    let body = &text[start + 1..];
    if text[start..].starts_with('`') {
        let Some(end) = body.find('`') else {
            return Err(RuleError::at(text, start, Problem::Unclosed('`')));
        };
        no_nul_nor_mark(text, start, start + 1 + end)?;
        return Ok((end + 2, body[..end].replace('\r', "")));
    }
    let mut value = Vec::new();
    let mut rest = body;
    loop {
        let at = text.len() - rest.len();
        let Some(first) = rest.chars().next().filter(|c| *c != '\n') else {
            return Err(RuleError::at(text, start, Problem::Unclosed('"')));
        };
        rest = &rest[first.len_utf8()..];
        match first {
            '"' => break,
            '\\' => {
                let escape = escape(rest, &mut value);
                let Some(length) = escape else {
                    return Err(RuleError::at(text, at, Problem::Escape));
                };
                rest = &rest[length..];
            }
            _ => value.extend_from_slice(first.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
    let length = text.len() - rest.len() - start;
    no_nul_nor_mark(text, start, start + length)?;
    Ok((length, String::from_utf8_lossy(&value).into_owned()))
}

/// Reads what follows a backslash; the bytes that it took, or nothing when Go knows no such escape.
fn escape(rest: &str, value: &mut Vec<u8>) -> Option<usize> {
    let kind = rest.chars().next()?;
    let (from, digits, radix) = match kind {
        'x' => (1, 2, 16),
        'u' => (1, 4, 16),
        'U' => (1, 8, 16),
        '0'..='7' => (0, 3, 8),
        _ => {
            let simple = match kind {
                'a' => 0x07,
                'b' => 0x08,
                'f' => 0x0c,
                'n' => b'\n',
                'r' => b'\r',
                't' => b'\t',
                'v' => 0x0b,
                '\\' => b'\\',
                '"' => b'"',
                _ => return None,
            };
            value.push(simple);
            return Some(1);
        }
    };
    let digits = rest.get(from..from + digits)?;
    if !digits.bytes().all(|digit| char::from(digit).is_digit(radix)) {
        return None;
    }
    let number = u32::from_str_radix(digits, radix).ok()?;
    if matches!(kind, 'u' | 'U') {
        value.extend_from_slice(char::from_u32(number)?.encode_utf8(&mut [0; 4]).as_bytes());
    } else {
        value.push(u8::try_from(number).ok()?);
    }
    Some(from + digits.len())
}

/// Go refuses both wherever they stand.
pub(super) fn no_nul_nor_mark(text: &str, start: usize, end: usize) -> Result<(), RuleError> {
    match text[start..end].char_indices().find(|(_, c)| matches!(c, '\0' | '\u{feff}')) {
        Some((at, found)) => Err(RuleError::at(text, start + at, Problem::Character(found))),
        None => Ok(()),
    }
}
