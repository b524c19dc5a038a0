//! A folder of its own for each test, and commands that see nothing of the machine but its programs.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A temporary folder, removed when dropped. Its path is short: a GnuPG socket below it must fit into 108 bytes.
#[derive(Debug)]
pub struct Scratch(tempfile::TempDir);

impl Scratch {
    /// A fresh folder with an empty `home/` in it.
    #[must_use]
    pub fn new() -> Self {
        let dir = tempfile::Builder::new().prefix("pl").tempdir();
        let dir = dir.unwrap_or_else(|error| panic!("no temporary folder: {error}"));
        let scratch = Self(dir);
        scratch.dir("home");
        scratch
    }

    /// The folder.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// A path below the folder.
    pub fn join(&self, path: impl AsRef<Path>) -> PathBuf {
        self.path().join(path)
    }

    /// Makes a folder below, with those above it.
    pub fn dir(&self, path: impl AsRef<Path>) -> PathBuf {
        let path = self.join(path);
        std::fs::create_dir_all(&path)
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        path
    }

    /// Writes a file below, with the folders above it.
    pub fn write(&self, path: impl AsRef<Path>, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.join(path);
        self.dir(path.parent().unwrap_or(Path::new("")));
        std::fs::write(&path, content)
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        path
    }

    /// A command that runs here, with `PATH` and a `HOME` of its own as its whole environment.
    pub fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command.current_dir(self.path()).env_clear().env("HOME", self.join("home"));
        if let Some(path) = std::env::var_os("PATH") {
            command.env("PATH", path);
        }
        command
    }
}

impl Default for Scratch {
    fn default() -> Self {
        Self::new()
    }
}
