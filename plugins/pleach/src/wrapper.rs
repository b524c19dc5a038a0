//! `kustomize`, in front of the real one: what the real one passes over in silence is an error here.
//!
//! Of `build` it (1) refuses exec functions that kustomize would skip, (2) lets Go collect less
//! often, (3) keeps Argo CD's own secrets from kustomize and from what kustomize starts, (4) refuses
//! what is still encrypted or unwoven in the output, and (5) runs the Pipelines that stand in the
//! output, the operator's mandatory ones last. Everything else goes to the real kustomize by exec(2).
//!
//! Standard input and error are the caller's, standard output is written once, the exit status and
//! a deadly signal are passed on.

use std::ffi::OsString;
use std::io::{self, Read, Write};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, ExitStatus, Stdio};

use krm::{Environment, Finding, serve, under};

pub mod arguments;
mod environment;
pub mod graph;
mod left;
mod memory;
mod real;
mod stage;

use arguments::{Build, Call};
use graph::Graph;
use real::Real;

/// The name under which the binary is the wrapper.
pub const NAME: &str = "kustomize";

/// The committed file of `exec-wrappers/bin/`: it says where it stands, so that it is not taken for the real one.
pub const SCRIPT: &str = "#!/bin/sh\nexec pleach kustomize \"$0\" \"$@\"\n";

/// The largest output of a build that is held, in bytes: far beyond what Argo CD takes (100 MB, its gRPC limit).
const MAX_OUTPUT: u64 = 256 << 20;

/// Runs the process. `called` is the file that was called: the binary under its name, or the script.
pub fn main(environment: &Environment, called: &Path, arguments: &[OsString]) -> ExitCode {
    let real = match Real::find(environment, called) {
        Ok(real) => real,
        Err(finding) => return serve::say(&finding),
    };
    let build = match Call::read(arguments) {
        Call::Through => return through(&real, environment, arguments),
        Call::Build(build) => build,
    };
    match guarded(&real, environment, &build, arguments) {
        Ok(code) => code,
        Err(finding) => serve::say(&finding),
    }
}

/// Becomes the real kustomize, with the environment as it was at the start, and the mark of this wrapper.
fn through(real: &Real, environment: &Environment, arguments: &[OsString]) -> ExitCode {
    let mut command = Command::new(real.path());
    let (mark, passed) = real.mark();
    command.arg0(NAME).args(arguments).env_clear().envs(environment.all()).env(mark, passed);
    let error = command.exec();
    serve::say(&not_started(real, &error))
}

fn guarded(
    real: &Real,
    environment: &Environment,
    build: &Build,
    arguments: &[OsString],
) -> Result<ExitCode, Box<Finding>> {
    if build.writes_files {
        return Err(Box::new(
            Finding::error("wrapped-output", "--output hides what is built from the checks on it")
                .hint("redirect standard output instead, or call the real kustomize"),
        ));
    }
    let graph = Graph::of(&build.targets);
    if !build.runs_exec
        && let Some(finding) = graph.skipped()
    {
        return Err(Box::new(finding));
    }
    if let Some(unseen) = graph.unseen() {
        // Nobody reads standard error: that changes nothing of the build.
        let _ = io::stderr().write_all(unseen.to_string().as_bytes());
    }
    let children = environment::children(environment, real, graph.is_local());
    let mut child = start(real, &children, arguments)?;
    let (output, status) = output(&mut child)?;
    if !status.success() {
        return Ok(ended(status));
    }
    let output = stage::run(output, environment, build.folder())?;
    left::check(&output)?;
    let mut stdout = io::stdout().lock();
    stdout.write_all(&output).and_then(|()| stdout.flush()).map_err(|error| {
        Box::new(
            Finding::error("unwritten", format!("standard output: {error}"))
                .hint("the result is incomplete; whoever reads it must not use it"),
        )
    })?;
    Ok(ExitCode::SUCCESS)
}

/// Starts the real kustomize so that it ends when this process does: Argo CD's repo-server kills the process that it has
/// started and nothing else. The main thread, which starts it, ends last.
fn start(
    real: &Real,
    environment: &[(OsString, OsString)],
    arguments: &[OsString],
) -> Result<Child, Box<Finding>> {
    let mut command = under::named(real.path(), NAME);
    command.args(arguments).env_clear().envs(environment.iter().map(|(name, value)| (name, value)));
    command.stdout(Stdio::piped()).spawn().map_err(|error| Box::new(not_started(real, &error)))
}

fn output(child: &mut Child) -> Result<(Vec<u8>, ExitStatus), Box<Finding>> {
    let broken = |error: io::Error| {
        Box::new(Finding::error("kustomize-output", format!("the output of kustomize: {error}")))
    };
    let mut text = Vec::new();
    if let Some(pipe) = child.stdout.take() {
        pipe.take(MAX_OUTPUT + 1).read_to_end(&mut text).map_err(broken)?;
    }
    if text.len() as u64 > MAX_OUTPUT {
        let _ = child.kill();
        return Err(broken(io::Error::from(io::ErrorKind::FileTooLarge)));
    }
    Ok((text, child.wait().map_err(broken)?))
}

/// Ends as kustomize did.
fn ended(status: ExitStatus) -> ExitCode {
    use rustix::process::{Signal, getpid, kill_process};
    if let Some(signal) = status.signal().and_then(Signal::from_named_raw) {
        let _ = kill_process(getpid(), signal);
    }
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    code.map_or(ExitCode::FAILURE, ExitCode::from)
}

fn not_started(real: &Real, error: &io::Error) -> Finding {
    let path: PathBuf = real.path().to_owned();
    Finding::error("kustomize-not-started", error.to_string())
        .file(path)
        .hint("set PLEACH_KUSTOMIZE to the real kustomize")
}
