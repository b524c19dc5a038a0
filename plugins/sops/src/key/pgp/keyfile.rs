//! Files of exported PGP keys: one file, or a folder of them, armored or binary.

use std::path::{Path, PathBuf};

use pgp::composed::PublicOrSecret;

use super::secret_key::SecretKeys;
use crate::key::secret;

/// The endings of key files in a folder. One that is named is read whatever its name.
const ENDINGS: &[&str] = &["asc", "gpg", "pgp", "key"];
/// How an armored block starts.
const BEGIN: &str = "-----BEGIN PGP";
/// What is said of a folder without a key file.
pub(super) const EMPTY: &str = "no .asc file in it";
/// What is said of a file without a key.
const NOT_A_KEY: &str = "not an exported PGP key";

/// What the file or folder holds.
#[derive(Default)]
pub(super) struct Loaded {
    /// The keys of all files.
    pub(super) keys: SecretKeys,
    /// What is wrong with it, or with some of its files.
    pub(super) problems: Vec<String>,
}

/// Reads a key file, or every key file of a folder.
pub(super) fn load(path: &Path) -> Loaded {
    let mut loaded = Loaded::default();
    if !path.is_dir() {
        loaded.problems.extend(add(path, &mut loaded.keys).err());
        return loaded;
    }
    match key_files(path) {
        Ok(files) if files.is_empty() => loaded.problems.push(EMPTY.to_owned()),
        Ok(files) => {
            for file in files {
                let name = file.file_name().unwrap_or_default().to_string_lossy();
                let problem = add(&file, &mut loaded.keys).err();
                loaded.problems.extend(problem.map(|problem| format!("{name}: {problem}")));
            }
        }
        Err(problem) => loaded.problems.push(problem),
    }
    loaded
}

/// The key files of a folder, sorted.
fn key_files(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let entries = folder.read_dir().map_err(|error| secret::reason(&error))?;
    let is_key = |path: &PathBuf| {
        let ending = path.extension().and_then(|ending| ending.to_str());
        ending.is_some_and(|ending| ENDINGS.contains(&ending)) && path.is_file()
    };
    let mut files: Vec<PathBuf> = entries.flatten().map(|e| e.path()).filter(is_key).collect();
    files.sort();
    Ok(files)
}

fn add(file: &Path, keys: &mut SecretKeys) -> Result<(), String> {
    parse(&secret::read(file)?, keys)
}

/// Reads the keys of one file: binary, or any number of armored blocks. It is an error when there is none.
fn parse(content: &[u8], keys: &mut SecretKeys) -> Result<(), String> {
    let damaged = |_| "a damaged PGP key".to_owned();
    let Ok(text) = std::str::from_utf8(content) else {
        return collect(PublicOrSecret::from_bytes_many(content).map_err(damaged)?, keys);
    };
    let starts: Vec<usize> = text.match_indices(BEGIN).map(|(at, _)| at).collect();
    let ends = starts.iter().skip(1).copied().chain(std::iter::once(text.len()));
    let mut outcomes = Vec::new();
    for (start, end) in starts.iter().zip(ends) {
        let block = &text.as_bytes()[*start..end];
        let found = PublicOrSecret::from_armor_many(block).map_err(damaged);
        outcomes.push(found.and_then(|(found, _)| collect(found, keys)));
    }
    let first = outcomes.iter().position(Result::is_ok).unwrap_or_default();
    outcomes.into_iter().nth(first).unwrap_or_else(|| Err(NOT_A_KEY.to_owned()))
}

fn collect(
    found: impl Iterator<Item = pgp::errors::Result<PublicOrSecret>>,
    keys: &mut SecretKeys,
) -> Result<(), String> {
    let mut outcome = Err(NOT_A_KEY.to_owned());
    for key in found {
        match key {
            Ok(PublicOrSecret::Secret(key)) => {
                keys.add(key);
                outcome = Ok(());
            }
            Ok(PublicOrSecret::Public(_)) if outcome.is_err() => {
                outcome = Err("a public key, where the secret one should be".to_owned());
            }
            Err(_) if outcome.is_err() => outcome = Err("a damaged PGP key".to_owned()),
            _ => {}
        }
    }
    outcome
}
