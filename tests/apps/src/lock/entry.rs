//! One entry of the lock.

use std::fmt::Write as _;
use std::process::Command;

use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::{Pin, Upstream, items, list};
use crate::object::{everything_at, list as values, text};

/// What stood behind a URL when it was read.
#[derive(Debug)]
pub struct Entry {
    upstream: Upstream,
    pin: Pin,
    sha256: String,
    read: String,
    by: String,
    list: Vec<String>,
    images: Vec<String>,
    crds: Vec<String>,
}

impl Entry {
    /// Of a rendered stream.
    ///
    /// # Errors
    /// What of the stream cannot be read.
    pub fn of(upstream: &Upstream, stream: &str, pin: Pin, by: &str) -> Result<Self, String> {
        let objects = yaml::values(stream.as_bytes()).map_err(|error| error.to_string())?;
        let mut digest = String::new();
        for byte in Sha256::digest(stream.as_bytes()) {
            let _ = write!(digest, "{byte:02x}");
        }
        let mut images: Vec<String> = objects.iter().flat_map(images).collect();
        images.sort();
        images.dedup();
        let crds = objects.iter().filter(|one| one["kind"] == "CustomResourceDefinition");
        Ok(Self {
            upstream: upstream.clone(),
            pin,
            sha256: digest,
            read: today(),
            by: by.to_owned(),
            list: objects.iter().map(id).collect(),
            images,
            crds: crds.map(crd).collect(),
        })
    }

    /// The digest of the stream.
    #[must_use]
    pub fn sha256(&self) -> &str {
        &self.sha256
    }

    /// How many objects there are.
    #[must_use]
    pub fn objects(&self) -> usize {
        self.list.len()
    }

    /// As it stands in the lock.
    #[must_use]
    pub fn to_yaml(&self) -> String {
        let mut out = head(&self.upstream);
        match &self.pin {
            Pin::Commit(commit) => drop(writeln!(out, "  commit: \"{commit}\"")),
            Pin::Module(module) => drop(writeln!(out, "  module: {module}")),
            Pin::Nothing => {}
        }
        let Self { sha256, read, by, .. } = self;
        let _ = writeln!(out, "  sha256: \"{sha256}\"\n  read: \"{read}\"\n  by: {by}");
        let _ = writeln!(out, "  objects: {}", self.list.len());
        list(&mut out, "list", &self.list);
        list(&mut out, "images", &self.images);
        list(&mut out, "crds", &self.crds);
        out
    }
}

/// An entry that could not be read again, as it stood.
pub(super) fn kept(entry: &Value) -> String {
    let field = |name: &str| text(entry, &format!("/{name}")).to_owned();
    let upstream = Upstream { app: field("app"), url: field("url"), tag: field("tag") };
    let crds = values(entry, "/crds").iter().map(|one| {
        let [name, group, kind] =
            ["name", "group", "kind"].map(|key| text(one, &format!("/{key}")));
        format!("{{name: {name}, group: {group}, kind: {kind}, bytes: {}}}", one["bytes"])
    });
    let pin = match (field("commit"), field("module")) {
        (commit, _) if !commit.is_empty() => Pin::Commit(commit),
        (_, module) if !module.is_empty() => Pin::Module(module),
        _ => Pin::Nothing,
    };
    let entry = Entry {
        upstream,
        pin,
        sha256: field("sha256"),
        read: field("read"),
        by: field("by"),
        list: items(entry, "/list"),
        images: items(entry, "/images"),
        crds: crds.collect(),
    };
    entry.to_yaml()
}

/// An entry that says why there is none.
pub(super) fn unlocked(upstream: &Upstream, why: &str) -> String {
    format!("{}  unlocked: {why}\n", head(upstream))
}

fn head(upstream: &Upstream) -> String {
    let Upstream { app, url, tag } = upstream;
    format!("- app: {app}\n  url: {url}\n  tag: {tag}\n")
}

/// `Kind namespace/name`, or `Kind name` where none is named.
fn id(object: &Value) -> String {
    let [kind, namespace, name] =
        ["/kind", "/metadata/namespace", "/metadata/name"].map(|at| text(object, at));
    match namespace {
        "" => format!("{kind} {name}"),
        namespace => format!("{kind} {namespace}/{name}"),
    }
}

fn images(object: &Value) -> Vec<String> {
    let at = "/spec/template/spec";
    let containers = [format!("{at}/containers/*/image"), format!("{at}/initContainers/*/image")];
    let found = containers.iter().flat_map(|pattern| everything_at(object, pattern));
    found.filter_map(|(_, image)| Some(image.as_str()?.to_owned())).collect()
}

fn crd(object: &Value) -> String {
    let [name, group, kind] =
        ["/metadata/name", "/spec/group", "/spec/names/kind"].map(|at| text(object, at));
    let bytes = object.to_string().len();
    format!("{{name: {name}, group: {group}, kind: {kind}, bytes: {bytes}}}")
}

fn today() -> String {
    let date = Command::new("date").args(["-u", "+%F"]).output();
    let date = date.unwrap_or_else(|error| panic!("date: {error}"));
    String::from_utf8_lossy(&date.stdout).trim().to_owned()
}
