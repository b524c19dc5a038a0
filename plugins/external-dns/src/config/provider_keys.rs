//! `providerKeys`: keys that are passed to a DNS provider, known ones with values that it takes.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, MapAccess, Visitor};

use crate::keys::{PROVIDER_KEYS, PROXIED, RECORD_COMMENT, SET_IDENTIFIER, WEBHOOK};

/// Keys of providers without their prefix, in the order of the config.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProviderKeys(Vec<(String, String)>);

impl ProviderKeys {
    /// Keys and values.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(key, value)| (key.as_str(), value.as_str()))
    }
}

impl<'de> Deserialize<'de> for ProviderKeys {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Keys)
    }
}

struct Keys;

impl<'de> Visitor<'de> for Keys {
    type Value = ProviderKeys;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<ProviderKeys, A::Error> {
        let mut keys = Vec::new();
        while let Some(key) = map.next_key::<String>()? {
            let value = map.next_value_seed(ValueOf(&key))?;
            keys.push((key, value));
        }
        Ok(ProviderKeys(keys))
    }
}

/// Reads the value of a key: an error then names the key.
struct ValueOf<'a>(&'a str);

impl<'de> DeserializeSeed<'de> for ValueOf<'_> {
    type Value = String;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<String, D::Error> {
        let key = self.0;
        let field = match key {
            PROXIED => Some("proxied"),
            RECORD_COMMENT => Some("recordComment"),
            SET_IDENTIFIER => Some("setIdentifier"),
            _ => None,
        };
        if let Some(field) = field {
            return Err(D::Error::custom(format!("has a field of its own: `{field}`")));
        }
        if !key.starts_with(WEBHOOK) && !PROVIDER_KEYS.contains(&key) {
            return Err(D::Error::unknown_field(key, PROVIDER_KEYS));
        }
        let Scalar(value) = Scalar::deserialize(deserializer)?;
        expected(key, &value)
            .map_or(Ok(value), |expected| Err(D::Error::custom(format!("expected {expected}"))))
    }
}

/// What a key takes, when the value is something else.
fn expected(key: &str, value: &str) -> Option<&'static str> {
    let number = |low, high| value.parse().is_ok_and(|number: i64| (low..=high).contains(&number));
    let (right, what) = match key {
        "alias" => (matches!(value, "true" | "false" | "A" | "AAAA"), "true, false, A or AAAA"),
        "record-type" => (matches!(value, "ptr" | ""), "`ptr`, or nothing"),
        "aws-weight" => (number(0, 255), "a whole number from 0 to 255"),
        "aws-failover" => (matches!(value, "PRIMARY" | "SECONDARY"), "PRIMARY or SECONDARY"),
        "aws-geoproximity-bias" => (number(-99, 99), "a whole number from -99 to 99"),
        "aws-evaluate-target-health" => (matches!(value, "true" | "false"), "true or false"),
        "scw-priority" => (number(0, 65_535), "a whole number from 0 to 65535"),
        "aws-multi-value-answer" => (true, "anything"),
        _ => (!value.trim().is_empty() || key.starts_with(WEBHOOK), "a text"),
    };
    (!right).then_some(what)
}

/// An annotation is a text; a number or a truth value is taken as it is written.
struct Scalar(String);

impl<'de> Deserialize<'de> for Scalar {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyScalar)
    }
}

struct AnyScalar;

impl Visitor<'_> for AnyScalar {
    type Value = Scalar;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Scalar, E> {
        Ok(Scalar(text.to_owned()))
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Scalar, E> {
        Ok(Scalar(value.to_string()))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Scalar, E> {
        Ok(Scalar(number.to_string()))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Scalar, E> {
        Ok(Scalar(number.to_string()))
    }
}

impl JsonSchema for ProviderKeys {
    fn schema_name() -> Cow<'static, str> {
        "ProviderKeys".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "object", "additionalProperties": {"type": ["string", "integer", "boolean"]}})
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn known_keys_keep_their_order_and_any_webhook_key_is_taken() {
        let keys: ProviderKeys = serde_json::from_value(
            json!({"webhook-zone": "", "aws-weight": 10, "aws-multi-value-answer": true}),
        )
        .unwrap();
        let found: Vec<_> = keys.iter().collect();
        assert_eq!(
            found,
            [("webhook-zone", ""), ("aws-weight", "10"), ("aws-multi-value-answer", "true")]
        );
    }

    #[test]
    fn what_no_provider_takes_is_refused() {
        let said = |value| serde_json::from_value::<ProviderKeys>(value).unwrap_err().to_string();
        insta::assert_snapshot!(said(json!({"aws-weight": "heavy"})), @"expected a whole number from 0 to 255");
        insta::assert_snapshot!(said(json!({"cloudflare-proxied": "true"})), @"has a field of its own: `proxied`");
        assert!(
            said(json!({"aws-wieght": "1"}))
                .starts_with("unknown field `aws-wieght`, expected one of")
        );
        for wrong in [
            json!({"alias": "yes"}),
            json!({"record-type": "A"}),
            json!({"aws-failover": "primary"}),
            json!({"aws-geoproximity-bias": 100}),
            json!({"scw-priority": "high"}),
            json!({"azure-tags": ""}),
            json!({"set-identifier": "a"}),
            json!({"cloudflare-record-comment": "a"}),
            json!({"aws-weight": 256}),
        ] {
            assert!(serde_json::from_value::<ProviderKeys>(wrong.clone()).is_err(), "{wrong}");
        }
    }
}
