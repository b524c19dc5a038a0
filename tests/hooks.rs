//! The hooks that other repositories take from here, run by the real pre-commit.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use test_support::{Scratch, machine, pre_commit};

const SECRET: &str =
    "apiVersion: v1\nkind: Secret\nmetadata:\n  name: app\nstringData:\n  password: hunter2\n";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A repository `tree/` whose commits go through the hook `id` of the repository `hooks` at `revision`.
struct Repository {
    scratch: Scratch,
    path: std::ffi::OsString,
}

impl Repository {
    fn new(hooks: Option<&Path>, id: &str) -> Self {
        let scratch = Scratch::new();
        let path = std::env::var_os("PATH").unwrap_or_default();
        let binaries =
            Path::new(env!("CARGO_BIN_EXE_pleach")).parent().expect("its folder").to_owned();
        let path =
            std::env::join_paths(std::iter::once(binaries).chain(std::env::split_paths(&path)))
                .expect("PATH");
        let repository = Self { scratch, path };
        let hooks = hooks.map_or_else(|| repository.manifest_alone(), Path::to_owned);
        let revision = repository.git(&["-C", hooks.to_str().expect("text"), "rev-parse", "HEAD"]);
        repository.git(&["init", "--quiet", "tree"]);
        let config = format!(
            "repos:\n- repo: {}\n  rev: {}\n  hooks: [{{id: {id}}}]\n",
            hooks.display(),
            String::from_utf8_lossy(&revision.stdout).trim()
        );
        repository.scratch.write("tree/.pre-commit-config.yaml", config);
        let installed =
            repository.command(&pre_commit()).arg("install").output().expect("pre-commit");
        assert!(installed.status.success(), "{}", text(&installed));
        repository
    }

    /// A repository that holds only the manifest of the hooks: all that pre-commit reads for a system hook.
    fn manifest_alone(&self) -> PathBuf {
        let manifest = std::fs::read(root().join(".pre-commit-hooks.yaml")).expect("the manifest");
        self.scratch.write("hooks/.pre-commit-hooks.yaml", manifest);
        self.git(&["init", "--quiet", "hooks"]);
        self.git(&["-C", "hooks", "add", "--all"]);
        self.git(&["-C", "hooks", "commit", "--quiet", "--message", "hooks"]);
        self.scratch.join("hooks")
    }

    fn command(&self, program: &Path) -> Command {
        let mut command = self.scratch.command(program);
        command.current_dir(self.scratch.dir("tree")).env("PATH", &self.path);
        command.env("PRE_COMMIT_HOME", self.scratch.join("pre-commit"));
        // What `pre-commit install` writes calls Python, which must find the package.
        command.env("PYTHONPATH", pre_commit().with_file_name("").join("../lib"));
        // cargo and rustup of the user: the scratch home has none.
        let home = PathBuf::from(std::env::var_os("HOME").unwrap_or_default());
        for (name, folder) in [("CARGO_HOME", ".cargo"), ("RUSTUP_HOME", ".rustup")] {
            command.env(name, std::env::var_os(name).unwrap_or_else(|| home.join(folder).into()));
        }
        for who in ["AUTHOR", "COMMITTER"] {
            command
                .env(format!("GIT_{who}_NAME"), "test")
                .env(format!("GIT_{who}_EMAIL"), "test@localhost");
        }
        command
    }

    fn git(&self, arguments: &[&str]) -> Output {
        let output = self
            .command(&machine("git"))
            .current_dir(self.scratch.path())
            .args(arguments)
            .output()
            .expect("git");
        assert!(output.status.success(), "git {arguments:?}: {}", text(&output));
        output
    }

    /// Writes and adds files, and tries to commit.
    fn commit(&self, files: &[(&str, &str)]) -> Output {
        for (path, content) in files {
            self.scratch.write(Path::new("tree").join(path), content);
        }
        self.git(&["-C", "tree", "add", "--all"]);
        self.command(&machine("git"))
            .args(["commit", "--message", "a change"])
            .output()
            .expect("git")
    }

    fn commits(&self) -> usize {
        let log = self.git(&["-C", "tree", "rev-list", "--count", "--all"]);
        String::from_utf8_lossy(&log.stdout).trim().parse().expect("a count")
    }
}

fn text(output: &Output) -> String {
    String::from_utf8_lossy(&[output.stdout.as_slice(), &output.stderr].concat()).into_owned()
}

fn refuses_and_passes(repository: &Repository) {
    let refused = repository.commit(&[("apps/secret.yaml", SECRET)]);
    let said = text(&refused);
    assert!(!refused.status.success(), "{said}");
    assert!(
        said.contains(
            "error: apps/secret.yaml:6: Secret app: stringData.password: not encrypted\nhint: "
        ),
        "{said}"
    );
    assert!(!said.contains("hunter2"), "{said}");
    assert_eq!(repository.commits(), 0);

    let case = root().join("tests/cases/secrets/clean-encrypted-manifest");
    let read = |name: &str| std::fs::read_to_string(case.join(name)).expect("the case");
    let passed = repository.commit(&[
        ("apps/secret.yaml", ""),
        (".sops.yaml", &read(".sops.yaml")),
        ("app.sops.yaml", &read("app.sops.yaml")),
    ]);
    assert!(passed.status.success(), "{}", text(&passed));
    assert_eq!(repository.commits(), 1);

    // The generator stands already, and only its input is part of the commit.
    let generator = "secretGenerator:\n- name: app\n  envs: [app.env]\n";
    assert!(repository.commit(&[("apps/kustomization.yaml", generator)]).status.success());
    let refused = repository.commit(&[("apps/app.env", "PASSWORD=hunter2\n")]);
    assert!(
        text(&refused)
            .contains("error: apps/app.env: not encrypted, and secretGenerator[0].envs[0] of "),
        "{}",
        text(&refused)
    );
    assert_eq!(repository.commits(), 2);
}

#[test]
fn a_bad_commit_is_refused_and_a_good_one_passes() {
    refuses_and_passes(&Repository::new(None, "pleach-secrets-system"));
}

/// Builds the last commit of this repository as pre-commit does, in release mode: minutes.
#[test]
#[ignore = "builds in release mode: `make test-hooks` runs it"]
fn the_hook_that_is_built_from_source_refuses_and_passes() {
    refuses_and_passes(&Repository::new(Some(root()), "pleach-secrets"));
}

#[test]
fn this_repository_passes_its_own_hook() {
    let report = check::secrets(root(), &[]).expect("a report");
    assert!(report.passed(), "{report}");
}
