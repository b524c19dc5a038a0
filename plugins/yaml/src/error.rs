//! Why a text was refused.

use crate::Position;

/// Why a text was refused, and where. Nothing of the text is ever repeated.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}{problem}", place(self.position))]
pub struct Error {
    /// Where, when it is known.
    pub position: Option<Position>,
    /// What is wrong.
    pub problem: Problem,
}

fn place(position: Option<Position>) -> String {
    position.map(|position| format!("{position}: ")).unwrap_or_default()
}

/// What is wrong with a text; lower case, no full stop.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// The text is no YAML: the author's.
    #[error("not valid YAML: {0}")]
    Syntax(String),
    /// The text is YAML that this reader and go-yaml v3 would read differently (the table in the crate's
    /// documentation): the author's, by a choice of ours.
    #[error("refused, since readers disagree on it: {0}")]
    Ambiguous(&'static str),
    /// A key stands twice in one map: the author's.
    #[error("this key stands in the map already, on line {first}")]
    DuplicateKey {
        /// Line of the first one.
        first: u32,
    },
    /// A value that its tag does not allow: the author's.
    #[error("{0}")]
    Tag(&'static str),
    /// Valid YAML that has no form as plain values (JSON): the author's.
    #[error("{0}")]
    NoValue(&'static str),
    /// A document beyond the [`crate::Limits`]: hostile, or the limit is too small.
    #[error("{what} exceed the limit of {limit}")]
    Limit {
        /// What was counted.
        what: &'static str,
        /// The limit.
        limit: usize,
    },
}

impl Error {
    /// An error at a place.
    pub(crate) fn at(position: Position, problem: Problem) -> Self {
        Self { position: Some(position), problem }
    }
}

/// A syntax error at a place.
pub(crate) fn syntax(position: Position, message: &str) -> Error {
    Error::at(position, Problem::Syntax(message.to_owned()))
}

/// What the scanner reports, without the characters of the text that it names.
pub(crate) fn scan(error: &granit_parser::ScanError) -> Error {
    use granit_parser::ErrorKind;
    let message = match error.kind() {
        ErrorKind::UnexpectedCharacter { .. } => {
            "a character that cannot start anything".to_owned()
        }
        kind => kind.to_string(),
    };
    let marker = error.marker();
    let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    let position = Position { line: count(marker.line()), column: count(marker.col() + 1) };
    Error::at(position, Problem::Syntax(message))
}
