//! Every kind that a file of ours can have: those of the functions, and those that are no function.

use krm::{Definition, Shape, pipeline};
use routes::facts;
use serde_json::Value;

use crate::functions::FUNCTIONS;

/// A kind that is no function: it has a schema and a page.
#[derive(Debug, Clone, Copy)]
pub struct Other {
    /// Its apiVersion.
    pub api_version: &'static str,
    /// Its kind.
    pub kind: &'static str,
    /// Its name in lower case, as functions have one.
    pub name: &'static str,
    /// The crate that it stands in.
    pub room: &'static str,
    /// What it is, in a word.
    pub role: &'static str,
    /// The JSON Schema of a whole one.
    pub schema: fn() -> Value,
}

/// A Pipeline, which kustomize calls as it calls a function.
pub const PIPELINE: Other = Other {
    api_version: pipeline::API_VERSION,
    kind: pipeline::KIND,
    name: "pipeline",
    room: "krm",
    role: "list of functions",
    schema: krm::Pipeline::schema,
};

/// What is known of a cluster.
pub const CLUSTER_FACTS: Other = Other {
    api_version: facts::API_VERSION,
    kind: facts::KIND,
    name: "cluster-facts",
    room: "routes",
    role: "file that configs name",
    schema: routes::ClusterFacts::schema,
};

/// The kinds that are no function.
pub const OTHERS: &[Other] = &[PIPELINE, CLUSTER_FACTS];

/// The JSON Schema of each of those, derived from its type. Nothing in the binary calls it: `make update` does.
pub fn schemas() -> Vec<Value> {
    vec![
        krm::schema::derived::<krm::Pipeline>(
            &[(pipeline::API_VERSION, pipeline::KIND)],
            Shape::Spec,
        ),
        krm::schema::derived::<routes::ClusterFacts>(
            &[(facts::API_VERSION, facts::KIND)],
            Shape::Spec,
        ),
    ]
}

/// A kind as its page and its schema describe it.
#[derive(Debug)]
pub struct Described {
    /// The kind itself.
    pub kind: &'static str,
    /// The name of the function, or of the kind in lower case.
    pub name: String,
    /// What a table calls it.
    pub role: &'static str,
    /// (apiVersion, kind), the documented one first.
    pub kinds: Vec<(&'static str, &'static str)>,
    /// Where its fields stand.
    pub shape: Shape,
    /// The JSON Schema of a whole config.
    pub schema: Value,
    /// What goes in and what comes out.
    pub example: Option<(&'static str, &'static str)>,
}

impl From<&Definition> for Described {
    fn from(definition: &Definition) -> Self {
        Self {
            kind: definition.kind(),
            name: definition.name(),
            role: match definition.role {
                krm::Role::Generator => "generator",
                krm::Role::Transformer => "transformer",
            },
            kinds: definition.kinds.to_vec(),
            shape: definition.shape,
            schema: definition.schema(),
            example: definition.example,
        }
    }
}

impl From<&Other> for Described {
    fn from(other: &Other) -> Self {
        Self {
            kind: other.kind,
            name: other.name.to_owned(),
            role: other.role,
            kinds: vec![(other.api_version, other.kind)],
            shape: Shape::Spec,
            schema: (other.schema)(),
            example: None,
        }
    }
}

/// The kind of this name: of a function or of none, by its kind or by its name in lower case. With the very kind that
/// is meant, where a function answers to several.
pub fn named(name: &str) -> Option<(Described, &'static str)> {
    for function in FUNCTIONS {
        let kind = function.kinds.iter().map(|(_, kind)| *kind).find(|kind| *kind == name);
        if let Some(kind) = kind.or_else(|| (function.name() == name).then(|| function.kind())) {
            return Some((function.into(), kind));
        }
    }
    let other = OTHERS.iter().find(|other| other.kind == name || other.name == name)?;
    Some((other.into(), other.kind))
}

/// Every kind, for hints.
pub fn all() -> impl Iterator<Item = &'static str> {
    let functions = FUNCTIONS.iter().flat_map(|function| function.kinds).map(|(_, kind)| *kind);
    functions.chain(OTHERS.iter().map(|other| other.kind))
}
