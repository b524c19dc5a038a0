//! The real Argo CD as processes of this machine, for tests: a git repository, Redis, argocd-repo-server,
//! argocd-cmp-server and argocd-application-controller, in front of the API server of [`cluster`].
//!
//! What runs kustomize runs as in the pods of the upstream manifests: see [`Confined`].
#![expect(
    clippy::panic,
    clippy::missing_panics_doc,
    reason = "a test whose machine does not run fails; it never skips"
)]

mod application;
mod argo;
mod configuration;
mod confined;
mod layout;
mod repo_server;
mod repository;
mod requests;
mod secret;

pub use application::{Application, Form};
pub use argo::Argo;
pub use confined::{Confined, USER};
pub use layout::Layout;
pub use repo_server::{First, Options, REDIS_PASSWORD, RepoServer};
pub use repository::Repository;
pub use requests::{Answers, Requests};
pub use secret::{encrypt, encrypted};

use std::path::PathBuf;

/// The root of pleach's own repository.
#[must_use]
pub fn root() -> PathBuf {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
    root.canonicalize().unwrap_or_else(|error| panic!("{}: {error}", root.display()))
}

/// The binary under test: the static one that an initContainer copies, or what `PLEACH` names.
#[must_use]
pub fn pleach() -> PathBuf {
    let named = std::env::var_os("PLEACH").map(PathBuf::from);
    let pleach =
        named.map_or_else(|| root().join("target/static/pleach"), |named| root().join(named));
    assert!(pleach.is_file(), "{} is missing: run `make static`", pleach.display());
    pleach
}
