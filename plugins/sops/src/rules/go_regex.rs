//! Go's regular expressions (RE2 syntax, `regexp/syntax` of go 1.25) as ones of the `regex` crate.
//!
//! Both are RE2's children; they differ in a handful of places, which are rewritten here: `\d`,
//! `\s`, `\w` and `\b` are ASCII in Go, a `[` inside a class is a letter there, and `\Q..\E` quotes.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use regex::bytes::{Regex, RegexBuilder};

/// Patterns that are kept; a tree has one or two, and a hostile one does not fill the memory.
const KEPT: usize = 64;

/// Compiles Go's pattern; `None` when it is none. The files of a tree share their rule, and to
/// compile it costs as much as to decrypt a file, so it is done once.
pub(super) fn compile(pattern: &str) -> Option<Arc<Regex>> {
    static COMPILED: LazyLock<Mutex<HashMap<String, Arc<Regex>>>> = LazyLock::new(Mutex::default);
    let mut compiled = COMPILED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(regex) = compiled.get(pattern) {
        return Some(regex.clone());
    }
    let regex = Arc::new(RegexBuilder::new(&translate(pattern)).octal(true).build().ok()?);
    if compiled.len() < KEPT {
        compiled.insert(pattern.to_owned(), regex.clone());
    }
    Some(regex)
}

fn translate(pattern: &str) -> String {
    let mut out = String::with_capacity(pattern.len() + 8);
    let mut rest = pattern;
    let mut class = false;
    while let Some(c) = rest.chars().next() {
        let (taken, text) = match c {
            '\\' => escape(rest, class),
            '[' if class => match named_class(rest) {
                Some(end) => (end, rest[..end].to_owned()),
                None => (1, r"\[".to_owned()),
            },
            '[' => {
                class = true;
                opening(rest)
            }
            ']' if class => {
                class = false;
                (1, "]".to_owned())
            }
            // Doubled, these are set operations of the `regex` crate.
            '&' | '~' if class => (1, format!("\\{c}")),
            '-' if class && rest.starts_with("--") => (1, r"\-".to_owned()),
            _ => (c.len_utf8(), c.to_string()),
        };
        out.push_str(&text);
        rest = &rest[taken..];
    }
    out
}

/// `[`, `[^` and a `]` right behind, which is a letter there.
fn opening(rest: &str) -> (usize, String) {
    let mut text = String::from("[");
    if rest[1..].starts_with('^') {
        text.push('^');
    }
    let mut taken = text.len();
    if rest[taken..].starts_with(']') {
        text.push_str(r"\]");
        taken += 1;
    }
    (taken, text)
}

/// The length of `[:alpha:]` at the start of `rest`.
fn named_class(rest: &str) -> Option<usize> {
    let end = rest.strip_prefix("[:")?.find(":]")?;
    let name = &rest[2..2 + end];
    name.chars().all(|c| c.is_ascii_lowercase() || c == '^').then_some(end + 4)
}

/// An escape: how much of `rest` it is, and what stands for it.
fn escape(rest: &str, class: bool) -> (usize, String) {
    let Some(letter) = rest[1..].chars().next() else { return (1, "\\".to_owned()) };
    let ascii = match letter {
        'd' => "[0-9]",
        'D' => "[^0-9]",
        's' => r"[\t\n\f\r ]",
        'S' => r"[^\t\n\f\r ]",
        'w' => "[0-9A-Za-z_]",
        'W' => "[^0-9A-Za-z_]",
        'b' if !class => r"(?-u:\b)",
        'B' if !class => r"(?-u:\B)",
        'Q' if !class => {
            let quoted = &rest[2..];
            let (text, taken) = match quoted.find(r"\E") {
                Some(end) => (&quoted[..end], end + 4),
                None => (quoted, rest.len()),
            };
            return (taken, regex::escape(text));
        }
        _ => {
            let taken = 1 + letter.len_utf8();
            return (taken, rest[..taken].to_owned());
        }
    };
    (2, ascii.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pattern: &str, text: &str) -> bool {
        compile(pattern).expect(pattern).is_match(text.as_bytes())
    }

    #[test]
    fn classes_are_ascii_as_in_go() {
        assert!(matches(r"^\d+$", "12") && !matches(r"^\d+$", "१२"));
        assert!(matches(r"^[\w-]+$", "a-b_1") && !matches(r"^\w+$", "é"));
        assert!(matches(r"^\S$", "\u{a0}") && matches(r"^[^\s]$", "\u{a0}"));
        assert!(matches(r"\bé", "aé"), "é is no letter of a word");
    }

    #[test]
    fn brackets_and_set_operators_in_a_class_are_letters() {
        assert!(matches("^[[]$", "[") && matches("^[]]$", "]") && matches("^[^]]$", "a"));
        assert!(matches("^[a&&b]$", "&") && matches("^[a~~b]$", "~") && matches("^[!--]$", "-"));
        assert!(matches("^[[:alpha:]]+$", "ab") && !matches("^[[:alpha:]]+$", "a1"));
    }

    #[test]
    fn quoting_octal_and_anchors() {
        assert!(matches(r"^\Qa.b\E$", "a.b") && !matches(r"^\Qa.b\E$", "axb"));
        assert!(matches(r"^\Qa.b", "a.bc") && matches(r"^\101$", "A"));
        assert!(!matches("^data$", "data\n") && matches("data", "metadata"));
        assert!(matches("(?i)^SECRET$", "secret") && matches(r"^\x{e9}$", "é"));
    }

    #[test]
    fn what_is_no_expression_is_refused() {
        for pattern in ["(", "[a", "a**(", r"\", r"\8"] {
            assert!(compile(pattern).is_none(), "{pattern}");
        }
    }
}
