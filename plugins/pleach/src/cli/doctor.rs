//! `pleach doctor`: what would stop a build here.

use std::process::ExitCode;

use clap::Args;
use krm::{Environment, Finding, serve};

use crate::functions::FUNCTIONS;

mod gpg;
mod keys;
mod kustomize;
mod line;
mod place;
mod plugins;
mod system;

use line::{Line, State};

/// Say what would stop a build in this folder: plugin home, kustomize, keys, policy, scope, kernel
#[derive(Debug, Args)]
pub(crate) struct Doctor {}

impl Doctor {
    pub(crate) fn run(environment: &Environment) -> ExitCode {
        let mut lines = vec![plugins::look(environment, FUNCTIONS), kustomize::look(environment)];
        lines.extend(keys::of_each(environment));
        lines.push(gpg::look(environment));
        lines.extend(place::look(environment));
        lines.extend(system::look());
        let text: String = lines.iter().map(ToString::to_string).collect();
        if let Err(finding) = super::print(&text) {
            return serve::say(&finding);
        }
        match lines.iter().filter(|line| line.state == State::Error).count() {
            0 => ExitCode::SUCCESS,
            1 => serve::say(&Finding::error("doctor", "one thing would stop a build here")),
            n => {
                serve::say(&Finding::error("doctor", format!("{n} things would stop a build here")))
            }
        }
    }
}
