//! The same tree without its secrets, for those who have no key.

use std::convert::Infallible;

use sha2::{Digest as _, Sha256};

use crate::cipher::{self, Token};
use crate::rules::Rules;
use crate::tree::{Comment, Leaf, Tree};
use crate::walk::{Outcome, Subject, walk};

/// What every placeholder starts with. No placeholder is valid base64 (the colon), and none holds a
/// character that means something in YAML, JSON, env or INI files.
pub const PLACEHOLDER: &str = "pleach-redacted:";

/// Puts a placeholder where an encrypted value stands: the same ciphertext gives the same one, and
/// neither the value nor its length shows.
pub(crate) fn redact(tree: &Tree, rules: &Rules) -> Tree {
    let redacted = walk(tree, rules, |_, subject, encrypted| {
        Ok::<_, Infallible>(match subject {
            Subject::Comment(comment) if encrypted && cipher::is_token(&comment.text) => {
                Outcome::Comment(Comment::own_line(format!(" {}", placeholder(&comment.text))))
            }
            Subject::Comment(comment) => Outcome::Comment(comment.clone()),
            Subject::Listed(Leaf::Str(text)) if encrypted && is_comment(text) => {
                Outcome::Comment(Comment::own_line(format!(" {}", placeholder(text))))
            }
            Subject::Value(Leaf::Str(text)) | Subject::Listed(Leaf::Str(text)) if encrypted => {
                Outcome::Leaf(match text.as_slice() {
                    b"" => Leaf::str(""),
                    token if cipher::is_token(token) => Leaf::str(placeholder(token)),
                    _ => unencrypted(),
                })
            }
            Subject::Value(_) | Subject::Listed(_) if encrypted => Outcome::Leaf(unencrypted()),
            Subject::Value(leaf) | Subject::Listed(leaf) => Outcome::Leaf(leaf.clone()),
        })
    });
    match redacted {
        Ok(tree) => tree,
        Err(never) => match never {},
    }
}

/// A placeholder for a token, or for the redacted text of a file.
pub(crate) fn placeholder(token: &[u8]) -> String {
    let hash = Sha256::digest(token);
    let start: [u8; 8] = std::array::from_fn(|at| hash[at]);
    format!("{PLACEHOLDER}{:016x}", u64::from_be_bytes(start))
}

/// A value that should be encrypted and is not: it may be the secret itself, so nothing of it is
/// hashed either.
fn unencrypted() -> Leaf {
    Leaf::str(format!("{PLACEHOLDER}not-encrypted"))
}

fn is_comment(text: &[u8]) -> bool {
    Token::parse(text).is_ok_and(|token| token.is_comment())
}
