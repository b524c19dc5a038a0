//! JSON: one top-level object, keys in order and repeated ones kept, numbers as Go reads them.

mod reader;

pub(super) use reader::leaf;

use crate::error::Syntax;
use crate::number;
use crate::tree::{Element, Leaf, Node, Tree, entries};

/// Bytes to a tree (sops 3.13.3, `stores/json`).
pub(crate) fn parse(bytes: &[u8]) -> Result<Tree, Syntax> {
    Ok(Tree { documents: vec![reader::object(bytes)?] })
}

/// A tree as `sops -d` prints it: indented by tabs, with a line end.
pub(crate) fn print(tree: &Tree) -> Vec<u8> {
    let mut out = Vec::new();
    if let Some(branch) = tree.documents.first() {
        map(&mut out, branch, 0);
    }
    out.push(b'\n');
    out
}

fn node(out: &mut Vec<u8>, node: &Node, depth: usize) {
    match node {
        Node::Leaf(Leaf::Null) => out.extend(b"null"),
        Node::Leaf(Leaf::Bool(value)) => out.extend(value.to_string().bytes()),
        Node::Leaf(Leaf::Int(value)) => out.extend(value.to_string().bytes()),
        // Infinities are refused when the document is opened; there is no number for them.
        Node::Leaf(Leaf::Float(value)) => {
            out.extend(number::json(*value).unwrap_or_else(|| "null".into()).bytes());
        }
        Node::Leaf(Leaf::Time(text)) => string(out, text.as_bytes()),
        Node::Leaf(Leaf::Str(text)) => string(out, text),
        Node::Map(branch) => map(out, branch, depth),
        Node::List(elements) => list(out, elements, depth),
    }
}

fn map(out: &mut Vec<u8>, branch: &crate::tree::Branch, depth: usize) {
    out.push(b'{');
    let mut empty = true;
    for (key, value) in entries(branch) {
        separate(out, depth + 1, empty);
        empty = false;
        string(out, key);
        out.extend(b": ");
        node(out, value, depth + 1);
    }
    close(out, b'}', depth, empty);
}

fn list(out: &mut Vec<u8>, elements: &[Element], depth: usize) {
    out.push(b'[');
    let mut empty = true;
    for element in elements {
        if let Element::Node(value) = element {
            separate(out, depth + 1, empty);
            empty = false;
            node(out, value, depth + 1);
        }
    }
    close(out, b']', depth, empty);
}

fn separate(out: &mut Vec<u8>, depth: usize, first: bool) {
    if !first {
        out.push(b',');
    }
    line(out, depth);
}

fn close(out: &mut Vec<u8>, bracket: u8, depth: usize, empty: bool) {
    if !empty {
        line(out, depth);
    }
    out.push(bracket);
}

fn line(out: &mut Vec<u8>, depth: usize) {
    out.push(b'\n');
    out.resize(out.len() + depth, b'\t');
}

/// A string as `encoding/json` writes it: `<`, `>`, `&` and the line separators of Unicode escaped,
/// what is not UTF-8 replaced.
fn string(out: &mut Vec<u8>, text: &[u8]) {
    out.push(b'"');
    for chunk in text.utf8_chunks() {
        for c in chunk.valid().chars() {
            match c {
                '"' => out.extend(br#"\""#),
                '\\' => out.extend(br"\\"),
                '\n' => out.extend(br"\n"),
                '\r' => out.extend(br"\r"),
                '\t' => out.extend(br"\t"),
                '\u{8}' => out.extend(br"\b"),
                '\u{c}' => out.extend(br"\f"),
                '\0'..='\x1f' | '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
                    out.extend(format!("\\u{:04x}", u32::from(c)).bytes());
                }
                _ => out.extend(c.encode_utf8(&mut [0; 4]).bytes()),
            }
        }
        // Go replaces each byte, not each sequence.
        for _ in chunk.invalid() {
            out.extend(br"\ufffd");
        }
    }
    out.push(b'"');
}
