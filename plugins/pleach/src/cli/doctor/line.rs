//! A line of the doctor: how it is, what, and what to do.

use std::fmt;

/// How something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// As it should be.
    Ok,
    /// Builds work, less well or less guarded.
    Warning,
    /// Stops a build.
    Error,
}

/// What was found of one thing.
#[derive(Debug)]
pub(super) struct Line {
    pub(super) state: State,
    pub(super) what: &'static str,
    pub(super) found: String,
    pub(super) hint: Option<String>,
}

impl Line {
    pub(super) fn new(state: State, what: &'static str, found: impl Into<String>) -> Self {
        Self { state, what, found: found.into(), hint: None }
    }

    pub(super) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = match self.state {
            State::Ok => "ok",
            State::Warning => "warning",
            State::Error => "error",
        };
        writeln!(f, "{state:7} {}: {}", self.what, self.found)?;
        match &self.hint {
            Some(hint) => writeln!(f, "   hint {hint}"),
            None => Ok(()),
        }
    }
}
