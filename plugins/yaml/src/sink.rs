//! What a parser builds: a document with places and comments, or plain values.

mod plain;
mod tree;

use std::borrow::Cow;

pub(crate) use plain::{Plain, value};
pub(crate) use tree::{Tree, comments, lines};

use crate::scalar::Notation;
use crate::{Error, Position};

/// The comments around a node while it is built, as go-yaml holds them: lines joined by breaks.
#[derive(Debug, Default, Clone)]
pub(crate) struct Around {
    pub(crate) head: String,
    pub(crate) line: String,
    pub(crate) foot: String,
}

/// A scalar of the text.
pub(crate) struct Leaf<'t> {
    pub(crate) position: Position,
    /// The long form of its tag; `None` without one and for the non-specific `!`.
    pub(crate) tag: Option<Cow<'t, str>>,
    pub(crate) notation: Notation,
    pub(crate) text: Cow<'t, str>,
    /// Whether it is the key of a map.
    pub(crate) key: bool,
}

/// Builds nodes of one kind.
pub(crate) trait Sink {
    /// A finished node.
    type Node: Clone;
    /// Whether comments are wanted.
    const COMMENTS: bool;

    /// A scalar.
    fn scalar(&mut self, leaf: Leaf<'_>, around: Around) -> Result<Self::Node, Error>;
    /// A sequence.
    fn sequence(
        &mut self,
        position: Position,
        items: Vec<Self::Node>,
        around: Around,
    ) -> Self::Node;
    /// A mapping; its keys differ as texts.
    fn mapping(
        &mut self,
        position: Position,
        entries: Vec<(Self::Node, Self::Node)>,
        around: Around,
    ) -> Result<Self::Node, Error>;
    /// The node that stands for an alias.
    fn alias(&mut self, position: Position, anchored: Self::Node, around: Around) -> Self::Node;
    /// The foot comment of a node, where comments are wanted.
    fn foot(node: &mut Self::Node) -> Option<&mut Vec<String>>;
    /// Nodes that merges have copied since the start.
    fn merged(&self) -> usize {
        0
    }
}
