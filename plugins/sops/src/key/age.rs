//! age: data keys in age files, opened by X25519, ssh, post-quantum and plugin identities.
//!
//! Identities are found where sops finds them (`age/keysource.go` of v3.13.3). All that can be had without a person or
//! a program are tried first, the one that the metadata names before the others; the others follow in sops' order.

mod hybrid;
mod identity;
mod locked;
mod plugin;
mod source;
mod ssh;
mod x25519;

use std::cell::RefCell;

use ::age::Decryptor;
use ::age::armor::ArmoredReader;
use age_core::format::{FileKey, Stanza};
use zeroize::Zeroizing;

use identity::{Answer, Entry};
use source::{Loaded, Source};

use super::secret::{self, Secret};
use super::{Attempt, Env, Found, Health, KeyService, Needed, Refusal, Service};
use crate::metadata::MasterKey;

/// The line in the registry.
pub(super) const SERVICE: Service = Service { name: "age", start };

/// The variable that names a file with the passphrase of protected identities.
const PASSPHRASE: &str = "PLEACH_AGE_PASSPHRASE_FILE";

fn start(env: &Env) -> Box<dyn KeyService> {
    Box::new(Age { env: env.clone(), sources: source::all(env) })
}

struct Age {
    env: Env,
    sources: Vec<Source>,
}

impl KeyService for Age {
    fn open(&self, entry: &MasterKey) -> Result<Secret, Refusal> {
        let armored = ArmoredReader::new(entry.enc.as_bytes());
        let damaged = |_| Refusal {
            reason: "its encrypted data key is damaged".to_owned(),
            attempts: Vec::new(),
            hint: "restore the file from version control".to_owned(),
        };
        let decryptor = Decryptor::new_buffered(armored).map_err(damaged)?;
        let ring = Ring {
            sources: &self.sources,
            recipient: &entry.recipient,
            attempts: RefCell::default(),
        };
        match decryptor.decrypt(std::iter::once(&ring as &dyn age::Identity)) {
            Ok(stream) => {
                secret::read_from(stream).map_err(|_| damaged(age::DecryptError::InvalidMac))
            }
            Err(age::DecryptError::NoMatchingKeys) => Err(refusal(ring)),
            Err(other) => Err(damaged(other)),
        }
    }

    fn paths(&self) -> Vec<Needed> {
        let mut needs: Vec<Needed> = self.sources.iter().filter_map(Source::needs).collect();
        needs.extend(self.env.path(PASSPHRASE).map(Needed::Read));
        needs.extend(plugin::folders(&self.env).into_iter().map(Needed::Run));
        needs
    }

    fn found(&self) -> Vec<Found> {
        self.sources.iter().flat_map(examined).collect()
    }
}

/// What there is to say of a source to whoever looks after it.
fn examined(source: &Source) -> Vec<Found> {
    let broken = |problem: &str| vec![(String::new(), broken(problem.to_owned()))];
    let examined = match source.at_hand() {
        None | Some(Loaded::Unset) => return Vec::new(),
        Some(Loaded::Broken(problem)) if !source.is_named() && problem == secret::MISSING => {
            return Vec::new();
        }
        // A manifest may name the places of several keys, of which a cluster has one.
        Some(Loaded::Broken(problem)) if problem == secret::MISSING => {
            vec![(String::new(), self::broken(problem.clone()).unasked())]
        }
        Some(Loaded::Broken(problem)) => broken(problem),
        Some(Loaded::Identities(entries)) if entries.is_empty() => broken(source::NO_IDENTITY),
        Some(Loaded::Identities(entries)) => entries.iter().flat_map(Entry::examine).collect(),
    };
    let found = |(recipient, health): (String, Health)| Found {
        service: SERVICE.name,
        recipient,
        place: source.place(),
        health: if source.is_named() { health } else { health.unasked() },
    };
    examined.into_iter().map(found).collect()
}

/// A key, or a place, that is of no use for this reason.
fn broken(problem: String) -> Health {
    let hint = hint(|text| problem.contains(text));
    Health::Broken { problem, hint }
}

/// What there is to say when no identity opened a data key.
fn refusal(ring: Ring<'_>) -> Refusal {
    let attempts = ring.attempts.into_inner();
    let outcomes: Vec<&str> = attempts.iter().filter_map(|a| a.outcome.as_deref()).collect();
    let says = |text: &str| outcomes.iter().any(|outcome| outcome.contains(text));
    let nothing = outcomes.iter().all(|outcome| *outcome == secret::MISSING);
    let reason = if nothing { "no identity was found" } else { "no identity opens it" };
    let hint = hint(says);
    Refusal { reason: reason.to_owned(), attempts, hint }
}

/// What to do about problems that say this.
fn hint(says: impl Fn(&str) -> bool) -> String {
    if says(plugin::MISSING) {
        "install the plugin into a folder of PATH".to_owned()
    } else if says(secret::NO_PASSPHRASE) {
        format!("set {PASSPHRASE} to a file that holds the passphrase")
    } else if says(secret::WRONG_PASSPHRASE) {
        format!("put the passphrase of the identity into the file that {PASSPHRASE} names")
    } else if says(ssh::REWRITE) {
        "run `ssh-keygen -p -f FILE` on the ssh key; it asks for the old and a new passphrase, both may be empty".to_owned()
    } else {
        "put the identity of the recipient into a file and name it in SOPS_AGE_KEY_FILE".to_owned()
    }
}

/// All identities as one, for one encrypted data key. It keeps what it found where.
struct Ring<'a> {
    sources: &'a [Source],
    recipient: &'a str,
    attempts: RefCell<Vec<Attempt>>,
}

impl age::Identity for Ring<'_> {
    fn unwrap_stanza(&self, stanza: &Stanza) -> Option<Result<FileKey, age::DecryptError>> {
        self.unwrap_stanzas(std::slice::from_ref(stanza))
    }

    fn unwrap_stanzas(&self, stanzas: &[Stanza]) -> Option<Result<FileKey, age::DecryptError>> {
        self.at_hand(stanzas).or_else(|| self.with_help(stanzas)).map(Ok)
    }
}

impl Ring<'_> {
    /// What needs neither a person nor a program: the identity that the metadata names, then every other one.
    fn at_hand(&self, stanzas: &[Stanza]) -> Option<FileKey> {
        let entries = || {
            let loaded = self.sources.iter().filter_map(Source::at_hand);
            loaded.flat_map(Loaded::entries).filter(|entry| !entry.asks())
        };
        let named = entries().filter(|entry| entry.is(self.recipient));
        let others = entries().filter(|entry| !entry.is(self.recipient));
        named.chain(others).find_map(|entry| match entry.unwrap(stanzas, self.recipient) {
            Answer::Opened(key) => Some(key),
            Answer::NoMatch | Answer::Broken(_) => None,
        })
    }

    /// Protected identities, plugins and key commands, in sops' order; and what there is to say of each source.
    fn with_help(&self, stanzas: &[Stanza]) -> Option<FileKey> {
        for source in self.sources {
            let loaded = source.load(self.recipient);
            let mut problems = Vec::new();
            for entry in loaded.entries() {
                // What needs no help was asked before, unless a command has only now brought it.
                match entry.unwrap(stanzas, self.recipient) {
                    Answer::Opened(key) => return Some(key),
                    Answer::NoMatch => {}
                    Answer::Broken(problem) => problems.push(problem),
                }
            }
            let outcome = loaded.outcome(&problems);
            self.attempts.borrow_mut().push(Attempt { place: source.place(), outcome });
        }
        None
    }
}

/// Secrets of age as the crate wants them.
fn secret_string(text: &Zeroizing<String>) -> age::secrecy::SecretString {
    age::secrecy::SecretString::from(text.as_str())
}
