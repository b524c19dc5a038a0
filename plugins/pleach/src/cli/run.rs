//! `pleach run`: runs a config by hand, or the Pipelines of a stream.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use krm::{Environment, Finding, Input, Registry, serve};

use crate::functions::FUNCTIONS;

/// Run a config, or the Pipelines that stand in the stream on standard input
///
/// With CONFIG: the functions of its documents run one after the other, on the manifests of the
/// FILEs. Paths in the config are relative to the nearest kustomization at or above it.
/// Without: `kustomize build DIR | pleach run`, or, for a stream that holds none,
/// `helm template CHART | pleach run --pipeline FILE`.
#[derive(Debug, Args)]
pub(crate) struct Run {
    /// The config
    config: Option<PathBuf>,
    /// Manifests for it to work on
    files: Vec<PathBuf>,
    /// Run the Pipelines of this file, too; paths in them are relative to the nearest kustomization at or above it
    #[arg(long, value_name = "FILE", conflicts_with = "config")]
    pipeline: Option<PathBuf>,
    /// Show which secrets there are and which changed, without any key and without any value
    #[arg(long)]
    redact: bool,
}

impl Run {
    pub(crate) fn run(self, environment: Environment) -> ExitCode {
        let environment = redacted(environment, self.redact);
        let input = match &self.config {
            Some(config) => by_hand(config, &self.files),
            None => stream(self.pipeline.as_deref()),
        };
        match input {
            Ok(input) => serve::serve(&Registry::new(FUNCTIONS, "pleach"), &environment, input),
            Err(finding) => serve::say(&finding),
        }
    }
}

/// The environment with `--redact` in it.
pub(crate) fn redacted(environment: Environment, redact: bool) -> Environment {
    if redact { environment.with("PLEACH_SOPS", "redact") } else { environment }
}

/// Standard input, with the Pipelines of a file.
fn stream(pipeline: Option<&Path>) -> Result<Input, Box<Finding>> {
    let pipelines = pipeline.map(serve::read_file).transpose()?;
    Ok(Input::Stream { stdin: serve::read_stdin()?, pipelines })
}

/// What a person names on the command line.
pub(crate) fn by_hand(config: &Path, files: &[PathBuf]) -> Result<Input, Box<Finding>> {
    Ok(Input::Hand {
        config: serve::read_file(config)?,
        files: files.iter().map(|file| serve::read_file(file)).collect::<Result<_, _>>()?,
    })
}
