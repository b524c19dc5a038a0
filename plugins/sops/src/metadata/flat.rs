//! The flat form of the block in dotenv and INI: `age__list_0__map_enc` is the `enc` of the first
//! entry of `age` (sops 3.13.3, `stores/flatten.go`).

use std::collections::BTreeMap;

use crate::error::Error;
use crate::tree::{Branch, Element, Item, Node};

const MAP: &[u8] = b"__map_";
const LIST: &[u8] = b"__list_";
/// Steps in one key; the block itself needs five.
const DEPTH: usize = 16;

/// Puts the block together; its maps come out sorted.
pub(super) fn unflatten(flat: &[Item]) -> Result<Branch, Error> {
    let mut root = Knot::default();
    for item in flat {
        if let Item::Entry(key, node) = item {
            root.place(&steps(key).ok_or_else(|| wrong(key, "it has too many parts"))?, node, key)?;
        }
    }
    match root.into_node(b"")? {
        Node::Map(branch) => Ok(branch),
        _ => Err(wrong(b"", "it is not a map")),
    }
}

fn wrong(key: &[u8], problem: &str) -> Error {
    let field = format!("sops_{}", String::from_utf8_lossy(key));
    Error::Metadata { field, problem: problem.into() }
}

enum Step {
    Key(Vec<u8>),
    Index(usize),
}

fn steps(key: &[u8]) -> Option<Vec<Step>> {
    let mut steps = Vec::new();
    let mut rest = key;
    let mut list = false;
    loop {
        let end = (0..rest.len())
            .find(|at| rest[*at..].starts_with(MAP) || rest[*at..].starts_with(LIST));
        let (part, behind) = rest.split_at(end.unwrap_or(rest.len()));
        steps.push(if list {
            // An index that is none counts as 0 upstream too.
            Step::Index(str::from_utf8(part).ok().and_then(|text| text.parse().ok()).unwrap_or(0))
        } else {
            Step::Key(part.to_vec())
        });
        if steps.len() > DEPTH {
            return None;
        }
        if end.is_none() {
            return Some(steps);
        }
        list = behind.starts_with(LIST);
        rest = &behind[if list { LIST.len() } else { MAP.len() }..];
    }
}

/// A value, or a map, or a list in the making.
#[derive(Default)]
struct Knot {
    value: Option<Node>,
    keys: BTreeMap<Vec<u8>, Knot>,
    items: BTreeMap<usize, Knot>,
}

impl Knot {
    fn place(&mut self, steps: &[Step], node: &Node, key: &[u8]) -> Result<(), Error> {
        let next = match steps.split_first() {
            Some((Step::Key(name), rest)) => (self.keys.entry(name.clone()).or_default(), rest),
            Some((Step::Index(index), rest)) => (self.items.entry(*index).or_default(), rest),
            None if self.value.is_some() => return Err(wrong(key, "it stands there twice")),
            None => {
                self.value = Some(node.clone());
                return Ok(());
            }
        };
        next.0.place(next.1, node, key)
    }

    fn into_node(self, key: &[u8]) -> Result<Node, Error> {
        let kinds = [self.value.is_some(), !self.keys.is_empty(), !self.items.is_empty()];
        if kinds.iter().filter(|kind| **kind).count() > 1 {
            return Err(wrong(key, "it is a value and a map or a list"));
        }
        if let Some(node) = self.value {
            return Ok(node);
        }
        if !self.items.is_empty() {
            if self.items.keys().copied().ne(0..self.items.len()) {
                return Err(wrong(key, "an item of the list is missing"));
            }
            let items = self.items.into_values().map(|knot| knot.into_node(key).map(Element::Node));
            return Ok(Node::List(items.collect::<Result<_, _>>()?));
        }
        let entries = self.keys.into_iter().map(|(name, knot)| {
            let node = knot.into_node(&name)?;
            Ok(Item::Entry(name, node))
        });
        Ok(Node::Map(entries.collect::<Result<_, Error>>()?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unflattened(keys: &[&str]) -> Result<String, String> {
        let flat: Vec<Item> =
            keys.iter().map(|key| Item::Entry(key.as_bytes().to_vec(), Node::str("x"))).collect();
        let branch = unflatten(&flat).map_err(|error| error.to_string())?;
        let tree = crate::tree::Tree { documents: vec![branch] };
        let text = String::from_utf8(crate::format::json::print(&tree)).unwrap();
        Ok(text.split_whitespace().collect())
    }

    #[test]
    fn keys_are_put_together_to_maps_and_lists() {
        assert_eq!(
            unflattened(&[
                "mac",
                "age__list_1__map_enc",
                "age__list_0__map_enc",
                "a__map_b__map_c"
            ]),
            Ok(r#"{"a":{"b":{"c":"x"}},"age":[{"enc":"x"},{"enc":"x"}],"mac":"x"}"#.into())
        );
    }

    #[test]
    fn what_does_not_fit_together_is_refused() {
        let wrong =
            |key: &str, problem: &str| Err(format!("`sops_{key}` cannot be used: {problem}"));
        assert_eq!(unflattened(&["mac", "mac"]), wrong("mac", "it stands there twice"));
        assert_eq!(
            unflattened(&["a", "a__map_b"]),
            wrong("a", "it is a value and a map or a list")
        );
        assert_eq!(unflattened(&["a__list_1"]), wrong("a", "an item of the list is missing"));
        let deep = "__map_a".repeat(50_000);
        assert!(unflattened(&[&deep]).is_err_and(|error| error.ends_with("it has too many parts")));
    }
}
