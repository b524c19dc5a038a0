//! What is derived from the type of a function or of another kind: its reference page, its schema, its row in a table.

use std::fmt::Write;
use std::path::PathBuf;

use krm::{Definition, Shape};
use serde_json::{Value, json};

use crate::kinds::{Described, Other};

/// The JSON Schema of a whole config of `kind`.
pub fn schema(described: &Described, kind: &str) -> String {
    let whole = krm::schema::for_kind(described.schema.clone(), &described.kinds, kind);
    format!("{whole:#}\n")
}

/// The reference page: what it does, the kinds, the options.
pub fn reference(described: &Described) -> String {
    let schema = &described.schema;
    let doc = schema.get("description").and_then(Value::as_str).unwrap_or_default();
    let mut page = format!("# {}\n\n{doc}\n\n", described.name);
    let _ = writeln!(page, "| apiVersion | kind | role |\n|---|---|---|");
    for (api_version, kind) in &described.kinds {
        let _ = writeln!(page, "| `{api_version}` | `{kind}` | {} |", described.role);
    }
    let place = match described.shape {
        Shape::Spec => "Fields of `spec`.",
        Shape::TopLevel => "Fields at the top of the config.",
    };
    let _ = writeln!(page, "\n## Options\n\n{place}\n\n| field | type | what |\n|---|---|---|");
    rows(&mut page, schema, &krm::schema::fields(schema.clone(), described.shape), "", 0);
    if let Some((before, after)) = described.example {
        let _ = write!(
            page,
            "\n## Before and after\n\nThe case `tests/cases/{}/basic`, with its `config.yaml`. In:\n\n```yaml\n{before}```\n\nOut:\n\n\
             ```yaml\n{after}```\n",
            described.name
        );
    }
    page
}

/// Where the page of a kind that is no function stands below `plugins/`: in the room of its type.
pub fn other_page(other: &Other) -> PathBuf {
    PathBuf::from(other.room).join(format!("{}.md", other.name))
}

/// Where a function's reference page stands below `plugins/`: in its crate's folder. An older form
/// (fields at the top) stands in the crate of the function before it.
pub fn page(definitions: &[Definition], definition: &Definition) -> PathBuf {
    let name = definition.name();
    if definition.shape == Shape::Spec {
        return PathBuf::from(name).join("README.md");
    }
    let before = definitions.iter().take_while(|other| other.name() != name);
    let room = before.filter(|other| other.shape == Shape::Spec).last();
    PathBuf::from(room.map_or(name.clone(), Definition::name)).join(format!("{name}.md"))
}

/// The table of functions: name, kinds, and the first sentence; `folder` is what the links are
/// relative to.
pub fn table(definitions: &[Definition], folder: &str) -> String {
    let mut table = String::from("| function | kinds | what |\n|---|---|---|\n");
    for definition in definitions {
        let kinds: Vec<String> =
            definition.kinds.iter().map(|(group, kind)| format!("`{group}` `{kind}`")).collect();
        let (name, what) = (definition.name(), definition.summary());
        let page = page(definitions, definition);
        let (page, kinds) = (page.display(), kinds.join(", "));
        let _ = writeln!(table, "| [{name}]({folder}{page}) | {kinds} | {what} |");
    }
    table
}

/// A recursive type has no end; a page has.
const DEEPEST: usize = 6;

fn rows(page: &mut String, whole: &Value, schema: &Value, above: &str, depth: usize) {
    if depth == DEEPEST {
        return;
    }
    let properties = schema.get("properties").and_then(Value::as_object);
    for (name, property) in properties.into_iter().flatten() {
        let resolved = resolve(whole, property);
        let description = property.get("description").or_else(|| resolved.get("description"));
        let what = description.and_then(Value::as_str).unwrap_or_default();
        let what = what.split_whitespace().collect::<Vec<_>>().join(" ").replace('|', "\\|");
        let required = schema["required"].as_array().is_some_and(|all| all.contains(&json!(name)));
        let need = if required { " (required)" } else { "" };
        let default = match property.get("default") {
            None | Some(Value::Null) => String::new(),
            Some(Value::Array(list)) if list.is_empty() => String::new(),
            Some(Value::Object(map)) if map.is_empty() => String::new(),
            Some(default) => format!(" Default: `{default}`."),
        };
        let (of, inner) = kind_of(whole, resolved);
        let _ = writeln!(page, "| `{above}{name}` | {of}{need} | {what}{default} |");
        if let Some((inner, below)) = inner {
            rows(page, whole, inner, &format!("{above}{name}{below}"), depth + 1);
        }
    }
}

/// The type in a word, and where its own fields stand.
fn kind_of<'a>(whole: &'a Value, schema: &'a Value) -> (String, Option<(&'a Value, &'static str)>) {
    if let Some(words) = schema.get("enum").and_then(Value::as_array) {
        let words: Vec<String> =
            words.iter().filter_map(Value::as_str).map(|w| format!("`{w}`")).collect();
        return (words.join(", "), None);
    }
    let words = ["oneOf", "anyOf"].iter().find_map(|key| schema.get(key)?.as_array());
    if let Some(choices) = words {
        let words: Vec<String> = choices
            .iter()
            .filter_map(|one| Some(format!("`{}`", one.get("const")?.as_str()?)))
            .collect();
        let keys: Vec<String> = choices.iter().filter_map(only_key).collect();
        if !words.is_empty() || !keys.is_empty() {
            return ([words, keys].concat().join(", "), None);
        }
        let some = choices.iter().find(|one| one.get("type") != Some(&json!("null")));
        return some.map_or((String::new(), None), |one| kind_of(whole, resolve(whole, one)));
    }
    let name = match schema.get("type") {
        Some(Value::String(name)) => name.as_str(),
        Some(Value::Array(names)) => {
            names.iter().filter_map(Value::as_str).find(|n| *n != "null").unwrap_or("")
        }
        _ => "",
    };
    match name {
        "array" => {
            let items = resolve(whole, &schema["items"]);
            let (of, _) = kind_of(whole, items);
            (format!("list of {of}"), items.get("properties").map(|_| (items, "[].")))
        }
        "object" if schema.get("properties").is_some() => ("map".to_owned(), Some((schema, "."))),
        "object" => ("map".to_owned(), None),
        other => (other.to_owned(), None),
    }
}

/// A choice with a value: `{namespace: ...}`.
fn only_key(choice: &Value) -> Option<String> {
    let properties = choice.get("properties")?.as_object()?;
    let (key, None) = (properties.keys().next()?, properties.keys().nth(1)) else { return None };
    let required = choice.get("required")?.as_array()?.iter().any(|name| name == key);
    required.then(|| format!("`{{{key}: ...}}`"))
}

fn resolve<'a>(whole: &'a Value, schema: &'a Value) -> &'a Value {
    let name = schema.get("$ref").and_then(Value::as_str).and_then(|name| name.strip_prefix('#'));
    name.and_then(|pointer| whole.pointer(pointer)).unwrap_or(schema)
}
