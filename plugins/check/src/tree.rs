//! The files of a tree, and the only place of this crate that reads them.

use std::collections::BTreeSet;
use std::io::Read;
use std::path::{Component, Path, PathBuf};
use std::process::{Command, Stdio};

use krm::Finding;

/// A file above this many bytes is not parsed; said as a finding where it should have been.
pub(crate) const MAX_BYTES: u64 = 16 * 1024 * 1024;

/// The repository around the working directory, and the files that it keeps.
pub(crate) struct Tree {
    /// Absolute, symlinks resolved.
    pub(crate) root: PathBuf,
    /// Relative to the root. Files that git tracks; outside git every file below the root.
    pub(crate) files: BTreeSet<PathBuf>,
}

/// What a file holds, as far as it was read.
pub(crate) enum Content {
    /// All of it.
    Bytes(Vec<u8>),
    /// More than [`MAX_BYTES`].
    TooLarge,
    /// A symlink, a folder (a submodule), a device, or gone from the work tree.
    NoFile,
}

impl Tree {
    /// The tree around `start`: the first of `.git` upward, `.pleach.yaml` upward, `start`.
    pub(crate) fn around(start: &Path) -> Result<Self, Box<Finding>> {
        let start = start.canonicalize().map_err(|error| {
            Box::new(
                Finding::error("unreadable-document", format!("cannot be read: {error}"))
                    .file(start),
            )
        })?;
        let upward = |name: &str| {
            start.ancestors().find(|dir| dir.join(name).exists()).map(Path::to_path_buf)
        };
        let git = upward(".git");
        let root = git.clone().or_else(|| upward(".pleach.yaml")).unwrap_or(start);
        let tracked = git.as_deref().and_then(tracked);
        let files = tracked.unwrap_or_else(|| walked(&root));
        Ok(Self { root, files })
    }

    /// Reads a file of the tree.
    #[allow(
        clippy::disallowed_methods,
        reason = "the hook reads what git tracks; symlinks are not followed"
    )]
    pub(crate) fn read(&self, file: &Path) -> Result<Content, std::io::Error> {
        let path = self.root.join(file);
        let metadata = match std::fs::symlink_metadata(&path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Ok(Content::NoFile);
            }
            other => other?,
        };
        if !metadata.is_file() {
            return Ok(Content::NoFile);
        }
        let mut bytes = Vec::with_capacity(
            usize::try_from(metadata.len().min(MAX_BYTES)).unwrap_or_default() + 1,
        );
        std::fs::File::open(&path)?.take(MAX_BYTES + 1).read_to_end(&mut bytes)?;
        Ok(if bytes.len() as u64 > MAX_BYTES { Content::TooLarge } else { Content::Bytes(bytes) })
    }

    /// The files that an argument of the command line names: one file, or all below a folder.
    pub(crate) fn named(&self, cwd: &Path, argument: &Path) -> Result<Vec<PathBuf>, Box<Finding>> {
        let said =
            |what: String| Box::new(Finding::error("unreadable-document", what).file(argument));
        // The folder is resolved, the last component is not: a symlink is judged as itself.
        let absolute = cwd.join(argument);
        let resolved = match (absolute.parent(), absolute.file_name()) {
            (Some(parent), Some(name)) => parent.canonicalize().map(|parent| parent.join(name)),
            _ => absolute.canonicalize(),
        };
        let resolved = resolved.map_err(|error| said(format!("cannot be read: {error}")))?;
        let metadata = resolved
            .symlink_metadata()
            .map_err(|error| said(format!("cannot be read: {error}")))?;
        let Ok(relative) = resolved.strip_prefix(&self.root) else {
            return Err(Box::new(
                Finding::error("unreadable-document", "outside the repository")
                    .file(argument)
                    .hint(format!(
                        "run pleach secrets in the repository of the file; this one is {}",
                        self.root.display()
                    )),
            ));
        };
        if metadata.is_dir() {
            return Ok(self
                .files
                .iter()
                .filter(|file| file.starts_with(relative))
                .cloned()
                .collect());
        }
        Ok(vec![relative.to_path_buf()])
    }

    /// `relative` as written in a file of `folder`, without `.` and `..`; none when it leaves the tree.
    pub(crate) fn resolve(folder: &Path, relative: &str) -> Option<PathBuf> {
        let mut resolved = PathBuf::new();
        for component in folder.join(relative).components() {
            match component {
                Component::Normal(name) => resolved.push(name),
                Component::CurDir => {}
                Component::ParentDir => {
                    if !resolved.pop() {
                        return None;
                    }
                }
                Component::RootDir | Component::Prefix(_) => return None,
            }
        }
        Some(resolved)
    }
}

/// What git's index holds below `root`; none when git is not to be had or refuses.
fn tracked(root: &Path) -> Option<BTreeSet<PathBuf>> {
    let output = Command::new("git")
        .arg("-C")
        .arg(root)
        .args(["ls-files", "-z", "--cached"])
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    if !output.status.success() {
        return None;
    }
    let names = String::from_utf8_lossy(&output.stdout);
    Some(names.split('\0').filter(|name| !name.is_empty()).map(PathBuf::from).collect())
}

/// Every file below `root` but git's own.
fn walked(root: &Path) -> BTreeSet<PathBuf> {
    walkdir::WalkDir::new(root)
        .into_iter()
        .filter_entry(|entry| entry.file_name() != ".git")
        .filter_map(Result::ok)
        .filter(|entry| !entry.file_type().is_dir())
        .filter_map(|entry| entry.path().strip_prefix(root).ok().map(Path::to_path_buf))
        .collect()
}
