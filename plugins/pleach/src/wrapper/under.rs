//! Between the wrapper and the real kustomize: asks the kernel to end with the wrapper, then becomes kustomize.
//!
//! Argo CD's repo-server kills the process that it has started and nothing else. `PR_SET_PDEATHSIG`
//! survives exec(2), and can be set without unsafe code only by the process that it is for. It fires
//! when the parent's *thread* ends: the wrapper starts this from its main thread, which ends last.

use std::ffi::OsString;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use krm::{Environment, Finding, serve};

/// The name under which the binary is this.
pub const NAME: &str = "pleach-under-wrapper";

/// A command that becomes `real`, and is killed when this process ends.
pub(super) fn command(real: &Path) -> Command {
    let mut command = Command::new(own());
    command.arg0(NAME).arg(std::process::id().to_string()).arg(real);
    command
}

/// This binary.
pub(super) fn own() -> PathBuf {
    // The file may have been replaced since: the running image is meant.
    let running = PathBuf::from("/proc/self/exe");
    if cfg!(target_os = "linux") { running } else { std::env::current_exe().unwrap_or(running) }
}

/// Runs the process: `PARENT REAL ARGUMENT...`.
pub fn main(environment: &Environment, arguments: &[OsString]) -> ExitCode {
    let [parent, real, arguments @ ..] = arguments else {
        return serve::say(&serve::unexpected_argument());
    };
    die_with(parent);
    let mut command = Command::new(real);
    command.arg0(super::NAME).args(arguments).env_clear().envs(environment.all());
    let error = command.exec();
    serve::say(&Finding::error("kustomize-not-started", error.to_string()).file(Path::new(real)))
}

#[cfg(target_os = "linux")]
fn die_with(parent: &OsString) {
    use rustix::process::{Signal, getppid, set_parent_process_death_signal};
    let _ = set_parent_process_death_signal(Some(Signal::KILL));
    // It may have ended before the kernel knew.
    let alive = getppid().is_some_and(|now| *parent == *now.as_raw_nonzero().get().to_string());
    if !alive {
        #[expect(clippy::exit, reason = "nobody waits for what would be built")]
        std::process::exit(1);
    }
}

#[cfg(not(target_os = "linux"))]
fn die_with(_: &OsString) {}
