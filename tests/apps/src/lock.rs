//! `apps/upstream.lock.yaml`: what stands behind each URL of the tree, and whether the skeletons are parts of it.

mod entry;
mod mirror;
mod render;
mod skeleton;

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use serde_json::Value;

pub use entry::Entry;
pub use mirror::{Mirror, Pin};
pub use skeleton::{Skeletons, beyond};

use crate::World;
use crate::object::text;
use crate::world::LOCK;

/// One URL of an `upstream/`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upstream {
    /// The app.
    pub app: String,
    /// The URL, as its kustomization names it.
    pub url: String,
    /// The tag in it.
    pub tag: String,
}

/// Every URL of the tree at `root`.
#[must_use]
pub fn upstreams(root: &Path) -> Vec<Upstream> {
    let found = crate::rule::of_upstream(&World::of_files(root));
    found.into_iter().map(|(app, url, tag)| Upstream { app, url, tag }).collect()
}

/// The stream that a URL renders to.
///
/// # Errors
/// Why it cannot be read, without a path of this machine.
pub fn rendered(upstream: &Upstream, mirror: &Mirror) -> Result<String, String> {
    render::render(upstream, mirror)
}

/// What stands behind a URL, read now.
///
/// # Errors
/// Why it cannot be read, without a path of this machine.
pub fn read(upstream: &Upstream, mirror: &Mirror) -> Result<Entry, String> {
    let stream = render::render(upstream, mirror)?;
    Entry::of(upstream, &stream, mirror.pin(upstream)?, &mirror.said(upstream))
}

/// Reads every URL. What cannot be read keeps its entry where the URL is the same, and else says why it has none.
/// Returns the text of the lock, and a line for each URL.
#[must_use]
pub fn written(root: &Path, mirror: &Mirror) -> (String, Vec<String>) {
    let old = World::of_files(root).lock();
    let mut out = String::from(HEADER);
    let mut lines = Vec::new();
    for upstream in upstreams(root) {
        let kept = old.iter().find(|entry| text(entry, "/url") == upstream.url);
        let kept = kept.filter(|entry| !text(entry, "/sha256").is_empty());
        let (entry, line) = match (read(&upstream, mirror), kept) {
            (Ok(entry), _) => (entry.to_yaml(), format!("{} objects", entry.objects())),
            (Err(why), Some(kept)) => (entry::kept(kept), format!("kept: {why}")),
            (Err(why), None) => (entry::unlocked(&upstream, &why), format!("not locked: {why}")),
        };
        out.push_str(&entry);
        lines.push(format!("{}: {line}", upstream.app));
    }
    (out, lines)
}

/// Compares every entry with what stands behind its URL now: the lines to print, and what differs.
#[must_use]
pub fn verified(root: &Path, mirror: &Mirror) -> (Vec<String>, Vec<String>) {
    let (mut lines, mut wrong) = (Vec::new(), Vec::new());
    let old = World::of_files(root).lock();
    for upstream in upstreams(root) {
        let entry = old.iter().find(|entry| text(entry, "/url") == upstream.url);
        let Some(entry) = entry.filter(|entry| !text(entry, "/sha256").is_empty()) else {
            lines.push(format!("{}: not locked", upstream.app));
            continue;
        };
        match read(&upstream, mirror) {
            Ok(found) if found.sha256() == text(entry, "/sha256") => {
                lines.push(format!("{}: the same, {} objects", upstream.app, found.objects()));
            }
            Ok(found) => wrong.push(format!(
                "{}: {} renders to sha256 {}, the lock says {}",
                upstream.app,
                upstream.url,
                found.sha256(),
                text(entry, "/sha256"),
            )),
            Err(why) => lines.push(format!("{}: not compared: {why}", upstream.app)),
        }
    }
    (lines, wrong)
}

/// Holds every skeleton against what the real upstream renders to.
#[must_use]
pub fn skeletons(root: &Path, mirror: &Mirror) -> Skeletons {
    let mut found = Skeletons::default();
    for upstream in upstreams(root) {
        let folder = root.join("tests/upstream").join(&upstream.app);
        match render::render(&upstream, mirror) {
            Ok(stream) => found.check(&upstream.app, &skeleton::objects(&folder), &stream),
            Err(_) => found.unchecked.push(upstream.app),
        }
    }
    found
}

/// Writes the lock of the tree at `root`.
pub fn write(root: &Path, content: &str) {
    fs::write(root.join(LOCK), content).unwrap_or_else(|error| panic!("{LOCK}: {error}"));
}

const HEADER: &str = "\
# What stands behind each URL of the tree. Written by `make lock`, over the network or from a mirror; `make lock
# LOCK=verify` compares. `sha256` is of the stream that the pinned kustomize renders of the URL, `bytes` of a CRD those
# of its compact JSON: from 262,144 on a client-side apply fails.
upstreams:
";

/// A list of YAML below a key, flat.
fn list(out: &mut String, key: &str, items: &[String]) {
    if !items.is_empty() {
        let _ = writeln!(out, "  {key}:");
        for item in items {
            let _ = writeln!(out, "  - {item}");
        }
    }
}

/// The values of a list of an entry.
fn items(entry: &Value, at: &str) -> Vec<String> {
    crate::object::list(entry, at).iter().filter_map(|one| Some(one.as_str()?.to_owned())).collect()
}
