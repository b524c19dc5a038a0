//! YAML documents as branches: comments become items in the order in which sops reads them
//! (sops 3.13.3, `stores/yaml`).

use yaml::{Comments, Data, Document, Node as Yaml, Scalar};

use crate::error::Syntax;
use crate::tree::{Branch, Comment, Element, Item, Leaf, Node, Tree};

/// All documents of a file. One without content is an empty map.
pub(super) fn documents(documents: &[Document]) -> Result<Tree, Syntax> {
    let documents = documents.iter().enumerate().map(|(index, document)| root(index, document));
    Ok(Tree { documents: documents.collect::<Result<_, _>>()? })
}

fn root(index: usize, document: &Document) -> Result<Branch, Syntax> {
    let mut branch = Branch::new();
    items(&mut branch, &document.comments.head, false);
    items(&mut branch, &document.comments.line, false);
    match &document.root.data {
        Data::Mapping(pairs) => map(&mut branch, pairs, Some(&document.root.comments))?,
        Data::Scalar(Scalar::Null) => {
            items(&mut branch, &document.root.comments.head, false);
            items(&mut branch, &document.root.comments.line, false);
        }
        Data::Scalar(_) | Data::Sequence(_) => return Err(Syntax::top_level(index + 1)),
    }
    items(&mut branch, &document.comments.foot, false);
    Ok(branch)
}

/// The comments around a map stand inside of its branch, unless they were handled outside.
fn map(
    branch: &mut Branch,
    pairs: &[(Yaml, Yaml)],
    around: Option<&Comments>,
) -> Result<(), Syntax> {
    if let Some(around) = around {
        items(branch, &around.head, false);
        items(branch, &around.line, false);
    }
    for (key, value) in pairs {
        items(branch, &key.comments.head, false);
        items(branch, &key.comments.line, false);
        let handled = matches!(value.data, Data::Scalar(_)) || value.anchored.is_some();
        if handled {
            items(branch, &value.comments.head, false);
            items(branch, &value.comments.line, true);
        }
        branch.push(Item::Entry(key_of(key)?, node(value, handled)?));
        if handled {
            items(branch, &value.comments.foot, false);
        }
        items(branch, &key.comments.foot, false);
    }
    if let Some(around) = around {
        items(branch, &around.foot, false);
    }
    Ok(())
}

fn list(nodes: &[Yaml], around: Option<&Comments>) -> Result<Vec<Element>, Syntax> {
    let mut out = Vec::new();
    if let Some(around) = around {
        elements(&mut out, &around.head, false);
        elements(&mut out, &around.line, false);
    }
    for item in nodes {
        elements(&mut out, &item.comments.head, false);
        elements(&mut out, &item.comments.line, true);
        out.push(Element::Node(node(item, true)?));
        elements(&mut out, &item.comments.foot, false);
    }
    if let Some(around) = around {
        elements(&mut out, &around.foot, false);
    }
    Ok(out)
}

fn node(node: &Yaml, handled: bool) -> Result<Node, Syntax> {
    // Where an alias was expanded, the comments around what it names are read once more.
    let around = match &node.anchored {
        Some(anchored) => Some(&**anchored),
        None if handled => None,
        None => Some(&node.comments),
    };
    Ok(match &node.data {
        Data::Scalar(scalar) => Node::Leaf(leaf(node, scalar)?),
        Data::Sequence(nodes) => Node::List(list(nodes, around)?),
        Data::Mapping(pairs) => {
            let mut branch = Branch::new();
            map(&mut branch, pairs, around)?;
            Node::Map(branch)
        }
    })
}

fn leaf(node: &Yaml, scalar: &Scalar) -> Result<Leaf, Syntax> {
    Ok(match scalar {
        Scalar::Null => Leaf::Null,
        Scalar::Bool(value) => Leaf::Bool(*value),
        Scalar::Int(value) => Leaf::Int(*value),
        Scalar::Uint(_) => {
            let line = node.position.line as usize;
            return Err(Syntax::at(
                line,
                "an integer that sops cannot read: it is above 64 bits with a sign",
            ));
        }
        Scalar::Float { value, .. } => Leaf::Float(*value),
        Scalar::Time(text) => Leaf::Time(text.clone()),
        Scalar::Str(text) => Leaf::str(text.as_str()),
        Scalar::Binary(bytes) => Leaf::str(bytes.as_slice()),
        Scalar::Merge => Leaf::str("<<"),
    })
}

fn key_of(key: &Yaml) -> Result<Vec<u8>, Syntax> {
    match &key.data {
        Data::Scalar(Scalar::Str(text)) => Ok(text.clone().into_bytes()),
        Data::Scalar(Scalar::Binary(bytes)) => Ok(bytes.clone()),
        Data::Scalar(Scalar::Merge) => Ok(b"<<".to_vec()),
        _ => Err(Syntax::at(
            key.position.line as usize,
            "a key that is not a string; sops reads no other",
        )),
    }
}

fn items(branch: &mut Branch, lines: &[String], inline: bool) {
    branch.extend(comments(lines, inline).map(Item::Comment));
}

fn elements(list: &mut Vec<Element>, lines: &[String], inline: bool) {
    list.extend(comments(lines, inline).map(Element::Comment));
}

/// Each line without its `#`; empty lines between comments are not kept.
fn comments(lines: &[String], inline: bool) -> impl Iterator<Item = Comment> {
    lines.iter().filter_map(move |line| {
        let text = line.strip_prefix('#')?;
        Some(Comment { inline, ..Comment::own_line(text) })
    })
}

#[cfg(test)]
mod tests {
    use crate::format::yaml;

    /// sops expands anchors when it encrypts, so only a file that was written by hand has any. What
    /// is expected is what `sops encrypt` 3.13.3 makes of the same text under a rule that matches
    /// nothing.
    #[test]
    fn comments_around_an_anchor_are_read_at_each_alias() {
        let text = "# above\na: &x # behind the anchor\n    # in\n    k: v\n# above the alias\nb: *x\n\
                    c: &l [1, 2] # behind a list\nd: *l\n";
        let expected = "# above\na:\n    # in\n    # behind the anchor\n    k: v\n# above the alias\nb:\n    \
                        # in\n    # behind the anchor\n    k: v\nc:\n    # behind a list\n    - 1\n    - 2\n\
                        d:\n    # behind a list\n    - 1\n    - 2\n";
        let tree = yaml::parse(text.as_bytes()).unwrap();
        assert_eq!(String::from_utf8(yaml::print(&tree)).unwrap(), expected);
    }
}
