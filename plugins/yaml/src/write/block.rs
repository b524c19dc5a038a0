//! Documents in block style (go-yaml v3.0.4, `encode.go` and the states of `emitterc.go`).
//!
//! A collection is begun before its comments are looked at and its entries written after, so each node comes in two
//! parts, [`Block::begin`] and [`Block::finish`].

use super::Style;
use super::analysis::Analysis;
use super::emitter::Emitter;
use super::leaf::Leaf;
use crate::{Comments, Data, Document, Node};

/// Writes documents in go-yaml v3's block style, with `---` between them.
pub fn block(documents: &[Document], style: Style) -> String {
    let mut block = Block { emitter: Emitter::new(style) };
    for (index, document) in documents.iter().enumerate() {
        block.document(document, index == 0);
    }
    block.emitter.into_text()
}

struct Block {
    emitter: Emitter,
}

/// Where a node stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Root,
    Item,
    /// A key on one line with its value.
    SimpleKey,
    /// A key behind `?`, or a value.
    Entry,
}

impl Block {
    fn document(&mut self, document: &Document, first: bool) {
        load(&mut self.emitter.head, &document.comments.head);
        if !first {
            self.emitter.write_indent();
            self.emitter.indicator("---", true, false, false);
            self.emitter.write_indent();
        }
        if !self.emitter.head.is_empty() {
            self.emitter.process_head();
            self.emitter.put_break();
        }
        self.load(&document.root, true);
        self.emitter.process_head();
        self.node(&document.root, Place::Root);
        load(&mut self.emitter.foot, &document.comments.foot);
        // The foot of a document always stands apart.
        self.emitter.set_foot_indent(0);
        self.emitter.process_foot();
        self.emitter.set_foot_indent(-1);
        self.emitter.write_indent();
    }

    /// Takes up the comments that come with the beginning of a node; `foot` off leaves out that of a scalar.
    fn load(&mut self, node: &Node, foot: bool) {
        let Comments { head, line, foot: below } = &node.comments;
        load(&mut self.emitter.head, head);
        if matches!(node.data, Data::Scalar(_)) {
            load(&mut self.emitter.line, line);
            if foot {
                load(&mut self.emitter.foot, below);
            }
        }
    }

    /// Takes up the comments that come with the end of a collection.
    fn load_end(&mut self, node: &Node, foot: bool) {
        load(&mut self.emitter.line, &node.comments.line);
        if foot {
            load(&mut self.emitter.foot, &node.comments.foot);
        }
    }

    fn node(&mut self, node: &Node, place: Place) {
        self.begin(node, place);
        self.emitter.process_line();
        self.emitter.process_foot();
        self.finish(node, place, true);
    }

    fn begin(&mut self, node: &Node, place: Place) {
        let Data::Scalar(scalar) = &node.data else { return };
        let leaf = Leaf::of(scalar, self.emitter.style);
        let analysis = Analysis::of(&leaf.text, self.emitter.style);
        let quotes = analysis.settle(leaf.quotes, &leaf.text, place == Place::SimpleKey);
        if let Some(tag) = leaf.tag {
            self.emitter.tag(tag);
        }
        self.emitter.increase_indent(true, place == Place::Item);
        self.emitter.scalar(&leaf.text, quotes);
        self.emitter.decrease_indent();
    }

    fn finish(&mut self, node: &Node, place: Place, foot: bool) {
        match &node.data {
            Data::Scalar(_) => {}
            Data::Sequence(items) if items.is_empty() => {
                self.load_end(node, foot);
                self.emitter.indicator("[", true, true, false);
                if self.emitter.at_line_start() {
                    self.emitter.write_indent();
                }
                self.close("]");
            }
            Data::Mapping(entries) if entries.is_empty() => {
                self.load_end(node, foot);
                self.emitter.indicator("{", true, true, false);
                self.emitter.increase_indent(true, place == Place::Item);
                self.emitter.process_head();
                self.emitter.decrease_indent();
                self.close("}");
            }
            Data::Sequence(items) => {
                self.sequence(items, place);
                self.load_end(node, foot);
                self.emitter.decrease_indent();
            }
            Data::Mapping(entries) => {
                self.mapping(entries, place);
                self.load_end(node, foot);
                self.emitter.process_head();
                self.emitter.decrease_indent();
            }
        }
    }

    fn close(&mut self, bracket: &str) {
        self.emitter.indicator(bracket, false, false, false);
        self.emitter.process_line();
        self.emitter.process_foot();
    }

    fn sequence(&mut self, items: &[Node], place: Place) {
        self.emitter.increase_indent(false, place == Place::Item);
        for item in items {
            self.load(item, true);
            self.emitter.process_head();
            self.emitter.write_indent();
            self.emitter.indicator("-", true, false, true);
            self.node(item, Place::Item);
        }
    }

    fn mapping(&mut self, entries: &[(Node, Node)], place: Place) {
        self.emitter.increase_indent(false, place == Place::Item);
        for (key, value) in entries {
            self.load(key, false);
            self.emitter.process_head();
            self.emitter.write_indent();
            if !self.emitter.line.is_empty() {
                self.emitter.key_line = std::mem::take(&mut self.emitter.line);
            }
            if is_simple(key, self.emitter.style) {
                self.begin(key, Place::SimpleKey);
                self.finish(key, Place::SimpleKey, false);
                self.load(value, true);
                self.emitter.indicator(":", false, false, false);
            } else {
                self.emitter.indicator("?", true, false, true);
                self.begin(key, Place::Entry);
                self.finish(key, Place::Entry, false);
                self.load(value, true);
                self.emitter.write_indent();
                self.emitter.indicator(":", true, false, true);
            }
            self.key_line(value);
            self.node(value, Place::Entry);
            // The foot of a key stands below its value.
            load(&mut self.emitter.tail, &key.comments.foot);
        }
    }

    /// The comment behind a key goes behind a scalar that has none, or before a collection.
    fn key_line(&mut self, value: &Node) {
        let emitter = &mut self.emitter;
        if emitter.key_line.is_empty() {
            return;
        }
        if !matches!(value.data, Data::Scalar(_)) {
            std::mem::swap(&mut emitter.line, &mut emitter.key_line);
            emitter.process_line();
            std::mem::swap(&mut emitter.line, &mut emitter.key_line);
        } else if emitter.line.is_empty() {
            emitter.line = std::mem::take(&mut emitter.key_line);
        }
    }
}

/// Whether a key fits on one line with its value: one line of at most 128 bytes, or an empty collection.
fn is_simple(key: &Node, style: Style) -> bool {
    match &key.data {
        Data::Scalar(scalar) => {
            let leaf = Leaf::of(scalar, style);
            Analysis::of(&leaf.text, style).is_simple_key(&leaf)
        }
        Data::Sequence(items) => items.is_empty(),
        Data::Mapping(entries) => entries.is_empty(),
    }
}

/// A comment that waits is replaced only by another one.
fn load(waiting: &mut String, lines: &[String]) {
    if !lines.is_empty() {
        *waiting = lines.join("\n");
    }
}
