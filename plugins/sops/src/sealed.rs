//! A SOPS document that has been parsed, and not yet opened.

use std::cmp::Ordering;

use serde_json::Value;
use subtle::ConstantTimeEq as _;

use crate::cipher::{self, Opened, Refused, Token};
use crate::format::{Format, binary, value};
use crate::keyring::Keyring;
use crate::metadata::{self, Block, Metadata};
use crate::plain::Plain;
use crate::redact::{placeholder, redact};
use crate::rules::Rules;
use crate::tree::{Branch, Element, Item, Leaf, Node, Tree};
use crate::{DataKey, Error, Guess};
use crate::{decrypt, diagnose};

/// A SOPS document that has been parsed, and not yet opened.
pub struct Sealed {
    pub(crate) format: Format,
    /// Without the metadata.
    pub(crate) tree: Tree,
    pub(crate) metadata: Metadata,
    pub(crate) rules: Rules,
    /// How the block of each document stands to that of the first.
    pub(crate) blocks: Vec<Block>,
}

/// What the MAC says about a document that another program has rewritten.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum MacCheck {
    /// The MAC is that of the values in the order given.
    Holds,
    /// The MAC is that of the values with the keys of every map sorted.
    HoldsSorted,
    /// The MAC covers clear values too (no `mac_only_encrypted`), and does not hold here: whoever
    /// rewrote the document may have changed them rightly. Check the source file instead.
    NotCheckable,
    /// The MAC covers encrypted values only, and holds in neither order.
    Mismatch,
}

impl Sealed {
    /// Parses. [`Error::NotEncrypted`] when there is no sops metadata.
    pub fn parse(bytes: &[u8], format: Format) -> Result<Self, Error> {
        Self::of_tree(format.parse(bytes)?, format)
    }

    /// The same from a value that was already parsed (a Secret in a stream with its own `sops:`
    /// block). [`Plain::to_bytes`] of it is JSON.
    pub fn from_value(value: &Value) -> Result<Self, Error> {
        Self::of_tree(value::parse(value)?, Format::Json)
    }

    fn of_tree(mut tree: Tree, format: Format) -> Result<Self, Error> {
        let (block, blocks) = metadata::take(&mut tree, format)?;
        let metadata = Metadata::read(&block)?;
        let rules = Rules::new(&metadata.rule).ok_or_else(|| Error::Metadata {
            field: format!("sops.{}", metadata.rule.name()),
            problem: "it is not a regular expression".into(),
        })?;
        Ok(Self { format, tree, metadata, rules, blocks })
    }

    /// Who can open the file, and what of it is encrypted.
    pub fn metadata(&self) -> &Metadata {
        &self.metadata
    }

    /// Decrypts every value and checks the MAC.
    pub fn open(&self, keys: &Keyring) -> Result<Plain, Error> {
        if self.metadata.mac.is_empty() {
            return Err(Error::MacMissing);
        }
        self.open_with(&keys.data_key(&self.metadata)?)
    }

    /// [`Self::open`] with a data key that is known.
    pub fn open_with(&self, key: &DataKey) -> Result<Plain, Error> {
        let (tree, mac) = self.decrypt(&self.tree, key)?;
        if !self.holds(key, &mac)? {
            return Err(diagnose::mismatch(self, key));
        }
        self.plain(tree)
    }

    /// Decrypts every value of a document that was rewritten since (kustomize sorts keys, adds a
    /// namespace and labels), and says what the MAC tells about it. The plain values of anything
    /// but [`MacCheck::Holds`] and [`MacCheck::HoldsSorted`] are to be used only after the source
    /// file's MAC was checked.
    pub fn open_rewritten(&self, keys: &Keyring) -> Result<(Plain, MacCheck), Error> {
        if self.metadata.mac.is_empty() {
            return Err(Error::MacMissing);
        }
        let key = keys.data_key(&self.metadata)?;
        let (tree, mac) = self.decrypt(&self.tree, &key)?;
        let check = if self.holds(&key, &mac)? {
            MacCheck::Holds
        } else if self.holds(&key, &self.decrypt(&sorted(&self.tree), &key)?.1)? {
            MacCheck::HoldsSorted
        } else if self.metadata.mac_only_encrypted {
            MacCheck::Mismatch
        } else {
            MacCheck::NotCheckable
        };
        Ok((self.plain(tree)?, check))
    }

    /// The same tree with a placeholder for each encrypted value, derived from its ciphertext.
    /// Needs no key, and checks nothing: what it returns is for looking at.
    pub fn redact(&self) -> Plain {
        Plain::new(self.format, redact(&self.tree, &self.rules))
    }

    /// One placeholder for the whole document, derived from the text of [`Self::redact`]: a value
    /// that is a whole file is replaced by it. Starts with [`crate::PLACEHOLDER`]. Changes when a
    /// value or a clear part changes, and not when only the recipients do.
    pub fn placeholder(&self) -> String {
        placeholder(&self.redact().to_bytes())
    }

    fn decrypt(&self, tree: &Tree, key: &DataKey) -> Result<(Tree, String), Error> {
        decrypt::decrypt(tree, self, key).map_err(|stop| diagnose::stop(self, key, &stop))
    }

    /// Whether the MAC of the file is this one.
    fn holds(&self, key: &DataKey, mac: &str) -> Result<bool, Error> {
        let refused = |guess| Error::MacNotAuthentic(guess);
        let token =
            Token::parse(self.metadata.mac.as_bytes()).map_err(|_| refused(Guess::MacAltered))?;
        match cipher::open(key, &token, self.metadata.last_modified.as_bytes()) {
            Ok(Opened::Leaf(Leaf::Str(written))) => Ok(written.ct_eq(mac.as_bytes()).into()),
            Ok(_) | Err(Refused::WrongType) => Err(refused(Guess::MacAltered)),
            Err(Refused::NotAuthentic) => Err(refused(diagnose::mac(key, &token, mac))),
        }
    }

    fn plain(&self, tree: Tree) -> Result<Plain, Error> {
        match self.format {
            Format::Binary => binary::check(&tree)?,
            Format::Json => value::check(&tree)?,
            Format::Yaml | Format::Dotenv | Format::Ini => {}
        }
        Ok(Plain::new(self.format, tree))
    }
}

/// A tree with the keys of every map in the order of their bytes.
fn sorted(tree: &Tree) -> Tree {
    fn branch(items: &[Item]) -> Branch {
        let mut items: Branch = items
            .iter()
            .filter_map(|item| match item {
                Item::Entry(key, value) => Some(Item::Entry(key.clone(), node(value))),
                Item::Comment(_) => None,
            })
            .collect();
        items.sort_by(|one, other| match (one, other) {
            (Item::Entry(one, _), Item::Entry(other, _)) => one.cmp(other),
            _ => Ordering::Equal,
        });
        items
    }
    fn node(value: &Node) -> Node {
        match value {
            Node::Leaf(leaf) => Node::Leaf(leaf.clone()),
            Node::Map(items) => Node::Map(branch(items)),
            Node::List(list) => Node::List(
                list.iter()
                    .map(|element| match element {
                        Element::Node(value) => Element::Node(node(value)),
                        Element::Comment(comment) => Element::Comment(comment.clone()),
                    })
                    .collect(),
            ),
        }
    }
    Tree { documents: tree.documents.iter().map(|items| branch(items)).collect() }
}
