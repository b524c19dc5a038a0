//! A document as a tree, with places and comments.

use crate::Position;

/// One document of a stream.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Document {
    /// The root node; an empty document has a null here.
    pub root: Node,
    /// Comments that belong to the document and to no node in it.
    pub comments: Comments,
}

/// The comments of a node as go-yaml v3 attaches them: one entry per line, each with its `#`; an empty entry is an
/// empty line between two blocks of comments.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Comments {
    /// Above the node.
    pub head: Vec<String>,
    /// Behind the node, on its line.
    pub line: Vec<String>,
    /// Below the node.
    pub foot: Vec<String>,
}

impl Comments {
    /// Whether nothing is said.
    pub fn is_empty(&self) -> bool {
        self.head.is_empty() && self.line.is_empty() && self.foot.is_empty()
    }
}

/// A node with its place and its comments. Aliases are expanded; a merge key stays a key (see [`Scalar::Merge`]).
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Node {
    /// Where it starts; of an expanded alias, where the alias stands.
    pub position: Position,
    /// What stands around it.
    pub comments: Comments,
    /// Only where an alias was expanded: the comments around the anchored node, which sops reads there once more.
    pub anchored: Option<Box<Comments>>,
    /// What it holds.
    pub data: Data,
}

impl From<Data> for Node {
    fn from(data: Data) -> Self {
        Self { data, ..Self::default() }
    }
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

impl Default for Data {
    fn default() -> Self {
        Self::Scalar(Scalar::Null)
    }
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
