//! Globs and zones, checked when the config is read.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserialize, Deserializer, Error};

/// A glob: `*` stands for any text, `?` for one character, `[ab]` and `{a,b}` choose.
#[derive(Debug, Clone)]
pub struct Glob {
    text: String,
    matcher: krm::Glob,
}

impl Glob {
    /// Whether it matches the whole of `text`.
    pub fn matches(&self, text: &str) -> bool {
        // Most globs of a config are plain names.
        self.text == text || self.matcher.is_match(flat(text).as_ref())
    }

    /// The glob as it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl<'de> Deserialize<'de> for Glob {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        match krm::Glob::new(&flat(&text)) {
            Ok(matcher) => Ok(Self { text, matcher }),
            Err(error) => Err(D::Error::custom(format!("no glob: {error}"))),
        }
    }
}

/// A text without folders: in no name does a `/` keep a star from going on.
fn flat(text: &str) -> Cow<'_, str> {
    if text.contains('/') { text.replace('/', "\u{1}").into() } else { text.into() }
}

impl JsonSchema for Glob {
    fn schema_name() -> Cow<'static, str> {
        "Glob".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "string"})
    }
}

/// A DNS zone: `example.org` holds itself and every name below it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zone(String);

impl Zone {
    /// Whether a host is the zone or stands below it. A wildcard stands below the name behind its `*.`.
    pub fn holds(&self, host: &str) -> bool {
        let host = host.strip_prefix("*.").unwrap_or(host);
        host.strip_suffix(&self.0).is_some_and(|front| front.is_empty() || front.ends_with('.'))
    }

    /// The name of the zone, in lower case, without a dot at its end.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for Zone {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let name = text.trim_end_matches('.').to_ascii_lowercase();
        let label = |label: &str| {
            !label.is_empty()
                && label.len() <= 63
                && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
        };
        if name.split('.').all(label) {
            Ok(Self(name))
        } else {
            Err(D::Error::custom("no zone: expected a name like `example.org`"))
        }
    }
}

impl JsonSchema for Zone {
    fn schema_name() -> Cow<'static, str> {
        "Zone".into()
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

    fn glob(text: &str) -> Glob {
        serde_json::from_value(json!(text)).unwrap()
    }

    #[test]
    fn a_glob_matches_the_whole_text_and_its_star_crosses_dots() {
        assert!(glob("media-*").matches("media-tv"));
        assert!(!glob("media").matches("media-tv"));
        assert!(glob("*.qt.rs").matches("a.b.qt.rs"));
        assert!(!glob("*.qt.rs").matches("qt.rs"));
        assert!(glob("{a,b}").matches("b"));
        assert!(glob("a*/d").matches("a/b/c/d"));
        assert!(glob("").matches(""));
    }

    #[test]
    fn a_glob_that_is_none_is_refused() {
        let error = serde_json::from_value::<Glob>(json!("a[")).unwrap_err();
        assert_eq!(
            error.to_string(),
            "no glob: unclosed character class at byte 1; missing ']' (to match a literal '[', escape it as '\\[' or '[[]')"
        );
    }

    #[test]
    fn a_zone_holds_itself_and_what_stands_below_it() {
        let zone: Zone = serde_json::from_value(json!("QT.rs.")).unwrap();
        for inside in ["qt.rs", "a.qt.rs", "*.qt.rs", "*.a.qt.rs"] {
            assert!(zone.holds(inside), "{inside}");
        }
        for outside in ["notqt.rs", "rs", "qt.rs.example", ""] {
            assert!(!zone.holds(outside), "{outside}");
        }
    }

    #[test]
    fn a_zone_that_is_none_is_refused() {
        for wrong in ["", "*.qt.rs", "qt..rs", "https://qt.rs"] {
            assert!(serde_json::from_value::<Zone>(json!(wrong)).is_err(), "{wrong}");
        }
    }
}
