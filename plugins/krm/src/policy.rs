//! The operator's policy: one file at a compiled-in path, which alone can widen the scope.
//!
//! It counts only while the running user can write neither it nor a folder above it: else a plugin
//! of the same user could have. A policy that cannot be trusted or read stops the build: to go on
//! without it would be to ignore the operator. A mounted ConfigMap is such a file: its symlinks are
//! resolved, and what they lead to is held to the same rule.
//!
//! A policy can divide by Argo CD project: [`Policy::grant`] says what one run gets of it.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read};
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use rustix::fs::{Access, AtFlags, CWD, accessat};

use crate::Finding;

mod document;
mod grant;
mod keys;

pub use document::Terms;
pub use grant::Grant;

/// Where the policy stands. Compiled in: what a variable names, a tree could name.
pub const PATH: &str = "/etc/pleach/policy.yaml";

/// The variable by which Argo CD names the project of the Application that is built
/// (argo-cd 3.5.7, `util/env`, `reposerver/repository`).
pub const PROJECT: &str = "ARGOCD_APP_PROJECT_NAME";

/// The name that stands for every project that is not listed: no project can have it.
pub const OTHERS: &str = "*";

/// The largest policy, in bytes.
const MAX: u64 = 1 << 20;

/// What the operator allows.
#[derive(Debug, Clone, Default)]
pub struct Policy {
    /// What holds for every run, as far as its project says nothing else.
    everyone: Terms,
    /// What holds for a project; `None` when the policy does not divide by project.
    projects: Option<BTreeMap<String, Terms>>,
}

impl Policy {
    /// Reads the policy; `None` when there is none.
    ///
    /// # Errors
    /// It is there, and the running user can write it, or it cannot be read, or it is not a policy.
    pub fn read(path: &Path) -> Result<Option<Self>, Box<Finding>> {
        let unreadable = |error: io::Error| {
            Box::new(
                Finding::error("unreadable-policy", error.to_string())
                    .file(path)
                    .hint("make it readable to the user that builds, or remove it"),
            )
        };
        let real = match path.canonicalize() {
            Ok(real) => real,
            // Also when a symlink leads nowhere: that is no policy that was left out.
            Err(_) if path.symlink_metadata().is_ok_and(|_| true) => {
                return Err(unreadable(io::Error::from(io::ErrorKind::NotFound)));
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(unreadable(error)),
        };
        if let Some(writable) = [path, real.as_path()].into_iter().find_map(writable) {
            return Err(Box::new(
                Finding::error(
                    "writable-policy",
                    format!("the user that builds can write {}", writable.display()),
                )
                .file(path)
                .hint("own it by another user, without write permission for this one, or mount it read-only"),
            ));
        }
        #[expect(clippy::disallowed_methods, reason = "the operator's file, checked above")]
        let file = File::open(&real).map_err(unreadable)?;
        let mut text = Vec::new();
        file.take(MAX + 1).read_to_end(&mut text).map_err(unreadable)?;
        if text.len() as u64 > MAX {
            return Err(unreadable(io::Error::from(io::ErrorKind::FileTooLarge)));
        }
        document::parse(&text).map(Some).map_err(|finding| Box::new((*finding).file(path)))
    }

    /// What holds for every run, as far as its project says nothing else.
    pub fn everyone(&self) -> &Terms {
        &self.everyone
    }

    /// What holds for each project, by name; empty when the policy does not divide by project.
    pub fn projects(&self) -> impl Iterator<Item = (&str, &Terms)> {
        self.projects.iter().flatten().map(|(name, terms)| (name.as_str(), terms))
    }

    /// Whether it tells projects apart, so that who lies about its project gains something.
    pub fn tells_apart(&self) -> bool {
        self.projects().nth(1).is_some()
    }
}

/// The first of the file and the folders above it that the running user can write, or make
/// writable as its owner.
fn writable(path: &Path) -> Option<&Path> {
    let user = rustix::process::geteuid().as_raw();
    path.ancestors().filter(|part| !part.as_os_str().is_empty()).find(|part| {
        let may = accessat(CWD, *part, Access::WRITE_OK, AtFlags::EACCESS).is_ok();
        // On a read-only mount the owner cannot change the mode either.
        let read_only = || {
            rustix::fs::statvfs(*part)
                .is_ok_and(|system| system.f_flag.contains(rustix::fs::StatVfsMountFlags::RDONLY))
        };
        may || (part.metadata().is_ok_and(|part| part.uid() == user) && !read_only())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attack_a_policy_that_the_running_user_can_write_is_refused() {
        let dir = test_support::Scratch::new();
        let path = dir.write("policy.yaml", "apiVersion: pleach.dev/v1alpha1\nkind: Policy\n");
        let refused = Policy::read(&path).unwrap_err();
        assert_eq!(refused.id, "writable-policy");
    }

    #[test]
    fn no_policy_is_none_and_a_link_to_nowhere_is_an_error() {
        let dir = test_support::Scratch::new();
        assert!(Policy::read(&dir.join("policy.yaml")).unwrap().is_none());
        std::os::unix::fs::symlink("nowhere", dir.join("policy.yaml")).unwrap();
        assert_eq!(Policy::read(&dir.join("policy.yaml")).unwrap_err().id, "unreadable-policy");
    }
}
