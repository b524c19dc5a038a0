//! The sink that keeps places and comments.

use super::{Around, Leaf, Sink};
use crate::scalar::{Notation, resolve};
use crate::{Comments, Data, Error, Node, Position, Scalar};

/// Builds [`Node`]s.
pub(crate) struct Tree;

impl Sink for Tree {
    type Node = Node;
    const COMMENTS: bool = true;

    fn scalar(&mut self, leaf: Leaf<'_>, around: Around) -> Result<Node, Error> {
        let merges = leaf.key && leaf.text == "<<" && is_merge(leaf.tag.as_deref(), leaf.notation);
        let scalar = if merges {
            Scalar::Merge
        } else {
            resolve(leaf.tag.as_deref(), leaf.notation, leaf.text)
                .map_err(|problem| Error::at(leaf.position, problem))?
        };
        Ok(node(leaf.position, Data::Scalar(scalar), &around))
    }

    fn sequence(&mut self, position: Position, items: Vec<Node>, around: Around) -> Node {
        node(position, Data::Sequence(items), &around)
    }

    fn mapping(
        &mut self,
        position: Position,
        entries: Vec<(Node, Node)>,
        around: Around,
    ) -> Result<Node, Error> {
        Ok(node(position, Data::Mapping(entries), &around))
    }

    fn alias(&mut self, position: Position, anchored: Node, around: Around) -> Node {
        Node {
            position,
            comments: comments(&around),
            anchored: Some(Box::new(anchored.comments)),
            data: anchored.data,
        }
    }

    fn foot(node: &mut Node) -> Option<&mut Vec<String>> {
        Some(&mut node.comments.foot)
    }
}

/// Whether a key `<<` merges: plain, or tagged so.
pub(super) fn is_merge(tag: Option<&str>, notation: Notation) -> bool {
    match tag {
        None => notation == Notation::Plain,
        Some(tag) => tag == "tag:yaml.org,2002:merge",
    }
}

fn node(position: Position, data: Data, around: &Around) -> Node {
    Node { position, comments: comments(around), anchored: None, data }
}

pub(crate) fn comments(around: &Around) -> Comments {
    Comments { head: lines(&around.head), line: lines(&around.line), foot: lines(&around.foot) }
}

pub(crate) fn lines(text: &str) -> Vec<String> {
    if text.is_empty() { Vec::new() } else { text.split('\n').map(str::to_owned).collect() }
}
