//! A value as YAML for people.

use serde_json::Value;
use yaml::write::{Style, block};
use yaml::{Data, Document, Node, Scalar};

/// A value as YAML for people: one document, without a `---` line.
pub fn yaml(value: &Value) -> String {
    block(&[Document { root: node(value), ..Document::default() }], Style::People)
}

fn node(value: &Value) -> Node {
    Node::from(match value {
        Value::Null => Data::Scalar(Scalar::Null),
        Value::Bool(bool) => Data::Scalar(Scalar::Bool(*bool)),
        Value::Number(number) => Data::Scalar(scalar(number)),
        Value::String(text) => Data::Scalar(Scalar::Str(text.clone())),
        Value::Array(items) => Data::Sequence(items.iter().map(node).collect()),
        Value::Object(map) => Data::Mapping(
            map.iter()
                .map(|(key, value)| (node(&Value::String(key.clone())), node(value)))
                .collect(),
        ),
    })
}

fn scalar(number: &serde_json::Number) -> Scalar {
    if let Some(int) = number.as_i64() {
        Scalar::Int(int)
    } else if let Some(uint) = number.as_u64() {
        Scalar::Uint(uint)
    } else {
        Scalar::Float { value: number.as_f64().unwrap_or(f64::NAN), text: number.to_string() }
    }
}
