//! The user's gpg, called as sops calls it: `gpg -d`, the message on stdin.

use std::io::Write;
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::{Condvar, Mutex, PoisonError};

use crate::key::secret::{Secret, read_from, reason};
use crate::key::{Attempt, Env, Needed};

/// How many run at once. Twenty exhaust the secure memory of the agent, which then has "no secret key".
const AT_ONCE: usize = 3;

/// The user's gpg.
pub(super) struct Gpg {
    env: Env,
    free: Mutex<usize>,
    returned: Condvar,
}

impl Gpg {
    /// Starts nothing yet.
    pub(super) fn new(env: &Env) -> Self {
        Self { env: env.clone(), free: Mutex::new(AT_ONCE), returned: Condvar::new() }
    }

    /// `SOPS_GPG_EXEC`, else `gpg`.
    fn name(&self) -> PathBuf {
        self.env.path("SOPS_GPG_EXEC").unwrap_or_else(|| "gpg".into())
    }

    /// `GNUPGHOME`, else `~/.gnupg`.
    pub(super) fn home(&self) -> Option<PathBuf> {
        self.env.path("GNUPGHOME").or_else(|| Some(self.env.home()?.join(".gnupg")))
    }

    /// The program, and its home: it makes locks and sockets there.
    pub(super) fn needs(&self) -> Vec<Needed> {
        let run = self.env.program(&self.name()).map(Needed::Run);
        run.map(|run| std::iter::once(run).chain(self.home().map(Needed::Write)).collect())
            .unwrap_or_default()
    }

    /// Opens a message, or says what gpg said.
    pub(super) fn open(&self, armored: &str) -> Result<Secret, Attempt> {
        let name = self.name();
        let home = self
            .home()
            .map_or_else(String::new, |home| format!(" with the home {}", self.env.show(&home)));
        let attempt = |problem: String| Attempt {
            place: format!("{}{home}", self.env.show(&name)),
            outcome: Some(problem),
        };
        let Some(program) = self.env.program(&name) else {
            let place = self.env.show(&name);
            return Err(Attempt { place, outcome: Some("not on PATH".to_owned()) });
        };
        let _turn = self.turn();
        self.run(&program, armored).map_err(attempt)
    }

    fn run(&self, program: &std::path::Path, armored: &str) -> Result<Secret, String> {
        let started = self.env.command(program).and_then(|mut gpg| {
            let pipes = gpg.arg("-d").stdin(Stdio::piped()).stdout(Stdio::piped());
            pipes.stderr(Stdio::piped()).spawn()
        });
        let mut child = started.map_err(|error| format!("does not start: {}", reason(&error)))?;
        // A message is smaller than a pipe: nothing blocks here.
        let sent = child.stdin.take().map_or(Ok(()), |mut pipe| pipe.write_all(armored.as_bytes()));
        let errors = child.stderr.take();
        let errors = std::thread::spawn(move || errors.map(|pipe| read_from(pipe).ok()));
        let output = child.stdout.take().map(read_from);
        let status = child.wait().map_err(|error| reason(&error))?;
        let errors = errors.join().ok().flatten().flatten().unwrap_or_default();
        match output {
            // gpg before 2.2.21 answers a message that it does not understand with nothing, and success.
            Some(Ok(data_key)) if status.success() && !data_key.is_empty() && sent.is_ok() => {
                Ok(data_key)
            }
            Some(Ok(_)) if status.success() => Err("returned nothing".to_owned()),
            _ => Err(last_line(&errors)),
        }
    }

    /// Waits until one of the few places is free.
    pub(super) fn turn(&self) -> Turn<'_> {
        let mut free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        while *free == 0 {
            free = self.returned.wait(free).unwrap_or_else(PoisonError::into_inner);
        }
        *free -= 1;
        Turn(self)
    }
}

/// One of the places for a running gpg.
pub(super) struct Turn<'a>(&'a Gpg);

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        *self.0.free.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        self.0.returned.notify_one();
    }
}

/// What gpg says last is the reason. It names keys and users, never a secret.
fn last_line(errors: &[u8]) -> String {
    let text = String::from_utf8_lossy(errors);
    let line = text.lines().rev().map(str::trim).find(|line| !line.is_empty());
    let line = line.unwrap_or("failed without a word").trim_start_matches("gpg: ");
    line.chars().filter(|c| !c.is_control()).take(200).collect::<String>().to_lowercase()
}
