//! The cipher: `ENC[AES256_GCM,...]` tokens, AES-256-GCM with a nonce of any length.
//!
//! sops writes nonces of 32 bytes and reads any length; in `aes-gcm` the length is a type, so the
//! mode is put together here from the parts that crate is made of (NIST SP 800-38D, section 7.2).

mod gcm;
mod token;

pub(crate) use token::{Token, TokenError, is_token};

use zeroize::Zeroizing;

use crate::DataKey;
use crate::tree::Leaf;
use crate::{number, timestamp};

/// What a token decrypts to.
pub(crate) enum Opened {
    Leaf(Leaf),
    Comment(Zeroizing<Vec<u8>>),
}

/// Why a token was not opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refused {
    /// The tag is not that of these bytes, at this place, under this key.
    NotAuthentic,
    /// Authentic, and not a value of the type that the token names.
    WrongType,
}

/// Opens a token that stands where `additional_data` says.
pub(crate) fn open(
    key: &DataKey,
    token: &Token,
    additional_data: &[u8],
) -> Result<Opened, Refused> {
    let plain = gcm::open(key, token, additional_data).ok_or(Refused::NotAuthentic)?;
    typed(token.kind, plain).ok_or(Refused::WrongType)
}

/// The bytes of a token whose tag is *not* looked at: to find out what is wrong, never for use.
pub(crate) fn open_unverified(key: &DataKey, token: &Token) -> Zeroizing<Vec<u8>> {
    gcm::open_unverified(key, token)
}

/// Plaintext as the type that the token names (sops 3.13.3, `aes/cipher.go`).
fn typed(kind: token::Kind, plain: Zeroizing<Vec<u8>>) -> Option<Opened> {
    use token::Kind;
    let text = || str::from_utf8(&plain).ok();
    Some(Opened::Leaf(match kind {
        // Only sops' predecessor in Python wrote `bytes`; sops 3.13.3 itself panics on it.
        Kind::Str | Kind::Bytes => Leaf::Str(plain),
        Kind::Comment => return Some(Opened::Comment(plain)),
        Kind::Int => Leaf::Int(text()?.parse().ok()?),
        Kind::Float => Leaf::Float(number::parse_float(text()?)?),
        Kind::Time => Leaf::Time(timestamp::nanoseconds(text()?)?),
        Kind::Bool => Leaf::Bool(match text()? {
            "1" | "t" | "T" | "true" | "True" | "TRUE" => true,
            "0" | "f" | "F" | "false" | "False" | "FALSE" => false,
            _ => return None,
        }),
    }))
}
