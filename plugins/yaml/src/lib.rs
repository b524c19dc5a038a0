//! YAML as go-yaml v3 reads it.
//!
//! One parser, two sinks: [`documents`] keeps spans, comments and what each scalar was written as; [`values`] gives
//! plain values with merge keys applied, as `yaml.Unmarshal` into an `interface{}` does. Writers: [`write`].

use serde_json::Value;

/// Where a node starts. Both count from 1; the column counts characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Position {
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}

/// One document of a stream.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// The root node; an empty document has a null here.
    pub root: Node,
    /// Comments that belong to the document and to no node in it.
    pub comments: Comments,
}

/// The comments of a node as go-yaml v3 attaches them; each line with its `#`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Comments {
    /// Above the node.
    pub head: Vec<String>,
    /// Behind the node, on its line.
    pub line: Vec<String>,
    /// Below the node.
    pub foot: Vec<String>,
}

/// A node with its place and its comments. Aliases are expanded; a merge key stays a key (see [`Scalar::Merge`]).
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// Where it starts.
    pub position: Position,
    /// What stands around it.
    pub comments: Comments,
    /// What it holds.
    pub data: Data,
}

/// What a node holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Data {
    /// A leaf.
    Scalar(Scalar),
    /// A list.
    Sequence(Vec<Node>),
    /// A map in the order of the text; keys are unique.
    Mapping(Vec<(Node, Node)>),
}

/// A scalar, resolved as go-yaml v3 resolves it into an `interface{}`.
#[derive(Debug, Clone, PartialEq)]
pub enum Scalar {
    /// `~`, `null`, nothing.
    Null,
    /// `true`, `True`, `FALSE` ...; never `yes`.
    Bool(bool),
    /// Anything that fits an `i64`.
    Int(i64),
    /// Above `i64::MAX`, within a `u64`.
    Uint(u64),
    /// A float, with the text it was written as.
    Float {
        /// Its value, infinities and NaN included.
        value: f64,
        /// As written.
        text: String,
    },
    /// A timestamp, in the RFC 3339 form with nanoseconds that Go prints (`2020-01-02T00:00:00Z`).
    Time(String),
    /// A string.
    Str(String),
    /// `!!binary`, decoded; Go holds it in a string even when it is not UTF-8.
    Binary(Vec<u8>),
    /// The plain key `<<`.
    Merge,
}

/// Why a text was refused.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct Error {
    /// Where, when it is known.
    pub position: Option<Position>,
    /// What is wrong; lower case, no full stop, never text of the document.
    pub message: String,
}

/// Reads every document of `text`, with spans and comments.
pub fn documents(_text: &[u8]) -> Result<Vec<Document>, Error> {
    unimplemented!()
}

/// Reads every document of `text` as plain values: merge keys applied, timestamps and binaries as strings.
pub fn values(_text: &[u8]) -> Result<Vec<Value>, Error> {
    unimplemented!()
}

/// Writers.
pub mod write {
    use super::Document;
    /// go-yaml v3's block style. `indent` is 4 as sops prints, 2 for people.
    pub fn block(_documents: &[Document], _indent: usize) -> String {
        unimplemented!()
    }
}
