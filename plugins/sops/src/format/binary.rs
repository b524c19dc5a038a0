//! Everything else: a JSON envelope whose one key holds the bytes of the file.

use crate::error::{Error, Syntax};
use crate::format::json;
use crate::tree::{Leaf, Node, Tree, entries};

/// The key that holds the bytes.
const DATA: &[u8] = b"data";

/// Bytes to a tree (sops 3.13.3, `BinaryStore` of `stores/json`).
pub(crate) fn parse(bytes: &[u8]) -> Result<Tree, Syntax> {
    json::parse(bytes)
}

/// The bytes themselves.
pub(crate) fn print(tree: &Tree) -> Vec<u8> {
    content(tree).map(<[u8]>::to_vec).unwrap_or_default()
}

/// Refuses an envelope without content, so that nothing is taken for an empty file.
pub(crate) fn check(tree: &Tree) -> Result<(), Error> {
    content(tree).map(|_| ()).ok_or(Error::EmptyEnvelope)
}

fn content(tree: &Tree) -> Option<&[u8]> {
    let (_, node) = entries(tree.documents.first()?).find(|(key, _)| *key == DATA)?;
    match node {
        Node::Leaf(Leaf::Str(text)) => Some(text),
        _ => None,
    }
}
