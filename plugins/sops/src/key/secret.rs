//! Secrets from outside: key files, passphrases from a file or a terminal, the output of a key command.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Mutex;

use zeroize::Zeroizing;

use super::Env;

/// Bytes of a key file, passphrase file or the output of a key command. Exported PGP keys with many signatures are the
/// largest that people have.
pub(super) const LIMIT: usize = 1 << 20;

/// Bytes that are read at once.
const CHUNK: usize = 512;

/// What is read of a secret.
pub(super) type Secret = Zeroizing<Vec<u8>>;

/// What is said of a file that does not exist.
pub(super) const MISSING: &str = "not there";
/// What is said when nobody can be asked for a passphrase.
pub(super) const NO_PASSPHRASE: &str = "is not set and there is no terminal to ask at";
/// What is said of a passphrase that does not fit.
pub(super) const WRONG_PASSPHRASE: &str = "is wrong";

/// Only one question is on the terminal at a time.
static TERMINAL: Mutex<()> = Mutex::new(());

/// Reads a file that holds a secret. The error says what is wrong with the file, without its path.
pub(super) fn read(path: &Path) -> Result<Secret, String> {
    #[allow(clippy::disallowed_methods, reason = "a key file, named by the environment")]
    let file = File::open(path).map_err(|error| reason(&error))?;
    read_from(file)
}

/// Reads a secret up to [`LIMIT`], in a buffer that is never moved: a moved one leaves a copy behind. It starts small,
/// because all of it is wiped, and most secrets are data keys of 32 bytes.
pub(super) fn read_from(source: impl Read) -> Result<Secret, String> {
    let mut content = Zeroizing::new(Vec::with_capacity(CHUNK));
    let mut chunk = Zeroizing::new([0u8; CHUNK]);
    let mut source = source;
    loop {
        let n = match source.read(chunk.as_mut_slice()) {
            Ok(0) => return Ok(content),
            Ok(n) => n,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(reason(&error)),
        };
        if content.len() + n > LIMIT {
            return Err(format!("larger than {LIMIT} bytes"));
        }
        if content.len() + n > content.capacity() {
            let mut larger = Zeroizing::new(Vec::with_capacity(content.capacity() * 4));
            larger.extend_from_slice(&content);
            content = larger;
        }
        content.extend_from_slice(&chunk[..n]);
    }
}

/// An I/O error in the words of the other messages.
pub(super) fn reason(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => MISSING.to_owned(),
        std::io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        std::io::ErrorKind::IsADirectory => "a folder".to_owned(),
        _ => error.to_string().to_lowercase(),
    }
}

/// Where the passphrase of one key service comes from.
pub(super) struct Passphrase {
    env: Env,
    /// The variable that names a file.
    variable: &'static str,
}

impl Passphrase {
    /// Reads nothing yet.
    pub(super) fn new(env: &Env, variable: &'static str) -> Self {
        Self { env: env.clone(), variable }
    }

    /// The file that the operator named.
    pub(super) fn file(&self) -> Option<PathBuf> {
        self.env.path(self.variable)
    }

    /// The passphrase for what `of` names: the first line of the file, else what a person types.
    pub(super) fn get(&self, of: &str) -> Result<Zeroizing<String>, String> {
        if let Some(path) = self.file() {
            let place = format!("{}={}", self.variable, self.env.show(&path));
            let content = read(&path).map_err(|reason| format!("{place}: {reason}"))?;
            let text = std::str::from_utf8(&content).map_err(|_| format!("{place}: not UTF-8"))?;
            let line = text.lines().next().unwrap_or_default();
            return match line {
                "" => Err(format!("{place}: empty")),
                line => Ok(Zeroizing::new(line.to_owned())),
            };
        }
        let missing = || format!("{} is not set and there is no terminal to ask at", self.variable);
        if self.env.unattended {
            return Err(missing());
        }
        let _turn = TERMINAL.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let typed = rpassword::prompt_password(format!("pleach: passphrase for {of}: "));
        typed.map(Zeroizing::new).map_err(|_| missing())
    }

    /// What to say of a passphrase that does not fit.
    pub(super) fn wrong(&self) -> String {
        match self.file() {
            Some(path) => {
                format!(
                    "the passphrase in {}={} {WRONG_PASSPHRASE}",
                    self.variable,
                    self.env.show(&path)
                )
            }
            None => format!("the passphrase {WRONG_PASSPHRASE}"),
        }
    }
}

/// Runs a command line that the operator put into the environment, as sops does: split into words, no shell. The child
/// gets a clean environment and, like in sops, `SOPS_AGE_RECIPIENT`.
pub(super) fn run(env: &Env, line: &str, recipient: &str) -> Result<Secret, String> {
    let words = shlex::split(line).filter(|words| !words.is_empty());
    let words = words.ok_or("the command line cannot be split into words")?;
    let program = Path::new(&words[0]);
    let path = env.program(program).ok_or_else(|| format!("{} is not there", words[0]))?;
    let started = env.command(&path).and_then(|mut command| {
        command.args(&words[1..]).env("SOPS_AGE_RECIPIENT", recipient);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn()
    });
    let mut child =
        started.map_err(|error| format!("{} does not start: {}", words[0], reason(&error)))?;
    let output = child.stdout.take().map_or_else(|| Ok(Secret::default()), read_from);
    if output.is_err() {
        // It may still be writing: nobody reads on.
        let _ = child.kill();
    }
    let status = child.wait().map_err(|error| reason(&error))?;
    let output = output.map_err(|reason| format!("its output is {reason}"))?;
    if status.success() { Ok(output) } else { Err(format!("the command failed ({status})")) }
}
