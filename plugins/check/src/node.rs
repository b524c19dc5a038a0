//! Reading a parsed node by name, with merge keys applied.

use yaml::{Data, Node, Scalar};

/// One key of a map.
pub(crate) struct Entry<'a> {
    pub(crate) key: String,
    /// Where the key stands.
    pub(crate) line: u32,
    pub(crate) value: &'a Node,
}

/// The keys of a map as go-yaml decodes them: what stands in the map first, what its merge keys bring after that.
pub(crate) fn entries(node: &Node) -> Vec<Entry<'_>> {
    let mut found: Vec<Entry<'_>> = Vec::new();
    let Data::Mapping(pairs) = &node.data else { return found };
    let mut merged = Vec::new();
    for (key, value) in pairs {
        match &key.data {
            Data::Scalar(Scalar::Merge) => match &value.data {
                Data::Sequence(several) => merged.extend(several.iter()),
                _ => merged.push(value),
            },
            _ => found.push(Entry { key: text(key), line: key.position.line, value }),
        }
    }
    for source in merged {
        for entry in entries(source) {
            if found.iter().all(|known| known.key != entry.key) {
                found.push(entry);
            }
        }
    }
    found
}

/// The value of a key.
pub(crate) fn get<'a>(node: &'a Node, key: &str) -> Option<&'a Node> {
    entries(node).into_iter().find(|entry| entry.key == key).map(|entry| entry.value)
}

/// The value of a key, when it is a string.
pub(crate) fn get_str(node: &Node, key: &str) -> Option<String> {
    get(node, key).filter(|value| !is_null(value)).map(text)
}

/// The items of a list; none when it is no list.
pub(crate) fn items(node: &Node) -> &[Node] {
    match &node.data {
        Data::Sequence(items) => items,
        _ => &[],
    }
}

/// A scalar as text; empty for null, lists and maps.
pub(crate) fn text(node: &Node) -> String {
    let Data::Scalar(scalar) = &node.data else { return String::new() };
    match scalar {
        Scalar::Null => String::new(),
        Scalar::Bool(value) => value.to_string(),
        Scalar::Int(value) => value.to_string(),
        Scalar::Uint(value) => value.to_string(),
        Scalar::Float { text, .. } | Scalar::Time(text) | Scalar::Str(text) => text.clone(),
        Scalar::Binary(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        Scalar::Merge => "<<".to_owned(),
    }
}

/// Nothing, or `null`.
pub(crate) fn is_null(node: &Node) -> bool {
    matches!(node.data, Data::Scalar(Scalar::Null))
}

/// A map.
pub(crate) fn is_map(node: &Node) -> bool {
    matches!(node.data, Data::Mapping(_))
}
