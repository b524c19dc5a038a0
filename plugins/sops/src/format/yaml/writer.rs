//! Branches as YAML documents: comments are put back around nodes as sops puts them
//! (sops 3.13.3, `stores/yaml`).

use yaml::{Comments, Data, Document, Node as Yaml, Scalar};
use zeroize::Zeroize as _;

use crate::number;
use crate::tree::{Comment, Element, Item, Leaf, Node};

/// A document of a branch.
pub(super) fn document(branch: &[Item]) -> Document {
    Document { root: map(branch), comments: Comments::default() }
}

/// Comments that wait for the node they belong to.
#[derive(Default)]
struct Waiting {
    head: Vec<String>,
    inline: Vec<String>,
}

impl Waiting {
    fn push(&mut self, comment: &Comment) {
        let lines = if comment.inline { &mut self.inline } else { &mut self.head };
        // No comment that was read holds a line end. One that was only decrypted may, and must
        // not become a line of its own that is no comment.
        let text = String::from_utf8_lossy(&comment.text);
        lines.extend(text.split('\n').map(|line| format!("#{line}")));
    }

    fn rest(mut self) -> Vec<String> {
        self.head.append(&mut self.inline);
        self.head
    }
}

fn map(branch: &[Item]) -> Yaml {
    let mut pairs: Vec<(Yaml, Yaml)> = Vec::with_capacity(branch.len());
    let mut around = Comments::default();
    let mut waiting = Waiting::default();
    for item in branch {
        match item {
            Item::Comment(comment) => waiting.push(comment),
            Item::Entry(name, value) => {
                let mut key = Yaml::from(Data::Scalar(key(name)));
                let mut value = node(value);
                // What stands above the first key stands above the map.
                let head = if pairs.is_empty() { &mut around.head } else { &mut key.comments.head };
                head.append(&mut waiting.head);
                value.comments.line.append(&mut waiting.inline);
                pairs.push((key, value));
            }
        }
    }
    match pairs.last_mut() {
        Some((key, _)) => key.comments.foot.extend(waiting.rest()),
        None => around.head = waiting.rest(),
    }
    Yaml { comments: around, ..Yaml::from(Data::Mapping(pairs)) }
}

fn list(list: &[Element]) -> Yaml {
    let mut nodes: Vec<Yaml> = Vec::with_capacity(list.len());
    let mut around = Comments::default();
    let mut waiting = Waiting::default();
    for element in list {
        match element {
            Element::Comment(comment) => waiting.push(comment),
            Element::Node(item) => {
                let mut item = node(item);
                if nodes.is_empty() {
                    around.head.append(&mut waiting.head);
                } else {
                    waiting.head.append(&mut item.comments.head);
                    item.comments.head = std::mem::take(&mut waiting.head);
                }
                item.comments.line.append(&mut waiting.inline);
                nodes.push(item);
            }
        }
    }
    match nodes.last_mut() {
        Some(item) => item.comments.foot.extend(waiting.rest()),
        None => around.head = waiting.rest(),
    }
    Yaml { comments: around, ..Yaml::from(Data::Sequence(nodes)) }
}

fn node(node: &Node) -> Yaml {
    match node {
        Node::Map(branch) => map(branch),
        Node::List(elements) => list(elements),
        Node::Leaf(leaf) => Yaml::from(Data::Scalar(scalar(leaf))),
    }
}

fn scalar(leaf: &Leaf) -> Scalar {
    match leaf {
        Leaf::Null => Scalar::Null,
        Leaf::Bool(value) => Scalar::Bool(*value),
        Leaf::Int(value) => Scalar::Int(*value),
        Leaf::Float(value) => Scalar::Float { value: *value, text: float(*value) },
        Leaf::Time(text) => Scalar::Time(text.clone()),
        Leaf::Str(text) => string(text),
    }
}

fn float(value: f64) -> String {
    if value.is_nan() {
        ".nan".into()
    } else if value.is_infinite() {
        (if value > 0.0 { ".inf" } else { "-.inf" }).into()
    } else {
        number::general(value)
    }
}

fn string(text: &[u8]) -> Scalar {
    match str::from_utf8(text) {
        Ok(text) => Scalar::Str(text.to_owned()),
        Err(_) => Scalar::Binary(text.to_vec()),
    }
}

fn key(name: &[u8]) -> Scalar {
    if name == b"<<" { Scalar::Merge } else { string(name) }
}

/// Overwrites every string of a document.
pub(super) fn wipe(document: &mut Document) {
    wipe_node(&mut document.root);
}

fn wipe_node(node: &mut Yaml) {
    for lines in [&mut node.comments.head, &mut node.comments.line, &mut node.comments.foot] {
        lines.zeroize();
    }
    match &mut node.data {
        Data::Scalar(Scalar::Str(text) | Scalar::Time(text)) => text.zeroize(),
        Data::Scalar(Scalar::Binary(bytes)) => bytes.zeroize(),
        Data::Scalar(_) => {}
        Data::Sequence(nodes) => nodes.iter_mut().for_each(wipe_node),
        Data::Mapping(pairs) => pairs.iter_mut().for_each(|(key, value)| {
            wipe_node(key);
            wipe_node(value);
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_that_decrypts_to_many_lines_stays_a_comment() {
        let branch = [
            Item::Comment(Comment::own_line(" one\nkey: injected")),
            Item::Entry(b"a".to_vec(), Node::str("b")),
        ];
        let text = yaml::write::block(&[document(&branch)], yaml::write::Style::Sops);
        assert_eq!(text, "# one\n#key: injected\na: b\n");
    }
}
