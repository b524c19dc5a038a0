//! Comments that were found and wait for the node they belong to.

use crate::comments::Found;
use crate::sink::Around;

/// Comments between the last node and the next.
#[derive(Debug, Default)]
pub(super) struct Pending {
    around: Around,
    /// The head of a list entry whose value is a collection: it belongs to the whole of it.
    stem: String,
}

impl Pending {
    pub(super) fn add(&mut self, found: &Found) {
        append(&mut self.around.head, &found.head);
        append(&mut self.around.foot, &found.foot);
        append(&mut self.around.line, &found.line);
    }

    /// Hands all of them to a node.
    pub(super) fn settle(&mut self) -> Around {
        self.stem.clear();
        std::mem::take(&mut self.around)
    }

    /// The head for a block collection; the rest waits for its first entry.
    pub(super) fn stem(&mut self) -> String {
        std::mem::take(&mut self.stem)
    }

    pub(super) fn head_length(&self) -> usize {
        self.around.head.len()
    }

    /// Sets the first `length` bytes of the head aside for the collection that follows.
    pub(super) fn split_stem(&mut self, length: usize) {
        let head = std::mem::take(&mut self.around.head);
        let (stem, rest) = head.split_at(length.min(head.len()));
        stem.clone_into(&mut self.stem);
        rest.strip_prefix('\n').unwrap_or(rest).clone_into(&mut self.around.head);
    }

    /// The part above the last empty line belongs to the document, the rest to its first node.
    pub(super) fn split_document_head(&mut self) -> String {
        let head = &mut self.around.head;
        let bytes = head.as_bytes();
        let last = bytes.len().saturating_sub(1);
        let split = (1..bytes.len()).rev().find_map(|at| match (bytes[at - 1], bytes[at]) {
            (_, b'\n') if at == last => Some((at, at + 1)),
            (b'\n', b'\n') => Some((at - 1, at + 1)),
            _ => None,
        });
        let Some((above, below)) = split else { return String::new() };
        let rest = head.split_off(below);
        let mut document = std::mem::replace(head, rest);
        document.truncate(above);
        document
    }
}

fn append(text: &mut String, more: &str) {
    if !text.is_empty() && !more.is_empty() {
        text.push('\n');
    }
    text.push_str(more);
}
