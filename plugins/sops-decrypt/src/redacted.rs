//! Objects without keys: placeholders that no API server takes.
//!
//! A placeholder is not valid base64, so that a Secret which holds one in `data` is refused by every API server; in
//! `stringData` it would be taken, and therefore never stands there. What has no `data` to stand in is marked by a
//! label whose value no API server takes.

use krm::Finding;
use serde_json::{Map, Value, json};

use crate::said;

/// The annotation, or label, that says why an object cannot be applied.
pub(crate) const REDACTED: &str = "pleach.dev/redacted";
const WHY: &str =
    "encrypted values are placeholders (PLEACH_SOPS=redact): build with keys to apply";

/// Whether a text holds a placeholder.
pub(crate) fn holds_placeholder(text: &[u8]) -> bool {
    let mark = sops::PLACEHOLDER.as_bytes();
    text.windows(mark.len()).any(|window| window == mark)
}

/// Makes an object that was redacted one that cannot be applied; leaves one without placeholders alone.
pub(crate) fn seal(object: &mut Value, file: &str) -> Result<(), Box<Finding>> {
    if !anywhere(object) {
        return Ok(());
    }
    for pointer in ["/apiVersion", "/kind", "/metadata/name", "/metadata/namespace"] {
        if object.pointer(pointer).is_some_and(anywhere) {
            return Err(identity_is_encrypted(file, pointer));
        }
    }
    let refused = object["kind"] == "Secret" && {
        move_placeholders(object);
        object
            .get("data")
            .and_then(Value::as_object)
            .is_some_and(|data| data.values().any(anywhere))
    };
    mark(object, if refused { "annotations" } else { "labels" })
        .map_err(|()| said::not_a_manifest(file, "its `metadata` is not a map"))
}

/// Placeholders leave `stringData` for `data`.
fn move_placeholders(secret: &mut Value) {
    let Some(texts) = secret.get_mut("stringData").and_then(Value::as_object_mut) else { return };
    let moved: Vec<(String, Value)> = texts
        .iter()
        .filter(|(_, value)| anywhere(value))
        .map(|(key, value)| (key.clone(), whole(value)))
        .collect();
    texts.retain(|_, value| !anywhere(value));
    let empty = texts.is_empty();
    if let Some(object) = secret.as_object_mut() {
        if empty {
            object.shift_remove("stringData");
        }
        let data = object.entry("data").or_insert(Value::Null);
        if data.is_null() {
            *data = json!({});
        }
        if let Some(data) = data.as_object_mut() {
            data.extend(moved);
        }
    }
}

/// What stands for a value in `data`: the placeholder alone, since text around it could be valid base64 with it.
fn whole(value: &Value) -> Value {
    match value.as_str() {
        Some(text) if text.starts_with(sops::PLACEHOLDER) => value.clone(),
        _ => json!(format!("{}mixed", sops::PLACEHOLDER)),
    }
}

fn mark(object: &mut Value, part: &str) -> Result<(), ()> {
    let metadata = object.as_object_mut().ok_or(())?.entry("metadata").or_insert(json!({}));
    let metadata = metadata.as_object_mut().ok_or(())?;
    let marks = metadata.entry(part).or_insert(Value::Null);
    if marks.is_null() {
        *marks = Value::Object(Map::new());
    }
    marks.as_object_mut().ok_or(())?.insert(REDACTED.to_owned(), json!(WHY));
    Ok(())
}

fn anywhere(value: &Value) -> bool {
    match value {
        Value::String(text) => holds_placeholder(text.as_bytes()),
        Value::Array(list) => list.iter().any(anywhere),
        Value::Object(map) => map.values().any(anywhere),
        _ => false,
    }
}

fn identity_is_encrypted(file: &str, pointer: &str) -> Box<Finding> {
    let field = pointer.trim_start_matches('/').replace('/', ".");
    Box::new(
        Finding::error(
            "identity-encrypted",
            "the field is encrypted, and without a key the object is unknown",
        )
        .file(file)
        .field(field)
        .hint("encrypt values only: `sops encrypt --encrypted-regex '^(data|stringData)$'`"),
    )
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{REDACTED, seal};

    fn placeholder(text: &str) -> String {
        format!("{}{text}", sops::PLACEHOLDER)
    }

    fn sealed(mut object: Value) -> Value {
        seal(&mut object, "a.yaml").unwrap();
        object
    }

    #[test]
    fn a_placeholder_never_stands_in_string_data() {
        let secret = sealed(json!({
            "apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s"},
            "stringData": {"a": placeholder("1"), "clear": "x"}, "data": {"b": "eA=="},
        }));
        assert_eq!(secret["stringData"], json!({"clear": "x"}));
        assert_eq!(secret["data"], json!({"b": "eA==", "a": placeholder("1")}));
        assert!(secret["metadata"]["annotations"][REDACTED].is_string());
    }

    #[test]
    fn an_object_without_data_gets_a_label_that_no_api_server_takes() {
        let map = sealed(json!({
            "apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "s"}, "data": {"a": placeholder("1")},
        }));
        let label = map["metadata"]["labels"][REDACTED].as_str().unwrap();
        assert!(label.contains(' ') && label.len() > 63);
        let bare = sealed(json!({
            "apiVersion": "v1", "kind": "Secret", "type": placeholder("1"),
            "metadata": {"name": "s", "labels": null},
        }));
        assert!(bare["metadata"]["labels"][REDACTED].is_string());
    }

    #[test]
    fn an_object_without_placeholders_is_left_alone() {
        let plain = json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s"}, "data": {"a": "eA=="}});
        assert_eq!(sealed(plain.clone()), plain);
    }

    #[test]
    fn an_encrypted_name_or_kind_is_refused() {
        for object in [
            json!({"apiVersion": "v1", "kind": placeholder("1"), "metadata": {"name": "s"}}),
            json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": placeholder("1")}}),
        ] {
            let mut object = object;
            assert_eq!(seal(&mut object, "a.yaml").unwrap_err().id, "identity-encrypted");
        }
    }
}
