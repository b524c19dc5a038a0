//! Regular expressions of a rule: Go's, evaluated and refused where ours mean the same.

use std::sync::{Arc, OnceLock};

use regex::bytes::{Regex, RegexBuilder};
use regex_syntax::ast::ErrorKind;
use regex_syntax::ast::parse::Parser;

/// What is wrong with an expression that Go refuses too. Some that Go alone refuses (`a**`, `(?x)`) pass.
pub(super) fn problem(pattern: &str) -> Option<String> {
    if differs(pattern) {
        return None;
    }
    let error = Parser::new().parse(pattern).err()?;
    let at = error.span().start.offset;
    let reason = match error.kind() {
        ErrorKind::GroupUnclosed => "a group has no closing `)`",
        ErrorKind::GroupUnopened => "a `)` closes no group",
        ErrorKind::ClassUnclosed => "a class has no closing `]`",
        ErrorKind::ClassRangeInvalid => "a range in a class runs backwards",
        ErrorKind::EscapeUnexpectedEof => "it ends in a backslash",
        ErrorKind::RepetitionCountInvalid => "a repetition counts backwards",
        ErrorKind::UnsupportedLookAround => "Go knows no look-around, as `(?=` and `(?!`",
        // A brace that counts nothing is a brace to Go, and behind flags it repeats what stands in front of them.
        ErrorKind::RepetitionMissing
            if !pattern[at..].starts_with('{') && !pattern[..at].contains("(?") =>
        {
            "there is nothing to repeat"
        }
        _ => return None,
    };
    Some(format!("no regular expression of Go: {reason}"))
}

/// The expressions of a leaf, compiled when they are first asked, once for all copies of the leaf.
#[derive(Debug, Clone, Default)]
pub(super) struct Compiled(Arc<OnceLock<Vec<Option<Regex>>>>);

impl Compiled {
    pub(super) fn get(&self, patterns: impl FnOnce() -> Vec<String>) -> &[Option<Regex>] {
        self.0.get_or_init(|| patterns().iter().map(|pattern| compile(pattern)).collect())
    }
}

/// It follows from the values of the leaf.
impl PartialEq for Compiled {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Compiled {}

/// An expression of Go, for ASCII texts; nothing where the two dialects may differ, or ours cannot say.
fn compile(pattern: &str) -> Option<Regex> {
    if differs(pattern) {
        return None;
    }
    // Go's `\d`, `\w` and `\b` know ASCII alone.
    RegexBuilder::new(pattern).unicode(false).size_limit(1 << 20).build().ok()
}

/// Whether the expression has something that Go reads otherwise: set operations and nested brackets in classes, word
/// boundaries as `\<`, `\b{start}`, `{,n}`, `\Q`, and flags that Go has not.
fn differs(pattern: &str) -> bool {
    const ANYWHERE: &[&str] = &["(?)", "{,", "{ ", "\\<", "\\>", "\\b{", "\\B{", "\\Q"];
    const IN_CLASSES: &[&str] = &["&&", "--", "~~"];
    let has = |texts: &[&str]| texts.iter().any(|text| pattern.contains(text));
    has(ANYWHERE) || (pattern.contains('[') && has(IN_CLASSES)) || flags(pattern) || nested(pattern)
}

fn flags(pattern: &str) -> bool {
    pattern.split("(?").skip(1).any(|rest| {
        rest.chars().take_while(|c| c.is_ascii_alphabetic() || *c == '-').any(|c| "xuR".contains(c))
            && !rest.starts_with('P')
    })
}

fn nested(pattern: &str) -> bool {
    let mut inside = false;
    let mut chars = pattern.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' => {
                chars.next();
            }
            '[' if inside => return true,
            '[' => {
                inside = true;
                if chars.peek() == Some(&'^') {
                    chars.next();
                }
                // A bracket that comes first is a member.
                if chars.peek() == Some(&']') {
                    chars.next();
                }
            }
            ']' => inside = false,
            _ => {}
        }
    }
    false
}
