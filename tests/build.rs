//! Runs the real kustomize with our binary, in the three forms.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use test_support::{Scratch, kustomize};

/// Our binary.
pub(crate) const PLEACH: &str = env!("CARGO_BIN_EXE_pleach");

/// The kinds that a plugin home of these tests holds.
const KINDS: [(&str, &str); 4] = [
    ("pleach.dev/v1alpha1", "Pipeline"),
    ("pleach.dev/v1alpha1", "SopsDecrypt"),
    ("viaduct.ai/v1", "ksops"),
    ("viaduct.ai/v1", "ksops-exec"),
];

/// A place to build in: a plugin home of links to our binary, a folder of programs, and the throw-away keys.
pub(crate) struct Builder {
    pub(crate) scratch: Scratch,
    variables: Vec<(String, String)>,
}

impl Builder {
    /// With the throw-away keys in the environment.
    pub(crate) fn new() -> Self {
        Self::without_keys()
            .env("SOPS_AGE_KEY_FILE", root().join("tests/keys/throw-away-age.txt"))
            .env("PLEACH_PGP_KEY_FILE", root().join("tests/keys/throw-away-cv25519.asc"))
    }

    /// With no key anywhere.
    pub(crate) fn without_keys() -> Self {
        let scratch = Scratch::new();
        for (api_version, kind) in KINDS {
            let folder = scratch.dir(format!("plugins/{api_version}/{}", kind.to_lowercase()));
            link(&folder.join(kind));
        }
        for name in ["pleach", "ksops", "sops-decrypt"] {
            link(&scratch.dir("bin").join(name));
        }
        Self { scratch, variables: Vec::new() }
    }

    /// One variable more in the environment of kustomize, and so of every function.
    pub(crate) fn env(mut self, name: &str, value: impl AsRef<Path>) -> Self {
        self.variables.push((name.to_owned(), value.as_ref().display().to_string()));
        self
    }

    /// A program with the environment of the builder.
    pub(crate) fn command(&self, program: impl AsRef<Path>) -> Command {
        let mut command = self.scratch.command(program.as_ref());
        let path = std::env::var("PATH").unwrap_or_default();
        command
            .env("PATH", format!("{}:{path}", self.scratch.join("bin").display()))
            .env("KUSTOMIZE_PLUGIN_HOME", self.scratch.join("plugins"))
            .envs(self.variables.iter().map(|(name, value)| (name, value)));
        command
    }

    /// `kustomize build` of a folder with these flags.
    pub(crate) fn kustomize(&self, folder: &Path, flags: &[&str]) -> Output {
        let mut command = self.command(kustomize());
        command.arg("build").args(flags).arg(folder).output().expect("kustomize starts")
    }

    /// The plugin form.
    pub(crate) fn plugin(&self, folder: &Path) -> Output {
        self.kustomize(folder, &["--enable-alpha-plugins"])
    }

    /// The exec function form.
    pub(crate) fn function(&self, folder: &Path) -> Output {
        self.kustomize(folder, &["--enable-alpha-plugins", "--enable-exec"])
    }

    /// `pleach run` in `folder` with this on its standard input.
    pub(crate) fn pleach(&self, folder: &Path, arguments: &[&str], stdin: &[u8]) -> Output {
        use std::io::Write as _;
        let mut child = self
            .command(PLEACH)
            .args(arguments)
            .current_dir(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("pleach starts");
        let mut pipe = child.stdin.take().expect("a pipe");
        let stdin = stdin.to_vec();
        // A program that ends early closes the pipe; what it says then is what the test looks at.
        let writer = std::thread::spawn(move || drop(pipe.write_all(&stdin)));
        let output = child.wait_with_output().expect("pleach ends");
        writer.join().expect("the writer ends");
        output
    }
}

/// The root of the repository.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Standard output of a build that must succeed.
pub(crate) fn built(output: &Output) -> String {
    assert!(output.status.success(), "{}: {}", output.status, said(output));
    String::from_utf8(output.stdout.clone()).expect("text")
}

/// Standard error.
pub(crate) fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// The documents of a stream, sorted by kind and name.
pub(crate) fn objects(stream: &str) -> Vec<serde_json::Value> {
    let mut objects = yaml::values(stream.as_bytes()).expect("YAML");
    objects.sort_by_key(|object| format!("{} {}", object["kind"], object["metadata"]["name"]));
    objects
}

/// The object of this kind and name.
pub(crate) fn find<'a>(
    objects: &'a [serde_json::Value],
    kind: &str,
    name: &str,
) -> &'a serde_json::Value {
    let place =
        objects.iter().position(|one| one["kind"] == kind && one["metadata"]["name"] == name);
    assert!(place.is_some(), "no {kind} {name}");
    &objects[place.unwrap_or_default()]
}

/// Copies a folder of a case.
pub(crate) fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("a folder").map(|entry| entry.expect("an entry")) {
        let target: PathBuf = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).expect("a copy");
        }
    }
}

fn link(at: &Path) {
    std::os::unix::fs::symlink(PLEACH, at).expect("a link");
}

/// Compares with a committed file; `UPDATE=1` (`make update`) rewrites it.
pub(crate) fn assert_golden(file: &str, got: &str) {
    let path = root().join(file);
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, got).expect("a golden file");
    }
    let want = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(got, want, "{file} is stale: `make update` rewrites it");
}
