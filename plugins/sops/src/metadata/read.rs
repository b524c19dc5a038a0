//! The metadata block, read as weakly typed as sops reads it (go-viper/mapstructure v2 with
//! `WeaklyTypedInput`): a list may be missing, null or one entry; numbers and truth
//! values may be strings; unknown keys and comments are ignored.

use indexmap::IndexMap;

use super::{MasterKey, Metadata, Rule};
use crate::error::Error;
use crate::number;
use crate::timestamp;
use crate::tree::{Element, Item, Leaf, Node, entries};

/// The lists of a key group, in the order in which sops tries them, and the fields that name an
/// entry in messages (sops 3.13.3, `stores/stores.go`).
const LISTS: [(&str, &[&str]); 7] = [
    ("kms", &["arn"]),
    ("gcp_kms", &["resource_id"]),
    ("hckms", &["key_id"]),
    ("azure_kv", &["vault_url", "name", "version"]),
    ("hc_vault", &["vault_address", "engine_path", "key_name"]),
    ("pgp", &["fp"]),
    ("age", &["recipient"]),
];

impl Metadata {
    /// Reads the block.
    pub(crate) fn read(block: &[Item]) -> Result<Self, Error> {
        let fields = Fields { path: "sops".into(), block };
        let mut key_groups = vec![fields.group()?];
        if key_groups[0].is_empty() {
            key_groups =
                fields.list("key_groups")?.iter().map(Fields::group).collect::<Result<_, _>>()?;
        }
        let written = fields.text("lastmodified")?;
        let last_modified = timestamp::seconds(&written)
            .ok_or_else(|| fields.wrong("lastmodified", "it is not an RFC 3339 timestamp"))?;
        Ok(Self {
            key_groups,
            shamir_threshold: fields.count("shamir_threshold")?,
            last_modified,
            mac: fields.text("mac")?,
            version: fields.text("version")?,
            rule: fields.rule()?,
            mac_only_encrypted: fields.truth("mac_only_encrypted")?,
        })
    }
}

/// One map of the block, and what messages call it.
struct Fields<'t> {
    path: String,
    block: &'t [Item],
}

impl<'t> Fields<'t> {
    /// A field; by the letter, else without regard to case. A null is as good as none.
    fn get(&self, name: &str) -> Option<&'t Node> {
        let exact = entries(self.block).find(|(key, _)| *key == name.as_bytes());
        let found = exact.or_else(|| {
            entries(self.block).find(|(key, _)| key.eq_ignore_ascii_case(name.as_bytes()))
        });
        found.map(|(_, node)| node).filter(|node| !matches!(node, Node::Leaf(Leaf::Null)))
    }

    fn wrong(&self, name: &str, problem: impl Into<String>) -> Error {
        Error::Metadata { field: format!("{}.{name}", self.path), problem: problem.into() }
    }

    fn text(&self, name: &str) -> Result<String, Error> {
        let Some(node) = self.get(name) else { return Ok(String::new()) };
        text(node).ok_or_else(|| self.wrong(name, format!("expected text, found {}", node.kind())))
    }

    fn count(&self, name: &str) -> Result<Option<usize>, Error> {
        let number = match self.get(name) {
            None => return Ok(None),
            Some(Node::Leaf(Leaf::Int(value))) => usize::try_from(*value).ok(),
            Some(Node::Leaf(Leaf::Bool(value))) => Some(usize::from(*value)),
            Some(Node::Leaf(Leaf::Float(value))) => number::plain(value.trunc()).parse().ok(),
            Some(Node::Leaf(Leaf::Str(text))) if text.is_empty() => Some(0),
            Some(Node::Leaf(Leaf::Str(text))) => {
                str::from_utf8(text).ok().and_then(|t| t.parse().ok())
            }
            Some(_) => None,
        };
        number.map(Some).ok_or_else(|| self.wrong(name, "it is not a count"))
    }

    fn truth(&self, name: &str) -> Result<bool, Error> {
        let truth = match self.get(name) {
            None => Some(false),
            Some(Node::Leaf(Leaf::Bool(value))) => Some(*value),
            Some(Node::Leaf(Leaf::Int(value))) => Some(*value != 0),
            Some(Node::Leaf(Leaf::Float(value))) => Some(*value != 0.0),
            Some(Node::Leaf(Leaf::Str(text))) => match text.as_slice() {
                b"1" | b"t" | b"T" | b"true" | b"True" | b"TRUE" => Some(true),
                b"" | b"0" | b"f" | b"F" | b"false" | b"False" | b"FALSE" => Some(false),
                _ => None,
            },
            Some(_) => None,
        };
        truth.ok_or_else(|| self.wrong(name, "it is neither true nor false"))
    }

    fn list(&self, name: &str) -> Result<Vec<Fields<'t>>, Error> {
        let nodes: Vec<&'t Node> = match self.get(name) {
            None => Vec::new(),
            Some(Node::Map(branch)) if entries(branch).next().is_none() => Vec::new(),
            Some(Node::List(list)) => list
                .iter()
                .filter_map(|element| match element {
                    Element::Node(node) => Some(node),
                    Element::Comment(_) => None,
                })
                .collect(),
            Some(node) => vec![node],
        };
        let fields = nodes.into_iter().enumerate().map(|(index, node)| match node {
            Node::Map(block) => {
                Ok(Fields { path: format!("{}.{name}[{index}]", self.path), block })
            }
            node => Err(self.wrong(
                &format!("{name}[{index}]"),
                format!("expected a map, found {}", node.kind()),
            )),
        });
        fields.collect()
    }

    fn group(&self) -> Result<Vec<MasterKey>, Error> {
        let mut group = Vec::new();
        for (service, names) in LISTS {
            for entry in self.list(service)? {
                group.push(entry.master_key(service, names)?);
            }
        }
        Ok(group)
    }

    fn master_key(&self, service: &str, names: &[&str]) -> Result<MasterKey, Error> {
        let recipient: Result<Vec<String>, Error> =
            names.iter().map(|name| self.text(name)).collect();
        let mut fields = IndexMap::new();
        for (key, node) in entries(self.block) {
            if let (Ok(key), Some(text)) = (str::from_utf8(key), text(node)) {
                fields.insert(key.to_owned(), text);
            }
        }
        fields.shift_remove("enc");
        Ok(MasterKey {
            service: service.to_owned(),
            recipient: recipient?.join("/"),
            enc: self.text("enc")?,
            fields,
        })
    }

    /// The one rule of the file.
    fn rule(&self) -> Result<Rule, Error> {
        type Named = (&'static str, fn(String) -> Rule);
        let rules: [Named; 6] = [
            ("unencrypted_suffix", Rule::UnencryptedSuffix),
            ("encrypted_suffix", Rule::EncryptedSuffix),
            ("unencrypted_regex", Rule::UnencryptedRegex),
            ("encrypted_regex", Rule::EncryptedRegex),
            ("unencrypted_comment_regex", Rule::UnencryptedCommentRegex),
            ("encrypted_comment_regex", Rule::EncryptedCommentRegex),
        ];
        let mut found: Option<(&str, Rule)> = None;
        for (name, rule) in rules {
            let text = self.text(name)?;
            if text.is_empty() {
                continue;
            }
            if let Some((first, _)) = found {
                return Err(self
                    .wrong(name, format!("`{first}` stands there too, and a file has one rule")));
            }
            found = Some((name, rule(text)));
        }
        Ok(found.map(|(_, rule)| rule).unwrap_or_default())
    }
}

fn text(node: &Node) -> Option<String> {
    Some(match node {
        Node::Leaf(Leaf::Str(text)) => String::from_utf8_lossy(text).into_owned(),
        Node::Leaf(Leaf::Int(value)) => value.to_string(),
        Node::Leaf(Leaf::Bool(value)) => u8::from(*value).to_string(),
        Node::Leaf(Leaf::Float(value)) => number::plain(*value),
        Node::Leaf(Leaf::Time(text)) => text.clone(),
        Node::Leaf(Leaf::Null) => String::new(),
        Node::Map(_) | Node::List(_) => return None,
    })
}
