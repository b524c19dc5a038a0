//! Plain values (JSON) into a tree, and a tree into plain values.

use serde_json::{Map, Number, Value};

use crate::error::{Error, Syntax};
use crate::number;
use crate::place::{Path, Step};
use crate::tree::{Branch, Element, Item, Leaf, Node, Tree, entries};

/// A tree of one document: the object that was given.
pub(crate) fn parse(value: &Value) -> Result<Tree, Syntax> {
    match value {
        Value::Object(map) => Ok(Tree { documents: vec![branch(map)?] }),
        _ => Err(Syntax::top_level(1)),
    }
}

fn branch(map: &Map<String, Value>) -> Result<Branch, Syntax> {
    map.iter().map(|(key, value)| Ok(Item::Entry(key.clone().into_bytes(), node(value)?))).collect()
}

fn node(value: &Value) -> Result<Node, Syntax> {
    Ok(match value {
        Value::Null => Node::Leaf(Leaf::Null),
        Value::Bool(value) => Node::Leaf(Leaf::Bool(*value)),
        Value::Number(number) => Node::Leaf(
            super::json::leaf(number)
                .ok_or_else(|| Syntax::new("a number beyond the range of a float"))?,
        ),
        Value::String(text) => Node::str(text.as_str()),
        Value::Array(list) => Node::List(
            list.iter().map(|item| node(item).map(Element::Node)).collect::<Result<_, _>>()?,
        ),
        Value::Object(map) => Node::Map(branch(map)?),
    })
}

/// The documents of a tree as plain values, as a reader of its printed text gets them. `None` where
/// a merge key stands, which only a reader of the text resolves.
pub(crate) fn print(tree: &Tree) -> Option<Result<Vec<Value>, Error>> {
    if tree.documents.iter().any(|branch| merges(branch)) {
        return None;
    }
    let mut path = Path::default();
    Some(
        tree.documents
            .iter()
            .enumerate()
            .map(|(index, branch)| {
                path.document = index;
                object(branch, &mut path)
            })
            .collect(),
    )
}

/// Refuses what has no JSON.
pub(crate) fn check(tree: &Tree) -> Result<(), Error> {
    fn inside<'t>(node: &'t Node, path: &mut Path<'t>) -> Result<(), Error> {
        match node {
            Node::Leaf(Leaf::Float(value)) if !value.is_finite() => {
                Err(Error::NotFinite { place: path.place() })
            }
            Node::Leaf(_) => Ok(()),
            Node::Map(branch) => entries(branch).try_for_each(|(key, node)| {
                path.steps.push(Step::Key(key));
                inside(node, path)?;
                path.steps.pop();
                Ok(())
            }),
            Node::List(list) => list.iter().try_for_each(|element| match element {
                Element::Node(node) => inside(node, path),
                Element::Comment(_) => Ok(()),
            }),
        }
    }
    let mut path = Path::default();
    tree.documents.iter().flat_map(|branch| entries(branch)).try_for_each(|(key, node)| {
        path.steps.push(Step::Key(key));
        inside(node, &mut path)?;
        path.steps.pop();
        Ok(())
    })
}

fn merges(branch: &[Item]) -> bool {
    fn inside(node: &Node) -> bool {
        match node {
            Node::Leaf(_) => false,
            Node::Map(branch) => merges(branch),
            Node::List(list) => list.iter().any(|element| match element {
                Element::Node(node) => inside(node),
                Element::Comment(_) => false,
            }),
        }
    }
    entries(branch).any(|(key, node)| key == b"<<" || inside(node))
}

fn object<'t>(branch: &'t [Item], path: &mut Path<'t>) -> Result<Value, Error> {
    let mut map = Map::new();
    for (key, node) in entries(branch) {
        path.steps.push(Step::Key(key));
        let key = str::from_utf8(key).map_err(|_| Error::NotText { place: path.place() })?;
        if map.insert(key.to_owned(), value(node, path)?).is_some() {
            return Err(Error::DuplicateKey { place: path.place() });
        }
        path.steps.pop();
    }
    Ok(Value::Object(map))
}

fn value<'t>(node: &'t Node, path: &mut Path<'t>) -> Result<Value, Error> {
    Ok(match node {
        Node::Map(branch) => object(branch, path)?,
        Node::List(list) => {
            let nodes = list.iter().filter_map(|element| match element {
                Element::Node(node) => Some(node),
                Element::Comment(_) => None,
            });
            let mut out = Vec::with_capacity(list.len());
            for (index, node) in nodes.enumerate() {
                path.steps.push(Step::Index(index));
                out.push(value(node, path)?);
                path.steps.pop();
            }
            Value::Array(out)
        }
        Node::Leaf(Leaf::Null) => Value::Null,
        Node::Leaf(Leaf::Bool(value)) => Value::Bool(*value),
        Node::Leaf(Leaf::Int(value)) => Value::Number((*value).into()),
        Node::Leaf(Leaf::Float(value)) => number::json(*value)
            .and_then(|text| serde_json::from_str::<Number>(&text).ok())
            .map(Value::Number)
            .ok_or_else(|| Error::NotFinite { place: path.place() })?,
        Node::Leaf(Leaf::Time(text)) => Value::String(text.clone()),
        Node::Leaf(Leaf::Str(text)) => match str::from_utf8(text) {
            Ok(text) => Value::String(text.to_owned()),
            Err(_) => return Err(Error::NotText { place: path.place() }),
        },
    })
}
