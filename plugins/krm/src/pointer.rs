//! JSON Pointers (RFC 6901), and the form in which people read them.

use std::borrow::Cow;

use serde_json::{Map, Value};

/// A field of a map. Among few keys it is found sooner by looking at each than by its hash, and objects of Kubernetes have
/// few.
pub(crate) fn field<'a>(map: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    const FEW: usize = 16;
    if map.len() > FEW {
        return map.get(name);
    }
    map.iter().find(|(key, _)| *key == name).map(|(_, value)| value)
}

/// A field of a value; `None` where it is no map.
pub fn get<'a>(value: &'a Value, name: &str) -> Option<&'a Value> {
    field(value.as_object()?, name)
}

/// What stands at a pointer, as [`Value::pointer`] finds it. That one makes two texts of each part, and the functions look
/// up hundreds of pointers in every object.
pub fn at<'a>(value: &'a Value, pointer: &str) -> Option<&'a Value> {
    if pointer.is_empty() {
        return Some(value);
    }
    pointer.strip_prefix('/')?.split('/').try_fold(value, |place, part| match place {
        Value::Object(map) if part.contains('~') => map.get(&*unescape(part)),
        Value::Object(map) => field(map, part),
        Value::Array(list) => list.get(index(part)?),
        _ => None,
    })
}

/// A part without its escapes (RFC 6901 §4).
fn unescape(part: &str) -> Cow<'_, str> {
    if part.contains('~') { part.replace("~1", "/").replace("~0", "~").into() } else { part.into() }
}

/// The parts of a pointer, unescaped; `None` when it is no pointer.
pub(crate) fn parts(pointer: &str) -> Option<Vec<String>> {
    if pointer.is_empty() {
        return Some(Vec::new());
    }
    let rest = pointer.strip_prefix('/')?;
    Some(rest.split('/').map(|part| unescape(part).into_owned()).collect())
}

/// A part, escaped (RFC 6901 §3).
pub(crate) fn escape(part: &str) -> String {
    part.replace('~', "~0").replace('/', "~1")
}

/// The pointer of these parts.
pub(crate) fn join<S: AsRef<str>>(parts: &[S]) -> String {
    parts.iter().fold(String::new(), |pointer, part| pointer + "/" + &escape(part.as_ref()))
}

/// As people read it: `spec.rules[0].host`, `metadata.annotations["a/b"]`.
pub(crate) fn readable<S: AsRef<str>>(parts: &[S]) -> String {
    let mut text = String::new();
    for part in parts.iter().map(AsRef::as_ref) {
        let plain = part.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
        if !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()) {
            text = format!("{text}[{part}]");
        } else if part.is_empty() || !plain || part == "-" {
            text = format!("{text}[{part:?}]");
        } else {
            let dot = if text.is_empty() { "" } else { "." };
            text = format!("{text}{dot}{part}");
        }
    }
    text
}

/// A pointer as people read it; what is no pointer, as it stands.
pub fn readable_pointer(pointer: &str) -> String {
    parts(pointer).map_or_else(|| pointer.to_owned(), |parts| readable(&parts))
}

/// The array index that a part names; leading zeros are none (RFC 6901 §4).
pub(crate) fn index(part: &str) -> Option<usize> {
    let canonical = part == "0" || !part.starts_with('0');
    (canonical && part.bytes().all(|b| b.is_ascii_digit())).then(|| part.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    proptest! {
        #[test]
        fn a_pointer_finds_what_serde_json_finds(pointer in "(/?([a/~]|~0|~1|[0-2+-]|00){0,3}){0,4}") {
            let value = json!({
                "~1": 0, "a": [[1, {"a~": 2}], {"a/": {"": 3}}, {"0": 4, "+1": 5, "-": 6}],
                "a~1": 7, "~": [8], "": {"": 9}, "/": [0, 1], "0": {"a": 1, "00": 2},
            });
            prop_assert_eq!(at(&value, &pointer), value.pointer(&pointer));
            prop_assert_eq!(at(&value, "/~01"), Some(&json!(0)));
        }

        #[test]
        fn a_field_is_found_among_few_and_among_many(count in 0..40_u8, asked in 0..40_u8) {
            let map: Map<String, Value> = (0..count).map(|at| (format!("k{at}"), json!(at))).collect();
            prop_assert_eq!(field(&map, &format!("k{asked}")), map.get(&format!("k{asked}")));
        }
    }

    #[test]
    fn a_pointer_is_shown_as_people_write_paths() {
        let show = |pointer| readable(&parts(pointer).unwrap_or_default());
        assert_eq!(show("/spec/rules/0/host"), "spec.rules[0].host");
        assert_eq!(show("/metadata/annotations/a.b~1c"), r#"metadata.annotations["a.b/c"]"#);
        assert_eq!(show(""), "");
    }

    #[test]
    fn parts_and_join_are_inverse() {
        let pointer = "/a~1b/m~0n//0";
        assert_eq!(join(&parts(pointer).unwrap_or_default()), pointer);
        assert_eq!(parts("a"), None);
    }
}
