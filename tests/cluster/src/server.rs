//! A process that serves until its owner is dropped.

use std::fs::{self, File};
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use test_support::machine;

use crate::within;

/// How long a server may take until it answers: minutes, on a machine that builds beside its tests.
const READY: Duration = Duration::from_mins(3);

/// A running server. It is killed when this is dropped, and by the kernel when the thread that started it ends.
#[derive(Debug)]
pub struct Server {
    name: String,
    child: Child,
    log: PathBuf,
}

impl Server {
    /// Starts it with the environment that the command sets and nothing else; what it says goes to the file `log`.
    #[must_use]
    pub fn start(name: &str, command: &Command, log: &Path) -> Self {
        let file = || File::options().append(true).create(true).open(log);
        let (out, err) = match (file(), file()) {
            (Ok(out), Ok(err)) => (out, err),
            (Err(error), _) | (_, Err(error)) => panic!("{}: {error}", log.display()),
        };
        let mut wrapped = Command::new(machine("setpriv"));
        wrapped.env_clear().args(["--pdeathsig", "KILL", "--"]);
        wrapped.arg(command.get_program()).args(command.get_args());
        for (variable, value) in command.get_envs() {
            if let Some(value) = value {
                wrapped.env(variable, value);
            }
        }
        if let Some(folder) = command.get_current_dir() {
            wrapped.current_dir(folder);
        }
        let child = wrapped.stdin(Stdio::null()).stdout(out).stderr(err).spawn();
        let child = child.unwrap_or_else(|error| panic!("setpriv for {name}: {error}"));
        Self { name: name.to_owned(), child, log: log.to_owned() }
    }

    /// Waits until it answers; when it ends before, or does not answer in time, the test fails with its log.
    pub fn ready(&mut self, mut answers: impl FnMut() -> bool) {
        let mut ended = None;
        let ready = within(READY, || {
            ended = self.child.try_wait().ok().flatten();
            ended.is_some() || answers()
        });
        if let Some(status) = ended {
            panic!("{} ended with {status}:\n{}", self.name, self.last_lines());
        }
        assert!(
            ready,
            "{} does not answer after {} s:\n{}",
            self.name,
            READY.as_secs(),
            self.last_lines()
        );
    }

    /// Its id.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Everything that it said.
    #[must_use]
    pub fn log(&self) -> String {
        String::from_utf8_lossy(&fs::read(&self.log).unwrap_or_default()).into_owned()
    }

    /// The end of its log, for a message.
    #[must_use]
    pub fn last_lines(&self) -> String {
        let log = self.log();
        let lines: Vec<&str> = log.lines().collect();
        lines[lines.len().saturating_sub(15)..].join("\n")
    }

    /// Kills it, by its id: argocd-cmp-server does not end on SIGTERM.
    pub fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Whether `GET path` at a port of the loopback interface is answered with 200.
#[must_use]
pub fn http_ok(port: u16, path: &str) -> bool {
    let ask = || -> std::io::Result<String> {
        let mut stream = TcpStream::connect(("127.0.0.1", port))?;
        stream.set_read_timeout(Some(Duration::from_secs(5)))?;
        write!(stream, "GET {path} HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n")?;
        let mut answer = String::new();
        stream.take(12).read_to_string(&mut answer)?;
        Ok(answer)
    };
    ask().is_ok_and(|answer| answer.ends_with(" 200"))
}
