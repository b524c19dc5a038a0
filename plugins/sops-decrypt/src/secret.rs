//! `secrets` and `secretFrom`: a Secret is made from decrypted files.

use std::collections::HashMap;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use krm::{Finding, Identity};
use serde_json::{Map, Value, json};
use zeroize::Zeroizing;

use crate::fragile::fragile;
use crate::manifest::{fill_type, takes_part_in_a_merge};
use crate::opener::{Mode, Opened};
use crate::plan::{Dialect, SecretPlan, Source};
use crate::{envfile, godotenv, redacted, said, token};

/// One value, before it is known where it stands.
struct Entry<'o> {
    key: String,
    value: Zeroizing<Vec<u8>>,
    file: &'o str,
    field: &'o str,
    /// Whether KSOPS writes it into `data`.
    binary: bool,
    /// What stands for it when it was redacted.
    placeholder: Option<String>,
}

/// Makes the Secret from files that are open, all of them.
pub(crate) fn object<'o>(
    plan: &'o SecretPlan,
    dialect: Dialect,
    mode: Mode,
    files: &'o HashMap<&Path, Opened>,
    warnings: &mut Vec<Finding>,
) -> Result<Value, Box<Finding>> {
    let open = |source: &Source| &files[source.path.as_path()];
    let mut secret = header(plan)?;
    let id = Identity::of(&secret);
    let mut entries = Vec::new();
    for (binary, list) in [(false, &plan.texts), (true, &plan.binaries)] {
        for (key, source) in list {
            entries.push(whole_file(key, source, open(source), binary));
        }
    }
    for source in &plan.envs {
        variables(source, open(source), dialect, mode, &mut entries)?;
    }
    check_keys(&entries, dialect, &id, warnings)?;

    let (mut texts, mut data) = (Map::new(), Map::new());
    for entry in entries {
        if token::is_token(&entry.value) {
            return Err(token::left(entry.file, entry.field, Some(id)));
        }
        if let Some(placeholder) = entry.placeholder {
            data.insert(entry.key, json!(placeholder));
            continue;
        }
        if dialect == Dialect::Ksops && !entry.binary {
            match fragile(&entry.value) {
                None => {
                    let text = String::from_utf8_lossy(&entry.value);
                    texts.insert(entry.key, json!(text));
                    continue;
                }
                Some(what) => {
                    texts.shift_remove(&entry.key);
                    warnings.push(said::moved(&id, &entry.key, &what).file(entry.file));
                }
            }
        }
        data.insert(entry.key, Value::String(STANDARD.encode(&*entry.value)));
    }
    if !texts.is_empty() {
        secret["stringData"] = Value::Object(texts);
    }
    if !data.is_empty() {
        secret["data"] = Value::Object(data);
    }
    if mode == Mode::Redact {
        redacted::seal(&mut secret, &plan.field)?;
    }
    if dialect == Dialect::Pleach || takes_part_in_a_merge(&secret) {
        fill_type(&mut secret);
    }
    Ok(secret)
}

/// apiVersion, kind, metadata and type.
fn header(plan: &SecretPlan) -> Result<Value, Box<Finding>> {
    if plan.name.is_empty() {
        return Err(Box::new(
            Finding::error("no-name", "the Secret has no name")
                .field(plan.field.clone())
                .hint("give it a `name` (ksops: `metadata.name`)"),
        ));
    }
    let mut metadata = json!({"name": plan.name});
    if let Some(namespace) = &plan.namespace {
        metadata["namespace"] = json!(namespace);
    }
    for (part, values) in [("labels", &plan.labels), ("annotations", &plan.annotations)] {
        if !values.is_empty() {
            metadata[part] = json!(values);
        }
    }
    let mut secret = json!({"apiVersion": "v1", "kind": "Secret", "metadata": metadata});
    if let Some(kind) = &plan.r#type {
        secret["type"] = json!(kind);
    }
    if plan.immutable {
        secret["immutable"] = json!(true);
    }
    Ok(secret)
}

fn whole_file<'o>(key: &str, source: &'o Source, opened: &'o Opened, binary: bool) -> Entry<'o> {
    let value = opened.plain.to_bytes();
    let redacted = redacted::holds_placeholder(&value);
    Entry {
        key: key.to_owned(),
        file: &opened.name,
        field: &source.field,
        binary,
        placeholder: redacted.then(|| opened.placeholder.clone()),
        value,
    }
}

/// The lines of an env file, read as the dialect reads them.
fn variables<'o>(
    source: &'o Source,
    opened: &'o Opened,
    dialect: Dialect,
    mode: Mode,
    entries: &mut Vec<Entry<'o>>,
) -> Result<(), Box<Finding>> {
    let text = opened.plain.to_bytes();
    let refused = |line, what: &str| {
        Box::new(
            Finding::error("env-file", what.to_owned())
                .line(&opened.name, line)
                .field(source.field.clone())
                .hint("each line of an env file is `KEY=value`; `sops edit` shows the decrypted lines"),
        )
    };
    let list = match dialect {
        // A file that is one value for SOPS (any extension but .env) shows no names without a key.
        _ if mode == Mode::Redact && text.starts_with(sops::PLACEHOLDER.as_bytes()) => {
            return Err(Box::new(
                Finding::error("identity-encrypted", "the names of the variables are encrypted as well")
                    .file(&opened.name)
                    .field(source.field.clone())
                    .hint("name the file `.env` and encrypt it again: SOPS then encrypts the values alone"),
            ));
        }
        Dialect::Pleach => envfile::parse(&text).map_err(|r| refused(r.line, r.what))?,
        Dialect::Ksops => {
            godotenv::parse(&text).map_err(|r| refused(r.line, r.what))?.into_iter().collect()
        }
    };
    entries.extend(list.into_iter().map(|(key, value)| Entry {
        key,
        file: &opened.name,
        field: &source.field,
        binary: false,
        placeholder: redacted::holds_placeholder(&value).then(|| {
            let text = String::from_utf8_lossy(&value).into_owned();
            let whole = text.starts_with(sops::PLACEHOLDER) && !text.contains([' ', '\n']);
            if whole { text } else { opened.placeholder.clone() }
        }),
        value: Zeroizing::new(value),
    }));
    Ok(())
}

/// A key twice: kustomize refuses it, KSOPS takes the later value.
fn check_keys(
    entries: &[Entry<'_>],
    dialect: Dialect,
    id: &Identity,
    warnings: &mut Vec<Finding>,
) -> Result<(), Box<Finding>> {
    for (i, entry) in entries.iter().enumerate() {
        let place = |finding: Finding| {
            finding.file(entry.file).on(id.clone()).field(entry.field.to_owned())
        };
        if dialect == Dialect::Pleach && !is_key(&entry.key) {
            let message = format!("`{}` is no key of a Secret", entry.key);
            return Err(Box::new(
                place(Finding::error("bad-key", message))
                    .hint("a key holds letters, digits, `-`, `_` and `.`: write `key=path`"),
            ));
        }
        if entries[..i].iter().any(|before| before.key == entry.key) {
            let message = format!("the key `{}` stands twice", entry.key);
            match dialect {
                Dialect::Pleach => {
                    return Err(Box::new(
                        place(Finding::error("key-twice", message))
                            .hint("give one of the two another key: `key=path`"),
                    ));
                }
                Dialect::Ksops => warnings.push(
                    place(Finding::warning("key-twice", message))
                        .hint("the later value stands, as with KSOPS; remove one of the two"),
                ),
            }
        }
    }
    Ok(())
}

/// apimachinery's `IsConfigMapKey`.
fn is_key(key: &str) -> bool {
    (1..=253).contains(&key.len())
        && key != "."
        && !key.starts_with("..")
        && key.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
}
