//! The scope: the folders below which a run may read files, and who decided it.
//!
//! The first of: the operator's policy, a committed `.pleach.yaml` marker upward, `.git` upward,
//! the kustomization's own folder. A tree's author writes `exec.args` and `exec.envs`, so neither
//! an argument nor a variable widens it.

use std::fmt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use crate::Finding;
use crate::policy::{self, Grant};

/// The marker file: where it stands is the root of what belongs together.
pub const MARKER: &str = ".pleach.yaml";

/// The folders below which files may be read.
#[derive(Debug, Clone)]
pub struct Scope {
    roots: Vec<PathBuf>,
    decided: Decided,
    repository: Option<PathBuf>,
}

/// Who decided the scope. The folders are absolute, symlinks resolved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decided {
    /// The operator's policy.
    Policy,
    /// The operator's policy, for this project.
    Project(String),
    /// A committed `.pleach.yaml` in this folder.
    Marker(PathBuf),
    /// A `.git` in this folder.
    Git(PathBuf),
    /// Nothing of these stands above: the kustomization's own folder.
    Kustomization(PathBuf),
}

impl Scope {
    /// Decides the scope for the kustomization in `base` (absolute, symlinks resolved), given what
    /// the operator's policy grants.
    ///
    /// # Errors
    /// The policy names paths of the repository, and there is none, or they lead over a symlink.
    pub(crate) fn decide(base: &Path, grant: Option<&Grant>) -> Result<Self, Box<Finding>> {
        let owner = std::fs::metadata(base).map(|base| base.uid()).ok();
        // Anybody can put a file into `/tmp`.
        let trusted = |uid: u32| uid == 0 || Some(uid) == owner;
        let git = |dir: &&Path| holds(dir, ".git", trusted);
        let mut markers = base.ancestors().filter(|dir| holds(dir, MARKER, trusted));
        let marker = markers.next();
        // A marker above every `.git` is not committed with the tree: it would widen the scope.
        let highest = base.ancestors().filter(git).last();
        // Paths of the policy start at the outermost: whoever commits a submodule or a marker further in
        // must not move them.
        let outermost = highest.or(markers.last()).or(marker);
        let marker = marker.filter(|marker| highest.is_none_or(|git| marker.starts_with(git)));
        let git = base.ancestors().find(git);
        let (roots, decided) = if let Some(grant) = grant.filter(|grant| grant.decides_scope()) {
            let decided = grant.project.clone().map_or(Decided::Policy, Decided::Project);
            (grant.roots(outermost)?, decided)
        } else if let Some(marker) = marker {
            (vec![marker.to_owned()], Decided::Marker(marker.to_owned()))
        } else if let Some(git) = git {
            (vec![git.to_owned()], Decided::Git(git.to_owned()))
        } else {
            (vec![base.to_owned()], Decided::Kustomization(base.to_owned()))
        };
        let repository = git.or(marker).map(Path::to_owned);
        Ok(Self { roots, decided, repository })
    }

    /// The folders, absolute, symlinks resolved.
    pub fn roots(&self) -> &[PathBuf] {
        &self.roots
    }

    /// Who decided.
    pub fn decided(&self) -> &Decided {
        &self.decided
    }

    /// The folder that messages name files from: the repository, else the scope's first folder.
    pub(crate) fn repository(&self) -> Option<&Path> {
        self.repository.as_deref()
    }
}

impl fmt::Display for Decided {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Policy => write!(f, "the operator's policy {}", policy::PATH),
            Self::Project(name) => {
                let name = crate::loader::printable(name);
                write!(f, "the operator's policy {} for project `{name}`", policy::PATH)
            }
            Self::Marker(_) => write!(f, "the marker {MARKER} upward of the kustomization"),
            Self::Git(_) => f.write_str("the git repository of the kustomization"),
            Self::Kustomization(_) => {
                write!(f, "the kustomization alone: no .git and no {MARKER} stands above it")
            }
        }
    }
}

/// Whether `dir` holds `name`, put there by an owner who is trusted.
fn holds(dir: &Path, name: &str, trusted: impl Fn(u32) -> bool) -> bool {
    std::fs::symlink_metadata(dir.join(name)).is_ok_and(|found| trusted(found.uid()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attack_a_marker_of_another_user_counts_for_nothing() {
        let dir = test_support::Scratch::new();
        dir.write(MARKER, "");
        assert!(holds(dir.path(), MARKER, |_| true));
        assert!(!holds(dir.path(), MARKER, |_| false));
        assert!(!holds(dir.path(), ".git", |_| true));
    }
}
