//! `.pleach.yaml`: the findings that the tree's owner allows, each with a reason.
//!
//! ```yaml
//! apiVersion: pleach.dev/v1alpha1
//! kind: Tree
//! spec:
//!   secrets:
//!     allow:
//!     - path: tests/keys/**          # a glob, relative to this file; `*` stays within a folder
//!       rules: [private-key]         # ids of findings; all when left out
//!       reason: throw-away keys that open nothing but test files
//! ```

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use krm::{Finding, Glob, nearest};
use yaml::Node;

use crate::node::{entries, get, get_str, is_null, items, text};

/// The id of everything that is wrong with a `.pleach.yaml`.
pub(crate) const BROKEN: &str = "broken-marker";

/// The name of the file.
pub(crate) const NAME: &str = ".pleach.yaml";

/// The allow-list of one `.pleach.yaml`.
pub(crate) struct Marker {
    /// Relative to the root of the tree.
    path: PathBuf,
    allow: Vec<Allow>,
    /// What is wrong with it.
    pub(crate) findings: Vec<Finding>,
}

struct Allow {
    line: u32,
    glob: Glob,
    rules: Vec<String>,
    used: AtomicBool,
}

impl Marker {
    /// Reads one. `known` are the ids that can be allowed. What is wrong becomes findings, and allows nothing.
    pub(crate) fn read(path: &Path, bytes: &[u8], known: &[&str]) -> Self {
        let mut marker = Self { path: path.to_path_buf(), allow: Vec::new(), findings: Vec::new() };
        match yaml::documents(bytes) {
            Err(error) => {
                let line = error.position.map_or(1, |at| at.line);
                marker.say(
                    line,
                    "",
                    &format!("cannot be read: {}", error.problem),
                    "allow nothing, or write it as pleach docs broken-marker shows",
                );
            }
            Ok(documents) => {
                if let Some(document) = documents.first() {
                    marker.fields(&document.root, known);
                }
            }
        }
        marker
    }

    fn fields(&mut self, root: &Node, known: &[&str]) {
        self.known_fields(root, &["apiVersion", "kind", "metadata", "spec"], "");
        let Some(spec) = get(root, "spec").filter(|node| !is_null(node)) else { return };
        self.known_fields(spec, &["secrets"], "spec.");
        let Some(secrets) = get(spec, "secrets").filter(|node| !is_null(node)) else { return };
        self.known_fields(secrets, &["allow"], "spec.secrets.");
        let allow = get(secrets, "allow").map(items).unwrap_or_default();
        for (index, node) in allow.iter().enumerate() {
            self.entry(node, &format!("spec.secrets.allow[{index}]"), known);
        }
    }

    fn entry(&mut self, node: &Node, field: &str, known: &[&str]) {
        self.known_fields(node, &["path", "rules", "reason"], &format!("{field}."));
        let line = node.position.line;
        if get_str(node, "reason").is_none_or(|reason| reason.trim().is_empty()) {
            self.say(
                line,
                field,
                "gives no reason, and allows nothing",
                "say why in reason: whoever reads the list must be able to judge it",
            );
            return;
        }
        let pattern = get_str(node, "path").unwrap_or_default();
        let Some(glob) = Glob::new(&pattern).ok().filter(|_| !pattern.is_empty()) else {
            self.say(
                line,
                &format!("{field}.path"),
                "is no glob, and allows nothing",
                "write a path relative to this file; ** stands for any folders",
            );
            return;
        };
        let rules: Vec<String> =
            get(node, "rules").map(items).unwrap_or_default().iter().map(text).collect();
        for rule in &rules {
            if !known.contains(&rule.as_str()) {
                let hint = match nearest(rule, known.iter().copied()) {
                    Some(near) => format!("write {near}"),
                    None => format!("one of {}", known.join(", ")),
                };
                self.say(
                    line,
                    &format!("{field}.rules"),
                    &format!("no finding has the id {rule:?}"),
                    &hint,
                );
            }
        }
        self.allow.push(Allow { line, glob, rules, used: AtomicBool::new(false) });
    }

    fn known_fields(&mut self, node: &Node, known: &[&str], path: &str) {
        for entry in entries(node) {
            if !known.contains(&entry.key.as_str()) {
                let hint = match nearest(&entry.key, known.iter().copied()) {
                    Some(near) => format!("write {near}"),
                    None => format!("one of {}", known.join(", ")),
                };
                self.say(entry.line, &format!("{path}{}", entry.key), "unknown field", &hint);
            }
        }
    }

    fn say(&mut self, line: u32, field: &str, what: &str, hint: &str) {
        let finding = Finding::error(BROKEN, what).line(&self.path, line).hint(hint);
        self.findings.push(if field.is_empty() { finding } else { finding.field(field) });
    }

    /// Whether the list allows a finding of this id in this file (relative to the root of the tree).
    pub(crate) fn allows(&self, file: &Path, id: &str) -> bool {
        let Ok(relative) = file.strip_prefix(self.folder()) else { return false };
        let entry = self.allow.iter().find(|allow| {
            allow.glob.is_match(relative)
                && (allow.rules.is_empty() || allow.rules.iter().any(|rule| rule == id))
        });
        if let Some(entry) = entry {
            entry.used.store(true, Ordering::Relaxed);
        }
        entry.is_some()
    }

    /// The entries that allowed nothing: what they were for is gone, and the next leak would pass unseen.
    pub(crate) fn unused(&self) -> Vec<Finding> {
        let unused = self.allow.iter().filter(|allow| !allow.used.load(Ordering::Relaxed));
        unused
            .map(|allow| {
                Finding::warning(BROKEN, "allows nothing that was found")
                    .line(&self.path, allow.line)
                    .hint("remove the entry: the next secret below its path would pass")
            })
            .collect()
    }

    /// Whether it was read from this file.
    pub(crate) fn is(&self, path: &Path) -> bool {
        self.path == path
    }

    /// The folder whose files it speaks for.
    pub(crate) fn folder(&self) -> &Path {
        self.path.parent().unwrap_or(Path::new(""))
    }
}
