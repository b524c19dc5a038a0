//! A ConfigMap as a config: what kpt makes of `configMap:` in a Kptfile. Its `data` keys are the fields.

use serde_json::{Map, Value};

use crate::Finding;

/// The fields: each value read as YAML, except where the function wants a string; then the text is the string.
pub(super) fn fields(config: &Value, schema: &Value) -> Result<Value, Box<Finding>> {
    let mut fields = Map::new();
    for (key, value) in config.get("data").and_then(Value::as_object).into_iter().flatten() {
        let field = || format!("data.{key}");
        let Value::String(text) = value else {
            return Err(Box::new(
                Finding::error("config-field", "not a string")
                    .field(field())
                    .hint("the values of a ConfigMap are strings; quote it"),
            ));
        };
        let value = if wants_text(schema, key) {
            value.clone()
        } else {
            let mut values = yaml::values(text.as_bytes()).map_err(|error| {
                Box::new(Finding::error("config-field", error.to_string()).field(field()))
            })?;
            match values.len() {
                0 => Value::Null,
                1 => values.swap_remove(0),
                _ => {
                    let message = "more than one YAML document";
                    return Err(Box::new(Finding::error("config-field", message).field(field())));
                }
            }
        };
        fields.insert(key.clone(), value);
    }
    Ok(Value::Object(fields))
}

/// Whether the schema has a string, or a string or nothing, at this property.
fn wants_text(schema: &Value, key: &str) -> bool {
    match schema.get("properties").and_then(|properties| properties.get(key)?.get("type")) {
        Some(Value::String(one)) => one == "string",
        Some(Value::Array(several)) => {
            several.iter().all(|one| one == "string" || one == "null") && !several.is_empty()
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn data_keys_are_the_fields_and_a_string_field_keeps_its_text() {
        let schema = json!({"properties": {
            "target": {"type": "string"}, "ttl": {"type": "integer"}, "zone": {"type": ["string", "null"]}}});
        let config = json!({"data": {"target": "0123", "ttl": "60", "zone": "1e3", "files": "[a, b]", "on": ""}});
        assert_eq!(
            fields(&config, &schema).unwrap(),
            json!({"target": "0123", "ttl": 60, "zone": "1e3", "files": ["a", "b"], "on": null})
        );
    }
}
