//! Why a rule was refused, where, and what to write instead.

use super::Syntax;

/// Why Traefik builds no router from a rule: the author's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}{problem}", place(*line, *column))]
pub struct RuleError {
    /// The byte of the text at which it was noticed.
    pub offset: usize,
    /// The line, from 1.
    pub line: usize,
    /// The character of the line, from 1.
    pub column: usize,
    /// What is wrong.
    pub problem: Problem,
}

fn place(line: usize, column: usize) -> String {
    match line {
        1 => format!("character {column}: "),
        _ => format!("line {line}, character {column}: "),
    }
}

impl RuleError {
    pub(super) fn at(text: &str, offset: usize, problem: Problem) -> Self {
        let before = &text[..offset];
        let line = before.matches('\n').count() + 1;
        let start = before.rfind('\n').map_or(0, |end| end + 1);
        Self { offset, line, column: before[start..].chars().count() + 1, problem }
    }

    /// What to do about it, where that is known.
    pub fn hint(&self) -> Option<String> {
        self.problem.hint()
    }
}

/// What is wrong with a rule; lower case, no full stop.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// Nothing, or nothing but blanks and comments.
    #[error("the rule is empty")]
    Empty,
    /// Longer or deeper than this parser follows: hostile.
    #[error("the rule exceeds the limit of {limit} {what}")]
    Limit {
        /// What was counted.
        what: &'static str,
        /// The limit.
        limit: usize,
    },
    /// A token at a place where no rule has it.
    #[error("expected {expected}, found {found}")]
    Unexpected {
        /// What may stand here.
        expected: &'static str,
        /// What stands here.
        found: String,
    },
    /// The expression is complete at a line break, and more follows: Go ends it there.
    #[error("the expression ends at the line break, as a statement of Go does")]
    LineBreak,
    /// A line break behind the last value, which Go ends there.
    #[error("the list of values ends at the line break, as a statement of Go does")]
    LineBreakInValues,
    /// A character that no rule holds outside of a quoted value.
    #[error("unexpected character {0:?}")]
    Character(char),
    /// `'a'` is a character to Go.
    #[error("single quotes hold no value")]
    SingleQuotes,
    /// A quoted value without its end.
    #[error("the value that starts here has no closing {0}")]
    Unclosed(char),
    /// A comment without its end.
    #[error("the comment that starts here has no end")]
    UnclosedComment,
    /// A backslash in double quotes that starts no escape.
    #[error("no escape that Go knows")]
    Escape,
    /// `&`, `|`, `==`, `and` and the like.
    #[error("`{0}` is no operator of a rule")]
    Operator(String),
    /// No matcher of that name.
    #[error("`{name}` is no matcher {of}")]
    UnknownMatcher {
        /// The name.
        name: String,
        /// Of which routers and syntax.
        of: &'static str,
        /// What to write instead.
        instead: Option<String>,
    },
    /// Another number of values than the matcher takes.
    #[error("`{matcher}` takes {takes} in syntax {syntax}, found {found}")]
    Count {
        /// The matcher.
        matcher: &'static str,
        /// How many it takes.
        takes: &'static str,
        /// How many stand there.
        found: usize,
        /// The syntax of the rule.
        syntax: Syntax,
        /// What to write instead.
        instead: Option<String>,
    },
    /// A value that the matcher refuses.
    #[error("`{matcher}` does not take {value:?}: {reason}")]
    Value {
        /// The matcher.
        matcher: &'static str,
        /// The value.
        value: String,
        /// Why not.
        reason: String,
        /// What to write instead.
        instead: Option<String>,
    },
}

/// What is expected where a matcher has its values.
pub(super) const VALUE: &str = "a value in quotes";
/// What is expected behind a whole rule.
pub(super) const END: &str = "`&&`, `||` or the end of the rule";

impl Problem {
    fn hint(&self) -> Option<String> {
        let text = match self {
            Self::LineBreak => {
                "let `&&` or `||` end the line instead of starting the next, or fold the lines with `>`"
            }
            Self::LineBreakInValues => "write `)` behind the last value, or a comma",
            Self::Unexpected { expected: VALUE, .. } => {
                "write the value in backquotes, as in Host(`a.example`)"
            }
            Self::Unexpected { expected: END, found } if found == "`)`" => "it closes no bracket",
            Self::Unexpected { expected: END, .. } => "write `&&` or `||` between two matchers",
            Self::SingleQuotes => "write `value` in backquotes, or \"value\"",
            Self::Character('\u{2018}'..='\u{201f}') => {
                "typographic quotes are no quotes: write `value` in backquotes, or \"value\""
            }
            Self::Character('\u{a0}') => "this is a non-breaking space: write an ordinary one",
            Self::Escape => "write the value in backquotes, which know no escapes",
            Self::Operator(found) => match found.to_ascii_lowercase().as_str() {
                "&" | "and" => "write `&&`",
                "|" | "or" => "write `||`",
                "not" => "write `!`",
                _ => "a rule knows `&&`, `||` and `!`",
            },
            Self::UnknownMatcher { instead, .. }
            | Self::Count { instead, .. }
            | Self::Value { instead, .. } => return instead.clone(),
            _ => return None,
        };
        Some(text.to_owned())
    }
}
