//! A value as YAML for people.

use serde_json::Value;

/// A value as YAML for people: one document, without a `---` line.
pub fn yaml(value: &Value) -> String {
    yaml::write::people(value)
}
