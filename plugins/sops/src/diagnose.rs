//! What probably happened to a file that does not check. Costs time, and only on the way to an
//! error; nothing that is tried here is ever returned as a value.

mod order;

use std::convert::Infallible;

use crate::cipher::{self, Opened, Token, TokenError};
use crate::decrypt::{Stop, Why};
use crate::metadata::Block;
use crate::place::{Path, Place};
use crate::sealed::Sealed;
use crate::tree::Leaf;
use crate::walk::{Outcome, Subject, walk};
use crate::{DataKey, Error, Guess};

/// Values that are tried against each other; more are not looked at.
const LEAVES: usize = 2_000;
/// Bytes that are decrypted at most, to find the place of one value.
const BYTES: usize = 32 << 20;
/// Clear values that a message names.
const NAMED: usize = 3;

/// A value of a file: where it stands, what it is, and whether it is encrypted.
struct Value {
    place: Place,
    additional_data: Vec<u8>,
    leaf: Leaf,
    encrypted: bool,
}

/// Why a value was not opened.
pub(crate) fn stop(sealed: &Sealed, key: &DataKey, stop: &Stop<'_>) -> Error {
    let place = stop.path.place();
    match &stop.why {
        Why::Plain(found) => Error::PlainValue { place, found },
        Why::Token(error) => Error::Damaged { place, problem: problem(*error) },
        Why::WrongType => Error::WrongType { place },
        Why::CommentAsValue => Error::CommentAsValue { place },
        Why::NotAuthentic(text) => {
            Error::NotAuthentic { guess: not_authentic(sealed, key, &stop.path, text), place }
        }
    }
}

fn problem(error: TokenError) -> &'static str {
    match error {
        TokenError::Absent => "it is no encrypted value",
        TokenError::Cut => "it is cut off, or a part of it is missing",
        TokenError::Base64 => "a part of it is not base64",
        TokenError::Type => "it names a type that sops does not have",
    }
}

fn not_authentic(sealed: &Sealed, key: &DataKey, path: &Path<'_>, text: &[u8]) -> Guess {
    if let Some(guess) = added_document(sealed, Some(path.document)) {
        return guess;
    }
    let values = values(sealed);
    if let Ok(token) = Token::parse(text) {
        let own = path.additional_data();
        let opens = |value: &&Value| {
            value.additional_data != own
                && cipher::open(key, &token, &value.additional_data).is_ok()
        };
        let tries = BYTES / text.len().max(1);
        if let Some(value) = values.iter().take(tries).find(opens) {
            return Guess::Moved(value.place.clone());
        }
    }
    // A block that was taken from another file opens its own MAC, and no value.
    let is_token = |value: &&Value| {
        value.encrypted && matches!(&value.leaf, Leaf::Str(text) if !text.is_empty())
    };
    let tokens: Vec<&Value> = values.iter().filter(is_token).collect();
    let one_opens = tokens.iter().any(|value| opened(value, key).is_some());
    if one_opens || tokens.len() == 1 {
        Guess::Altered
    } else {
        Guess::ForeignBlock { values: tokens.len() }
    }
}

/// A document that was not encrypted with the first: the given one, or any.
fn added_document(sealed: &Sealed, document: Option<usize>) -> Option<Guess> {
    let of_interest = |at: &usize| document.is_none_or(|document| document == *at);
    let mut blocks = sealed.blocks.iter().enumerate().filter(|(at, _)| of_interest(at));
    blocks.find_map(|(at, block)| match block {
        Block::Same => None,
        Block::Other => Some(Guess::EncryptedApart { document: at + 1 }),
        Block::Missing => Some(Guess::DocumentAdded { document: at + 1 }),
    })
}

/// Why the MAC does not open: it is bound to the time of the file, so if its unauthenticated bytes
/// look like a MAC, the time was edited.
pub(crate) fn mac(key: &DataKey, token: &Token, computed: &str) -> Guess {
    let text = cipher::open_unverified(key, token);
    let is_mac = |byte: &u8| byte.is_ascii_digit() || (b'A'..=b'F').contains(byte);
    if text.len() != computed.len() || !text.iter().all(is_mac) {
        Guess::MacAltered
    } else if text.as_slice() == computed.as_bytes() {
        Guess::TimeEdited
    } else {
        Guess::TimeAndValuesEdited
    }
}

/// Why the MAC is another one, though every encrypted value is authentic.
pub(crate) fn mismatch(sealed: &Sealed, key: &DataKey) -> Error {
    Error::MacMismatch(guess(sealed, key))
}

fn guess(sealed: &Sealed, key: &DataKey) -> Guess {
    if let Some(guess) = added_document(sealed, None) {
        return guess;
    }
    let values: Vec<Value> = values(sealed)
        .into_iter()
        .filter_map(|value| {
            let leaf = if value.encrypted { opened(&value, key)? } else { value.leaf.clone() };
            Some(Value { leaf, ..value })
        })
        .filter(|value| value.encrypted || !sealed.metadata.mac_only_encrypted)
        .collect();
    if let Some(guess) = order::guess(sealed, key, &values) {
        return guess;
    }
    let clear: Vec<&Value> = values.iter().filter(|value| !value.encrypted).collect();
    if clear.is_empty() {
        return Guess::OrderOrAge;
    }
    let places = clear.iter().take(NAMED).map(|value| value.place.clone()).collect();
    Guess::ClearEdited { count: clear.len(), places }
}

/// What an encrypted value opens to; `None` for a comment, too, which no MAC covers.
fn opened(value: &Value, key: &DataKey) -> Option<Leaf> {
    let Leaf::Str(text) = &value.leaf else { return None };
    if text.is_empty() {
        return Some(value.leaf.clone());
    }
    match cipher::open(key, &Token::parse(text).ok()?, &value.additional_data).ok()? {
        Opened::Leaf(leaf) => Some(leaf),
        Opened::Comment(_) => None,
    }
}

fn values(sealed: &Sealed) -> Vec<Value> {
    let mut values = Vec::new();
    let walked = walk(&sealed.tree, &sealed.rules, |path, subject, encrypted| {
        if let Subject::Value(leaf) | Subject::Listed(leaf) = subject
            && values.len() < LEAVES
        {
            values.push(Value {
                place: path.place(),
                additional_data: path.additional_data(),
                leaf: leaf.clone(),
                encrypted,
            });
        }
        Ok::<_, Infallible>(match subject {
            Subject::Comment(comment) => Outcome::Comment(comment.clone()),
            Subject::Value(leaf) | Subject::Listed(leaf) => Outcome::Leaf(leaf.clone()),
        })
    });
    match walked {
        Ok(_) => values,
        Err(never) => match never {},
    }
}
