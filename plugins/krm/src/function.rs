//! What a function is: the type of its configuration, a role, and a way to run.

use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::rights::Need;
use crate::{Environment, Finding, Loader, ResourceList};

/// A KRM function: the type *is* the `spec` of its functionConfig.
///
/// Its doc comment is the documentation, its fields' doc comments are the options. Derive `Deserialize` with
/// `#[serde(deny_unknown_fields)]`: the path and the nearest name of a typo come from there.
pub trait Function: DeserializeOwned + JsonSchema {
    /// (apiVersion, kind) it answers to: wire names, the first is the documented one and gives the function its name.
    const KINDS: &'static [(&'static str, &'static str)];
    /// Generator or transformer.
    const ROLE: Role;
    /// Where the fields stand in the config.
    const SHAPE: Shape = Shape::Spec;
    /// Whether it reads secrets: `diff` then shows no value, and the process keeps the right to read keys.
    const READS_SECRETS: bool = false;
    /// Its fields that name files of the tree. While a config sets none of them, the run keeps no right to read files.
    const FILE_FIELDS: &'static [&'static str] = &[];
    /// What goes in and what comes out, for its page: the golden case `basic`.
    const EXAMPLE: Option<(&'static str, &'static str)> = None;
    /// The items of a stream that are this function's without any config; `None` for most functions.
    const STREAM: Option<Stream> = None;
    /// What it needs beside the scope (keys to read, programs to run), so that the process keeps the right to it.
    const NEEDS: Option<Needs> = None;

    /// The JSON Schema of a whole config. A function of a product [embeds](crate::schema::embedded) what was derived.
    fn schema() -> Value {
        crate::schema::of::<Self>()
    }

    /// Runs. Returns the finding that stops the build; pushes the others to the list.
    fn run(self, list: &mut ResourceList, loader: &Loader) -> Result<(), Box<Finding>>;
}

/// What a function does with items.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Adds items.
    Generator,
    /// Changes the items that it is given.
    Transformer,
}

/// What a run reads beside its input, from the least to the most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reads {
    /// Nothing: it keeps standard input, output and error.
    Nothing,
    /// Files of the tree, below the scope.
    Files,
    /// Secrets: files of the tree, and the keys.
    Secrets,
}

/// Where the fields of a function stand in its config.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Below `spec`, beside `apiVersion`, `kind` and `metadata`: what pleach documents.
    Spec,
    /// At the top, beside `apiVersion`, `kind` and `metadata`: kinds of older tools.
    TopLevel,
}

/// A function's hook into the stream form (`kustomize build | pleach run`): it needs no config for the items it claims.
#[derive(Debug, Clone, Copy)]
pub struct Stream {
    /// Whether an item of the stream is this function's to handle.
    pub claims: fn(&Value) -> bool,
    /// Runs over the whole stream, once, before any `Pipeline`, when at least one item is claimed.
    pub run: fn(&mut ResourceList, &Loader) -> Result<(), Box<Finding>>,
}

/// Says what a function needs beside the scope, given the environment as it was at the start.
pub type Needs = fn(&Environment) -> Vec<Need>;
