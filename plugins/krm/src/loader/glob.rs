//! Expands a glob to the files below the scope that it names.

use std::path::{Component, Path, PathBuf};

use walkdir::{DirEntry, WalkDir};

use super::{Loader, open, printable, refusal};
use crate::{Finding, Glob};

/// The most files and folders that one glob looks at: a tree has less, and a build has a deadline.
const MAX_ENTRIES: usize = 100_000;

pub(super) fn expand(loader: &Loader, pattern: &str) -> Result<Vec<PathBuf>, Box<Finding>> {
    if !pattern.contains(['*', '?', '[', '{', '\\']) {
        return Ok(vec![PathBuf::from(pattern)]);
    }
    // A file can be called `[a].yaml`.
    if loader.base().join(pattern).is_file() {
        return Ok(vec![PathBuf::from(pattern)]);
    }
    let (start, rest) = split(pattern);
    if rest.components().any(|component| component == Component::ParentDir) {
        return Err(bad(pattern, "`..` after a wildcard"));
    }
    let glob = Glob::new(&rest.to_string_lossy()).map_err(|error| bad(pattern, &error))?;

    let unmatched = || {
        let hint = format!("paths are relative to {}", loader.place());
        refusal("unmatched-glob", format!("{}: matches no file", printable(pattern)), Some(hint))
    };
    match open::folder(&loader.roots, loader.base(), &start) {
        Err(open::Error::Missing) => return Err(unmatched()),
        other => other.map_err(|error| loader.refused(&start, &error))?,
    }
    let folder = loader.base().join(&start);
    let hidden =
        rest.components().any(|component| component.as_os_str().as_encoded_bytes()[0] == b'.');
    let deep = rest.to_string_lossy().contains("**");
    let depth = if deep { usize::MAX } else { rest.components().count() };
    let mut found = Vec::new();
    let walk = WalkDir::new(&folder).follow_root_links(true).min_depth(1).max_depth(depth);
    let visible = |entry: &DirEntry| hidden || entry.depth() == 0 || !dotted(entry);
    for (count, entry) in walk.into_iter().filter_entry(visible).enumerate() {
        if count >= MAX_ENTRIES {
            return Err(bad(pattern, "more than 100,000 files and folders to look at"));
        }
        let entry = entry.map_err(|error| {
            let kind = error.io_error().map_or(std::io::ErrorKind::Other, std::io::Error::kind);
            loader.refused(&start, &open::Error::Unreadable(kind))
        })?;
        let Ok(below) = entry.path().strip_prefix(&folder) else { continue };
        // What a symlink leads to is decided when it is read.
        if !entry.file_type().is_dir() && glob.is_match(below) {
            found.push(start.join(below));
        }
    }
    found.sort();
    if found.is_empty() { Err(unmatched()) } else { Ok(found) }
}

/// The folders before the first wildcard, and the rest.
fn split(pattern: &str) -> (PathBuf, PathBuf) {
    let wild = |component: &Component| {
        component.as_os_str().to_string_lossy().contains(['*', '?', '[', '{', '\\'])
    };
    let components: Vec<_> = Path::new(pattern).components().collect();
    let at = components.iter().position(wild).unwrap_or(components.len());
    (components[..at].iter().collect(), components[at..].iter().collect())
}

fn dotted(entry: &DirEntry) -> bool {
    entry.file_name().as_encoded_bytes().first() == Some(&b'.')
}

fn bad(pattern: &str, why: &str) -> Box<Finding> {
    refusal("bad-glob", format!("{}: {why}", printable(pattern)), None)
}
