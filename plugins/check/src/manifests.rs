//! Finding Secrets wherever they stand: in lists, inside other objects, and in texts that hold manifests.

use krm::Identity;
use yaml::{Data, Node};

use crate::node::{Entry, entries, get, get_str, is_map, text};
use crate::token::is_token;

/// A Secret, or what would become part of one.
pub(crate) struct Secret {
    pub(crate) identity: Identity,
    /// Values in the clear: path from the document's root, and line.
    pub(crate) plain: Vec<(String, u32)>,
    /// How many values are whole SOPS tokens.
    pub(crate) encrypted: usize,
}

/// How deep texts within texts are followed.
const MAX_TEXTS: usize = 4;

/// Where a node stands.
#[derive(Clone, Default)]
struct Place {
    path: String,
    /// The line of the text that holds the node, when it stands in one.
    line: Option<u32>,
    texts: usize,
}

impl Place {
    fn key(&self, key: &str) -> Self {
        let dot = if self.path.is_empty() { "" } else { "." };
        Self { path: format!("{}{dot}{key}", self.path), ..self.clone() }
    }

    fn item(&self, index: usize) -> Self {
        Self { path: format!("{}[{index}]", self.path), ..self.clone() }
    }

    fn line(&self, line: u32) -> u32 {
        self.line.unwrap_or(line)
    }
}

/// Every Secret below `root`, and in its texts (block scalars, annotations) that hold manifests.
pub(crate) fn secrets(root: &Node) -> Vec<Secret> {
    let mut found = Vec::new();
    visit(root, &Place::default(), false, &mut found);
    found
}

fn visit(node: &Node, place: &Place, is_secret: bool, found: &mut Vec<Secret>) {
    match &node.data {
        Data::Scalar(_) => texts(node, place, found),
        Data::Sequence(items) => {
            for (index, item) in items.iter().enumerate() {
                visit(item, &place.item(index), false, found);
            }
        }
        Data::Mapping(_) => {
            let kind = get_str(node, "kind").unwrap_or_default();
            let kind = kind.trim();
            let entries = entries(node);
            if is_secret || kind.eq_ignore_ascii_case("Secret") {
                found.extend(secret(node, &entries, place));
            }
            for entry in &entries {
                let place = place.key(&entry.key);
                // The items of a typed list need no kind of their own.
                if kind.eq_ignore_ascii_case("SecretList") && entry.key == "items" {
                    for (index, item) in crate::node::items(entry.value).iter().enumerate() {
                        visit(item, &place.item(index), true, found);
                    }
                } else {
                    visit(entry.value, &place, false, found);
                }
            }
        }
    }
}

/// A text that may hold manifests: inline patches, a `ConfigMap`, `last-applied-configuration`.
fn texts(node: &Node, place: &Place, found: &mut Vec<Secret>) {
    let text = text(node);
    let holds = |word: &str| {
        text.as_bytes().windows(word.len()).any(|part| part.eq_ignore_ascii_case(word.as_bytes()))
    };
    if place.texts >= MAX_TEXTS
        || text.len() < "kind: Secret".len()
        || !text.contains(':')
        || !holds("kind")
        || !holds("data")
    {
        return;
    }
    let Ok(documents) = yaml::documents(text.as_bytes()) else { return };
    for document in &documents {
        let place = Place {
            line: Some(place.line(node.position.line)),
            texts: place.texts + 1,
            ..place.clone()
        };
        visit(&document.root, &place, false, found);
    }
}

fn secret(node: &Node, entries: &[Entry<'_>], place: &Place) -> Option<Secret> {
    let metadata = get(node, "metadata");
    let field =
        |name: &str| metadata.and_then(|metadata| get_str(metadata, name)).unwrap_or_default();
    let mut secret = Secret {
        identity: Identity {
            api_version: get_str(node, "apiVersion").unwrap_or_default(),
            kind: "Secret".to_owned(),
            namespace: field("namespace"),
            name: field("name"),
        },
        plain: Vec::new(),
        encrypted: 0,
    };
    for entry in entries.iter().filter(|entry| DATA.contains(&entry.key.as_str())) {
        values(entry.value, &place.key(&entry.key), &mut secret);
    }
    (!secret.plain.is_empty() || secret.encrypted > 0).then_some(secret)
}

/// The fields of a Secret that hold its values.
pub(crate) const DATA: [&str; 2] = ["data", "stringData"];

fn values(node: &Node, place: &Place, secret: &mut Secret) {
    match &node.data {
        Data::Scalar(_) => match text(node).as_str() {
            "" => {}
            token if is_token(token) => secret.encrypted += 1,
            _ => secret.plain.push((place.path.clone(), place.line(node.position.line))),
        },
        Data::Sequence(items) => {
            for (index, item) in items.iter().enumerate() {
                values(item, &place.item(index), secret);
            }
        }
        Data::Mapping(_) => {
            for entry in entries(node) {
                values(entry.value, &place.key(&entry.key), secret);
            }
        }
    }
}

/// The values that stand under `data` and `stringData` of a map whatever its kind, as of a Secret.
pub(crate) fn values_of(node: &Node, path: &str, line: Option<u32>) -> Option<Secret> {
    if !is_map(node) {
        return None;
    }
    secret(node, &entries(node), &Place { path: path.to_owned(), line, texts: 0 })
}
