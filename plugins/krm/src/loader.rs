//! Files below the scope, and the environment as it was at the start.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use crate::Finding;

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
