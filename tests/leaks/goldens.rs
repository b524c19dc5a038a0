//! The committed cases that end in an error, as failing cases: what they decrypt to is searched for.

use std::fs;
use std::path::{Path, PathBuf};

use pleach::functions::FUNCTIONS;
use serde_json::Value;
use test_support::{Marker, Scratch, sops};

use super::cases::Case;

/// A value shorter than this stands in messages by chance.
const SHORTEST: usize = 6;

/// Every case that ends in an error, of the functions that read secrets: the others hold nothing to leak.
pub(crate) fn all() -> Vec<Case> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut folders: Vec<PathBuf> = FUNCTIONS
        .iter()
        .filter(|function| function.reads_secrets)
        .flat_map(|function| below(&root.join(function.name())))
        .filter(|case| ["error.txt", "config.yaml"].iter().all(|file| case.join(file).is_file()))
        .collect();
    folders.sort();
    folders.iter().map(|folder| case(folder)).collect()
}

fn below(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).filter(|path| path.is_dir()).collect()
}

fn case(folder: &Path) -> Case {
    let keys = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/keys");
    let key = fs::read_to_string(keys.join("throw-away-age.txt")).expect("the key");
    let mut case = Case {
        name: folder
            .components()
            .rev()
            .take(2)
            .map(|part| part.as_os_str().to_string_lossy())
            .collect::<Vec<_>>()
            .join(" of "),
        files: vec![("keys/throw-away-age.txt".to_owned(), key.clone().into_bytes())],
        config: fs::read_to_string(folder.join("config.yaml")).expect("a config"),
        env: vec![("SOPS_AGE_KEY_FILE".to_owned(), "SCRATCH/keys/throw-away-age.txt".to_owned())],
        arguments: Vec::new(),
        markers: key
            .lines()
            .filter_map(|line| line.strip_prefix("AGE-SECRET-KEY-1"))
            .map(|key| Marker::of("the throw-away key", key))
            .collect(),
        kill: None,
    };
    for line in fs::read_to_string(folder.join("env")).unwrap_or_default().lines() {
        let (name, value) = line.split_once('=').expect("NAME=value");
        case.env.push((name.to_owned(), value.to_owned()));
    }
    let files = fs::read_dir(folder).expect("the case").flatten().map(|entry| entry.path());
    for file in files.filter(|path| path.is_file()) {
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if ["config.yaml", "error.txt", "env"].contains(&name.as_str()) {
            continue;
        }
        case.markers.extend(values(&file, &keys.join("throw-away-age.txt")));
        case.files.push((format!("tree/{name}"), fs::read(&file).expect("a file")));
    }
    case
}

/// What a file holds once it is decrypted, as far as nobody else says it.
fn values(file: &Path, key: &Path) -> Vec<Marker> {
    let scratch = Scratch::new();
    let decrypted = scratch
        .command(sops())
        .args(["decrypt", "--ignore-mac"])
        .arg(file)
        .env("SOPS_AGE_KEY_FILE", key)
        .output()
        .expect("sops");
    let text =
        if decrypted.status.success() { decrypted.stdout } else { fs::read(file).expect("a file") };
    let mut found = Vec::new();
    match yaml::values(&text).unwrap_or_default().as_slice() {
        documents if documents.iter().any(Value::is_object) => {
            for field in documents.iter().flat_map(|document| {
                [&document["data"], &document["stringData"], &document["password"]]
            }) {
                leaves(field, &mut found);
            }
        }
        _ => found.push(String::from_utf8_lossy(&text).trim().to_owned()),
    }
    found.retain(|value| value.len() >= SHORTEST && !value.starts_with("ENC["));
    found.iter().map(|value| Marker::of("a value of the case", value)).collect()
}

fn leaves(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) => found.push(text.clone()),
        Value::Array(items) => items.iter().for_each(|item| leaves(item, found)),
        Value::Object(map) => map.values().for_each(|item| leaves(item, found)),
        _ => {}
    }
}
