//! `pleach diff`: what a run would change, and why.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use krm::{Environment, Finding, Ran, Registry, diff, serve};

use super::run;
use crate::functions::FUNCTIONS;

/// Show what a run would change and why; a secret's value is never shown
///
/// Changes nothing. Paths in the config are relative to the nearest kustomization at or above it.
#[derive(Debug, Args)]
pub(crate) struct Diff {
    /// The config
    config: PathBuf,
    /// Manifests for it to work on
    files: Vec<PathBuf>,
    /// How it is shown
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// Show which secrets there are and which changed, without any key
    #[arg(long)]
    redact: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    /// One line per change, for people
    Text,
    /// A kustomize overlay over `../original` that makes the same changes without pleach
    Patches,
}

impl Diff {
    pub(crate) fn run(self, environment: Environment) -> ExitCode {
        match self.changes(environment) {
            Ok(code) => code,
            Err(finding) => serve::say(&finding),
        }
    }

    fn changes(&self, environment: Environment) -> Result<ExitCode, Box<Finding>> {
        let environment = run::redacted(environment, self.redact);
        let input = run::by_hand(&self.config, &self.files)?;
        let registry = Registry::new(FUNCTIONS, "pleach");
        let base = serve::base_of(&self.config);
        let loader = serve::guarded(&registry, &environment, &base)?;
        let ran = krm::run(&registry, input, &loader, &serve::dispatched);
        serve::say_all(&ran);
        if ran.failed() {
            return Ok(ExitCode::FAILURE);
        }
        super::print(&self.text(&ran)?)?;
        Ok(ExitCode::SUCCESS)
    }

    fn text(&self, ran: &Ran) -> Result<String, Box<Finding>> {
        match self.format {
            Format::Text => Ok(diff::text(ran)),
            Format::Patches => {
                let overlay = diff::overlay(ran, "../original")?;
                Ok(files(&overlay))
            }
        }
    }
}

/// The files of the overlay, one after the other, each under its name.
fn files(overlay: &diff::Overlay) -> String {
    let kustomization = format!("# kustomization.yaml\n{}", overlay.kustomization);
    match &overlay.added {
        Some(added) => format!("{kustomization}---\n# added.yaml\n{added}"),
        None => kustomization,
    }
}
