//! `files`: decrypted documents become objects.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use krm::annotations::BEHAVIOR;
use krm::{Finding, Identity};
use serde_json::{Map, Value, json};
use zeroize::Zeroizing;

use crate::fragile::fragile;
use crate::opener::{Mode, Opened};
use crate::plan::Dialect;
use crate::{redacted, said, token};

/// The objects of a file, and what is to be said about them.
pub(crate) fn objects(
    opened: &Opened,
    dialect: Dialect,
    mode: Mode,
    warnings: &mut Vec<Finding>,
) -> Result<Vec<Value>, Box<Finding>> {
    let documents = opened.plain.values().map_err(|error| said::refused(&error, &opened.name))?;
    let mut objects = Vec::new();
    for document in documents {
        flatten(document, &opened.name, &mut objects)?;
    }
    if objects.is_empty() {
        return Err(said::not_a_manifest(&opened.name, "it is empty"));
    }
    for object in &mut objects {
        if mode == Mode::Redact {
            redacted::seal(object, &opened.name)?;
        }
        finish(object, &opened.name, dialect, mode, warnings)?;
    }
    Ok(objects)
}

/// Lists are taken apart as kustomize takes them apart (api/resource/factory.go, `inlineAnyEmbeddedLists`), so that
/// what stands in one is checked as well. Empty documents are dropped.
fn flatten(document: Value, file: &str, into: &mut Vec<Value>) -> Result<(), Box<Finding>> {
    if document.is_null() {
        return Ok(());
    }
    let Value::Object(mut map) = document else {
        return Err(said::not_a_manifest(file, "it is not a map"));
    };
    let kind = map.get("kind").and_then(Value::as_str).unwrap_or_default();
    if kind.is_empty() {
        return Err(said::not_a_manifest(file, "it has no `kind`"));
    }
    if kind.ends_with("List") && map.contains_key("items") {
        match map.shift_remove("items") {
            Some(Value::Array(items)) => {
                return items.into_iter().try_for_each(|item| flatten(item, file, into));
            }
            Some(Value::Null) => return Ok(()),
            _ => return Err(said::not_a_manifest(file, "the `items` of its list are no list")),
        }
    }
    let object = Value::Object(map);
    if object["apiVersion"].as_str().is_none_or(str::is_empty) {
        return Err(said::not_a_manifest(file, "it has no `apiVersion`"));
    }
    if object["metadata"]["name"].as_str().is_none_or(str::is_empty) {
        return Err(without_name(&object, file));
    }
    into.push(object);
    Ok(())
}

fn without_name(object: &Value, file: &str) -> Box<Finding> {
    let kind = object["kind"].as_str().unwrap_or_default();
    Box::new(
        Finding::error("no-name", format!("the {kind} has no `metadata.name`"))
            .file(file)
            .hint("name it in the encrypted file: metadata is left in clear, the file can be edited with `sops edit`"),
    )
}

/// Checks an object, and gives a Secret the form of the dialect.
pub(crate) fn finish(
    object: &mut Value,
    file: &str,
    dialect: Dialect,
    mode: Mode,
    warnings: &mut Vec<Finding>,
) -> Result<(), Box<Finding>> {
    token::none_left(object, file)?;
    if object["kind"] != "Secret" || object["apiVersion"] != "v1" {
        return Ok(());
    }
    match dialect {
        Dialect::Pleach => {
            fold(object, file)?;
            if mode == Mode::Decrypt {
                check_base64(object, file)?;
            }
        }
        Dialect::Ksops => warnings.extend(move_fragile(object, file)),
    }
    if dialect == Dialect::Pleach || takes_part_in_a_merge(object) {
        fill_type(object);
    }
    Ok(())
}

/// Whether kustomize will put the object over one that stands in the tree.
pub(crate) fn takes_part_in_a_merge(object: &Value) -> bool {
    let behavior = &object["metadata"]["annotations"][BEHAVIOR];
    behavior == "merge" || behavior == "replace"
}

/// kustomize takes the `type` of the later object, and the absence of one as well.
pub(crate) fn fill_type(secret: &mut Value) {
    if secret["type"].as_str().is_none_or(str::is_empty) {
        secret["type"] = json!("Opaque");
    }
}

/// `stringData` moves into `data`, over what stands there, as the API server merges the two.
fn fold(secret: &mut Value, file: &str) -> Result<(), Box<Finding>> {
    let id = Identity::of(secret);
    let Some(map) = secret.as_object_mut() else { return Ok(()) };
    let texts = match map.shift_remove("stringData") {
        None | Some(Value::Null) => return Ok(()),
        Some(Value::Object(texts)) => texts,
        Some(_) => return Err(said::not_a_manifest(file, "its `stringData` is not a map")),
    };
    let mut folded = Map::with_capacity(texts.len());
    for (key, value) in texts {
        let Value::String(text) = value else {
            return Err(Box::new(
                Finding::error(
                    "value-not-text",
                    "the value is no text, and an API server refuses it",
                )
                .file(file)
                .on(id)
                .field(format!("stringData.{key}"))
                .hint("put it in quotes with `sops edit`"),
            ));
        };
        let text = Zeroizing::new(text);
        folded.insert(key, Value::String(STANDARD.encode(text.as_bytes())));
    }
    put_into_data(secret, folded);
    Ok(())
}

fn check_base64(secret: &Value, file: &str) -> Result<(), Box<Finding>> {
    for (key, value) in secret["data"].as_object().into_iter().flatten() {
        let valid = value.is_null()
            || value.as_str().is_some_and(|text| {
                let text: String = text.chars().filter(|c| !matches!(c, '\n' | '\r')).collect();
                STANDARD.decode(text).is_ok()
            });
        if !valid {
            return Err(Box::new(
                Finding::error(
                    "data-not-base64",
                    "the value is not base64, and an API server refuses it",
                )
                .file(file)
                .on(Identity::of(secret))
                .field(format!("data.{key}"))
                .hint("plain text belongs under `stringData`"),
            ));
        }
    }
    Ok(())
}

/// What kustomize would damage moves from `stringData` to `data`; each move is said.
fn move_fragile(secret: &mut Value, file: &str) -> Vec<Finding> {
    let id = Identity::of(secret);
    let Some(texts) = secret.get_mut("stringData").and_then(Value::as_object_mut) else {
        return Vec::new();
    };
    let mut moved = Map::new();
    let mut said = Vec::new();
    for (key, value) in texts.iter() {
        if let Some(text) = value.as_str()
            && let Some(what) = fragile(text.as_bytes())
        {
            moved.insert(key.clone(), json!(STANDARD.encode(text)));
            said.push(said::moved(&id, key, &what).file(file));
        }
    }
    if moved.is_empty() {
        return said;
    }
    texts.retain(|key, _| !moved.contains_key(key));
    let empty = texts.is_empty();
    if empty && let Some(map) = secret.as_object_mut() {
        map.shift_remove("stringData");
    }
    put_into_data(secret, moved);
    said
}

fn put_into_data(secret: &mut Value, values: Map<String, Value>) {
    if values.is_empty() {
        return;
    }
    if secret["data"].is_null() {
        secret["data"] = json!({});
    }
    if let Some(data) = secret["data"].as_object_mut() {
        data.extend(values);
    }
}
