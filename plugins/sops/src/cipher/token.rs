//! `ENC[AES256_GCM,data:..,iv:..,tag:..,type:..]`: the text of an encrypted value.

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{GeneralPurpose, GeneralPurposeConfig};

/// Go's standard encoding: padding required, the unused bits of the last letter not looked at.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true),
);

/// How every token starts.
const START: &[u8] = b"ENC[AES256_GCM,";

/// The parts of an encrypted value.
pub(crate) struct Token {
    /// The ciphertext with the tag behind it.
    pub(crate) sealed: Vec<u8>,
    pub(crate) nonce: Vec<u8>,
    pub(crate) kind: Kind,
}

/// The type of the value in a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Str,
    Int,
    Float,
    Bool,
    Bytes,
    Time,
    Comment,
}

/// Why a text is not a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TokenError {
    /// It does not start as one.
    Absent,
    /// It starts as one and does not end, or lacks a part.
    Cut,
    /// One of its parts is not base64.
    Base64,
    /// It names a type that sops does not have.
    Type,
}

/// Whether a text starts as a token does.
pub(crate) fn is_token(text: &[u8]) -> bool {
    text.starts_with(START)
}

impl Token {
    /// Reads a token. What stands behind its `]` is ignored, as sops ignores it.
    pub(crate) fn parse(text: &[u8]) -> Result<Self, TokenError> {
        let rest = text.strip_prefix(START).ok_or(TokenError::Absent)?;
        // In sops' regular expression no part reaches over the end of a line, and the type ends at
        // the last bracket; the others are base64, in which no comma stands.
        let line = rest.split(|byte| *byte == b'\n').next().unwrap_or_default();
        let end = line.iter().rposition(|byte| *byte == b']').ok_or(TokenError::Cut)?;
        let mut parts = line[..end].splitn(4, |byte| *byte == b',');
        let mut part = |name: &[u8]| {
            let value = parts.next().and_then(|part| part.strip_prefix(name));
            value.filter(|value| !value.is_empty()).ok_or(TokenError::Cut)
        };
        let mut sealed = decode(part(b"data:")?)?;
        let nonce = decode(part(b"iv:")?)?;
        sealed.extend(decode(part(b"tag:")?)?);
        let kind = match part(b"type:")? {
            b"str" => Kind::Str,
            b"int" => Kind::Int,
            b"float" => Kind::Float,
            b"bool" => Kind::Bool,
            b"bytes" => Kind::Bytes,
            b"time" => Kind::Time,
            b"comment" => Kind::Comment,
            _ => return Err(TokenError::Type),
        };
        Ok(Self { sealed, nonce, kind })
    }

    /// Whether it is a comment; known without a key.
    pub(crate) fn is_comment(&self) -> bool {
        self.kind == Kind::Comment
    }
}

/// Base64 as Go reads it: line ends inside are skipped.
fn decode(part: &[u8]) -> Result<Vec<u8>, TokenError> {
    let decoded = if part.contains(&b'\r') {
        BASE64.decode(part.iter().copied().filter(|byte| *byte != b'\r').collect::<Vec<_>>())
    } else {
        BASE64.decode(part)
    };
    decoded.map_err(|_| TokenError::Base64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(text: &str) -> Option<TokenError> {
        Token::parse(text.as_bytes()).err()
    }

    #[test]
    fn a_token_is_read_with_what_stands_behind_it_ignored() {
        let token =
            Token::parse(b"ENC[AES256_GCM,data:AQI=,iv:Aw==,tag:BA==,type:int] # x").unwrap();
        assert_eq!((&token.sealed[..], &token.nonce[..]), (&[1, 2, 4][..], &[3][..]));
        assert_eq!(token.kind, Kind::Int);
    }

    #[test]
    fn a_carriage_return_in_base64_and_stray_low_bits_are_read_as_go_does() {
        let token = Token::parse(b"ENC[AES256_GCM,data:AQ\rI=,iv:Ax==,tag:BA==,type:str]").unwrap();
        assert_eq!((&token.sealed[..], &token.nonce[..]), (&[1, 2, 4][..], &[3][..]));
    }

    #[test]
    fn what_is_not_a_token_is_told_apart() {
        assert_eq!(problem("secret"), Some(TokenError::Absent));
        assert_eq!(problem("ENC[AES256_GCM,data:AQI=,iv:Aw==,ta"), Some(TokenError::Cut));
        assert_eq!(problem("ENC[AES256_GCM,data:AQI=,tag:BA==,type:str]"), Some(TokenError::Cut));
        assert_eq!(
            problem("ENC[AES256_GCM,data:,iv:Aw==,tag:BA==,type:str]"),
            Some(TokenError::Cut)
        );
        let lines = "ENC[AES256_GCM,data:AQI=,iv:Aw==,\ntag:BA==,type:str]";
        assert_eq!(problem(lines), Some(TokenError::Cut));
        let lines = "ENC[AES256_GCM,data:AQI=,iv:Aw==,tag:BA==,type:str\n]";
        assert_eq!(problem(lines), Some(TokenError::Cut));
        assert_eq!(
            problem("ENC[AES256_GCM,data:A,iv:Aw==,tag:BA==,type:str]"),
            Some(TokenError::Base64)
        );
        let unknown = "ENC[AES256_GCM,data:AQI=,iv:Aw==,tag:BA==,type:uint]";
        assert_eq!(problem(unknown), Some(TokenError::Type));
        let twice =
            "ENC[AES256_GCM,data:AQI=,iv:Aw==,tag:BA==,type:str],iv:Aw==,tag:BA==,type:str]";
        assert_eq!(problem(twice), Some(TokenError::Type));
    }
}
