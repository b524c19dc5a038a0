//! The process around a run: reads standard input, says what there is to say, writes once.

use std::ffi::OsString;
use std::io::{self, IsTerminal, Read, Write};
use std::os::fd::AsFd;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use zeroize::Zeroizing;

pub use crate::input::unexpected_argument;
use crate::input::{Input, Source};
use crate::registry::Registry;
use crate::run::{self, Ran};
use crate::{Definition, Environment, Finding, Loader, Reads, deadline, output, rights, under};

/// The largest standard input or config that is read, in bytes: as much as the YAML reader takes.
pub const MAX_INPUT: u64 = 32 << 20;

/// The whole program of a binary with these functions and no command line of its own: what kustomize and kpt call.
///
/// Without an argument standard input is a ResourceList or a stream; the one argument that there may be names the
/// config of a kustomize exec plugin.
pub fn main(definitions: &[Definition]) -> ExitCode {
    let environment = Environment::take();
    rights::harden();
    let arguments: Vec<OsString> = std::env::args_os().collect();
    if let Some(code) = under::answer(&environment, &arguments) {
        return code;
    }
    let name = called_as(&arguments);
    let registry = Registry::new(definitions, &name);
    match input(&arguments) {
        Ok(input) => serve(&registry, &environment, input),
        Err(finding) => say(&finding),
    }
}

/// The name that the binary was called as: `argv[0]` without its folder.
pub fn called_as(arguments: &[OsString]) -> String {
    let name = arguments.first().map(Path::new).and_then(Path::file_name);
    name.map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// What a host sends to a function: nothing but standard input, or the config file of an exec plugin with it.
pub fn input(arguments: &[OsString]) -> Result<Input, Box<Finding>> {
    match arguments {
        [] | [_] => Ok(Input::Stdin(read_stdin()?)),
        [_, config] => {
            let config =
                read_file(Path::new(config)).map_err(|_| Box::new(unexpected_argument()))?;
            Ok(Input::Plugin { config: config.text, stdin: read_stdin()? })
        }
        _ => Err(Box::new(unexpected_argument())),
    }
}

/// Runs in this process, from the working directory: standard error gets the findings, standard output the result.
pub fn serve(registry: &Registry<'_>, environment: &Environment, input: Input) -> ExitCode {
    let base = match &input {
        Input::Hand { config: named, .. } | Input::Stream { pipelines: Some(named), .. } => {
            base_of(&named.name)
        }
        Input::Stdin(_) | Input::Stream { pipelines: None, .. } | Input::Plugin { .. } => {
            PathBuf::from(".")
        }
    };
    match guarded(registry, environment, &base) {
        Ok(loader) => finish(run::run(registry, input, &loader, &dispatched)),
        Err(finding) => say(&finding),
    }
}

/// A loader, in a process that has given up what no function needs and that ends in time.
///
/// What the caller names (a config, manifests) has been read by then: it may stand outside the scope.
pub fn guarded(
    registry: &Registry<'_>,
    environment: &Environment,
    base: &Path,
) -> Result<Loader, Box<Finding>> {
    let deadline = deadline::of(environment)?;
    let loader = Loader::new(environment.clone(), base)?;
    rights::confine(registry.definitions(), loader.granted(), &loader);
    // A person who types a passphrase has all the time there is, and ends us by Ctrl-C.
    if !io::stdin().is_terminal() {
        deadline::watch(deadline);
    }
    Ok(loader)
}

/// Once it is known what runs: who reads no secrets needs no key, and who reads no file needs no right to any.
pub fn dispatched(reads: Reads, loader: &Loader) -> Result<(), Box<Finding>> {
    match reads {
        Reads::Secrets => {}
        Reads::Files => drop(rights::give_up_the_rest(loader.scope().roots())),
        Reads::Nothing => drop(rights::give_up_the_rest(&[])),
    }
    Ok(())
}

/// Says what there is to say, then writes the result in one go, and wipes it where secrets are in it. Success only
/// after the full write.
pub fn finish(mut ran: Ran) -> ExitCode {
    say_all(&ran);
    // Past the buffer of standard output, of which nothing could be wiped.
    let output = Zeroizing::new(output::render(&ran));
    let written = write_all(io::stdout(), &output);
    let failed = ran.failed();
    ran.wipe();
    // The process ends: its memory goes as a whole, not node by node.
    std::mem::forget(ran);
    if let Err(error) = written {
        return say(&Finding::error("unwritten", format!("standard output: {error}"))
            .hint("the result is incomplete; whoever reads it must not use it"));
    }
    if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

fn write_all(to: impl AsFd, mut bytes: &[u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        match rustix::io::write(&to, bytes) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(written) => bytes = &bytes[written..],
            Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

/// Says everything that a run has to say.
pub fn say_all(ran: &Ran) {
    deadline::hold();
    let said: String = ran.findings().map(ToString::to_string).collect();
    // Nobody reads standard error: that changes nothing of the result.
    let _ = io::stderr().write_all(said.as_bytes());
}

/// Says what stops the program.
pub fn say(finding: &Finding) -> ExitCode {
    deadline::hold();
    let _ = io::stderr().write_all(finding.to_string().as_bytes());
    ExitCode::FAILURE
}

/// All of standard input.
pub fn read_stdin() -> Result<Vec<u8>, Box<Finding>> {
    read(io::stdin().lock(), Path::new("standard input"))
}

/// A file that the caller names: a config or manifests, not what a config names (that is the [`Loader`]'s).
pub fn read_file(path: &Path) -> Result<Source, Box<Finding>> {
    #[allow(clippy::disallowed_methods, reason = "named by the caller on the command line")]
    let file = std::fs::File::open(path).map_err(|error| unread(path, &error))?;
    Ok(Source { name: path.to_owned(), text: read(file, path)? })
}

fn read(from: impl Read, name: &Path) -> Result<Vec<u8>, Box<Finding>> {
    let mut text = Vec::new();
    from.take(MAX_INPUT + 1).read_to_end(&mut text).map_err(|error| unread(name, &error))?;
    if text.len() as u64 > MAX_INPUT {
        let message = format!("larger than {} MiB", MAX_INPUT >> 20);
        return Err(Box::new(Finding::error("input-too-large", message).file(name)));
    }
    Ok(text)
}

fn unread(name: &Path, error: &io::Error) -> Box<Finding> {
    Box::new(Finding::error("unreadable-input", error.to_string()).file(name))
}

/// The folder that a config's paths are relative to, when a person names the config: that of the nearest
/// kustomization at or above it, as kustomize would run the config there; else the config's own.
pub fn base_of(config: &Path) -> PathBuf {
    let own =
        config.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let full = own.canonicalize().unwrap_or_else(|_| own.to_owned());
    let names = ["kustomization.yaml", "kustomization.yml", "Kustomization"];
    let holds = |folder: &&Path| names.iter().any(|name| folder.join(name).is_file());
    full.ancestors().find(holds).map_or_else(|| own.to_owned(), Path::to_owned)
}
