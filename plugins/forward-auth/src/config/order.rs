//! Where middlewares go among those of the author, and how a config names one.

use std::borrow::Cow;
use std::fmt;

use routes::MiddlewareId;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use serde::de::{Deserializer, Error, MapAccess, Visitor};

use crate::id;

/// Where the middlewares go among those of the author, which keep their order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Order {
    /// `before`: to the front, so that nothing runs before sign-in.
    Front,
    /// `after`: to the end.
    End,
    /// `{before: name}`: before this one; to the front where it does not stand.
    Before(MiddlewareName),
    /// `{after: name}`: behind this one; to the front where it does not stand.
    After(MiddlewareName),
}

/// How a config names a middleware: `name` in the namespace of the object, `namespace/name`, or an id (`name@file`,
/// `namespace-name@kubernetescrd`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MiddlewareName {
    /// In the namespace of the object.
    Own(String),
    /// One of the cluster.
    Known(MiddlewareId),
}

/// A middleware of the cluster: `namespace/name`, or an id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QualifiedName(pub MiddlewareId);

impl MiddlewareName {
    fn parse(text: &str) -> Result<Self, &'static str> {
        let wrong = "no middleware: expected `name`, `namespace/name` or `name@provider`";
        let plain = |part: &str| {
            !part.is_empty() && !part.contains(|c: char| c.is_whitespace() || ",/@".contains(c))
        };
        if let Some((name, provider)) = text.split_once('@') {
            if plain(name) && plain(provider) {
                return Ok(Self::Known(id::of_text(text)));
            }
        } else if let Some((namespace, name)) = text.split_once('/') {
            if plain(namespace) && plain(name) {
                return Ok(Self::Known(id::of(namespace, name)));
            }
        } else if plain(text) {
            return Ok(Self::Own(text.to_owned()));
        }
        Err(wrong)
    }

    /// The middleware that is meant for an object of this namespace.
    pub(crate) fn id(&self, namespace: &str) -> MiddlewareId {
        match self {
            Self::Own(name) => id::of(namespace, name),
            Self::Known(id) => id.clone(),
        }
    }
}

impl<'de> Deserialize<'de> for MiddlewareName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

impl<'de> Deserialize<'de> for QualifiedName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match MiddlewareName::deserialize(deserializer)? {
            MiddlewareName::Known(id) => Ok(Self(id)),
            MiddlewareName::Own(_) => Err(D::Error::custom(
                "no middleware of the cluster: expected `namespace/name` or `name@provider`",
            )),
        }
    }
}

impl<'de> Deserialize<'de> for Order {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(OrderVisitor)
    }
}

struct OrderVisitor;

impl<'de> Visitor<'de> for OrderVisitor {
    type Value = Order;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("`before`, `after`, {before: name} or {after: name}")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Order, E> {
        match text {
            "before" => Ok(Order::Front),
            "after" => Ok(Order::End),
            other => Err(E::unknown_variant(other, &["before", "after"])),
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Order, A::Error> {
        let key: Option<String> = map.next_key()?;
        let order = match key.as_deref() {
            Some("before") => Order::Before(map.next_value()?),
            Some("after") => Order::After(map.next_value()?),
            Some(other) => return Err(A::Error::unknown_field(other, &["before", "after"])),
            None => return Err(A::Error::custom("expected `before` or `after`")),
        };
        match map.next_key::<String>()? {
            None => Ok(order),
            Some(_) => Err(A::Error::custom("expected one of `before` and `after`, not both")),
        }
    }
}

impl JsonSchema for Order {
    fn schema_name() -> Cow<'static, str> {
        "Order".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let beside = |key: &str| {
            json_schema!({
                "type": "object", "properties": {key: {"type": "string"}}, "required": [key], "additionalProperties": false,
            })
        };
        json_schema!({
            "oneOf": [{"const": "before"}, {"const": "after"}, beside("before"), beside("after")],
        })
    }
}

/// A validated text, to a schema.
macro_rules! text_schema {
    ($type:ident) => {
        impl JsonSchema for $type {
            fn schema_name() -> Cow<'static, str> {
                stringify!($type).into()
            }

            fn inline_schema() -> bool {
                true
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({"type": "string"})
            }
        }
    };
}

text_schema!(MiddlewareName);
text_schema!(QualifiedName);

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(order: serde_json::Value) -> Result<Order, String> {
        serde_json::from_value(order).map_err(|error| error.to_string())
    }

    #[test]
    fn every_form_of_an_order_is_read() {
        assert_eq!(read(json!("before")), Ok(Order::Front));
        assert_eq!(read(json!("after")), Ok(Order::End));
        let own = MiddlewareName::Own("limit".to_owned());
        assert_eq!(read(json!({"after": "limit"})), Ok(Order::After(own)));
        let known = MiddlewareName::Known(id::of("web", "limit"));
        assert_eq!(read(json!({"before": "web/limit"})), Ok(Order::Before(known.clone())));
        assert_eq!(read(json!({"before": "web-limit@kubernetescrd"})), Ok(Order::Before(known)));
    }

    #[test]
    fn what_is_no_order_is_refused() {
        insta::assert_snapshot!(read(json!("first")).unwrap_err(), @"unknown variant `first`, expected `before` or `after`");
        insta::assert_snapshot!(read(json!({"befor": "x"})).unwrap_err(), @"unknown field `befor`, expected `before` or `after`");
        insta::assert_snapshot!(read(json!({"before": "x", "after": "y"})).unwrap_err(), @"expected one of `before` and `after`, not both");
        insta::assert_snapshot!(read(json!({"before": "a,b"})).unwrap_err(), @"no middleware: expected `name`, `namespace/name` or `name@provider`");
        assert!(read(json!({})).is_err());
        assert!(read(json!(1)).is_err());
    }

    #[test]
    fn a_name_that_could_be_any_namespaces_signs_nobody_in() {
        assert!(serde_json::from_value::<QualifiedName>(json!("auth")).is_err());
        assert!(serde_json::from_value::<QualifiedName>(json!("auth@file")).is_ok());
    }
}
