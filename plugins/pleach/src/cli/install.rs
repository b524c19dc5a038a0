//! `pleach install`: puts the binary, its names and a plugin home in place.

use std::fmt::Write;
use std::path::PathBuf;

use clap::Args;
use krm::Finding;

use crate::functions::FUNCTIONS;
use crate::install::{self, Home};

/// Copy the binary into DIR and link the functions' names beside it
///
/// Works where there is no shell. To upgrade, run the new binary's install over the old one: each
/// file is replaced in one step.
#[derive(Debug, Args)]
pub(crate) struct Install {
    /// Where the binary goes
    dir: PathBuf,
    /// Lay out a kustomize plugin home there, too
    #[arg(long, value_name = "DIR")]
    plugins: Option<PathBuf>,
    /// Make the plugin home of shell scripts that call pleach from PATH, not of links to the binary
    #[arg(long, requires = "plugins")]
    wrappers: bool,
    /// Link the binary as kustomize, too: put DIR before the real kustomize on PATH
    #[arg(long)]
    kustomize: bool,
}

impl Install {
    pub(crate) fn text(&self) -> Result<String, Box<Finding>> {
        let mut placed = install::binary(&self.dir, FUNCTIONS)?;
        if self.kustomize {
            placed.push(install::wrapper(&self.dir)?);
        }
        let mut last = String::new();
        if let Some(plugins) = &self.plugins {
            let kind = if self.wrappers { Home::Wrappers } else { Home::Links };
            placed.extend(install::home(plugins, &self.dir.join("pleach"), kind, FUNCTIONS)?);
            let _ = writeln!(
                last,
                "hint: KUSTOMIZE_PLUGIN_HOME={} kustomize build --enable-alpha-plugins DIR",
                plugins.display()
            );
        }
        let mut text = String::new();
        for file in placed {
            let _ = writeln!(text, "{}", file.display());
        }
        Ok(text + &last)
    }
}
