//! What is wrong with the text of a file.

use std::borrow::Cow;
use std::fmt;

/// What is wrong with the text of a file. Nothing of the text is repeated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Syntax {
    /// The line, from 1, when it is known.
    pub line: Option<usize>,
    /// What is wrong; lower case, no full stop.
    pub problem: Cow<'static, str>,
}

impl Syntax {
    pub(crate) fn new(problem: impl Into<Cow<'static, str>>) -> Self {
        Self { line: None, problem: problem.into() }
    }

    pub(crate) fn at(line: usize, problem: impl Into<String>) -> Self {
        Self { line: Some(line), problem: Cow::Owned(problem.into()) }
    }

    /// A document whose root is no map.
    pub(crate) fn top_level(document: usize) -> Self {
        let problem = "is not a map at its top level, and sops encrypts nothing else";
        Self::new(format!("document {document} {problem}"))
    }

    pub(crate) fn of(error: &yaml::Error) -> Self {
        Self::new(error.to_string())
    }
}

impl fmt::Display for Syntax {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(line) = self.line {
            write!(f, "line {line}: ")?;
        }
        f.write_str(&self.problem)
    }
}

impl std::error::Error for Syntax {}
