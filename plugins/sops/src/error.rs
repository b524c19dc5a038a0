//! Why a document was not decrypted.

mod syntax;

use crate::keyring::KeyError;
use crate::place::Place;

pub use syntax::Syntax;

/// Why a document was not decrypted. Whose fault it is stands on every variant.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The user's: the text is not of its format.
    #[error("{0}")]
    Syntax(#[from] Syntax),
    /// The user's: the file carries no sops metadata.
    #[error("not encrypted with sops: it has no `sops` block")]
    NotEncrypted,
    /// The user's or an editor's: the values are encrypted, but nothing says how.
    #[error("{values} encrypted {}, but no `sops` block: the file is cut off, or the block was deleted", plural(*values, "value"))]
    MetadataMissing {
        /// Values that are encrypted.
        values: usize,
    },
    /// The user's: the `sops` block is not as sops writes it.
    #[error("`{field}` cannot be used: {problem}")]
    Metadata {
        /// The field.
        field: String,
        /// What is wrong with it.
        problem: String,
    },
    /// The environment's or the file's: no key opens it.
    #[error("{0}")]
    Key(#[from] KeyError),
    /// The user's: a value that the rule has encrypted is not.
    #[error("{place} must be encrypted, and is a plain {found}")]
    PlainValue {
        /// Where.
        place: Place,
        /// The type of what stands there.
        found: &'static str,
    },
    /// The user's or an editor's: an encrypted value lacks a part.
    #[error("{place} is an encrypted value that is damaged: {problem}")]
    Damaged {
        /// Where.
        place: Place,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// The user's or an attacker's: an encrypted value is not authentic where it stands.
    #[error("{place} does not open with the file's key: {guess}")]
    NotAuthentic {
        /// Where.
        place: Place,
        /// What probably happened.
        guess: Guess,
    },
    /// The writer's: a value is authentic and not of the type it names.
    #[error("{place} decrypts to something that is not of the type it names")]
    WrongType {
        /// Where.
        place: Place,
    },
    /// The user's: a comment stands as a value.
    #[error("{place} is an encrypted comment where a value belongs")]
    CommentAsValue {
        /// Where.
        place: Place,
    },
    /// The user's or an attacker's: the file has no MAC.
    #[error("`sops.mac` is missing: nothing says that the file is as it was encrypted")]
    MacMissing,
    /// The user's or an attacker's: the MAC itself is not authentic.
    #[error("`sops.mac` does not open with the file's key: {0}")]
    MacNotAuthentic(Guess),
    /// The user's or an attacker's: the file was changed after it was encrypted.
    #[error("the MAC does not match, so the file was changed after it was encrypted: {0}")]
    MacMismatch(Guess),
    /// The user's: JSON has no number for it, or kustomize none.
    #[error("{place} is an infinity or not a number, for which there is no JSON")]
    NotFinite {
        /// Where.
        place: Place,
    },
    /// The user's: the value is bytes, and text is needed.
    #[error("{place} is not UTF-8")]
    NotText {
        /// Where.
        place: Place,
    },
    /// The user's: one key stands twice in a map.
    #[error("{place} stands there twice")]
    DuplicateKey {
        /// Where.
        place: Place,
    },
    /// The user's: the decrypted text cannot be read as YAML.
    #[error("the decrypted text is not YAML: {0}")]
    NotYaml(#[from] yaml::Error),
    /// The user's: the envelope of a binary file has no content.
    #[error(
        "the envelope has no `data`: only YAML, JSON, dotenv and INI files are known by their names, every other one is bytes in a JSON envelope"
    )]
    EmptyEnvelope,
}

/// What probably happened to a file that does not check.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Guess {
    /// The value opens at another place.
    #[error("it was encrypted as {0}; values were swapped, or a key was renamed")]
    Moved(Place),
    /// Nothing in the file opens.
    #[error("none of the {values} encrypted values does; the `sops` block is that of another file")]
    ForeignBlock {
        /// Encrypted values.
        values: usize,
    },
    /// A document of a stream carries another `sops` block than the first.
    #[error(
        "document {document} has a `sops` block of its own; the documents were encrypted separately and concatenated, but sops has one key and one MAC for a file"
    )]
    EncryptedApart {
        /// From 1.
        document: usize,
    },
    /// A document of a stream carries no `sops` block.
    #[error("document {document} has no `sops` block; it was added after the file was encrypted")]
    DocumentAdded {
        /// From 1.
        document: usize,
    },
    /// Its bytes are not those that were written.
    #[error("it was altered, or its key was renamed")]
    Altered,
    /// The MAC's own bytes are not those that were written.
    #[error("it was altered")]
    MacAltered,
    /// The values are as they were; the time is not.
    #[error("the values are unchanged, and `sops.lastmodified` was edited")]
    TimeEdited,
    /// Both are not as they were.
    #[error("`sops.lastmodified` was edited, and so were values")]
    TimeAndValuesEdited,
    /// Without this value the MAC holds.
    #[error("{0} was added")]
    Added(Place),
    /// With this value elsewhere the MAC holds.
    #[error("{moved} was moved; before, it came {}", place_before(.behind.as_ref()))]
    Reordered {
        /// What was moved.
        moved: Place,
        /// What stood before it; nothing if it was the first.
        behind: Option<Place>,
    },
    /// Clear values are covered, and may have been edited.
    #[error("one of the {count} clear {} was edited ({}), or something was removed or reordered", plural(*count, "value"), list(.places, *count))]
    ClearEdited {
        /// Clear values that the MAC covers.
        count: usize,
        /// The first of them.
        places: Vec<Place>,
    },
    /// Only encrypted values are covered, and each is authentic.
    #[error(
        "every encrypted value is authentic, so some were removed, reordered, or put back from an older version"
    )]
    OrderOrAge,
}

fn plural(count: usize, word: &str) -> String {
    if count == 1 { word.to_owned() } else { format!("{word}s") }
}

fn place_before(place: Option<&Place>) -> String {
    place.map_or_else(|| "first".to_owned(), |place| format!("behind {place}"))
}

fn list(places: &[Place], count: usize) -> String {
    let names: Vec<String> = places.iter().map(Place::to_string).collect();
    let more = if count > places.len() { ", ..." } else { "" };
    format!("{}{more}", names.join(", "))
}

impl Error {
    /// What to do about it, in one line.
    pub fn hint(&self) -> Option<String> {
        let hint = match self {
            Self::Key(error) => return Some(error.hint()).filter(|hint| !hint.is_empty()),
            Self::NotEncrypted => "encrypt it: `sops encrypt --in-place FILE`",
            Self::MetadataMissing { .. } => "take the file from version control again",
            Self::Metadata { .. } => {
                "take the `sops` block from version control again, or write it anew with `sops updatekeys`"
            }
            Self::PlainValue { .. } => {
                "put the value in with `sops edit` or `sops set`, not with an editor; or encrypt the plain file anew"
            }
            Self::NotAuthentic { guess: Guess::EncryptedApart { .. }, .. }
            | Self::MacMismatch(Guess::EncryptedApart { .. } | Guess::DocumentAdded { .. })
            | Self::NotAuthentic { guess: Guess::DocumentAdded { .. }, .. } => {
                "give each document a file of its own, or decrypt them apart and encrypt the whole stream at once"
            }
            Self::Damaged { .. }
            | Self::NotAuthentic { .. }
            | Self::MacMissing
            | Self::MacNotAuthentic(_)
            | Self::WrongType { .. }
            | Self::CommentAsValue { .. } => {
                "take the file from version control again, and change it with `sops edit` only"
            }
            Self::MacMismatch(_) => {
                "if the change is wanted, look it through and write a new MAC: `sops edit --ignore-mac FILE`; clear values may be edited freely in files that are encrypted with `mac_only_encrypted`"
            }
            Self::NotText { .. } => "carry bytes in `data`, in base64",
            _ => return None,
        };
        Some(hint.to_owned())
    }
}
