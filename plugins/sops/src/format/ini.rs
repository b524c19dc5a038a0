//! INI: sections are maps, every value is a string.

mod reader;
mod writer;

use crate::error::Syntax;
use crate::tree::Tree;

/// Bytes to a tree (sops 3.13.3, `stores/ini` over gopkg.in/ini.v1 1.67.3): the comment of a
/// section is its first item, the comment of a key stands behind the key.
pub(crate) fn parse(bytes: &[u8]) -> Result<Tree, Syntax> {
    Ok(Tree { documents: vec![reader::sections(bytes)?] })
}

/// A tree as `sops -d` prints it.
pub(crate) fn print(tree: &Tree) -> Vec<u8> {
    writer::sections(tree.documents.first().map(Vec::as_slice).unwrap_or_default())
}
