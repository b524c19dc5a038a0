//! The JSON Schema of a whole config: the envelope with the kind's own fields in it.
//!
//! It follows from the type. What derives it is larger than what it says, so a product embeds the text that was derived,
//! and a test compares the two.

use schemars::JsonSchema;
use serde_json::{Map, Value, json};

use crate::config::ENVELOPE;
use crate::{Function, Shape};

/// Derived from the type of a function, for the kind that is documented.
pub fn of<F: Function>() -> Value {
    derived::<F>(F::KINDS, F::SHAPE)
}

/// Derived from a type, for the first of these kinds.
pub fn derived<T: JsonSchema>(kinds: &[(&str, &str)], shape: Shape) -> Value {
    let mut fields = schemars::schema_for!(T).to_value();
    let take = |fields: &mut Value, key: &str| fields.as_object_mut()?.shift_remove(key);
    let (dialect, definitions) = (take(&mut fields, "$schema"), take(&mut fields, "$defs"));
    let description = take(&mut fields, "description");
    take(&mut fields, "title");
    let mut properties = json!({
        "apiVersion": {},
        "kind": {},
        "metadata": {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}}},
    });
    let mut required = vec![json!("apiVersion"), json!("kind"), json!("metadata")];
    match shape {
        Shape::Spec => properties["spec"] = fields,
        Shape::TopLevel => {
            let own = take(&mut fields, "properties");
            for (name, property) in own.as_ref().and_then(Value::as_object).into_iter().flatten() {
                if properties.get(name).is_none() {
                    properties[name] = property.clone();
                }
            }
            let own = take(&mut fields, "required");
            required.extend(own.as_ref().and_then(Value::as_array).into_iter().flatten().cloned());
        }
    }
    let mut whole = Map::new();
    whole.extend(dialect.map(|dialect| ("$schema".to_owned(), dialect)));
    whole.insert("title".to_owned(), Value::Null);
    whole.extend(description.map(|text| ("description".to_owned(), text)));
    whole.insert("type".to_owned(), json!("object"));
    whole.insert("properties".to_owned(), properties);
    whole.insert("required".to_owned(), Value::Array(required));
    whole.insert("additionalProperties".to_owned(), json!(false));
    whole.extend(definitions.map(|definitions| ("$defs".to_owned(), definitions)));
    let whole = Value::Object(whole);
    kinds.first().map_or(whole.clone(), |(_, kind)| for_kind(whole, kinds, kind))
}

/// What was derived, as it is embedded.
pub fn embedded(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_default()
}

/// The same for another of the kinds.
pub fn for_kind(mut whole: Value, kinds: &[(&str, &str)], kind: &str) -> Value {
    let api_versions = kinds.iter().filter(|(_, known)| *known == kind);
    let api_versions: Vec<&str> = api_versions.map(|(api_version, _)| *api_version).collect();
    whole["title"] = json!(kind);
    whole["properties"]["apiVersion"] = json!({"enum": api_versions});
    whole["properties"]["kind"] = json!({"const": kind});
    whole
}

/// The schema of the kind's own fields.
pub fn fields(mut whole: Value, shape: Shape) -> Value {
    match shape {
        Shape::Spec => whole["properties"]["spec"].take(),
        Shape::TopLevel => {
            if let Some(properties) = whole["properties"].as_object_mut() {
                properties.retain(|name, _| !ENVELOPE.contains(&name.as_str()));
            }
            whole
        }
    }
}
