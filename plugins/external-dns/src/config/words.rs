//! Texts of a config that must hold something.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserialize, Deserializer, Error};

/// The longest comment on a record that a paid zone of Cloudflare takes, in characters; a longer one is cut, again in
/// each round (`provider/cloudflare/cloudflare.go`).
const LONGEST_COMMENT: usize = 500;

/// A text that is not empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word(String);

/// A comment on a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment(String);

impl Word {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Comment {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for Word {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        if text.trim().is_empty() {
            return Err(D::Error::custom("empty: leave the field out, or give it a text"));
        }
        Ok(Self(text))
    }
}

impl<'de> Deserialize<'de> for Comment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        // Cloudflare's provider counts bytes.
        if text.len() > LONGEST_COMMENT {
            return Err(D::Error::custom(format!(
                "too long: Cloudflare takes at most {LONGEST_COMMENT} characters, and 100 in a free zone"
            )));
        }
        Ok(Self(text))
    }
}

macro_rules! schema_of_a_text {
    ($($Type:ident),*) => {$(
        impl JsonSchema for $Type {
            fn schema_name() -> Cow<'static, str> {
                stringify!($Type).into()
            }

            fn inline_schema() -> bool {
                true
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({"type": "string"})
            }
        }
    )*};
}

schema_of_a_text!(Word, Comment);

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_empty_word_and_a_comment_that_is_cut_are_refused() {
        assert!(serde_json::from_value::<Word>(json!(" ")).is_err());
        assert!(serde_json::from_value::<Comment>(json!("x".repeat(501))).is_err());
        assert_eq!(
            serde_json::from_value::<Comment>(json!("by pleach")).unwrap().as_str(),
            "by pleach"
        );
    }
}
