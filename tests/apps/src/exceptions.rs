//! What may be otherwise than a rule says: a list in `tests/apps/exceptions.yaml`, and in
//! `upstream.yaml` beside it for the real upstream, each entry with its reason.

use std::collections::BTreeMap;

use serde_json::Value;

/// One thing that may be otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exception {
    /// What, as the rule names it.
    pub what: String,
    /// Why.
    pub reason: String,
}

/// The lists, by name.
#[derive(Debug, Clone, Default)]
pub struct Exceptions(BTreeMap<String, Vec<Exception>>);

impl Exceptions {
    /// Of `{list: {what: reason}}`.
    #[must_use]
    pub fn of(value: &Value) -> Self {
        let mut exceptions = Self::default();
        exceptions.add(value);
        exceptions
    }

    /// More of the same form.
    pub fn add(&mut self, value: &Value) {
        for (list, entries) in value.as_object().into_iter().flatten() {
            let entries =
                entries.as_object().into_iter().flatten().map(|(what, reason)| Exception {
                    what: what.clone(),
                    reason: reason.as_str().unwrap_or_default().to_owned(),
                });
            self.0.entry(list.clone()).or_default().extend(entries);
        }
    }

    /// The entries of a list.
    #[must_use]
    pub fn of_list(&self, list: &str) -> &[Exception] {
        self.0.get(list).map_or(&[], Vec::as_slice)
    }

    /// The names of the lists.
    pub fn lists(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}
