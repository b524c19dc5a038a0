//! Values as plain text, for the formats that have nothing else.

use crate::number;
use crate::timestamp;
use crate::tree::{Leaf, Node};

/// A leaf as text (sops 3.13.3, `stores.ValToString`). Maps and lists do not come here: these
/// formats cannot hold them.
pub(super) fn of(node: &Node) -> Vec<u8> {
    let Node::Leaf(leaf) = node else { return Vec::new() };
    match leaf {
        Leaf::Null => b"<nil>".to_vec(),
        Leaf::Bool(value) => value.to_string().into_bytes(),
        Leaf::Int(value) => value.to_string().into_bytes(),
        Leaf::Float(value) => float(*value).into_bytes(),
        Leaf::Time(text) => timestamp::seconds(text).unwrap_or_default().into_bytes(),
        Leaf::Str(text) => text.to_vec(),
    }
}

/// Go's format `G`, with a fraction where it reads like an integer.
fn float(value: f64) -> String {
    let text = number::general(value).replace('e', "E");
    if text.contains(['.', 'E', 'N', 'I']) { text } else { format!("{value:.1}") }
}

/// Every `from` as `to`.
pub(crate) fn replace(text: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        if let Some(behind) = rest.strip_prefix(from) {
            out.extend_from_slice(to);
            rest = behind;
        } else {
            out.push(rest[0]);
            rest = &rest[1..];
        }
    }
    out
}
