//! A function's config: the fields, read with the path of what is wrong.

use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::{Finding, Shape};

/// Reads a function's own fields. The path in an error is that in the config: it starts with `spec` where the
/// fields stand there.
pub(crate) fn deserialize<F: DeserializeOwned>(
    fields: &Value,
    shape: Shape,
) -> Result<F, Box<Finding>> {
    serde_path_to_error::deserialize(fields.clone()).map_err(|error| {
        let prefix = if shape == Shape::Spec { "spec." } else { "" };
        let path = format!("{prefix}{}", error.path());
        Box::new(Finding::error("config-field", error.inner().to_string()).field(path))
    })
}
