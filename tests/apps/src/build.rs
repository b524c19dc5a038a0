//! Builds as an operator makes them: the real kustomize, `--enable-alpha-plugins`, a plugin home, the throw-away keys;
//! and no network.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use test_support::{Scratch, kustomize, machine};

/// A plugin home that `pleach install` has laid out, and what keeps a build off the network.
#[derive(Debug)]
pub struct Plugins {
    scratch: Scratch,
    offline: Vec<&'static str>,
}

/// What came of a build.
#[derive(Debug)]
pub struct Made {
    /// Whether it ended well.
    pub success: bool,
    /// The stream of manifests.
    pub stream: String,
    /// What it said.
    pub said: String,
}

/// The key file that opens the tree at `root`: the throw-away one, or what `TREE_AGE_KEY_FILE` names in a fork whose
/// Secrets have another.
#[must_use]
pub fn key_file(root: &Path) -> PathBuf {
    let named = std::env::var_os("TREE_AGE_KEY_FILE").map(PathBuf::from);
    named.unwrap_or_else(|| root.join("tests/keys/throw-away-age.txt"))
}

/// Ways into a network namespace with nothing in it: as root, and as anybody else.
const WAYS: [&[&str]; 2] = [&["--net"], &["--user", "--map-root-user", "--net"]];

impl Plugins {
    /// Installs this `pleach`.
    #[must_use]
    pub fn install(pleach: &Path) -> Self {
        let scratch = Scratch::new();
        let mut install = scratch.command(pleach);
        install.arg("install").arg(scratch.join("bin"));
        let output = run(install.arg("--plugins").arg(scratch.join("plugins")));
        assert!(output.success, "pleach install: {}", output.said);
        let works = |way: &&&[&str]| {
            let mut probe = scratch.command(machine("unshare"));
            probe.args(**way).arg("true").stdout(Stdio::null()).stderr(Stdio::null());
            probe.status().is_ok_and(|status| status.success())
        };
        // Not on macOS, and not where user namespaces are closed: there the variables of `command` must do.
        let way = cfg!(target_os = "linux").then(|| WAYS.iter().find(works)).flatten();
        Self { scratch, offline: way.map(|way| way.to_vec()).unwrap_or_default() }
    }

    /// The plugin home.
    #[must_use]
    pub fn home(&self) -> PathBuf {
        self.scratch.join("plugins")
    }

    /// Whether builds run in a network namespace of their own.
    #[must_use]
    pub fn is_cut_off(&self) -> bool {
        !self.offline.is_empty()
    }

    /// `kustomize build` of a folder, with the key of [`key_file`].
    #[must_use]
    pub fn build(&self, root: &Path, folder: &str) -> Made {
        self.build_with_key(root, folder, "SOPS_AGE_KEY_FILE", &key_file(root))
    }

    /// [`build`](Self::build) with one key file of the operator's own.
    #[must_use]
    pub fn build_with_key(&self, root: &Path, folder: &str, variable: &str, key: &Path) -> Made {
        let mut command = self.command(&kustomize());
        command.args(["build", "--enable-alpha-plugins", folder]).current_dir(root);
        run(command.env("KUSTOMIZE_PLUGIN_HOME", self.scratch.join("plugins")).env(variable, key))
    }

    /// Our own program in `root`, with the key of [`key_file`].
    #[must_use]
    pub fn pleach(&self, root: &Path, arguments: &[&str]) -> Made {
        let mut command = self.command(&self.scratch.join("bin/pleach"));
        command.env("KUSTOMIZE_PLUGIN_HOME", self.scratch.join("plugins"));
        command.env("SOPS_AGE_KEY_FILE", key_file(root));
        run(command.args(arguments).current_dir(root).env("PLEACH_KUSTOMIZE", kustomize()))
    }

    /// A program without network: in a namespace of its own, and with proxies where nobody listens.
    fn command(&self, program: &Path) -> Command {
        let mut command = if self.offline.is_empty() {
            self.scratch.command(program)
        } else {
            let mut command = self.scratch.command(machine("unshare"));
            command.args(&self.offline).arg(program);
            command
        };
        for variable in ["http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"] {
            command.env(variable, "http://127.0.0.1:9");
        }
        command.env("GIT_ALLOW_PROTOCOL", "none");
        command
    }
}

fn run(command: &mut Command) -> Made {
    let output: Output = command
        .stdin(Stdio::null())
        .output()
        .unwrap_or_else(|error| panic!("{}: {error}", command.get_program().display()));
    Made {
        success: output.status.success(),
        stream: String::from_utf8_lossy(&output.stdout).into_owned(),
        said: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}
