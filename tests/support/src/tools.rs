//! Where the tools are that `make tools` builds.

use std::path::{Path, PathBuf};
use std::process::Command;

/// The real kustomize.
#[must_use]
pub fn kustomize() -> PathBuf {
    tool("kustomize", "kustomize")
}

/// The real sops.
#[must_use]
pub fn sops() -> PathBuf {
    tool("sops", "sops")
}

/// The reference implementation of age.
#[must_use]
pub fn age() -> PathBuf {
    tool("age", "age")
}

/// Makes age keys.
#[must_use]
pub fn age_keygen() -> PathBuf {
    tool("age", "age-keygen")
}

/// The real pre-commit.
#[must_use]
pub fn pre_commit() -> PathBuf {
    built(&where_is("wheel", "pre-commit").join("pre-commit"))
}

/// The folder with the CRDs of Traefik, cert-manager and the Gateway API, one file for each.
#[must_use]
pub fn crds() -> PathBuf {
    built(&where_is("crds", ""))
}

/// The folder of bare repositories that stands for GitHub.
#[must_use]
pub fn mirror() -> PathBuf {
    built(&where_is("mirror", ""))
}

/// A program of one of the Go modules below `tests/tools/`.
#[must_use]
pub fn tool(module: &str, program: &str) -> PathBuf {
    built(&where_is("build", module).join(program))
}

/// The folder that one of the scripts below `tests/tools/` installs into.
fn where_is(script: &str, name: &str) -> PathBuf {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tools").join(script);
    match Command::new("sh").arg(&script).args(["--where", name]).output() {
        Ok(output) if output.status.success() => {
            PathBuf::from(String::from_utf8_lossy(&output.stdout).trim_end())
        }
        other => panic!("{} --where {name}: {other:?}", script.display()),
    }
}

fn built(path: &Path) -> PathBuf {
    assert!(path.exists(), "{} is missing: run `make tools`", path.display());
    path.to_owned()
}

/// A program that comes from the machine, such as `gpg` or `ssh-keygen`.
#[must_use]
pub fn machine(program: &str) -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found =
        std::env::split_paths(&path).map(|dir| dir.join(program)).find(|file| file.is_file());
    found.unwrap_or_else(|| panic!("{program} is missing: `make tools` says how to get it"))
}
