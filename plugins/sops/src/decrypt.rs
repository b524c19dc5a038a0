//! Decrypts a tree, and computes its MAC on the way (sops 3.13.3, `sops.go`).

use zeroize::Zeroizing;

use crate::DataKey;
use crate::cipher::{self, Opened, Refused, Token, TokenError};
use crate::mac::Mac;
use crate::place::Path;
use crate::sealed::Sealed;
use crate::tree::{Comment, Leaf, Tree};
use crate::walk::{Outcome, Subject, walk};

/// Where the walk stopped, and why.
pub(crate) struct Stop<'t> {
    pub(crate) path: Path<'t>,
    pub(crate) why: Why<'t>,
}

/// Why a value was not opened.
pub(crate) enum Why<'t> {
    /// Encryption is due, and this is no token; the type of what it is.
    Plain(&'static str),
    Token(TokenError),
    /// The token itself, to look closer at.
    NotAuthentic(&'t [u8]),
    WrongType,
    CommentAsValue,
}

/// The plain tree and the MAC of its values. The tree is the file's own, or the same in another
/// order.
pub(crate) fn decrypt<'t>(
    tree: &'t Tree,
    sealed: &Sealed,
    key: &DataKey,
) -> Result<(Tree, String), Stop<'t>> {
    let mut mac = Mac::new(sealed.metadata.mac_only_encrypted);
    let tree = walk(tree, &sealed.rules, |path, subject, encrypted| {
        let outcome = match subject {
            Subject::Comment(comment) => {
                return Ok(comment_of(path, comment, encrypted, key, &mut mac));
            }
            Subject::Value(leaf) | Subject::Listed(leaf) if !encrypted => {
                Ok(Outcome::Leaf(leaf.clone()))
            }
            Subject::Value(leaf) => value(path, leaf, key).and_then(|opened| match opened {
                Opened::Leaf(leaf) => Ok(Outcome::Leaf(leaf)),
                Opened::Comment(_) => Err(Why::CommentAsValue),
            }),
            // Comments in a list are encrypted as items of it.
            Subject::Listed(leaf) => value(path, leaf, key).map(|opened| match opened {
                Opened::Leaf(leaf) => Outcome::Leaf(leaf),
                Opened::Comment(text) => Outcome::Comment(Comment { text, inline: false }),
            }),
        };
        let outcome = outcome.map_err(|why| Stop { path: path.clone(), why })?;
        if let Outcome::Leaf(leaf) = &outcome {
            mac.add(leaf, encrypted);
        }
        Ok(outcome)
    })?;
    Ok((tree, mac.finish()))
}

fn value<'t>(path: &Path<'_>, leaf: &'t Leaf, key: &DataKey) -> Result<Opened, Why<'t>> {
    let Leaf::Str(text) = leaf else { return Err(Why::Plain(leaf.kind())) };
    if text.is_empty() {
        return Ok(Opened::Leaf(leaf.clone()));
    }
    let token = Token::parse(text).map_err(|error| match error {
        TokenError::Absent => Why::Plain(leaf.kind()),
        error => Why::Token(error),
    })?;
    cipher::open(key, &token, &path.additional_data()).map_err(|refused| match refused {
        Refused::NotAuthentic => Why::NotAuthentic(text),
        Refused::WrongType => Why::WrongType,
    })
}

/// A comment that does not open was not encrypted in the first place, and stays. An inline one
/// comes back as a line of its own, as it does in sops.
fn comment_of(
    path: &Path<'_>,
    comment: &Comment,
    encrypted: bool,
    key: &DataKey,
    mac: &mut Mac,
) -> Outcome {
    let clear = || Outcome::Comment(comment.clone());
    if !encrypted {
        return clear();
    }
    if comment.text.is_empty() {
        return Outcome::Leaf(Leaf::Str(Zeroizing::default()));
    }
    let Ok(token) = Token::parse(&comment.text) else { return clear() };
    match cipher::open(key, &token, &path.additional_data()) {
        Ok(Opened::Comment(text)) => Outcome::Comment(Comment { text, inline: false }),
        Ok(Opened::Leaf(leaf @ Leaf::Str(_))) => {
            mac.add(&leaf, true);
            Outcome::Leaf(leaf)
        }
        Ok(Opened::Leaf(_)) | Err(_) => clear(),
    }
}
