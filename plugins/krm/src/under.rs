//! Starts children that end when this process does, however it does: by the kernel's own rule.
//!
//! `PR_SET_PDEATHSIG` survives exec(2), and without unsafe code only the process that it is for can set it. So a child
//! is this binary first, which sets it and then becomes the program (`prctl(2)`, `PR_SET_PDEATHSIG`). It fires when the
//! parent's *thread* ends: whoever starts a child here waits for it in the same thread.

use std::ffi::OsString;
use std::io;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::sync::atomic::{AtomicBool, Ordering};

use crate::{Environment, Finding, serve};

/// The name under which the binary is this.
const NAME: &str = "pleach-under";

/// The exit status of a child that could not become its program, as a shell has it.
const NOT_STARTED: u8 = 126;

/// Whether `main` of this binary asks [`answer`]: a test binary, say, does not.
static ANSWERS: AtomicBool = AtomicBool::new(false);

/// To be asked by `main` before anything else is read of the arguments. When this process was started to become another
/// program it does so, and only comes back when that fails.
pub fn answer(environment: &Environment, arguments: &[OsString]) -> Option<ExitCode> {
    ANSWERS.store(true, Ordering::Relaxed);
    if serve::called_as(arguments) != NAME {
        return None;
    }
    let [_, parent, program, name, arguments @ ..] = arguments else {
        return Some(serve::say(&serve::unexpected_argument()));
    };
    // Nobody waits for what the program would do.
    if !dies_with(parent) {
        return Some(ExitCode::FAILURE);
    }
    let error = become_program(environment, program, name, arguments);
    // One line, and no number: whoever started it repeats the last one.
    let why = error.to_string();
    let why = why.split(" (os error").next().unwrap_or_default().to_lowercase();
    let finding = Finding::error("not-started", format!("does not start: {why}"));
    serve::say(&finding.file(Path::new(program)));
    Some(ExitCode::from(NOT_STARTED))
}

fn become_program(
    environment: &Environment,
    program: &OsString,
    name: &OsString,
    arguments: &[OsString],
) -> io::Error {
    Command::new(program).arg0(name).args(arguments).env_clear().envs(environment.all()).exec()
}

/// A command that becomes `program`, and is killed when the thread that starts it ends.
pub fn command(program: &Path) -> Command {
    named(program, program.as_os_str())
}

/// The same, and the program is called by `name`.
pub fn named(program: &Path, name: impl Into<OsString>) -> Command {
    let name = name.into();
    if cfg!(all(target_os = "linux", not(pleach_portable))) && ANSWERS.load(Ordering::Relaxed) {
        let mut command = Command::new(own());
        command.arg0(NAME).arg(std::process::id().to_string()).arg(program).arg(name);
        return command;
    }
    let mut command = Command::new(program);
    command.arg0(name);
    command
}

/// This binary.
pub fn own() -> PathBuf {
    // The file may have been replaced since: the running image is meant.
    let running = PathBuf::from("/proc/self/exe");
    if cfg!(target_os = "linux") { running } else { std::env::current_exe().unwrap_or(running) }
}

/// Asks the kernel; false when the parent has ended before the kernel knew.
#[cfg(all(target_os = "linux", not(pleach_portable)))]
fn dies_with(parent: &OsString) -> bool {
    use rustix::process::{Signal, getppid, set_parent_process_death_signal};
    let _ = set_parent_process_death_signal(Some(Signal::KILL));
    getppid().is_some_and(|now| *parent == *now.as_raw_nonzero().get().to_string())
}

/// Nobody starts this binary for it here.
#[cfg(not(all(target_os = "linux", not(pleach_portable))))]
fn dies_with(_: &OsString) -> bool {
    true
}
