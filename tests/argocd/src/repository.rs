//! A git repository that commits are pushed to, and that the repo-server fetches from.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;

use test_support::machine;

use crate::confined::hand_over;

const CONFIG: &str =
    "[user]\n name = A\n email = a@example.org\n[safe]\n directory = *\n[gc]\n auto = 0\n";

/// A bare repository, and a work tree of it.
#[derive(Debug)]
pub struct Repository {
    bare: PathBuf,
    work: PathBuf,
    home: PathBuf,
    /// Tests that share a repository push one after the other.
    pushing: Mutex<()>,
}

impl Repository {
    /// An empty one, with its work tree, below a folder.
    #[must_use]
    pub fn new(folder: &Path) -> Self {
        let made = |name: &str| {
            let folder = folder.join(name);
            std::fs::create_dir_all(&folder)
                .unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
            folder
        };
        let repository = Self {
            bare: made("repo.git"),
            work: made("work"),
            home: made("git-home"),
            pushing: Mutex::new(()),
        };
        // The bare repository is another user's, and what git starts to push into it asks only this file.
        std::fs::write(repository.home.join(".gitconfig"), CONFIG)
            .unwrap_or_else(|error| panic!("git: {error}"));
        repository.git(&repository.bare, &["init", "--quiet", "--bare", "--initial-branch=main"]);
        repository.git(&repository.work, &["init", "--quiet", "--initial-branch=main"]);
        repository
    }

    /// What an Application names.
    #[must_use]
    pub fn url(&self) -> String {
        format!("file://{}", self.bare.display())
    }

    /// The work tree.
    #[must_use]
    pub fn work(&self) -> &Path {
        &self.work
    }

    /// Writes a file of the work tree, with the folders above it.
    pub fn write(&self, path: &str, content: impl AsRef<[u8]>) {
        let path = self.work.join(path);
        let folder = path.parent().unwrap_or(&self.work);
        std::fs::create_dir_all(folder)
            .and_then(|()| std::fs::write(&path, content))
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    }

    /// Lays a copy of a folder's files into the work tree.
    pub fn copy(&self, from: &Path) {
        let entries =
            std::fs::read_dir(from).unwrap_or_else(|error| panic!("{}: {error}", from.display()));
        for entry in entries.flatten() {
            let (path, name) = (entry.path(), entry.file_name());
            let copied = Command::new(machine("cp"))
                .args(["-R", "--"])
                .arg(&path)
                .arg(self.work.join(name))
                .stdin(Stdio::null())
                .status();
            assert!(copied.is_ok_and(|status| status.success()), "{}", path.display());
        }
    }

    /// Commits the work tree as it is, pushes it to `main` and returns the commit's id.
    pub fn push(&self, message: &str) -> String {
        let _one = self.pushing.lock();
        self.git(&self.work, &["add", "--all"]);
        self.git(&self.work, &["commit", "--quiet", "--allow-empty", "-m", message]);
        let bare = self.bare.display().to_string();
        self.git(&self.work, &["push", "--quiet", &bare, "HEAD:main"]);
        // git refuses a repository that another user owns, and argocd runs it with HOME=/dev/null.
        hand_over(&self.bare);
        self.git(&self.work, &["rev-parse", "HEAD"])
    }

    fn git(&self, folder: &Path, arguments: &[&str]) -> String {
        let output = Command::new(machine("git"))
            .args(arguments)
            .current_dir(folder)
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", &self.home)
            .stdin(Stdio::null())
            .output();
        let output = output.unwrap_or_else(|error| panic!("git: {error}"));
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "git {arguments:?}: {said}");
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }
}
