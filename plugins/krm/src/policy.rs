//! The operator's policy: one file at a compiled-in path, which alone can widen the scope.
//!
//! It counts only while the running user can write neither it nor a folder above it: else a plugin
//! of the same user could have. A policy that cannot be trusted or read stops the build: to go on
//! without it would be to ignore the operator. A mounted ConfigMap is such a file: its symlinks are
//! resolved, and what they lead to is held to the same rule.

use std::fs::File;
use std::io::{self, Read};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use rustix::fs::{Access, AtFlags, CWD, accessat};
use serde::Deserialize;
use serde_json::Value;

use crate::Finding;

/// Where the policy stands. Compiled in: what a variable names, a tree could name.
pub const PATH: &str = "/etc/pleach/policy.yaml";

/// The largest policy, in bytes.
const MAX: u64 = 1 << 20;

/// What the operator allows.
#[derive(Debug, Clone, Default)]
pub struct Policy {
    scopes: Option<Vec<PathBuf>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Document {
    api_version: String,
    kind: String,
    #[serde(default)]
    #[expect(dead_code, reason = "every Kubernetes object may have one")]
    metadata: Value,
    #[serde(default)]
    spec: Spec,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Spec {
    #[serde(default)]
    scopes: Option<Vec<PathBuf>>,
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
        let mut policy = Self::parse(&text).map_err(|finding| Box::new((*finding).file(path)))?;
        if let Some(scopes) = &mut policy.scopes {
            // A scope that is not there (yet) holds no file to read; the policy decides all the same.
            scopes.retain(|scope| scope.is_dir());
            for scope in scopes {
                *scope = scope.canonicalize().map_err(unreadable)?;
            }
        }
        Ok(Some(policy))
    }

    /// The folders below which files may be read, absolute, symlinks resolved. `None`: the policy
    /// leaves the scope to the tree.
    pub fn scopes(&self) -> Option<&[PathBuf]> {
        self.scopes.as_deref()
    }

    fn parse(text: &[u8]) -> Result<Self, Box<Finding>> {
        let bad = |message: String| {
            Box::new(Finding::error("bad-policy", message).hint(
                "apiVersion: pleach.dev/v1alpha1, kind: Policy, spec: {scopes: [absolute paths]}",
            ))
        };
        let documents = yaml::values(text).map_err(|error| bad(error.to_string()))?;
        let [document] = documents.as_slice() else {
            return Err(bad("a policy is one document".to_owned()));
        };
        let document: Document = serde_path_to_error::deserialize(document)
            .map_err(|error| bad(format!("{}: {}", error.path(), error.inner())))?;
        if (document.api_version.as_str(), document.kind.as_str())
            != ("pleach.dev/v1alpha1", "Policy")
        {
            return Err(bad("is no Policy".to_owned()));
        }
        let scopes = document.spec.scopes;
        match scopes.iter().flatten().find(|scope| !scope.is_absolute()) {
            Some(relative) => {
                Err(bad(format!("spec.scopes: {} is not absolute", relative.display())))
            }
            None => Ok(Self { scopes }),
        }
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

    fn said(text: &str) -> String {
        match Policy::parse(text.as_bytes()) {
            Ok(policy) => format!("{:?}", policy.scopes().unwrap_or_default()),
            Err(finding) => finding.message,
        }
    }

    #[test]
    fn a_policy_names_absolute_scopes() {
        let head = "apiVersion: pleach.dev/v1alpha1\nkind: Policy\nspec:\n  scopes: ";
        assert_eq!(said(&format!("{head}[/srv/trees, /opt/x]")), r#"["/srv/trees", "/opt/x"]"#);
        insta::assert_snapshot!(said(&format!("{head}[trees]")), @"spec.scopes: trees is not absolute");
        insta::assert_snapshot!(said("kind: Policy\napiVersion: v1"), @"is no Policy");
        insta::assert_snapshot!(said(""), @"a policy is one document");
        insta::assert_snapshot!(said("apiVersion: pleach.dev/v1alpha1\nkind: Policy\nspec: {scope: []}"), @"spec.scope: unknown field `scope`, expected `scopes`");
    }

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
