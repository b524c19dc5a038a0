//! `kustomize`, our wrapper in front of the real one: what it refuses, what it adds, what it leaves alone.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod cases;
mod output;
mod process;
mod skipped;

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use test_support::kustomize;

use crate::build::{Builder, PLEACH, built, root, said};

/// The wrapper before the real kustomize on `PATH`, and a tree.
struct Wrapped {
    builder: Builder,
    tree: PathBuf,
}

impl Wrapped {
    fn new() -> Self {
        let builder = Builder::new();
        symlink(PLEACH, builder.scratch.dir("wrap").join("kustomize")).unwrap();
        let tree = builder.scratch.dir("tree");
        Self { builder, tree }
    }

    fn write(&self, path: &str, text: &str) {
        self.builder.scratch.write(Path::new("tree").join(path), text);
    }

    /// A program with the wrapper and then the real kustomize on `PATH`.
    fn command(&self, program: impl AsRef<Path>) -> Command {
        let mut command = self.builder.command(program);
        let real = kustomize();
        let folders = [
            self.builder.scratch.join("wrap"),
            self.builder.scratch.join("bin"),
            real.parent().unwrap().to_owned(),
        ];
        let path =
            std::env::join_paths(folders.into_iter().chain(["/usr/bin".into(), "/bin".into()]));
        command.env("PATH", path.unwrap()).current_dir(&self.tree).stdin(Stdio::null());
        command
    }

    /// The wrapper.
    fn wrapper(&self) -> Command {
        self.command(self.builder.scratch.join("wrap/kustomize"))
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.wrapper().args(arguments).output().unwrap()
    }

    /// The real kustomize, without the wrapper.
    fn real(&self, arguments: &[&str]) -> Output {
        self.command(kustomize()).args(arguments).output().unwrap()
    }

    fn refused(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(!output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
        assert!(output.stdout.is_empty());
        said(&output).replace(&self.builder.scratch.path().display().to_string(), "DIR")
    }

    /// A stand-in for the real kustomize.
    fn stand_in(&self, script: &str) -> PathBuf {
        let file =
            self.builder.scratch.write("programs/kustomize", format!("#!/bin/sh\n{script}\n"));
        fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
        file
    }
}

#[test]
fn what_is_no_build_goes_through_byte_for_byte() {
    for arguments in [
        vec!["version"],
        vec!["version", "--short"],
        vec!["version", "-o", "json"],
        vec!["edit", "set", "namespace", "a"],
        vec!["edit", "set", "image", "a=b:1.0"],
        vec!["edit", "add", "label", "a:b"],
        vec!["edit", "no-such"],
        vec!["build", "--help"],
        vec!["--help"],
        vec![],
    ] {
        let files = |of: &Wrapped| fs::read(of.tree.join("kustomization.yaml")).unwrap();
        let tree = "# kept\nresources: [a.yaml] # here\n";
        let (wrapped, plain) = (Wrapped::new(), Wrapped::new());
        wrapped.write("kustomization.yaml", tree);
        plain.write("kustomization.yaml", tree);
        let (ours, theirs) = (wrapped.run(&arguments), plain.real(&arguments));
        assert_eq!(ours.status, theirs.status, "{arguments:?}");
        assert_eq!(ours.stdout, theirs.stdout, "{arguments:?}");
        assert_eq!(said(&ours), said(&theirs), "{arguments:?}");
        assert_eq!(files(&wrapped), files(&plain), "{arguments:?}");
    }
}

#[test]
fn a_build_is_the_one_of_the_real_kustomize_byte_for_byte() {
    let wrapped = Wrapped::new();
    let quickstart = root().join("examples/quickstart");
    let folder = quickstart.to_str().unwrap();
    for arguments in [
        vec!["build", "--enable-alpha-plugins", folder],
        vec![
            "build",
            folder,
            "--enable-alpha-plugins",
            "--load-restrictor=LoadRestrictionsRootOnly",
        ],
    ] {
        assert_eq!(built(&wrapped.run(&arguments)), built(&wrapped.real(&arguments)));
    }
    // A build that fails says what kustomize says, and ends as it ends.
    let (ours, theirs) = (wrapped.run(&["build", folder]), wrapped.real(&["build", folder]));
    assert_eq!((ours.status, said(&ours)), (theirs.status, said(&theirs)));
    assert!(!ours.status.success());
}

#[test]
fn the_next_kustomize_on_path_that_is_not_the_wrapper_is_the_real_one() {
    let wrapped = Wrapped::new();
    let version = built(&wrapped.real(&["version"]));
    assert_eq!(built(&wrapped.run(&["version"])), version);
    // The same binary under another name, and a copy of it, are wrappers as well.
    let copy = wrapped.builder.scratch.dir("copy").join("kustomize");
    fs::copy(PLEACH, &copy).unwrap();
    for first in ["wrap", "copy"] {
        let mut command = wrapped.command(wrapped.builder.scratch.join(first).join("kustomize"));
        let real = kustomize();
        let folders = ["wrap", "copy", "wrap"].map(|folder| wrapped.builder.scratch.join(folder));
        let path = folders.into_iter().chain([real.parent().unwrap().to_owned()]);
        command.env("PATH", std::env::join_paths(path).unwrap());
        assert_eq!(built(&command.arg("version").output().unwrap()), version, "{first}");
    }
}

#[test]
fn two_wrappers_and_no_kustomize_end_with_an_error() {
    let wrapped = Wrapped::new();
    let copy = wrapped.builder.scratch.dir("copy").join("kustomize");
    fs::copy(PLEACH, &copy).unwrap();
    wrapped.write("kustomization.yaml", "namePrefix: a-\n");
    let folders = ["wrap", "copy"].map(|folder| wrapped.builder.scratch.join(folder));
    let path = std::env::join_paths(folders).unwrap();
    for arguments in [["version"].as_slice(), &["build", "."]] {
        let output = wrapped.wrapper().args(arguments).env("PATH", &path).output().unwrap();
        assert!(!output.status.success());
        insta::allow_duplicates!(insta::assert_snapshot!(said(&output), @r"
        error: no kustomize stands on PATH but this wrapper
        hint: install kustomize 5.8.2 or later, or set PLEACH_KUSTOMIZE to it
        "));
    }
}

#[test]
fn the_operator_names_the_real_kustomize_and_not_the_wrapper() {
    let wrapped = Wrapped::new();
    let named = |path: PathBuf| {
        // One that took itself for the real one would call itself for ever.
        let mut command = wrapped.wrapper();
        let pipes = command.arg("version").env("PLEACH_KUSTOMIZE", path).stdout(Stdio::piped());
        let mut child = pipes.stderr(Stdio::piped()).spawn().unwrap();
        let ended = process::until(|| child.try_wait().unwrap().is_some());
        let _ = child.kill();
        let output = child.wait_with_output().unwrap();
        assert!(ended, "it calls itself");
        output
    };
    assert_eq!(built(&named(wrapped.stand_in("echo named"))), "named\n");
    assert!(said(&named(PLEACH.into())).contains("PLEACH_KUSTOMIZE names this wrapper"));
    assert!(said(&named("kustomize".into())).contains("PLEACH_KUSTOMIZE names no program"));
    assert!(
        said(&named("/no/such/kustomize".into())).contains("PLEACH_KUSTOMIZE names no program")
    );
}

#[test]
fn the_committed_script_is_the_wrapper_too() {
    let wrapped = Wrapped::new();
    let script = root().join("exec-wrappers/bin/kustomize");
    let mut path = vec![script.parent().unwrap().to_owned(), wrapped.builder.scratch.join("bin")];
    path.push(kustomize().parent().unwrap().to_owned());
    path.push("/bin".into());
    let path = std::env::join_paths(path).unwrap();
    wrapped.write("kustomization.yaml", "generators: [\"{apiVersion: a/v1, kind: B, metadata: {name: c, annotations: {config.kubernetes.io/function: 'exec: {path: x}'}}}\"]\n");
    let run = |arguments: &[&str]| {
        let mut command = wrapped.command(&script);
        command.args(arguments).env("PATH", &path).output().unwrap()
    };
    assert_eq!(built(&run(&["version"])), built(&wrapped.real(&["version"])));
    assert!(
        said(&run(&["build", "--enable-alpha-plugins"])).contains("exec functions are disabled")
    );
}

#[test]
fn install_links_the_wrapper_when_asked() {
    let wrapped = Wrapped::new();
    let dir = wrapped.builder.scratch.join("installed");
    let install = |more: &[&str]| {
        let mut command = wrapped.command(PLEACH);
        built(&command.arg("install").arg(&dir).args(more).output().unwrap())
    };
    install(&[]);
    assert!(!dir.join("kustomize").exists());
    assert!(install(&["--kustomize"]).contains("/installed/kustomize\n"));
    let mut command = wrapped.command(dir.join("kustomize"));
    let version = command.arg("version").output().unwrap();
    assert_eq!(built(&version), built(&wrapped.real(&["version"])));
}

#[test]
fn each_version_of_argo_cd_has_its_real_kustomize_beside_its_wrapper() {
    let wrapped = Wrapped::new();
    for version in ["v5.7.1", "v5.8.2"] {
        let folder = wrapped.builder.scratch.dir(format!("versions/{version}"));
        symlink(PLEACH, folder.join("kustomize")).unwrap();
        let real = folder.join("kustomize.real");
        fs::write(&real, format!("#!/bin/sh\necho {version}\n")).unwrap();
        fs::set_permissions(&real, fs::Permissions::from_mode(0o755)).unwrap();
        let called = wrapped.command(folder.join("kustomize")).arg("version").output().unwrap();
        assert_eq!(built(&called), format!("{version}\n"));
    }
}
