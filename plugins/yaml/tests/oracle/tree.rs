//! Our tree in the form in which the oracle prints one.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};
use yaml::{Comments, Data, Document, Node, Scalar};

/// Documents as the oracle prints them.
pub(crate) fn documents(documents: &[Document]) -> Value {
    documents
        .iter()
        .map(|document| {
            let mut out = Map::new();
            comments(&mut out, &document.comments);
            out.insert("root".to_owned(), node(&document.root));
            Value::Object(out)
        })
        .collect()
}

fn node(node: &Node) -> Value {
    let mut out = Map::new();
    out.insert("at".to_owned(), json!([node.position.line, node.position.column]));
    comments(&mut out, &node.comments);
    if let Some(anchored) = &node.anchored {
        let mut around = Map::new();
        comments(&mut around, anchored);
        out.insert("anchored".to_owned(), Value::Object(around));
    }
    match &node.data {
        Data::Scalar(scalar) => {
            let (kind, text) = leaf(scalar);
            out.insert("kind".to_owned(), kind.into());
            out.insert("text".to_owned(), text.into());
        }
        Data::Sequence(items) => {
            out.insert("list".to_owned(), items.iter().map(self::node).collect());
        }
        Data::Mapping(entries) => {
            let entries =
                entries.iter().map(|(key, value)| json!([self::node(key), self::node(value)]));
            out.insert("map".to_owned(), entries.collect());
        }
    }
    Value::Object(out)
}

fn comments(out: &mut Map<String, Value>, comments: &Comments) {
    for (name, lines) in
        [("head", &comments.head), ("line", &comments.line), ("foot", &comments.foot)]
    {
        if !lines.is_empty() {
            out.insert(name.to_owned(), lines.join("\n").into());
        }
    }
}

fn leaf(scalar: &Scalar) -> (&'static str, String) {
    match scalar {
        Scalar::Null => ("null", String::new()),
        Scalar::Bool(bool) => ("bool", bool.to_string()),
        Scalar::Int(int) => ("int", int.to_string()),
        Scalar::Uint(int) => ("uint", int.to_string()),
        // Go has one NaN, with a payload of its own.
        Scalar::Float { value, .. } if value.is_nan() => ("float", "7ff8000000000001".to_owned()),
        Scalar::Float { value, .. } => ("float", format!("{:x}", value.to_bits())),
        Scalar::Time(text) => ("time", text.clone()),
        Scalar::Str(text) => ("str", text.clone()),
        Scalar::Binary(bytes) => ("binary", STANDARD.encode(bytes)),
        Scalar::Merge => ("merge", String::new()),
    }
}

/// The plain value of a tree whose keys are strings.
pub(crate) fn value(node: &Node) -> Value {
    match &node.data {
        Data::Sequence(items) => items.iter().map(value).collect(),
        Data::Mapping(entries) => {
            let entries = entries.iter().map(|(key, item)| match value(key) {
                Value::String(key) => (key, value(item)),
                other => (other.to_string(), value(item)),
            });
            Value::Object(entries.collect())
        }
        Data::Scalar(scalar) => match scalar {
            Scalar::Null => Value::Null,
            Scalar::Bool(bool) => (*bool).into(),
            Scalar::Int(int) => (*int).into(),
            Scalar::Uint(int) => (*int).into(),
            // As `encoding/json` prints it: read back by ours in a test of its own.
            Scalar::Float { text, .. } => yaml::values(text.as_bytes()).unwrap().remove(0),
            Scalar::Time(text) | Scalar::Str(text) => text.clone().into(),
            Scalar::Binary(bytes) => String::from_utf8(bytes.clone()).unwrap().into(),
            Scalar::Merge => "<<".into(),
        },
    }
}
