//! One identity, and the file format that holds one per line.

use age_core::format::{FileKey, Stanza};

use super::broken;
use super::hybrid::Hybrid;
use super::locked::Locked;
use super::plugin::Plugin;
use super::ssh::Ssh;
use super::x25519::X25519;
use crate::key::{Env, Health};

/// What an identity says to an encrypted data key.
pub(super) enum Answer {
    /// It is its own.
    Opened(FileKey),
    /// It belongs to another identity.
    NoMatch,
    /// The identity cannot be used, for this reason.
    Broken(String),
}

/// One identity of a source.
pub(super) enum Entry {
    /// A native age identity.
    X25519(Box<X25519>),
    /// A post-quantum one.
    Hybrid(Hybrid),
    /// An ssh key, clear or protected.
    Ssh(Ssh),
    /// Held by a program.
    Plugin(Plugin),
    /// A whole file of identities below a passphrase.
    Locked(Locked),
}

impl Entry {
    /// Whether a person or a program is asked when this identity is used.
    pub(super) fn asks(&self) -> bool {
        match self {
            Self::X25519(_) | Self::Hybrid(_) => false,
            Self::Ssh(ssh) => ssh.is_protected(),
            Self::Plugin(_) | Self::Locked(_) => true,
        }
    }

    /// Whether the metadata means this identity.
    pub(super) fn is(&self, recipient: &str) -> bool {
        match self {
            Self::X25519(own) => own.recipient() == recipient,
            Self::Hybrid(hybrid) => hybrid.recipient() == recipient,
            Self::Ssh(ssh) => ssh.is(recipient),
            Self::Plugin(_) | Self::Locked(_) => false,
        }
    }

    /// How people know it.
    pub(super) fn name(&self) -> String {
        match self {
            Self::X25519(own) => own.recipient().to_owned(),
            Self::Hybrid(hybrid) => hybrid.recipient().to_owned(),
            Self::Ssh(ssh) => ssh.recipient().to_owned(),
            Self::Plugin(plugin) => format!("an identity of {}", plugin.program()),
            Self::Locked(_) => "identities protected by a passphrase".to_owned(),
        }
    }

    /// Whether it can be used, after unlocking it: itself, or each identity inside.
    pub(super) fn examine(&self) -> Vec<(String, Health)> {
        let outcome = match self {
            Self::X25519(_) | Self::Hybrid(_) => Ok(()),
            Self::Ssh(ssh) => ssh.examine(),
            Self::Plugin(plugin) => plugin.examine(),
            Self::Locked(locked) => match locked.entries() {
                Ok(entries) => return entries.iter().flat_map(Self::examine).collect(),
                Err(problem) => Err(problem.to_owned()),
            },
        };
        let health = outcome.map_or_else(broken, |()| Health::Usable { note: None });
        vec![(self.name(), health)]
    }

    /// Opens the data key if it is meant for this identity. Protected ones ask only when `recipient` is theirs.
    pub(super) fn unwrap(&self, stanzas: &[Stanza], recipient: &str) -> Answer {
        match self {
            Self::X25519(identity) => identity.unwrap(stanzas),
            Self::Hybrid(hybrid) => hybrid.unwrap(stanzas),
            Self::Ssh(ssh) => ssh.unwrap(stanzas, recipient),
            Self::Plugin(plugin) => plugin.unwrap(stanzas),
            Self::Locked(locked) => locked.unwrap(stanzas, recipient),
        }
    }
}

/// Asks an identity of the `age` crate. Its errors mean a damaged header, which is no fault of the identity.
pub(super) fn native(identity: &dyn age::Identity, stanzas: &[Stanza]) -> Answer {
    match identity.unwrap_stanzas(stanzas) {
        Some(Ok(key)) => Answer::Opened(key),
        Some(Err(_)) => Answer::Broken("the encrypted data key is damaged".to_owned()),
        None => Answer::NoMatch,
    }
}

/// Reads identities, one per line; empty lines and those that start with `#` are ignored. With `words`, a line may hold
/// several (`SOPS_AGE_KEY`). The error names the line, never its text.
pub(super) fn parse(text: &str, words: bool, env: &Env) -> Result<Vec<Entry>, String> {
    let mut entries = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let pieces = line.split_whitespace().collect::<Vec<_>>();
        let pieces = if words { pieces } else { vec![line] };
        for piece in pieces {
            let entry = parse_one(piece, env);
            entries.push(entry.map_err(|problem| format!("line {}: {problem}", number + 1))?);
        }
    }
    Ok(entries)
}

fn parse_one(text: &str, env: &Env) -> Result<Entry, &'static str> {
    if text.starts_with("AGE-PLUGIN-") {
        Plugin::parse(text, env).map(Entry::Plugin)
    } else if text.starts_with("AGE-SECRET-KEY-PQ-1") {
        Hybrid::parse(text).map(Entry::Hybrid)
    } else if text.starts_with("AGE-SECRET-KEY-1") {
        X25519::parse(text).map(Box::new).map(Entry::X25519)
    } else if text.starts_with("-----BEGIN") {
        Err(
            "a private key in PEM form (ssh keys belong into SOPS_AGE_SSH_PRIVATE_KEY_FILE, PGP keys into PLEACH_PGP_KEY_FILE)",
        )
    } else if text.starts_with("age1") {
        Err("a recipient, where the identity that belongs to it should be")
    } else {
        Err("not an age identity")
    }
}
