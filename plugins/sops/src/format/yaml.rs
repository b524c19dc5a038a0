//! YAML: many documents, comments, every type of leaf.

mod reader;
mod writer;

use crate::error::Syntax;
use crate::tree::Tree;

/// Bytes to a tree.
pub(crate) fn parse(bytes: &[u8]) -> Result<Tree, Syntax> {
    let read = yaml::documents(bytes).map_err(|error| Syntax::of(&error))?;
    reader::documents(&read)
}

/// A tree as `sops -d` prints it.
pub(crate) fn print(tree: &Tree) -> Vec<u8> {
    let mut documents: Vec<_> =
        tree.documents.iter().map(|branch| writer::document(branch)).collect();
    let text = yaml::write::block(&documents, yaml::write::Style::Sops);
    documents.iter_mut().for_each(writer::wipe);
    text.into_bytes()
}
