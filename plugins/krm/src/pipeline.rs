//! `Pipeline`: a list of configs that run one after the other in one process.

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;

use crate::config::{self, Config};
use crate::{Finding, Shape, pointer, schema};

mod reach;

pub use reach::{Label, Reach};

/// The apiVersion of a Pipeline. Tekton has a kind of this name too: the group decides.
pub const API_VERSION: &str = "pleach.dev/v1alpha1";
/// The kind of a Pipeline.
pub const KIND: &str = "Pipeline";

/// Runs several functions one after the other, in one process.
///
/// Each config runs on what those before it left. kustomize charges for every function that a tree lists, and for
/// one Pipeline it charges once: list one under `transformers:`, or, for the stream form, under `resources:`.
///
/// ```yaml
/// apiVersion: pleach.dev/v1alpha1
/// kind: Pipeline
/// metadata:
///   name: media # of the app: two of one name and namespace break kustomize's build
///   annotations:
///     argocd.argoproj.io/sync-wave: "-1000" # in a stream: see below
/// spec:
///   scope: {namespace: media}
///   functions:
///   - apiVersion: pleach.dev/v1alpha1
///     kind: SopsDecrypt
///     metadata: {name: media}
///     spec: {files: [secrets/*.enc.yaml]}
/// ```
///
/// `kustomize build DIR | pleach run` takes every Pipeline out of the stream and applies it to the rest, by `order`,
/// then by name; of several with the same spec, as a shared component brings them, only the first runs.
/// `pleach run --pipeline FILE` takes one from a file, for streams that hold none (`helm template CHART | pleach run
/// --pipeline FILE`).
///
/// A stream that reaches a cluster without this step still holds the Pipeline, a kind that no API server knows. With
/// the lowest sync wave Argo CD meets it first, and stops before any route is published.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Pipeline {
    /// Of several Pipelines in one stream the one with the smallest number runs first; equal ones by name.
    #[serde(default)]
    pub order: i64,
    /// Which objects it is for: `all`, `{namespace: NAME}` or `{label: {key: KEY, value: VALUE}}`. What it adds is in its
    /// scope too. One that is for no object at all is an error.
    #[serde(default)]
    pub scope: Reach,
    /// The configs, as each would stand in a file of its own.
    #[schemars(with = "Vec<serde_json::Map<String, Value>>")]
    pub functions: Vec<Value>,
}

impl Pipeline {
    /// Whether a manifest is one.
    pub fn is(manifest: &Value) -> bool {
        let text = |key| pointer::get(manifest, key).and_then(Value::as_str);
        text("kind") == Some(KIND) && text("apiVersion") == Some(API_VERSION)
    }

    /// Reads one.
    pub(crate) fn read(config: &Config) -> Result<Self, Box<Finding>> {
        let fields = config.fields(Shape::Spec)?;
        config::deserialize(&fields, Shape::Spec)
            .map_err(|finding| Box::new(finding.on(config.id())))
    }

    /// The JSON Schema of a whole one.
    pub fn schema() -> Value {
        schema::embedded(include_str!("../pipeline.schema.json"))
    }
}

/// The Pipelines of one stream in the order in which they run; of several with the same spec only the first.
pub(crate) fn in_order(configs: Vec<Config>) -> Result<Vec<Config>, Box<Finding>> {
    let mut keyed = Vec::new();
    for config in configs {
        keyed.push((Pipeline::read(&config)?.order, config.id().name, config));
    }
    keyed.sort_by(|a, b| (a.0, &a.1).cmp(&(b.0, &b.1)));
    let mut kept: Vec<Config> = Vec::new();
    for (_, _, config) in keyed {
        let spec = config.fields(Shape::Spec)?;
        let mut known = false;
        for earlier in &kept {
            known |= earlier.fields(Shape::Spec)? == spec;
        }
        if !known {
            kept.push(config);
        }
    }
    Ok(kept)
}
