//! `pleach version`: the version, on one line.

use clap::Args;

/// Print the version
#[derive(Debug, Args)]
pub(crate) struct Version {}

impl Version {
    pub(crate) fn text() -> String {
        format!("pleach {}\n", env!("CARGO_PKG_VERSION"))
    }
}
