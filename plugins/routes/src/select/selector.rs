//! Label selectors in Kubernetes' words (apimachinery 0.36, `pkg/labels/selector.go`).

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserialize, Deserializer, Error};

/// A selector over labels or annotations: requirements with commas between them, all of which must hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selector(Vec<Requirement>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Requirement {
    key: String,
    operator: Operator,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Operator {
    Exists,
    Absent,
    In(Vec<String>),
    /// Holds, too, where the key does not stand.
    NotIn(Vec<String>),
}

impl Selector {
    /// Reads a selector; an error says what is wrong with which requirement.
    pub fn parse(text: &str) -> Result<Self, String> {
        split(text)?.into_iter().map(requirement).collect::<Result<_, _>>().map(Self)
    }

    /// Whether all requirements hold, given what stands under a key.
    pub fn matches<'a>(&self, value: impl Fn(&str) -> Option<&'a str>) -> bool {
        self.0.iter().all(|Requirement { key, operator }| {
            let found = value(key);
            match operator {
                Operator::Exists => found.is_some(),
                Operator::Absent => found.is_none(),
                Operator::In(values) => found.is_some_and(|one| values.iter().any(|v| v == one)),
                Operator::NotIn(values) => {
                    found.is_none_or(|one| !values.iter().any(|value| value == one))
                }
            }
        })
    }
}

/// Cuts at the commas outside of brackets.
fn split(text: &str) -> Result<Vec<&str>, String> {
    let (mut parts, mut start, mut open) = (Vec::new(), 0, false);
    for (at, c) in text.char_indices() {
        match c {
            '(' if open => return Err(format!("`{text}`: a bracket inside a bracket")),
            '(' => open = true,
            ')' if !open => return Err(format!("`{text}`: a bracket that nothing opens")),
            ')' => open = false,
            ',' if !open => {
                parts.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    if open {
        return Err(format!("`{text}`: a bracket that nothing closes"));
    }
    parts.push(&text[start..]);
    Ok(parts)
}

fn requirement(text: &str) -> Result<Requirement, String> {
    let text = text.trim();
    let wrong = || {
        format!(
            "`{text}` is no requirement: expected key, !key, key=value, key!=value, key in (a,b) or key notin (a,b)"
        )
    };
    let key = |key: &str| {
        let key = key.trim();
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_./".contains(c);
        if key.is_empty() || !key.chars().all(plain) { Err(wrong()) } else { Ok(key.to_owned()) }
    };
    let one = |value: &str| {
        let value = value.trim();
        if value.contains(|c: char| c.is_whitespace() || "()=!,".contains(c)) {
            Err(wrong())
        } else {
            Ok(value.to_owned())
        }
    };
    if let Some(rest) = text.strip_prefix('!') {
        return Ok(Requirement { key: key(rest)?, operator: Operator::Absent });
    }
    if let Some(front) = text.strip_suffix(')') {
        let (front, values) = front.split_once('(').ok_or_else(wrong)?;
        let values = values.split(',').map(one).collect::<Result<Vec<_>, _>>()?;
        let (name, word) = front.trim().rsplit_once(char::is_whitespace).ok_or_else(wrong)?;
        let operator = match word {
            "in" => Operator::In(values),
            "notin" => Operator::NotIn(values),
            _ => return Err(wrong()),
        };
        return Ok(Requirement { key: key(name)?, operator });
    }
    for (sign, same) in [("!=", false), ("==", true), ("=", true)] {
        if let Some((name, value)) = text.split_once(sign) {
            let values = vec![one(value)?];
            let operator = if same { Operator::In(values) } else { Operator::NotIn(values) };
            return Ok(Requirement { key: key(name)?, operator });
        }
    }
    Ok(Requirement { key: key(text)?, operator: Operator::Exists })
}

impl<'de> Deserialize<'de> for Selector {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

impl JsonSchema for Selector {
    fn schema_name() -> Cow<'static, str> {
        "Selector".into()
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
    use super::*;

    fn holds(selector: &str) -> bool {
        let value = |key: &str| match key {
            "app" => Some("web"),
            "example.org/tier" => Some("front"),
            "empty" => Some(""),
            _ => None,
        };
        Selector::parse(selector).unwrap().matches(value)
    }

    #[test]
    fn every_operator_of_kubernetes_is_read() {
        for yes in [
            "app",
            "!other",
            "app=web",
            "app==web",
            "app = web",
            "app!=x",
            "other!=x",
            "empty=",
            "app in (api, web)",
            "app notin (x)",
            "other notin (x)",
            "app,example.org/tier=front",
        ] {
            assert!(holds(yes), "{yes}");
        }
        for no in
            ["other", "!app", "app=x", "app!=web", "app in (x)", "app notin (web)", "app,other"]
        {
            assert!(!holds(no), "{no}");
        }
    }

    #[test]
    fn what_is_no_selector_is_refused_with_the_requirement() {
        for wrong in
            ["", ",", "app in", "app in web", "a b", "app in (a", "app) in (a", "a=b=c", "!"]
        {
            assert!(Selector::parse(wrong).is_err(), "{wrong}");
        }
        assert_eq!(
            Selector::parse("app=web,a b").unwrap_err(),
            "`a b` is no requirement: expected key, !key, key=value, key!=value, key in (a,b) or key notin (a,b)"
        );
    }
}
