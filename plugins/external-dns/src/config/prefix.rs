//! `prefix`: a word, or a prefix.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserialize, Deserializer, Error};

use crate::keys::{ALPHA, GA};

/// Under which prefix annotations are written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Prefix {
    /// What the controllers read; both where nothing says it.
    #[default]
    Auto,
    /// `external-dns.alpha.kubernetes.io/`
    Alpha,
    /// `external-dns.kubernetes.io/`
    Ga,
    /// Both.
    Both,
    /// That of a controller's `--annotation-prefix`, with the `/` at its end.
    Custom(String),
}

impl<'de> Deserialize<'de> for Prefix {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Ok(match text.as_str() {
            "auto" => Self::Auto,
            "alpha" | ALPHA => Self::Alpha,
            "ga" | GA => Self::Ga,
            "both" => Self::Both,
            custom if is_prefix(custom) => Self::Custom(text),
            _ => {
                return Err(D::Error::custom(format!(
                    "`{text}` is no prefix: expected `auto`, `alpha`, `ga`, `both`, or one like `dns.example.org/`"
                )));
            }
        })
    }
}

/// Whether a text is the front of an annotation's key (apimachinery 0.36, `pkg/util/validation`): a name of DNS in lower
/// case, and a `/`.
fn is_prefix(text: &str) -> bool {
    text.strip_suffix('/').is_some_and(|name| {
        crate::target::is_name(name) && !name.contains('_') && name == name.to_ascii_lowercase()
    })
}

impl JsonSchema for Prefix {
    fn schema_name() -> Cow<'static, str> {
        "Prefix".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "string"})
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_prefix_is_a_word_or_ends_in_a_slash() {
        let read = |text: &str| serde_json::from_value::<Prefix>(json!(text));
        assert_eq!(read("both").unwrap(), Prefix::Both);
        assert_eq!(read("external-dns.kubernetes.io/").unwrap(), Prefix::Ga);
        assert_eq!(
            read("internal.example/").unwrap(),
            Prefix::Custom("internal.example/".to_owned())
        );
        for wrong in ["beta", "internal.example", "a b/", "/", "A.example/", "a/b/", ""] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}
