//! What holds for every value: what is written is read back, in each style and as JSON.
#![expect(clippy::unwrap_used, reason = "tests")]

use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Map, Value};
use yaml::write::{Style, block, json, people};
use yaml::{Data, Document, Node, Scalar};

/// Strings of the characters that decide how a scalar is read.
fn text() -> impl Strategy<Value = String> {
    let awkward = "0127_.:+-eExobTZtyn~<= #'\"\\|>?*&!%@`,[]{}\n\t\r\u{0}\u{7f}\u{85}\u{a0}\u{2028}\u{feff}\u{1f600}";
    let characters: Vec<char> = awkward.chars().collect();
    prop_oneof![
        vec(prop::sample::select(characters), 0..8).prop_map(String::from_iter),
        any::<String>()
    ]
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        text().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 48, 6, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..6).prop_map(Value::from),
            vec((text(), inner), 0..6)
                .prop_map(|entries| Value::Object(entries.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

fn node(value: &Value) -> Node {
    Node::from(match value {
        Value::Null => Data::Scalar(Scalar::Null),
        Value::Bool(bool) => Data::Scalar(Scalar::Bool(*bool)),
        Value::Number(number) => Data::Scalar(match number.as_i64() {
            Some(int) => Scalar::Int(int),
            None => Scalar::Uint(number.as_u64().unwrap()),
        }),
        Value::String(text) => Data::Scalar(Scalar::Str(text.clone())),
        Value::Array(items) => Data::Sequence(items.iter().map(node).collect()),
        Value::Object(map) => Data::Mapping(
            map.iter()
                .map(|(name, value)| (node(&Value::from(name.as_str())), node(value)))
                .collect(),
        ),
    })
}

fn document(value: &Value) -> Document {
    Document { root: node(value), ..Document::default() }
}

/// Any finite float.
fn float() -> impl Strategy<Value = f64> {
    prop::num::f64::NORMAL | prop::num::f64::SUBNORMAL | prop::num::f64::ZERO
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_for_people_is_read_back(value in value()) {
        let text = block(&[document(&value)], Style::People);
        prop_assert_eq!(&people(&value), &text);
        prop_assert_eq!(yaml::values(text.as_bytes()).unwrap(), [value], "{}", text);
    }

    #[test]
    fn json_is_read_back_as_yaml_and_as_json(value in value()) {
        let text = json(&value);
        prop_assert_eq!(yaml::values(text.as_bytes()).unwrap(), [value.clone()], "{}", &text);
        prop_assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value);
    }

    #[test]
    fn several_documents_stay_apart(values in vec(value(), 1..5)) {
        let documents: Vec<Document> = values.iter().map(document).collect();
        let text = block(&documents, Style::People);
        prop_assert_eq!(yaml::values(text.as_bytes()).unwrap(), values, "{}", text);
    }

    #[test]
    fn a_float_written_as_sops_does_is_the_same_float(value in float()) {
        let scalar = Scalar::Float { value, text: String::new() };
        let document = Document { root: Node::from(Data::Scalar(scalar)), ..Document::default() };
        let text = block(&[document], Style::Sops);
        let read = yaml::values(text.as_bytes()).unwrap().remove(0);
        prop_assert_eq!(read.as_f64().unwrap().to_bits() << 1, value.to_bits() << 1, "{}", text);
    }

    #[test]
    fn both_sinks_read_the_same_texts(text in text()) {
        let (documents, values) = (yaml::documents(text.as_bytes()), yaml::values(text.as_bytes()));
        match (documents, values) {
            (Ok(documents), Ok(values)) => prop_assert_eq!(documents.len(), values.len()),
            // Comments are scanned ahead, so a later error may be found first.
            (Err(_), Err(_)) => {}
            (Ok(_), Err(error)) => {
                let own = matches!(error.problem, yaml::Problem::NoValue(_) | yaml::Problem::Tag(_));
                prop_assert!(own, "{}", error);
            }
            (Err(error), Ok(_)) => prop_assert!(false, "only the tree is refused: {error}"),
        }
    }
}
