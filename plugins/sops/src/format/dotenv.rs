//! Dotenv: lines of `KEY=value`, split at the first `=`, with nothing quoted and nothing expanded.

use crate::error::Syntax;
use crate::format::text;
use crate::tree::{Comment, Item, Node, Tree};

/// Bytes to a tree (sops 3.13.3, `stores/dotenv`): empty lines are dropped, a carriage return and
/// quotes stay in the value, `\n` stands for a line end.
pub(crate) fn parse(bytes: &[u8]) -> Result<Tree, Syntax> {
    let mut branch = Vec::new();
    for (number, line) in bytes.split(|byte| *byte == b'\n').enumerate() {
        if line.is_empty() {
            continue;
        }
        if let Some(comment) = line.strip_prefix(b"#") {
            branch.push(Item::Comment(Comment::own_line(comment)));
            continue;
        }
        let Some(equals) = line.iter().position(|byte| *byte == b'=') else {
            return Err(Syntax::at(number + 1, "neither a comment nor KEY=value"));
        };
        let value = text::replace(&line[equals + 1..], b"\\n", b"\n");
        branch.push(Item::Entry(line[..equals].to_vec(), Node::str(value)));
    }
    Ok(Tree { documents: vec![branch] })
}

/// A tree as `sops -d` prints it.
pub(crate) fn print(tree: &Tree) -> Vec<u8> {
    let mut out = Vec::new();
    for item in tree.documents.iter().flatten() {
        match item {
            Item::Comment(comment) => {
                out.push(b'#');
                out.extend_from_slice(&comment.text);
            }
            Item::Entry(key, node) => {
                out.extend_from_slice(key);
                out.push(b'=');
                out.extend(text::replace(&text::of(node), b"\n", b"\\n"));
            }
        }
        out.push(b'\n');
    }
    out
}
