//! The real kustomize: the one that the operator names, else the one beside the wrapper, else the next on `PATH` that
//! is not this one.

use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use krm::{Environment, Finding, under};

use super::NAME;

/// The operator's variable that names it.
const VARIABLE: &str = "PLEACH_KUSTOMIZE";

/// Its name beside the wrapper: each version of `kustomize.path.<version>` has a folder of its own.
const BESIDE: &str = "kustomize.real";

/// The wrappers that a call has passed already, as `device:inode` pairs: two of us on `PATH` would call each other.
const PASSED: &str = "PLEACH_WRAPPERS";

/// The real kustomize.
#[derive(Debug)]
pub(super) struct Real {
    path: PathBuf,
    passed: String,
}

impl Real {
    /// Looks for it. `called` is the file that was called: the binary under its name, or the script.
    pub(super) fn find(environment: &Environment, called: &Path) -> Result<Self, Box<Finding>> {
        let passed = environment.get(PASSED).unwrap_or_default().to_string_lossy().into_owned();
        let mut passed: Vec<String> = passed.split_whitespace().map(str::to_owned).collect();
        passed.extend([under::own().as_path(), called].into_iter().filter_map(identity));
        passed.sort();
        passed.dedup();
        let is_us = |path: &Path| identity(path).is_none_or(|one| passed.contains(&one));
        let named = environment.get(VARIABLE).filter(|path| !path.is_empty()).map(PathBuf::from);
        let path = match named {
            Some(path) if !path.is_absolute() || !executable(&path) => {
                return Err(Box::new(
                    Finding::error("no-kustomize", format!("{VARIABLE} names no program"))
                        .file(&path)
                        .hint("set it to the absolute path of the real kustomize"),
                ));
            }
            Some(path) if is_us(&path) => {
                return Err(Box::new(
                    Finding::error("no-kustomize", format!("{VARIABLE} names this wrapper"))
                        .file(&path)
                        .hint(
                            "set it to the real kustomize, or remove it to take the next on PATH",
                        ),
                ));
            }
            Some(path) => path,
            None => match beside(called).filter(|path| !is_us(path)) {
                Some(path) => path,
                None => on_path(environment, is_us)?,
            },
        };
        Ok(Self { path, passed: passed.join(" ") })
    }

    /// Where it stands, absolute.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// The variable by which the next wrapper, should it be one, knows this one.
    pub(super) fn mark(&self) -> (OsString, OsString) {
        (PASSED.into(), self.passed.clone().into())
    }
}

/// The one in the folder of the file that was called, when that was called by a path.
fn beside(called: &Path) -> Option<PathBuf> {
    let folder = called.parent().filter(|folder| !folder.as_os_str().is_empty())?;
    Some(folder.join(BESIDE)).filter(|path| executable(path))
}

fn on_path(
    environment: &Environment,
    is_us: impl Fn(&Path) -> bool,
) -> Result<PathBuf, Box<Finding>> {
    let path = environment.get("PATH").unwrap_or_default();
    let folders = std::env::split_paths(path).filter(|folder| folder.is_absolute());
    let mut candidates = folders.map(|folder| folder.join(NAME)).filter(|file| executable(file));
    candidates.find(|file| !is_us(file)).ok_or_else(|| {
        Box::new(
            Finding::error("no-kustomize", "no kustomize stands on PATH but this wrapper")
                .hint(format!("install kustomize 5.8.2 or later, or set {VARIABLE} to it")),
        )
    })
}

fn executable(file: &Path) -> bool {
    fs::metadata(file).is_ok_and(|file| file.is_file() && file.permissions().mode() & 0o111 != 0)
}

fn identity(file: &Path) -> Option<String> {
    let file = fs::metadata(file).ok()?;
    Some(format!("{}:{}", file.dev(), file.ino()))
}
