//! age plugins: identities that a program on `PATH` holds (`age-plugin-NAME`).
//!
//! The client side of the `identity-v1` state machine of the age plugin protocol (C2SP, age-plugin). The `age` crate has
//! one too, but it looks at the process's own `PATH`, gives the child our environment and needs a writable temporary
//! folder, all of which a confined decryptor does not have.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Stdio};
use std::sync::Mutex;

use age_core::format::{FILE_KEY_BYTES, FileKey, Stanza, read};
use age_core::primitives::bech32_decode;
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use zeroize::{Zeroize, Zeroizing};

use super::identity::Answer;
use crate::key::Env;
use crate::key::secret::reason;

/// Bytes of everything that a plugin may say in one conversation.
const TALK_LIMIT: u64 = 1 << 20;

/// What is said of a plugin that is not installed.
pub(super) const MISSING: &str = "is not on PATH";

/// Hardware answers one question at a time.
static TURN: Mutex<()> = Mutex::new(());

/// An identity that a plugin holds.
pub(super) struct Plugin {
    name: String,
    identity: Zeroizing<String>,
    env: Env,
}

/// Where plugins may be: every folder of `PATH`. Looking for them at each start would cost more than the run.
pub(super) fn folders(env: &Env) -> Vec<PathBuf> {
    let path = env.get("PATH").unwrap_or_default();
    std::env::split_paths(&path).filter(|folder| folder.is_absolute()).collect()
}

impl Plugin {
    /// Reads `AGE-PLUGIN-NAME-1...`. Nothing is started yet.
    pub(super) fn parse(text: &str, env: &Env) -> Result<Self, &'static str> {
        let bad = "a broken identity of an age plugin";
        let name = bech32_decode(
            text,
            |_| bad,
            |_| Ok(()),
            |hrp, _| {
                let hrp = hrp.as_str().to_ascii_lowercase();
                let name = hrp.strip_prefix("age-plugin-").and_then(|rest| rest.strip_suffix('-'));
                name.map(str::to_owned).ok_or(bad)
            },
        )?;
        // The name becomes a file name: a path separator would run any program.
        let plain = |c: char| c.is_ascii_alphanumeric() || "+-._".contains(c);
        if name.is_empty() || !name.chars().all(plain) {
            return Err(bad);
        }
        Ok(Self { name, identity: Zeroizing::new(text.to_owned()), env: env.clone() })
    }

    /// The file name of the program.
    pub(super) fn program(&self) -> String {
        format!("age-plugin-{}", self.name)
    }

    /// Whether its program is there. It is not started.
    pub(super) fn examine(&self) -> Result<(), String> {
        self.installed().map(drop)
    }

    fn installed(&self) -> Result<PathBuf, String> {
        let program = self.program();
        self.env.program(program.as_ref()).ok_or_else(|| format!("{program} {MISSING}"))
    }

    /// Asks the plugin.
    pub(super) fn unwrap(&self, stanzas: &[Stanza]) -> Answer {
        let program = self.program();
        let path = match self.installed() {
            Ok(path) => path,
            Err(problem) => return Answer::Broken(problem),
        };
        let _turn = TURN.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let talk = Talk::start(&path, &self.env).and_then(|mut talk| {
            talk.send("add-identity", &[&self.identity], &[])?;
            for stanza in stanzas {
                let mut args = vec!["0", stanza.tag.as_str()];
                args.extend(stanza.args.iter().map(String::as_str));
                talk.send("recipient-stanza", &args, &stanza.body)?;
            }
            talk.send("done", &[], &[])?;
            talk.listen(&self.env, &program)
        });
        match talk {
            Ok(answer) => answer,
            Err(error) => Answer::Broken(format!("{program} failed: {}", reason(&error))),
        }
    }
}

/// A running plugin. It ends when this is dropped.
struct Talk {
    child: Child,
    input: ChildStdin,
    output: BufReader<std::io::Take<ChildStdout>>,
}

impl Drop for Talk {
    fn drop(&mut self) {
        // It has said all that we asked for; one that hangs is ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Talk {
    fn start(path: &std::path::Path, env: &Env) -> std::io::Result<Self> {
        let mut child = env
            .command(path)?
            .arg("--age-plugin=identity-v1")
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        match (child.stdin.take(), child.stdout.take()) {
            (Some(input), Some(output)) => {
                let output = BufReader::new(output.take(TALK_LIMIT));
                Ok(Self { child, input, output })
            }
            _ => Err(std::io::ErrorKind::BrokenPipe.into()),
        }
    }

    /// Writes one stanza: its body is base64 without padding in lines of 64, the last one shorter.
    fn send(&mut self, tag: &str, args: &[&str], body: &[u8]) -> std::io::Result<()> {
        let mut text = Zeroizing::new(format!("-> {tag}"));
        for arg in args {
            text.push(' ');
            text.push_str(arg);
        }
        text.push('\n');
        let encoded = Zeroizing::new(STANDARD_NO_PAD.encode(body));
        let mut rest = encoded.as_str();
        while rest.len() >= 64 {
            let (line, more) = rest.split_at(64);
            text.push_str(line);
            text.push('\n');
            rest = more;
        }
        text.push_str(rest);
        text.push('\n');
        self.input.write_all(text.as_bytes())?;
        self.input.flush()
    }

    /// Reads one stanza.
    fn receive(&mut self) -> std::io::Result<Stanza> {
        let mut text = Zeroizing::new(String::new());
        loop {
            if self.output.read_line(&mut text)? == 0 {
                return Err(std::io::ErrorKind::UnexpectedEof.into());
            }
            match read::age_stanza(text.as_bytes()) {
                Ok((_, stanza)) => return Ok(stanza.into()),
                Err(error) if error.is_incomplete() => {}
                Err(_) => return Err(std::io::ErrorKind::InvalidData.into()),
            }
        }
    }

    /// Answers the plugin until it is done.
    fn listen(&mut self, env: &Env, program: &str) -> std::io::Result<Answer> {
        let mut answer = Answer::NoMatch;
        loop {
            let mut stanza = self.receive()?;
            match stanza.tag.as_str() {
                "done" => return Ok(answer),
                "file-key" if stanza.body.len() == FILE_KEY_BYTES => {
                    answer = Answer::Opened(FileKey::init_with_mut(|key| {
                        key.copy_from_slice(&stanza.body);
                    }));
                    stanza.body.zeroize();
                    self.send("ok", &[], &[])?;
                }
                "error" => {
                    if !matches!(answer, Answer::Opened(_)) {
                        answer = Answer::Broken(format!("{program}: {}", said(&stanza.body)));
                    }
                    self.send("ok", &[], &[])?;
                }
                "msg" => {
                    show(env, program, &said(&stanza.body));
                    self.send("ok", &[], &[])?;
                }
                "request-secret" => match ask(env, program, &said(&stanza.body)) {
                    Some(secret) => self.send("ok", &[], secret.as_bytes())?,
                    None => self.send("fail", &[], &[])?,
                },
                "confirm" | "request-public" => self.send("fail", &[], &[])?,
                _ => self.send("unsupported", &[], &[])?,
            }
        }
    }
}

/// What a plugin says, as one line without control characters: it goes to a terminal.
fn said(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(body);
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(200).collect()
}

/// Shows a message (`please touch your key`) to whoever sits at the terminal.
fn show(env: &Env, program: &str, message: &str) {
    if env.unattended {
        return;
    }
    if let Ok(mut terminal) = std::fs::OpenOptions::new().write(true).open("/dev/tty") {
        // Nobody there is no reason to fail.
        let _ = writeln!(terminal, "pleach: {program}: {message}");
    }
}

/// Asks for a PIN.
fn ask(env: &Env, program: &str, question: &str) -> Option<Zeroizing<String>> {
    if env.unattended {
        return None;
    }
    let prompt = format!("pleach: {program}: {question}: ");
    rpassword::prompt_password(prompt).ok().map(Zeroizing::new)
}

#[cfg(test)]
mod tests {
    use age_core::primitives::bech32_encode;
    use bech32::Hrp;

    use super::*;

    #[test]
    fn a_plugin_name_with_a_path_separator_is_refused() {
        let env = Env::new(|_| None);
        let identity = |name: &str| {
            let hrp = Hrp::parse_unchecked(&format!("age-plugin-{name}-"));
            let text = bech32_encode(hrp, &[1, 2, 3]).to_uppercase();
            Plugin::parse(&text, &env).map(|plugin| plugin.program())
        };
        assert_eq!(identity("yubikey").as_deref(), Ok("age-plugin-yubikey"));
        for attack in ["", "a/../../../usr/bin/id", "a/b", "a\\b"] {
            assert!(identity(attack).is_err(), "{attack}");
        }
    }

    #[test]
    fn what_a_plugin_says_reaches_the_terminal_without_control_characters() {
        assert_eq!(said(b"touch\x1b[2J it\n"), "touch [2J it ");
    }
}
