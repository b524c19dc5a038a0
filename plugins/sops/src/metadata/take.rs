//! Takes the metadata out of a tree (sops 3.13.3, `stores/metadata.go`).

use super::flat;
use crate::error::Error;
use crate::format::{Format, replace};
use crate::tree::{Branch, Element, Item, Leaf, Node, Tree, entries};

/// The key of the block.
const SOPS: &[u8] = b"sops";
/// How keys of the block start where it lies flat among the others.
const PREFIX: &[u8] = b"sops_";

/// How the block of a later document stands to that of the first, which alone is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Block {
    /// It is the same, as sops writes it.
    Same,
    /// It is another one.
    Other,
    /// There is none.
    Missing,
}

/// Takes the blocks of all documents out. Answers the first one's, and how the others stand to it.
pub(crate) fn take(tree: &mut Tree, format: Format) -> Result<(Branch, Vec<Block>), Error> {
    let mut blocks = Vec::with_capacity(tree.documents.len());
    for document in &mut tree.documents {
        blocks.push(match format {
            Format::Dotenv => prefixed(document)?,
            Format::Ini => {
                nested(document)?.map(escaped).map(|b| flat::unflatten(&b)).transpose()?
            }
            Format::Yaml | Format::Json | Format::Binary => nested(document)?,
        });
    }
    let Some(Some(first)) = blocks.first_mut().map(Option::take) else {
        let values = tokens(tree);
        return Err(if values == 0 {
            Error::NotEncrypted
        } else {
            Error::MetadataMissing { values }
        });
    };
    let same = |block: &Option<Branch>| match block {
        None => Block::Missing,
        Some(block) if same(block, &first) => Block::Same,
        Some(_) => Block::Other,
    };
    let standing = std::iter::once(Block::Same).chain(blocks.iter().skip(1).map(same)).collect();
    Ok((first, standing))
}

fn nested(document: &mut Branch) -> Result<Option<Branch>, Error> {
    let mut found = None;
    let mut at = 0;
    while at < document.len() {
        if !matches!(&document[at], Item::Entry(key, _) if key == SOPS) {
            at += 1;
            continue;
        }
        match document.remove(at) {
            Item::Entry(_, Node::Map(block)) if found.is_none() => found = Some(block),
            Item::Entry(_, Node::Map(_)) => return Err(problem("it stands there twice")),
            _ => return Err(problem("it is not a map")),
        }
    }
    Ok(found)
}

fn problem(problem: &str) -> Error {
    Error::Metadata { field: "sops".into(), problem: problem.into() }
}

fn prefixed(document: &mut Branch) -> Result<Option<Branch>, Error> {
    let mut block = Branch::new();
    let mut rest = Branch::with_capacity(document.len());
    for item in document.drain(..) {
        match item {
            Item::Entry(key, node) if key.starts_with(PREFIX) => {
                block.push(Item::Entry(key[PREFIX.len()..].to_vec(), node));
            }
            item => rest.push(item),
        }
    }
    *document = rest;
    if block.is_empty() { Ok(None) } else { flat::unflatten(&block).map(Some) }
}

/// INI escapes line ends twice; sops 3.13.0 and 3.13.1 did it once. Both are read.
fn escaped(mut block: Branch) -> Branch {
    for item in &mut block {
        if let Item::Entry(_, Node::Leaf(Leaf::Str(text))) = item {
            **text = replace(text, b"\\n", b"\n");
        }
    }
    block
}

/// Whether two blocks say the same.
fn same(one: &[Item], other: &[Item]) -> bool {
    let text =
        |block: &[Item]| crate::format::json::print(&Tree { documents: vec![block.to_vec()] });
    text(one) == text(other)
}

/// How many values of a tree are encrypted.
fn tokens(tree: &Tree) -> usize {
    fn inside(node: &Node) -> usize {
        match node {
            Node::Leaf(Leaf::Str(text)) => usize::from(crate::cipher::is_token(text)),
            Node::Leaf(_) => 0,
            Node::Map(branch) => entries(branch).map(|(_, node)| inside(node)).sum(),
            Node::List(list) => list
                .iter()
                .map(|element| match element {
                    Element::Node(node) => inside(node),
                    Element::Comment(_) => 0,
                })
                .sum(),
        }
    }
    tree.documents.iter().flat_map(|branch| entries(branch)).map(|(_, node)| inside(node)).sum()
}
