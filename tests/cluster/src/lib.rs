//! A real API server for tests, without Docker: etcd, kube-apiserver and kubectl as processes of this machine.
//!
//! [`ControlPlane::shared`] is the one of the test process. What a test starts ends with its owner, and with the test
//! process however that ends.
#![expect(
    clippy::panic,
    clippy::missing_panics_doc,
    reason = "a test whose machine does not run fails; it never skips"
)]

mod control_plane;
mod keep;
mod kubectl;
mod port;
mod process;
mod server;
mod wait;

pub use control_plane::ControlPlane;
pub use keep::keep;
pub use kubectl::Watched;
pub use port::free_port;
pub use process::{Process, below, children, zombies};
pub use server::{Server, http_ok};
pub use wait::{until, within};
