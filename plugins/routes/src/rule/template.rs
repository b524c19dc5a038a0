//! `{name:regexp}` templates of syntax v2 (Traefik's fork of gorilla/mux: `newRouteRegexp`).

use super::pattern;

/// A template in parts: literal text, and variables with their patterns.
pub(super) struct Template {
    pub(super) parts: Vec<Part>,
}

pub(super) enum Part {
    Literal(String),
    Variable { name: String, pattern: Option<String> },
}

impl Template {
    pub(super) fn variables(&self) -> impl Iterator<Item = String> {
        self.parts.iter().filter_map(|part| match part {
            Part::Variable { name, .. } => Some(name.clone()),
            Part::Literal(_) => None,
        })
    }

    /// The text in front of the first variable, and whether there is none.
    pub(super) fn literal_prefix(&self) -> (&str, bool) {
        match self.parts.as_slice() {
            [] => ("", true),
            [Part::Literal(text)] => (text, true),
            [Part::Literal(text), ..] => (text, false),
            [Part::Variable { .. }, ..] => ("", false),
        }
    }
}

/// The regular expression of a host; a variable without one stands for a label. The value has been parsed before: what
/// it is not is never asked.
pub(super) fn host_pattern(value: &str) -> String {
    let mut whole = String::from("(?i)^");
    for part in parse(value).map(|template| template.parts).unwrap_or_default() {
        match part {
            Part::Literal(text) => whole.push_str(&regex::escape(&text)),
            Part::Variable { pattern, .. } => {
                whole.push('(');
                whole.push_str(pattern.as_deref().unwrap_or("[^.]+"));
                whole.push(')');
            }
        }
    }
    whole.push('$');
    whole
}

/// Why gorilla/mux refuses it.
pub(super) fn problem(text: &str) -> Option<String> {
    parse(text).err()
}

pub(super) fn parse(text: &str) -> Result<Template, String> {
    let unbalanced = || "its braces are not balanced".to_owned();
    let mut parts = Vec::new();
    let (mut level, mut from, mut end) = (0_usize, 0, 0);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'{' => {
                level += 1;
                if level == 1 {
                    from = at;
                }
            }
            b'}' => {
                level = level.checked_sub(1).ok_or_else(unbalanced)?;
                if level == 0 {
                    if from > end {
                        parts.push(Part::Literal(text[end..from].to_owned()));
                    }
                    end = at + 1;
                    parts.push(variable(&text[from + 1..at])?);
                }
            }
            _ => {}
        }
    }
    if level != 0 {
        return Err(unbalanced());
    }
    if end < text.len() {
        parts.push(Part::Literal(text[end..].to_owned()));
    }
    Ok(Template { parts })
}

fn variable(text: &str) -> Result<Part, String> {
    let (name, pattern) = match text.split_once(':') {
        Some((name, pattern)) => (name, Some(pattern)),
        None => (text, None),
    };
    if name.is_empty() || pattern == Some("") {
        return Err(format!("`{{{text}}}` lacks its name or its pattern"));
    }
    if let Some(problem) = pattern.and_then(pattern::problem) {
        return Err(problem);
    }
    Ok(Part::Variable { name: name.to_owned(), pattern: pattern.map(str::to_owned) })
}
