//! Regular expressions of a rule: Go's, evaluated where ours mean the same.

use regex::bytes::RegexBuilder;

/// Whether Go's expression matches an ASCII text; nothing where the two dialects may differ, or ours cannot say.
pub(super) fn is_match(pattern: &str, text: &str) -> Option<bool> {
    if differs(pattern) {
        return None;
    }
    // Go's `\d`, `\w` and `\b` know ASCII alone.
    let compiled = RegexBuilder::new(pattern).unicode(false).size_limit(1 << 20).build().ok()?;
    Some(compiled.is_match(text.as_bytes()))
}

/// Whether the expression has something that Go reads otherwise: set operations and nested brackets in classes, word
/// boundaries as `\<`, `\b{start}`, `{,n}`, `\Q`, and flags that Go has not.
fn differs(pattern: &str) -> bool {
    const OURS: &[&str] = &["&&", "--", "~~", "{,", "\\<", "\\>", "\\b{", "\\B{", "\\Q", "{ "];
    OURS.iter().any(|text| pattern.contains(text)) || flags(pattern) || nested(pattern)
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
