//! `pleach run`: runs a config by hand, or the Pipelines of a stream.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use krm::{Environment, Finding, Input, Registry, serve};

use crate::functions::FUNCTIONS;

/// Run a config, or the Pipelines that stand in the stream on standard input
///
/// With CONFIG: the functions of its documents run one after the other, on the manifests of the
/// FILEs. Paths in the config are relative to the nearest kustomization at or above it.
/// Without: `kustomize build DIR | pleach run`.
#[derive(Debug, Args)]
pub(crate) struct Run {
    /// The config
    config: Option<PathBuf>,
    /// Manifests for it to work on
    files: Vec<PathBuf>,
    /// Show which secrets there are and which changed, without any key and without any value
    #[arg(long)]
    redact: bool,
}

impl Run {
    pub(crate) fn run(self, environment: Environment) -> ExitCode {
        let environment =
            if self.redact { environment.with("PLEACH_SOPS", "redact") } else { environment };
        match self.input() {
            Ok(input) => serve::serve(&Registry::new(FUNCTIONS, "pleach"), environment, input),
            Err(finding) => serve::say(&finding),
        }
    }

    fn input(&self) -> Result<Input, Box<Finding>> {
        let Some(config) = &self.config else { return Ok(Input::Stdin(serve::read_stdin()?)) };
        Ok(Input::Hand {
            config: serve::read_file(config)?,
            files: self
                .files
                .iter()
                .map(|file| serve::read_file(file))
                .collect::<Result<_, _>>()?,
        })
    }
}
