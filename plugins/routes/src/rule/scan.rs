//! The tokens of a rule: those of Go's scanner, as Traefik reads a rule as a Go expression (`go/scanner` of Go 1.26).

use super::error::{Problem, RuleError};
use super::literal;

/// A token; what it was written as is never needed again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token<'t> {
    Name(&'t str),
    Text(String),
    Open,
    Close,
    Comma,
    Ellipsis,
    And,
    Or,
    Not,
    /// A line break where Go ends a statement: behind a name, a value or a closing bracket.
    LineEnd,
    /// Something that Go reads and no rule holds.
    Other(&'t str),
    End,
}

impl Token<'_> {
    /// How a message names it.
    pub(super) fn describe(&self) -> String {
        match self {
            Self::Name(name) => format!("`{name}`"),
            Self::Text(_) => "a quoted value".to_owned(),
            Self::Open => "`(`".to_owned(),
            Self::Close => "`)`".to_owned(),
            Self::Comma => "`,`".to_owned(),
            Self::Ellipsis => "`...`".to_owned(),
            Self::And => "`&&`".to_owned(),
            Self::Or => "`||`".to_owned(),
            Self::Not => "`!`".to_owned(),
            Self::LineEnd => "the end of the line".to_owned(),
            Self::Other(text) => format!("`{text}`"),
            Self::End => "the end of the rule".to_owned(),
        }
    }
}

fn is_operator(c: char) -> bool {
    "&|+-*/%^<>=!~".contains(c)
}

pub(super) struct Scanner<'t> {
    text: &'t str,
    at: usize,
    /// Whether a line break here ends the expression.
    ends: bool,
}

impl<'t> Scanner<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        // Go skips a byte order mark at the start, and refuses one elsewhere.
        let at = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        Self { text, at, ends: false }
    }

    /// The next token and the byte at which it starts.
    pub(super) fn next(&mut self) -> Result<(usize, Token<'t>), RuleError> {
        if let Some(start) = self.blanks()? {
            self.ends = false;
            return Ok((start, Token::LineEnd));
        }
        let start = self.at;
        let rest = &self.text[start..];
        let Some(first) = rest.chars().next() else {
            return Ok((start, Token::End));
        };
        let (length, token) = match first {
            _ if first.is_alphabetic() || first == '_' => {
                let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_'));
                let name = &rest[..end.unwrap_or(rest.len())];
                (name.len(), Token::Name(name))
            }
            '`' | '"' => {
                let (length, value) = literal::read(self.text, start)?;
                (length, Token::Text(value))
            }
            '\'' => return Err(self.refuse(start, Problem::SingleQuotes)),
            '(' => (1, Token::Open),
            ')' => (1, Token::Close),
            ',' => (1, Token::Comma),
            '!' if !rest.starts_with("!=") => (1, Token::Not),
            _ if rest.starts_with("...") => (3, Token::Ellipsis),
            _ if rest.starts_with("&&") => (2, Token::And),
            _ if rest.starts_with("||") => (2, Token::Or),
            '0'..='9' | '.' => {
                let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '.'));
                let number = &rest[..end.unwrap_or(rest.len())];
                (number.len(), Token::Other(number))
            }
            ':' | ';' | '[' | ']' | '{' | '}' => (1, Token::Other(&rest[..1])),
            _ if is_operator(first) => {
                let end = rest.find(|c| !is_operator(c)).unwrap_or(rest.len());
                (end, Token::Other(&rest[..end]))
            }
            _ => return Err(self.refuse(start, Problem::Character(first))),
        };
        self.at += length;
        self.ends = matches!(token, Token::Name(_) | Token::Text(_) | Token::Close);
        Ok((start, token))
    }

    /// Skips blanks and comments; where a line break among them ends the expression.
    fn blanks(&mut self) -> Result<Option<usize>, RuleError> {
        loop {
            let rest = &self.text[self.at..];
            if rest.starts_with('\n') && self.ends {
                self.at += 1;
                return Ok(Some(self.at - 1));
            } else if rest.starts_with([' ', '\t', '\r', '\n']) {
                self.at += 1;
            } else if rest.starts_with("//") {
                self.comment(rest.find('\n').unwrap_or(rest.len()))?;
            } else if let Some(body) = rest.strip_prefix("/*") {
                let start = self.at;
                let Some(length) = body.find("*/") else {
                    return Err(self.refuse(start, Problem::UnclosedComment));
                };
                self.comment(length + 4)?;
                if let Some(line) = body[..length].find('\n').filter(|_| self.ends) {
                    return Ok(Some(start + 2 + line));
                }
            } else {
                return Ok(None);
            }
        }
    }

    fn comment(&mut self, length: usize) -> Result<(), RuleError> {
        literal::no_nul_nor_mark(self.text, self.at, self.at + length)?;
        self.at += length;
        Ok(())
    }

    fn refuse(&self, at: usize, problem: Problem) -> RuleError {
        RuleError::at(self.text, at, problem)
    }
}
