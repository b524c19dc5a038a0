//! What stands under `sops:` in a document: recipients, rule and MAC, with the line where it begins.

use yaml::{Data, Node, Position, Scalar};

use crate::format::Format;
use crate::node::{entries, get, get_str, items, text};
use crate::recipient::{self, Recipient};
use crate::selection::{Selection, Unusable};

/// The metadata of one document.
pub(crate) struct Seal {
    /// Where it begins.
    pub(crate) line: u32,
    /// Key groups; one when the file has none of that name.
    pub(crate) groups: Vec<Vec<Recipient>>,
    /// How many groups must be opened.
    pub(crate) threshold: Option<String>,
    /// Empty when there is none.
    pub(crate) mac: String,
    /// Empty when there is none.
    pub(crate) last_modified: String,
    /// Which values are encrypted; the default when what stands there cannot be used.
    pub(crate) selection: Result<Selection, Unusable>,
}

/// A document's own metadata in any format, as a map.
pub(crate) fn metadata(root: &Node, format: Format) -> Option<Node> {
    match format {
        Format::Yaml | Format::Json | Format::Binary => {
            get(root, "sops").filter(|node| matches!(node.data, Data::Mapping(_))).cloned()
        }
        Format::Ini => get(root, "sops").map(|section| unflattened(section, "")),
        Format::Dotenv => {
            let found = unflattened(root, "sops_");
            (!entries(&found).is_empty()).then_some(found)
        }
    }
}

impl Seal {
    /// Reads the map that [`metadata`] gave.
    pub(crate) fn of(metadata: &Node) -> Self {
        let listed = get(metadata, "key_groups").map(items).unwrap_or_default();
        let own = recipient::of_metadata(metadata);
        // Keys that stand beside `key_groups` win (sops 3.13.3, `stores/stores.go`).
        let groups = match (own.is_empty(), listed) {
            (true, groups) if !groups.is_empty() => {
                groups.iter().map(recipient::of_metadata).collect()
            }
            _ => vec![own],
        };
        Self {
            line: metadata.position.line,
            groups,
            threshold: get_str(metadata, "shamir_threshold")
                .filter(|text| !text.is_empty() && text != "0"),
            mac: get_str(metadata, "mac").unwrap_or_default(),
            last_modified: get_str(metadata, "lastmodified").unwrap_or_default(),
            selection: Selection::of(metadata),
        }
    }
}

/// The tree that sops flattened into `age__list_0__map_enc` (sops 3.13.3, `stores/flatten.go`).
fn unflattened(flat: &Node, prefix: &str) -> Node {
    let mut root = empty(flat.position);
    for entry in entries(flat) {
        let Some(path) = entry.key.strip_prefix(prefix) else { continue };
        let steps = path.split("__").enumerate().map(|(index, part)| {
            let item = part.strip_prefix("list_").and_then(|number| number.parse().ok());
            match item.filter(|_| index > 0) {
                Some(item) => Step::Item(item),
                // The first key has no prefix, and neither has what follows a `__` in a key itself.
                None => Step::Key(part.strip_prefix("map_").filter(|_| index > 0).unwrap_or(part)),
            }
        });
        let parts: Vec<Step<'_>> = steps.collect();
        put(&mut root, &parts, &text(entry.value), Position { line: entry.line, column: 1 });
    }
    root.position.line =
        entries(&root).iter().map(|entry| entry.line).min().unwrap_or(root.position.line);
    root
}

enum Step<'a> {
    Key(&'a str),
    Item(usize),
}

/// More entries than this in one list of the metadata are not read: a hostile index may not cost memory.
const MAX_ITEMS: usize = 1000;

fn put(node: &mut Node, path: &[Step<'_>], value: &str, position: Position) {
    let Some((step, rest)) = path.split_first() else {
        node.data = Data::Scalar(Scalar::Str(value.to_owned()));
        return;
    };
    match step {
        Step::Key(key) => {
            if !matches!(node.data, Data::Mapping(_)) {
                node.data = Data::Mapping(Vec::new());
            }
            let Data::Mapping(pairs) = &mut node.data else { return };
            let at = pairs.iter().position(|(known, _)| text(known) == *key).unwrap_or_else(|| {
                pairs.push((scalar(key, position), empty(position)));
                pairs.len() - 1
            });
            put(&mut pairs[at].1, rest, value, position);
        }
        Step::Item(index) if *index < MAX_ITEMS => {
            if !matches!(node.data, Data::Sequence(_)) {
                node.data = Data::Sequence(Vec::new());
            }
            let Data::Sequence(items) = &mut node.data else { return };
            while items.len() <= *index {
                items.push(empty(position));
            }
            put(&mut items[*index], rest, value, position);
        }
        Step::Item(_) => {}
    }
}

/// An empty map.
pub(crate) fn empty(position: Position) -> Node {
    Node { position, data: Data::Mapping(Vec::new()), ..Node::default() }
}

/// A string.
pub(crate) fn scalar(text: &str, position: Position) -> Node {
    Node { position, data: Data::Scalar(Scalar::Str(text.to_owned())), ..Node::default() }
}
