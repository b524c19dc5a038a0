//! A document as sops sees it: ordered branches, comments as items, typed leaves.

use zeroize::Zeroizing;

/// The documents of a file, in order. Every format but YAML has exactly one.
#[derive(Clone, Default)]
pub(crate) struct Tree {
    pub(crate) documents: Vec<Branch>,
}

/// A map with its comments, in the order of the text. Keys may repeat (JSON, INI).
pub(crate) type Branch = Vec<Item>;

/// One item of a map.
#[derive(Clone)]
pub(crate) enum Item {
    /// A comment between the entries.
    Comment(Comment),
    /// A key and its value.
    Entry(Vec<u8>, Node),
}

/// A comment without its comment sign.
#[derive(Clone)]
pub(crate) struct Comment {
    pub(crate) text: Zeroizing<Vec<u8>>,
    /// Whether it stands behind a value, on its line.
    pub(crate) inline: bool,
}

impl Comment {
    /// A comment on a line of its own.
    pub(crate) fn own_line(text: impl Into<Vec<u8>>) -> Self {
        Self { text: Zeroizing::new(text.into()), inline: false }
    }
}

/// A value.
#[derive(Clone)]
pub(crate) enum Node {
    Leaf(Leaf),
    Map(Branch),
    List(Vec<Element>),
}

/// One item of a list.
#[derive(Clone)]
pub(crate) enum Element {
    Comment(Comment),
    Node(Node),
}

/// A scalar of one of the types that sops knows.
#[derive(Clone)]
pub(crate) enum Leaf {
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    /// RFC 3339 with as many fractional digits as there are, as Go's `MarshalText` gives it.
    Time(String),
    /// A string; not always UTF-8.
    Str(Zeroizing<Vec<u8>>),
}

impl Leaf {
    /// A string.
    pub(crate) fn str(text: impl Into<Vec<u8>>) -> Self {
        Self::Str(Zeroizing::new(text.into()))
    }

    /// What messages call its type.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "boolean",
            Self::Int(_) => "integer",
            Self::Float(_) => "float",
            Self::Time(_) => "timestamp",
            Self::Str(_) => "string",
        }
    }
}

impl Node {
    /// A string.
    pub(crate) fn str(text: impl Into<Vec<u8>>) -> Self {
        Self::Leaf(Leaf::str(text))
    }

    /// What messages call its type.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Leaf(leaf) => leaf.kind(),
            Self::Map(_) => "map",
            Self::List(_) => "list",
        }
    }
}

/// The entries of a branch, without its comments.
pub(crate) fn entries(branch: &[Item]) -> impl Iterator<Item = (&[u8], &Node)> {
    branch.iter().filter_map(|item| match item {
        Item::Entry(key, node) => Some((key.as_slice(), node)),
        Item::Comment(_) => None,
    })
}
