//! `pleach exec-env`: runs a command with the values of an encrypted file in its environment, as `sops exec-env` does.
//!
//! The process becomes the command: nothing of ours stays behind, and its exit status and signals are its own.

use std::ffi::OsString;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use clap::Args;
use krm::{Environment, Finding, Loader, rights, serve, under};
use serde_json::Value;
use sops::{Format, Keyring, Sealed};

/// Run a command with the values of an encrypted file in its environment
///
/// The file is flat: a dotenv file, or a YAML or JSON map of plain values. The values are in the environment of the
/// command alone: not in a file, not in an argument.
#[derive(Debug, Args)]
pub(crate) struct ExecEnv {
    /// The command gets nothing but PATH, HOME and the values
    #[arg(long)]
    pristine: bool,
    /// The encrypted file
    file: PathBuf,
    /// The command; one word alone is run by `sh -c`, as sops does
    #[arg(required = true, trailing_var_arg = true, allow_hyphen_values = true)]
    command: Vec<OsString>,
}

impl ExecEnv {
    pub(crate) fn run(&self, environment: &Environment) -> ExitCode {
        match self.become_it(environment) {
            Ok(never) => match never {},
            Err(finding) => serve::say(&finding),
        }
    }

    fn become_it(
        &self,
        environment: &Environment,
    ) -> Result<std::convert::Infallible, Box<Finding>> {
        let values = self.values(environment)?;
        let mut command = match self.command.as_slice() {
            [line] => {
                let mut shell = Command::new("sh");
                shell.arg("-c").arg(line);
                shell
            }
            [program, arguments @ ..] => {
                let mut command = Command::new(program);
                command.args(arguments);
                command
            }
            [] => return Err(Box::new(Finding::error("exec-env", "names no command"))),
        };
        let kept = environment
            .all()
            .filter(|(name, _)| !self.pristine || *name == "PATH" || *name == "HOME");
        command.env_clear().envs(kept).envs(values);
        let error = command.exec();
        Err(Box::new(
            Finding::error("exec-env", format!("the command does not start: {error}"))
                .hint("name a program on PATH, or put the whole line in quotes"),
        ))
    }

    /// The values of the file, by name.
    fn values(&self, environment: &Environment) -> Result<Vec<(String, String)>, Box<Finding>> {
        let folder = self.file.parent().filter(|folder| !folder.as_os_str().is_empty());
        let loader = Loader::new(environment.clone(), folder.unwrap_or(Path::new(".")))?;
        rights::harden();
        let name = self.file.file_name().map(PathBuf::from).unwrap_or_default();
        let bytes = loader.read(&name)?;
        let refused = |error: &sops::Error| {
            let mut finding = Finding::error("exec-env", error.to_string()).file(&self.file);
            finding.hint = error.hint();
            Box::new(finding)
        };
        let format = Format::of_path(&self.file);
        let sealed = Sealed::parse(&bytes, format).map_err(|error| refused(&error))?;
        let plain = sealed
            .open(&Keyring::started_by(under::command, loader.environment()))
            .map_err(|error| refused(&error))?;
        let flat = match format {
            Format::Dotenv => Ok(lines(&plain.to_bytes())),
            Format::Yaml | Format::Json => flat(plain.values().map_err(|error| refused(&error))?),
            Format::Ini | Format::Binary => {
                Err("a file of this format has no names for an environment")
            }
        };
        flat.map_err(|why| {
            Box::new(
                Finding::error("exec-env", why)
                    .file(&self.file)
                    .hint("use a dotenv file, or one map of plain values"),
            )
        })
    }
}

/// `NAME=value` lines, as sops writes a dotenv file: a line break in a value stands as `\n`.
fn lines(text: &[u8]) -> Vec<(String, String)> {
    let text = String::from_utf8_lossy(text);
    let pairs =
        text.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once('='));
    pairs.map(|(name, value)| (name.to_owned(), value.replace("\\n", "\n"))).collect()
}

fn flat(documents: Vec<Value>) -> Result<Vec<(String, String)>, &'static str> {
    let mut documents = documents.into_iter();
    let (Some(Value::Object(map)), None) = (documents.next(), documents.next()) else {
        return Err("the file is not one map");
    };
    let mut flat = Vec::new();
    for (name, value) in map {
        let value = match value {
            Value::String(text) => text,
            Value::Null => String::new(),
            Value::Bool(_) | Value::Number(_) => value.to_string(),
            Value::Array(_) | Value::Object(_) => {
                return Err("a value of the file is a list or a map");
            }
        };
        if name.is_empty() || name.contains(['=', '\0']) || value.contains('\0') {
            return Err("a name or a value of the file cannot stand in an environment");
        }
        flat.push((name, value));
    }
    Ok(flat)
}
