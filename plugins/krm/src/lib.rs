//! The KRM function contract. Knows no crypto.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// A KRM function: the type is the `spec` of its functionConfig.
pub trait Function: DeserializeOwned + JsonSchema {
    /// (apiVersion, kind) it answers to; the first is the documented one.
    const KINDS: &'static [(&'static str, &'static str)];
    /// Generator or transformer.
    const ROLE: Role;
    /// Whether it reads secrets: `diff` then shows no value, and the process keeps the right to read keys.
    const READS_SECRETS: bool = false;

    /// Runs. Returns the finding that stops the build; pushes the others to the list.
    fn run(self, list: &mut ResourceList, loader: &Loader) -> Result<(), Box<Finding>>;
}

/// What a function does with items.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Adds items; starts from an empty list under kustomize.
    Generator,
    /// Changes the items that it is given.
    Transformer,
}

/// A resource with the record of what was changed in it.
#[derive(Debug, Clone)]
pub struct Resource {
    value: Value,
}

impl std::ops::Deref for Resource {
    type Target = Value;
    fn deref(&self) -> &Value {
        &self.value
    }
}

/// The items of one run, and what was said.
#[derive(Debug, Default)]
pub struct ResourceList {
    /// The items.
    pub items: Vec<Resource>,
    /// Everything that was said so far.
    pub findings: Vec<Finding>,
}

impl ResourceList {
    /// Adds a new resource. `why` goes into the record.
    pub fn add(&mut self, _value: Value, _why: &str) -> Result<(), Box<Finding>> {
        unimplemented!()
    }
}

/// How bad a finding is; the words of the KRM specification.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Stops the build.
    Error,
    /// Said, and the build goes on.
    Warning,
    /// For the curious.
    Info,
}

/// Something that is said to the user: a KRM `results[]` entry and the stderr line at once.
#[derive(Debug, Clone)]
pub struct Finding {
    /// How bad.
    pub severity: Severity,
    /// Its stable id, kebab-case: the page of the same name explains it.
    pub id: &'static str,
    /// What and where. Lower case, no full stop, never a secret's value.
    pub message: String,
    /// What to do.
    pub hint: Option<String>,
    /// The resource, when there is one: `Secret default/app`.
    pub resource: Option<String>,
    /// The field, as a path.
    pub field: Option<String>,
    /// The file, relative to the repository, and the line.
    pub file: Option<(PathBuf, Option<u32>)>,
}

/// Reads files below the scope, and holds the environment as it was at the start.
pub struct Loader {}

impl Loader {
    /// Reads a file below the scope, relative to the kustomization.
    pub fn read(&self, _path: &Path) -> Result<Vec<u8>, Box<Finding>> {
        unimplemented!()
    }

    /// The files that a glob names, sorted; none is an error.
    pub fn glob(&self, _pattern: &str) -> Result<Vec<PathBuf>, Box<Finding>> {
        unimplemented!()
    }

    /// A path as messages name it: relative to the repository.
    pub fn name(&self, _path: &Path) -> String {
        unimplemented!()
    }

    /// A variable of the environment as it was at the start.
    pub fn env(&self, _name: &str) -> Option<&OsStr> {
        unimplemented!()
    }

    /// The environment as it was at the start, to hand to a library.
    pub fn environment(&self) -> impl Fn(&str) -> Option<OsString> + Send + Sync + 'static {
        |_: &str| None
    }
}
