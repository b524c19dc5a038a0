//! What lies where for one Argo CD: programs, keys, and the folders that a pod would mount.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use test_support::{Scratch, kustomize, tool};

use crate::confined::{Confined, hand_over};
use crate::{Options, pleach, root};

/// The version of kustomize that has a wrapper of its own, as `kustomize.path.<version>` names it.
pub(crate) const VERSION: &str = "v5.8.2";

/// The folders and programs of one Argo CD, without its servers.
#[derive(Debug)]
pub struct Layout {
    pub(crate) scratch: Scratch,
}

impl Layout {
    /// Lays everything out, and installs pleach as an initContainer does.
    #[must_use]
    pub fn new(options: &Options) -> Self {
        let layout = Self { scratch: Scratch::new() };
        let scratch = &layout.scratch;
        mode(scratch.path(), 0o755);
        for (program, from) in [
            ("argocd-repo-server", tool("argocd", "argocd")),
            ("argocd-cmp-server", tool("argocd", "argocd")),
            ("argocd-application-controller", tool("argocd", "argocd")),
            ("argocd-git-ask-pass", tool("argocd", "argocd")),
            ("argocd-requests", tool("argocd", "argocd")),
            ("argocd-parent", tool("argocd", "argocd")),
            ("git-verify-wrapper.sh", tool("argocd", "git-verify-wrapper.sh")),
            ("gpg-wrapper.sh", tool("argocd", "gpg-wrapper.sh")),
            ("kustomize", kustomize()),
        ] {
            link(&from, &scratch.dir("bin").join(program));
        }
        // Another user can read these, as it can the Secret that a pod mounts.
        for key in ["throw-away-age.txt", "throw-away-cv25519.asc"] {
            let text = fs::read(root().join("tests/keys").join(key));
            scratch.write(
                format!("keys/{key}"),
                text.unwrap_or_else(|error| panic!("{key}: {error}")),
            );
        }
        if let Some(policy) = options.policy {
            let text = policy.replace("FOLDER", &scratch.path().to_string_lossy());
            mode(&scratch.write("etc/pleach/policy.yaml", text), 0o644);
        }
        for (path, text) in &options.files {
            mode(&scratch.write(path, text), 0o755);
        }
        for folder in ["tmp", "sockets", "app/gpg/keys", "cmp/tmp", "installed"] {
            hand_over(&scratch.dir(folder));
        }
        for folder in &options.folders {
            hand_over(&scratch.dir(folder));
            mode(&scratch.join(folder), 0o700);
        }
        mode(&scratch.join("app/gpg/keys"), 0o700);
        for folder in ["log", "app/gpg/source", "app/tls", "cmp/config", "cmp/home"] {
            scratch.dir(folder);
        }
        scratch.write("app/ssh/ssh_known_hosts", "");
        layout.install();
        layout
    }

    /// The folder of all of them.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.scratch.path()
    }

    /// A path below the folder.
    pub fn join(&self, path: impl AsRef<Path>) -> PathBuf {
        self.scratch.join(path)
    }

    /// One of the programs, with what every container's environment has.
    #[must_use]
    pub fn program(&self, name: &str) -> Command {
        let mut command = self.scratch.command(self.join("bin").join(name));
        command
            .env("PATH", format!("{}:/usr/bin:/bin", self.join("bin").display()))
            .env("TMPDIR", self.join("tmp"));
        command
    }

    /// The variables that name the throw-away keys, and over them those of the test.
    pub fn variables(&self, command: &mut Command, variables: &[(&str, &str)]) {
        command
            .env("SOPS_AGE_KEY_FILE", self.join("keys/throw-away-age.txt"))
            .env("PLEACH_PGP_KEY_FILE", self.join("keys/throw-away-cv25519.asc"));
        for (name, value) in variables {
            if value.is_empty() {
                command.env_remove(name);
            } else {
                let folder = self.scratch.path().to_string_lossy();
                command.env(name, value.replace("FOLDER", &folder));
            }
        }
    }

    /// How a container runs: it writes to its own folders and to those of the test, and sees the policy.
    pub(crate) fn confined(&self, own: &[&str], options: &Options) -> Confined {
        let writable = own.iter().chain(&options.folders).map(|folder| self.join(folder));
        let etc = options.policy.map(|_| self.join("etc"));
        Confined { writable: writable.collect(), etc, ..Confined::default() }
    }

    /// What an initContainer does, as its user: `pleach install` into an emptyDir.
    fn install(&self) {
        let installed = self.join("installed");
        // The image's own binary, where uid 999 can reach it.
        let image = self.join("image");
        link(&pleach(), &image);
        let mut install = Command::new(&image);
        install.arg("install").arg(installed.join("bin")).arg("--kustomize");
        install.arg("--plugins").arg(installed.join("plugins"));
        self.as_init_container(install);
        link(&installed.join("bin/pleach"), &self.join("bin/pleach"));
        // A version of `kustomize.path.<version>`, as the README lays one out.
        let version = installed.join("versions").join(VERSION);
        let mut install = Command::new(&image);
        install.arg("install").arg(&version).arg("--kustomize");
        self.as_init_container(install);
        link(&kustomize(), &version.join("kustomize.real"));
    }

    fn as_init_container(&self, mut install: Command) {
        install.current_dir("/");
        let writable = vec![self.join("installed")];
        let mut confined = Confined { writable, ..Confined::default() }.command(&install);
        let output = confined.env("PATH", "/usr/bin:/bin").stdin(Stdio::null()).output();
        let output = output.unwrap_or_else(|error| panic!("unshare: {error}"));
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "pleach install: {said}");
    }
}

fn mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode))
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
}

/// The same file under another name, where every user reaches it.
fn link(from: &Path, to: &Path) {
    fs::hard_link(from, to)
        .or_else(|_| fs::copy(from, to).map(drop))
        .unwrap_or_else(|error| panic!("{}: {error}", from.display()));
}
