//! The loader: the one way in which a function reads files, below the scope only.
//!
//! The thing to know: a path is relative to the kustomization that lists the config (the working
//! directory that kustomize gives a function), not to the config's own file.

use std::ffi::{OsStr, OsString};
use std::path::{Component, Path, PathBuf};

use crate::Finding;
use crate::environment::Environment;
use crate::policy::{self, Grant, Policy};
use crate::scope::{Decided, MARKER, Scope};

mod glob;
mod open;

/// The largest file that is read, in bytes. An API server takes objects of about 1.5 MB (etcd's
/// limit), and encryption adds a third: sixteen times that is no file of a tree.
pub const MAX_FILE: u64 = 16 * 1024 * 1024;

/// The id of the finding that a file lies outside the scope.
pub(crate) const OUTSIDE: &str = "outside-scope";

/// Reads files below the scope, and holds the environment as it was at the start, as far as the
/// operator's policy grants it.
#[derive(Debug)]
pub struct Loader {
    environment: Environment,
    grant: Grant,
    base: PathBuf,
    scope: Scope,
    roots: Vec<open::Root>,
}

impl Loader {
    /// A loader for the kustomization in `base`.
    ///
    /// # Errors
    /// `base` is not there, or the operator's policy stops the build.
    pub fn new(environment: Environment, base: &Path) -> Result<Self, Box<Finding>> {
        let base = base.canonicalize().map_err(|error| {
            refusal("no-kustomization", format!("the kustomization's folder: {error}"), None)
        })?;
        let policy = Policy::read(Path::new(policy::PATH))?;
        let grant = policy.map(|policy| policy.grant(&environment)).transpose()?;
        let scope = Scope::decide(&base, grant.as_ref())?;
        let grant = grant.unwrap_or_default();
        let environment = grant.environment(environment);
        let roots =
            scope.roots().iter().map(|root| open::Root::open(root)).collect::<Result<_, _>>();
        let roots = roots.map_err(|error| {
            refusal("no-scope", format!("the scope, decided by {}: {error}", scope.decided()), None)
        })?;
        Ok(Self { environment, grant, base, scope, roots })
    }

    /// Reads a file below the scope, relative to the kustomization.
    ///
    /// # Errors
    /// The file is outside the scope by any way, is no regular file, is larger than [`MAX_FILE`],
    /// or cannot be read.
    pub fn read(&self, path: &Path) -> Result<Vec<u8>, Box<Finding>> {
        open::read(&self.roots, &self.base, path).map_err(|error| self.refused(path, &error))
    }

    /// The files that a glob names, relative to the kustomization and sorted; none is an error.
    ///
    /// `*` and `?` stay within a folder, `**` crosses folders, `[ab]` and `{a,b}` choose. Names
    /// that begin with a dot match only where the pattern has one there. Folders that are symlinks
    /// are not entered. A file whose name is the pattern itself is that file.
    ///
    /// # Errors
    /// Nothing matches, the pattern is no glob, or it leads outside the scope.
    pub fn glob(&self, pattern: &str) -> Result<Vec<PathBuf>, Box<Finding>> {
        glob::expand(self, pattern)
    }

    /// A path as messages name it: relative to the repository, control characters escaped.
    pub fn name(&self, path: &Path) -> String {
        let full = normal(&self.base.join(path));
        let above = self
            .scope
            .repository()
            .into_iter()
            .chain(self.scope.roots().iter().map(PathBuf::as_path));
        let name = above
            .chain([self.base.as_path()])
            .find_map(|above| full.strip_prefix(above).ok())
            .filter(|name| !name.as_os_str().is_empty())
            .unwrap_or(path);
        printable(&name.to_string_lossy())
    }

    /// A variable of the environment as it was at the start.
    pub fn env(&self, name: &str) -> Option<&OsStr> {
        self.environment.get(name)
    }

    /// The environment in which keys are looked for: under a policy by project, the project's alone.
    pub fn granted(&self) -> &Environment {
        &self.environment
    }

    /// What the operator's policy grants this run.
    pub fn grant(&self) -> &Grant {
        &self.grant
    }

    /// The environment as it was at the start, to hand to a library.
    pub fn environment(&self) -> impl Fn(&str) -> Option<OsString> + Send + Sync + 'static {
        self.environment.lookup()
    }

    /// The folder of the kustomization, absolute, symlinks resolved.
    pub fn base(&self) -> &Path {
        &self.base
    }

    /// The scope, and who decided it.
    pub fn scope(&self) -> &Scope {
        &self.scope
    }

    /// What was refused, as the user reads it.
    fn refused(&self, path: &Path, error: &open::Error) -> Box<Finding> {
        use open::Error;
        let (id, hint) = match error {
            Error::Absolute | Error::Parent | Error::Link => (OUTSIDE, Some(self.widen())),
            Error::NotAFile(_) => ("not-a-file", Some("name a regular file".to_owned())),
            Error::TooLarge => ("file-too-large", Some("split it".to_owned())),
            Error::Missing => {
                ("no-such-file", Some(format!("paths are relative to {}", self.place())))
            }
            Error::Unreadable(_) => ("unreadable-file", None),
        };
        let finding = match error {
            // Outside it has no name relative to the repository: as the author wrote it.
            Error::Absolute | Error::Parent | Error::Link => {
                let decided = self.scope.decided();
                Finding::error(id, format!("{error}, decided by {decided}"))
                    .file(printable(&path.to_string_lossy()))
            }
            _ => Finding::error(id, error.to_string()).file(self.name(path)),
        };
        Box::new(match hint {
            Some(hint) => finding.hint(hint),
            None => finding,
        })
    }

    /// How files come into the scope.
    fn widen(&self) -> String {
        match self.scope.decided() {
            Decided::Policy | Decided::Project(_) => {
                "move the file below one of the policy's scopes".to_owned()
            }
            Decided::Kustomization(_) => {
                format!("commit an empty {MARKER} at the root of the tree to make that the scope")
            }
            Decided::Marker(_) | Decided::Git(_) => {
                "move the file into it; only the operator's policy can widen the scope".to_owned()
            }
        }
    }

    /// The kustomization's folder as messages name it.
    fn place(&self) -> String {
        let root = self.scope.repository().unwrap_or(&self.base);
        match self.base.strip_prefix(root) {
            Ok(place) if !place.as_os_str().is_empty() => {
                format!("the kustomization in {}", printable(&place.to_string_lossy()))
            }
            _ => "the folder of the kustomization".to_owned(),
        }
    }
}

/// Whether the kernel itself keeps each opening below the scope (`openat2`).
pub fn opened_by_the_kernel() -> bool {
    open::by_the_kernel()
}

/// A finding that stops the build.
fn refusal(id: &'static str, message: String, hint: Option<String>) -> Box<Finding> {
    let finding = Finding::error(id, message);
    Box::new(match hint {
        Some(hint) => finding.hint(hint),
        None => finding,
    })
}

/// The path without `.` and `..`, by its text alone.
fn normal(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                normal.pop();
            }
            other => normal.push(other),
        }
    }
    normal
}

/// A file's name is the tree author's text: it must not steer the terminal that shows it, neither
/// by control characters nor by those that turn the direction of writing.
pub(crate) fn printable(name: &str) -> String {
    let steers = |c: char| {
        c.is_control()
            || matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    let mut shown = String::with_capacity(name.len());
    for c in name.chars() {
        if steers(c) { shown.extend(c.escape_default()) } else { shown.push(c) }
    }
    shown
}
