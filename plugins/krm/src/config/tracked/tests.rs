//! What is read, and what is said of what is not, is what `serde_path_to_error` reads and says over `serde_json`.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::json;

use super::*;

#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Toy {
    text: String,
    small: u8,
    real: f64,
    flag: bool,
    maybe: Option<Vec<Toy>>,
    one: Option<One>,
    named: BTreeMap<String, i64>,
    any: Value,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
enum One {
    Unit,
    Text(String),
    Pair(u8, u8),
    Fields { text: String },
}

/// The library says the same of every value, right or wrong.
fn both(value: &Value) -> Result<Toy, (String, String)> {
    let theirs = serde_path_to_error::deserialize::<_, Toy>(value)
        .map_err(|error| (error.path().to_string(), error.inner().to_string()));
    let ours = read::<Toy>(value).map_err(|Unread { path, message }| (path, message));
    if let Err((_, message)) = &ours
        && message.starts_with("invalid type: sequence, expected struct")
    {
        // Of this the library makes a struct, or says that it is too long or too short.
        return ours;
    }
    assert_eq!(ours, theirs, "{value}");
    ours
}

#[test]
fn what_is_right_is_read_and_what_is_wrong_has_its_path_as_the_library_says_it() {
    let values = [
        json!(null),
        json!(true),
        json!(false),
        json!(0),
        json!(-1),
        json!(7),
        json!(256),
        json!(1.5),
        json!(""),
        json!("unit"),
        json!("text"),
        json!("pair"),
        json!("fields"),
        json!([]),
        json!([1]),
        json!([1, 2]),
        json!([1, 2, 3]),
        json!({}),
        json!({"unit": null}),
        json!({"text": "a"}),
        json!({"text": 1}),
        json!({"pair": [1, 2]}),
        json!({"pair": [1, 256]}),
        json!({"fields": {"text": "a"}}),
        json!({"fields": {}}),
        json!({"fields": {"text": 1}}),
        json!({"fields": 1}),
        json!({"other": 1}),
        json!({"unit": 1, "text": 2}),
        json!([{"text": "a"}, {"small": -1}]),
        json!([{"one": {"fields": {"text": []}}}]),
        json!({"a": "b"}),
        json!({"a": 1}),
        json!({"a": {"b": [{"c": 1}]}}),
    ];
    let fields = ["text", "small", "real", "flag", "maybe", "one", "named", "any", "unknown"];
    let (mut right, mut wrong) = (0, 0);
    let mut count = |value: &Value| match both(value) {
        Ok(_) => right += 1,
        Err(_) => wrong += 1,
    };
    for value in &values {
        count(value);
        for field in fields {
            let one = json!({ field: value });
            count(&one);
            count(&json!({ "maybe": [{}, one] }));
        }
    }
    assert!(right > 100 && wrong > 300, "{right} right, {wrong} wrong");
}
