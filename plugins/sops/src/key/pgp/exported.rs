//! Exported secret keys (`gpg --export-secret-keys`) and rPGP: no gpg, no agent, no home folder.

use std::path::Path;
use std::sync::OnceLock;
use std::time::{SystemTime, UNIX_EPOCH};

use super::keyfile::{self, Loaded};
use super::{KEY_FILE, SERVICE, message, passphrase};
use crate::key::secret::{MISSING, Passphrase, Secret};
use crate::key::{Attempt, Env, Found, Health};

/// The keys of `PLEACH_PGP_KEY_FILE`, read when the first file asks.
pub(super) struct Exported {
    env: Env,
    passphrase: Passphrase,
    loaded: OnceLock<Loaded>,
}

impl Exported {
    /// Reads nothing yet.
    pub(super) fn new(env: &Env) -> Self {
        Self { env: env.clone(), passphrase: passphrase(env), loaded: OnceLock::new() }
    }

    /// The keys at hand, by the fingerprint of their primary key, and what is wrong with the files.
    pub(super) fn found(&self) -> Vec<Found> {
        let Some(path) = self.env.path(KEY_FILE) else { return Vec::new() };
        let loaded = self.loaded(&path);
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        let found = |recipient: &str, health| Found {
            service: SERVICE.name,
            recipient: recipient.to_owned(),
            place: self.place(&path),
            health,
        };
        let primaries = loaded.keys.primaries();
        let problems = loaded.problems.iter().map(|problem| {
            let hint =
                "name a file that `gpg --export-secret-keys --armor` wrote, or a folder of them";
            let broken = Health::Broken { problem: problem.clone(), hint: hint.to_owned() };
            // Among keys that can be used, a file that holds none is not what was asked for; and a manifest may name
            // the places of several keys, of which a cluster has one.
            let unasked = !primaries.is_empty() || problem == MISSING || problem == keyfile::EMPTY;
            found("", if unasked { broken.unasked() } else { broken })
        });
        let keys = primaries
            .iter()
            .map(|primary| found(primary, loaded.keys.health(primary, &self.passphrase, now)));
        keys.chain(problems).collect()
    }

    /// Opens a message, or says what was found.
    pub(super) fn open(&self, armored: &str) -> Result<Secret, Attempt> {
        let Some(path) = self.env.path(KEY_FILE) else {
            return Err(Attempt { place: KEY_FILE.to_owned(), outcome: None });
        };
        self.try_open(armored, self.loaded(&path))
            .map_err(|problem| Attempt { place: self.place(&path), outcome: Some(problem) })
    }

    fn place(&self, path: &Path) -> String {
        format!("{KEY_FILE}={}", self.env.show(path))
    }

    fn loaded(&self, path: &Path) -> &Loaded {
        self.loaded.get_or_init(|| keyfile::load(path))
    }

    /// Every session key with every secret key that it may be for: a hidden recipient is tried with all.
    fn try_open(&self, armored: &str, loaded: &Loaded) -> Result<Secret, String> {
        let packets = message::session_keys(armored).ok_or(message::DAMAGED)?;
        let mut problems = loaded.problems.clone();
        let mut matching = 0;
        for packet in &packets {
            for key in loaded.keys.meant_by(packet) {
                matching += 1;
                let session_key = key.session_key(packet, &self.passphrase);
                let opened = session_key.and_then(|session_key| {
                    message::open(armored, session_key).ok_or_else(|| message::DAMAGED.to_owned())
                });
                match opened {
                    Ok(secret) => return Ok(secret),
                    Err(problem) => problems.push(problem),
                }
            }
        }
        let own = loaded.keys.primaries();
        if matching == 0 && !own.is_empty() {
            let wanted = message::key_ids(&packets).join(", ");
            problems.push(format!("holds {}, which is not for {wanted}", own.join(", ")));
        }
        problems.dedup();
        Err(problems.join(", "))
    }
}
