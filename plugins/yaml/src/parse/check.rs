//! What is refused before or while scanning because go-yaml v3 refuses it or reads it differently.

use crate::error::syntax;
use crate::tokens::Mark;
use crate::{Error, Position, Problem};

/// Characters that go-yaml refuses, and those that are line breaks to it and to nobody else.
pub(super) fn characters(text: &str) -> Result<(), Error> {
    let bytes = text.as_bytes();
    let suspicious = |byte: &u8| match byte {
        b'\t' | b'\n' | b'\r' => false,
        0..=0x1F | 0x7F | 0xC2 | 0xE2 | 0xEF => true,
        _ => false,
    };
    let mut from = 0;
    while let Some(next) = bytes[from..].iter().position(suspicious) {
        let at = from + next;
        let length = match bytes[at] {
            0..=0x7F => 1,
            0xC2 => 2,
            _ => 3,
        };
        if let Some(problem) = character(&bytes[at..at + length]) {
            return Err(Error::at(place(text, at), problem));
        }
        from = at + length;
    }
    Ok(())
}

fn character(character: &[u8]) -> Option<Problem> {
    match character {
        [0..=0x7F] | [0xC2, 0x80..=0x84 | 0x86..=0x9F] | [0xEF, 0xBF, 0xBE | 0xBF] => {
            Some(Problem::Syntax("a control character (write it as an escape)".to_owned()))
        }
        [0xC2, 0x85] => Some(Problem::Ambiguous("U+0085 breaks a line for some (write \\N)")),
        [0xE2, 0x80, 0xA8] => Some(Problem::Ambiguous("U+2028 breaks a line for some (write \\L)")),
        [0xE2, 0x80, 0xA9] => Some(Problem::Ambiguous("U+2029 breaks a line for some (write \\P)")),
        [0xEF, 0xBB, 0xBF] => Some(Problem::Ambiguous("U+FEFF inside the text (write \\uFEFF)")),
        _ => None,
    }
}

/// Line and column of a byte.
fn place(text: &str, at: usize) -> Position {
    let before = &text[..at];
    let line = before.bytes().filter(|byte| *byte == b'\n').count();
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    Mark { index: at, line, column: before[start..].chars().count() }.position()
}

/// Escapes in double quotes that go-yaml does not know: `\/`, and halves of surrogate pairs.
pub(super) fn escapes(quoted: &str, start: Mark) -> Result<(), Error> {
    let mut rest = quoted;
    while let Some(at) = rest.find('\\') {
        match &rest.as_bytes()[at + 1..] {
            [b'/', ..] => {
                return Err(Error::at(start.position(), Problem::Ambiguous("the escape \\/")));
            }
            [b'u', b'd' | b'D', b'8' | b'9' | b'a'..=b'f' | b'A'..=b'F', ..] => {
                let problem =
                    Problem::Ambiguous("half of a surrogate pair as an escape (write \\U)");
                return Err(Error::at(start.position(), problem));
            }
            [] => return Err(syntax(start.position(), "an escape without a character")),
            _ => {}
        }
        let escaped = rest[at + 1..].chars().next().map_or(0, char::len_utf8);
        rest = &rest[at + 1 + escaped..];
    }
    Ok(())
}
