//! What an author wrote for ExternalDNS on one object, under every known prefix.

use std::borrow::Cow;

use krm::{Finding, Resource};
use serde_json::Value;

use crate::keys::TARGET;
use crate::views::View;

/// An annotation of ExternalDNS.
#[derive(Debug)]
struct Spelled<'a> {
    prefix: &'a str,
    key: &'a str,
    value: Cow<'a, str>,
}

/// The annotations of ExternalDNS on one object, in their order.
#[derive(Debug, Default)]
pub(crate) struct Author<'a>(Vec<Spelled<'a>>);

impl<'a> Author<'a> {
    /// What stands on an object below these prefixes.
    pub(crate) fn of(item: &'a Resource, prefixes: &'a [String]) -> Self {
        let map = item.pointer("/metadata/annotations").and_then(Value::as_object);
        let mut spelled = Vec::new();
        for (name, value) in map.into_iter().flatten() {
            let cut = |prefix: &'a String| Some((prefix.as_str(), name.strip_prefix(&**prefix)?));
            let Some((prefix, key)) = prefixes.iter().find_map(cut) else { continue };
            let value = match value {
                Value::String(text) => Cow::Borrowed(text.as_str()),
                Value::Null => continue,
                // The API server takes texts alone, and yet it is what the author wrote.
                other => Cow::Owned(other.to_string()),
            };
            // An empty target is none (source/annotations/processors.go).
            if key != TARGET || !value.trim().is_empty() {
                spelled.push(Spelled { prefix, key, value });
            }
        }
        Self(spelled)
    }

    fn find<'s>(&'s self, prefixes: &[String], key: &str) -> Option<&'s Spelled<'a>> {
        prefixes.iter().find_map(|prefix| {
            self.0.iter().find(|one| one.key == key && one.prefix == prefix.as_str())
        })
    }

    /// The value of a key in a view, in any of its spellings.
    pub(crate) fn value(&self, view: &View, key: &str) -> Option<&str> {
        let spelled = self.find(&view.reads, key).or_else(|| self.find(&view.silent, key))?;
        Some(&spelled.value)
    }

    /// The value of a key under whatever prefix it stands first.
    pub(crate) fn any(&self, key: &str) -> Option<&str> {
        Some(&self.0.iter().find(|one| one.key == key)?.value)
    }

    /// The keys that stand in a view, each once, with their values.
    pub(crate) fn keys(&self, view: &View) -> Vec<(&'a str, &str)> {
        let mut keys: Vec<(&'a str, &str)> = Vec::new();
        for prefix in view.reads.iter().chain(&view.silent) {
            for one in self.0.iter().filter(|one| one.prefix == prefix.as_str()) {
                if !keys.iter().any(|(key, _)| *key == one.key) {
                    keys.push((one.key, &one.value));
                }
            }
        }
        keys
    }

    /// Whether a key stands under this very prefix.
    pub(crate) fn stands(&self, prefix: &str, key: &str) -> bool {
        self.0.iter().any(|one| one.key == key && one.prefix == prefix)
    }

    /// Names the annotation that holds a key in a view.
    pub(crate) fn field(&self, view: &View, key: &str, finding: Finding) -> Finding {
        let spelled = self.find(&view.reads, key).or_else(|| self.find(&view.silent, key));
        let prefix = spelled.map_or(view.writes[0].as_str(), |one| one.prefix);
        let name = format!("{prefix}{key}");
        finding.field(format!("metadata.annotations[{name:?}]"))
    }

    /// What must be written so that a view reads all that its author wrote: (prefix to write, key, value, prefix that it
    /// stands under).
    pub(crate) fn copies<'s>(
        &'s self,
        view: &'s View,
    ) -> Vec<(&'s str, &'a str, &'s str, &'a str)> {
        let mut copies = Vec::new();
        for (key, value) in self.keys(view) {
            // Where it is known what is read, one spelling that is read is enough.
            let all_read = view.writes.len() == view.reads.len();
            if !all_read && self.find(&view.reads, key).is_some() {
                continue;
            }
            let Some(from) = self.find(&view.reads, key).or_else(|| self.find(&view.silent, key))
            else {
                continue;
            };
            for prefix in &view.writes {
                if !self.stands(prefix, key) {
                    copies.push((prefix.as_str(), key, value, from.prefix));
                }
            }
        }
        copies
    }
}

/// The items of a comma list, as ExternalDNS cuts it: blanks do not count (`source/annotations/processors.go`).
pub(crate) fn names(text: &str) -> Vec<String> {
    let name = |name: &str| name.replace(' ', "").trim_end_matches('.').to_ascii_lowercase();
    text.split(',').map(name).filter(|name| !name.is_empty()).collect()
}
