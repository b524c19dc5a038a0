//! `pleach secrets`: the pre-commit hook.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use krm::serve;

/// Refuse secrets that stand in the clear
///
/// Looks at every file that git tracks, or at those that are named, without a key: what `.sops.yaml` says is encrypted
/// is, with a MAC, for the recipients that it names, and no Secret stands in the clear in any form. Exits with 1 when
/// something is found. `pleach docs plain-secret`, and the pages it names, say what counts.
#[derive(Debug, Args)]
pub(crate) struct Secrets {
    /// Files and folders to look at; all that git tracks when none is named
    files: Vec<PathBuf>,
}

impl Secrets {
    pub(crate) fn run(&self) -> ExitCode {
        match check::secrets(Path::new("."), &self.files) {
            Ok(report) => {
                let said = write!(std::io::stderr().lock(), "{report}");
                if report.passed() && said.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
            }
            Err(finding) => serve::say(&finding),
        }
    }
}
