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

/// A program of one of the Go modules below `tests/tools/`.
#[must_use]
pub fn tool(module: &str, program: &str) -> PathBuf {
    let build = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tools/build");
    let output = Command::new("sh").arg(&build).args(["--where", module]).output();
    let path = match output {
        Ok(output) if output.status.success() => {
            PathBuf::from(String::from_utf8_lossy(&output.stdout).trim_end()).join(program)
        }
        other => panic!("{} --where {module}: {other:?}", build.display()),
    };
    assert!(path.exists(), "{} is missing: run `make tools`", path.display());
    path
}

/// A program that comes from the machine, such as `gpg` or `ssh-keygen`.
#[must_use]
pub fn machine(program: &str) -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found =
        std::env::split_paths(&path).map(|dir| dir.join(program)).find(|file| file.is_file());
    found.unwrap_or_else(|| panic!("{program} is missing: `make tools` says how to get it"))
}
