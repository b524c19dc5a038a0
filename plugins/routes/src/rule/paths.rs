//! The paths of a rule.

use super::reach::Answer;
use super::{Leaf, Matcher, Rule, Syntax, Tree, template};

/// How a value is compared with the path of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PathKind {
    /// `Path`: the whole.
    Exact,
    /// `PathPrefix`: the start, character by character (`/a` is a prefix of `/ab`).
    Prefix,
    /// `PathRegexp`, or a v2 template with variables.
    Regexp,
}

/// One value of `Path`, `PathPrefix` or `PathRegexp`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathMatch {
    /// How it is compared.
    pub kind: PathKind,
    /// The value as it stands in the rule.
    pub value: String,
    /// Whether the rule asks that it does *not* match.
    pub negated: bool,
}

impl Rule {
    /// Every path that the rule names, in order.
    pub fn paths(&self) -> Vec<PathMatch> {
        let mut paths = Vec::new();
        for leaf in self.tree.leaves() {
            for value in &leaf.values {
                let kind = match leaf.matcher {
                    Matcher::Path | Matcher::PathPrefix
                        if self.syntax == Syntax::V2 && !literal(value, self.syntax).1 =>
                    {
                        PathKind::Regexp
                    }
                    Matcher::Path => PathKind::Exact,
                    Matcher::PathPrefix => PathKind::Prefix,
                    Matcher::PathRegexp => PathKind::Regexp,
                    _ => continue,
                };
                paths.push(PathMatch { kind, value: value.clone(), negated: leaf.negated });
            }
        }
        paths
    }

    /// Whether every request that the rule matches has a path that starts with `prefix`: never "yes" where Traefik
    /// matches another. So a rule of `/oauth2/` or `/.well-known/acme-challenge/` is told from one that serves more.
    pub fn only_below(&self, prefix: &str) -> bool {
        only(&self.tree, self.syntax, prefix)
    }
}

fn only(tree: &Tree, syntax: Syntax, prefix: &str) -> bool {
    match tree {
        Tree::All(terms) => terms.iter().any(|term| only(term, syntax, prefix)),
        Tree::Any(terms) => terms.iter().all(|term| only(term, syntax, prefix)),
        Tree::Leaf(leaf) if leaf.negated => false,
        Tree::Leaf(leaf) => match leaf.matcher {
            Matcher::Path | Matcher::PathPrefix => {
                leaf.values.iter().all(|value| literal(value, syntax).0.starts_with(prefix))
            }
            Matcher::PathRegexp => {
                leaf.values.iter().all(|value| anchored(value).starts_with(prefix))
            }
            _ => false,
        },
    }
}

/// What `Path`, `PathPrefix` or `PathRegexp` may say to a path that starts with `below`.
pub(super) fn ask(leaf: &Leaf, syntax: Syntax, below: &str) -> Answer {
    let mut answer = Answer { yes: false, no: true };
    for value in &leaf.values {
        let (text, whole) = match leaf.matcher {
            Matcher::PathRegexp => (anchored(value), false),
            _ => literal(value, syntax),
        };
        let longer = text.starts_with(below);
        let open = leaf.matcher == Matcher::PathPrefix || !whole;
        answer.yes |= longer || (open && below.starts_with(&text));
        // Every path below it starts with the value as well.
        answer.no &= !(leaf.matcher == Matcher::PathPrefix && whole && below.starts_with(&text));
    }
    answer
}

/// The text in front of the first variable of a v2 template, and whether that is all.
fn literal(value: &str, syntax: Syntax) -> (String, bool) {
    if syntax == Syntax::V2
        && let Ok(template) = template::parse(value)
    {
        let (text, whole) = template.literal_prefix();
        return (text.to_owned(), whole);
    }
    (value.to_owned(), true)
}

/// The text with which everything starts that an expression matches: what follows `^`, up to the first character that
/// means something. Nothing where there are alternatives.
fn anchored(pattern: &str) -> String {
    let mut text = String::new();
    let Some(rest) = pattern.strip_prefix('^').filter(|_| !pattern.contains('|')) else {
        return text;
    };
    let mut chars = rest.chars().peekable();
    while let Some(c) = chars.next() {
        let plain = match c {
            '\\' => match chars.next() {
                Some(escaped) if escaped.is_ascii_punctuation() => escaped,
                _ => break,
            },
            c if "[](){}.*+?^$|".contains(c) => break,
            c => c,
        };
        // What may stand there no time at all is not sure.
        if chars.peek().is_some_and(|next| "*?{".contains(*next)) {
            break;
        }
        text.push(plain);
    }
    text
}
