//! The command line: one file per command, each returns what goes to standard output.

use std::ffi::OsString;
use std::io::{self, Write};
use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};
use krm::{Environment, Finding, serve};

mod completions;
mod diff;
mod docs;
mod doctor;
mod exec_env;
mod facts;
mod install;
mod list;
mod man;
mod run;
mod schema;
mod secrets;
mod version;

/// Weaves secrets into a plain kustomize tree while it is built.
///
/// kustomize and kpt call it as a function: a ResourceList on standard input, or the config file of
/// an exec plugin as the only argument. A stream that holds its Pipeline goes through
/// `kustomize build DIR | pleach run`.
#[derive(Debug, Parser)]
#[command(name = "pleach", version, disable_help_subcommand = true, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Run(run::Run),
    Diff(diff::Diff),
    List(list::List),
    Schema(schema::Schema),
    Docs(docs::Docs),
    Install(install::Install),
    Facts(facts::Facts),
    Secrets(secrets::Secrets),
    Doctor(doctor::Doctor),
    ExecEnv(exec_env::ExecEnv),
    Version(version::Version),
    Completions(completions::Completions),
    Man(man::Man),
}

/// Runs a command line.
pub fn main(environment: Environment, arguments: Vec<OsString>) -> ExitCode {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => {
            let _ = error.print();
            return if error.use_stderr() { ExitCode::from(2) } else { ExitCode::SUCCESS };
        }
    };
    let text = match cli.command {
        Command::Run(run) => return run.run(environment),
        Command::Diff(diff) => return diff.run(environment),
        Command::Secrets(secrets) => return secrets.run(),
        Command::Doctor(doctor::Doctor {}) => return doctor::Doctor::run(&environment),
        Command::ExecEnv(exec_env) => return exec_env.run(&environment),
        Command::Facts(facts) => facts.text(&environment),
        Command::List(list::List {}) => Ok(list::List::text()),
        Command::Schema(schema) => schema.text(),
        Command::Docs(docs) => docs.text(),
        Command::Install(install) => install.text(),
        Command::Version(version::Version {}) => Ok(version::Version::text()),
        Command::Completions(completions) => Ok(completions.text()),
        Command::Man(man::Man {}) => Ok(man::Man::text()),
    };
    match text.and_then(|text| print(&text)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(finding) => serve::say(&finding),
    }
}

/// The parser, for completions and the manual page.
fn command() -> clap::Command {
    Cli::command()
}

fn print(text: &str) -> Result<(), Box<Finding>> {
    let mut stdout = io::stdout().lock();
    stdout
        .write_all(text.as_bytes())
        .and_then(|()| stdout.flush())
        .map_err(|error| Box::new(Finding::error("unwritten", format!("standard output: {error}"))))
}
