//! The committed facts file: read for a function, and written by `pleach facts`.

use std::path::Path;

use krm::{Finding, Loader};
use serde_json::{Value, json};

use super::{API_VERSION, ClusterFacts, KIND};

/// Reads the facts file at a path relative to the kustomization.
pub(super) fn read(path: &str, loader: &Loader) -> Result<ClusterFacts, Box<Finding>> {
    let path = Path::new(path);
    ClusterFacts::read(&loader.read(path)?, &loader.name(path))
}

impl ClusterFacts {
    /// The JSON Schema of a whole file.
    pub fn schema() -> Value {
        krm::schema::embedded(include_str!("../../cluster-facts.schema.json"))
    }

    /// Reads the text of a facts file; `name` is how messages call it.
    ///
    /// # Errors
    /// It is no YAML, not one document, of another kind, or has a field that is unknown or of the wrong type.
    pub fn read(text: &[u8], name: &str) -> Result<Self, Box<Finding>> {
        krm::read_object(text, name, (API_VERSION, KIND))
    }

    /// The object that a facts file holds.
    pub fn manifest(&self, name: &str) -> Value {
        json!({"apiVersion": API_VERSION, "kind": KIND, "metadata": {"name": name}, "spec": self})
    }

    /// Whether it says nothing.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
