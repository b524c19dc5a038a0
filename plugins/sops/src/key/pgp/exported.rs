//! Exported secret keys (`gpg --export-secret-keys`) and rPGP: no gpg, no agent, no home folder.
//!
//! Each secret subkey stands alone: it is matched by its own key id, unlocked once per run, and used even when it has
//! expired, as gpg does.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use pgp::composed::{PlainSessionKey, PublicOrSecret};
use pgp::packet::{PublicKeyEncryptedSessionKey as Pkesk, SecretKey, SecretSubkey};
use pgp::types::{
    DecryptionKey, EskType, KeyDetails, Password, PkeskVersion, S2kParams, SecretParams,
    StringToKey,
};

use super::{KEY_FILE, SERVICE, message, passphrase};
use crate::key::secret::{self, Passphrase, Secret};
use crate::key::{Attempt, Env, Found};

/// The endings of key files in a folder.
const ENDINGS: &[&str] = &["asc", "gpg", "pgp", "key"];

/// How an armored block starts.
const BEGIN: &str = "-----BEGIN PGP";
/// What is said of a file without a key.
const NOT_A_KEY: &str = "not an exported PGP key";

/// The keys of `PLEACH_PGP_KEY_FILE`, read when the first file asks.
pub(super) struct Exported {
    env: Env,
    passphrase: Passphrase,
    keys: OnceLock<Loaded>,
}

/// What the file or folder holds.
struct Loaded {
    keys: Vec<Key>,
    /// What is wrong with it, or with some of its files.
    problems: Vec<String>,
}

/// A secret key that may decrypt: a subkey, or a primary key.
struct Key {
    packet: Packet,
    /// The fingerprint of the primary key, which is how people and sops name it.
    primary: String,
    unlocked: OnceLock<Result<Packet, String>>,
}

#[derive(Clone)]
enum Packet {
    Primary(SecretKey),
    Sub(SecretSubkey),
}

impl Exported {
    /// Reads nothing yet.
    pub(super) fn new(env: &Env) -> Self {
        Self { env: env.clone(), passphrase: passphrase(env), keys: OnceLock::new() }
    }

    /// The keys at hand, by the fingerprint of their primary key.
    pub(super) fn found(&self) -> Vec<Found> {
        let Some(path) = self.env.path(KEY_FILE) else { return Vec::new() };
        let mut primaries: Vec<&str> =
            self.loaded(&path).keys.iter().map(|key| key.primary.as_str()).collect();
        primaries.dedup();
        let found = |primary: &str| Found {
            service: SERVICE.name,
            recipient: primary.to_owned(),
            place: self.place(&path),
        };
        primaries.into_iter().map(found).collect()
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
        self.keys.get_or_init(|| load(path))
    }

    fn try_open(&self, armored: &str, loaded: &Loaded) -> Result<Secret, String> {
        let packets = message::session_keys(armored).ok_or(message::DAMAGED)?;
        let mut problems = loaded.problems.clone();
        let mut matching = 0;
        for packet in &packets {
            for key in loaded.keys.iter().filter(|key| key.packet.is_meant_by(packet)) {
                matching += 1;
                match self.use_key(key, packet, armored) {
                    Ok(secret) => return Ok(secret),
                    Err(problem) => problems.push(problem),
                }
            }
        }
        if matching == 0 && !loaded.keys.is_empty() {
            let mut own: Vec<&str> = loaded.keys.iter().map(|key| key.primary.as_str()).collect();
            own.dedup();
            let wanted = message::key_ids(&packets).join(", ");
            problems.push(format!("holds {}, which is not for {wanted}", own.join(", ")));
        }
        problems.dedup();
        Err(problems.join(", "))
    }

    fn use_key(&self, key: &Key, packet: &Pkesk, armored: &str) -> Result<Secret, String> {
        let unlocked = key.unlocked.get_or_init(|| self.unlock(key)).as_ref();
        let session_key = unlocked.map_err(Clone::clone)?.session_key(packet);
        let session_key = session_key.ok_or_else(|| format!("key {} does not fit", key.id()))?;
        message::open(armored, session_key).ok_or_else(|| message::DAMAGED.to_owned())
    }

    fn unlock(&self, key: &Key) -> Result<Packet, String> {
        let id = key.id();
        let SecretParams::Encrypted(locked) = key.packet.secret() else {
            return Ok(key.packet.clone());
        };
        if let Some(stub) = stub(locked.string_to_key_params()) {
            return Err(format!("key {id} is only {stub}"));
        }
        let passphrase = self
            .passphrase
            .get(&format!("PGP key {id}"))
            .map_err(|problem| format!("key {id} is protected by a passphrase, and {problem}"))?;
        let mut packet = key.packet.clone();
        let unlocked = packet.remove_password(&Password::from(passphrase.as_str()));
        unlocked.map(|()| packet).ok_or_else(|| format!("key {id}: {}", self.passphrase.wrong()))
    }
}

/// What `GnuPG` writes in place of a secret that it does not have (`doc/DETAILS`: S2K type 101).
fn stub(params: &S2kParams) -> Option<&'static str> {
    let (S2kParams::Cfb { s2k, .. } | S2kParams::MalleableCfb { s2k, .. }) = params else {
        return None;
    };
    match s2k {
        StringToKey::Private { unknown, .. } if unknown.windows(4).any(|w| w == b"GNU\x02") => {
            Some("a stub of a smartcard")
        }
        StringToKey::Private { .. } => Some("a stub: its secret was not exported"),
        _ => None,
    }
}

impl Key {
    fn id(&self) -> String {
        self.packet.id()
    }
}

impl Packet {
    fn id(&self) -> String {
        match self {
            Self::Primary(key) => key.legacy_key_id(),
            Self::Sub(key) => key.legacy_key_id(),
        }
        .to_string()
        .to_uppercase()
    }

    fn secret(&self) -> &SecretParams {
        match self {
            Self::Primary(key) => key.secret_params(),
            Self::Sub(key) => key.secret_params(),
        }
    }

    fn is_meant_by(&self, packet: &Pkesk) -> bool {
        match self {
            Self::Primary(key) => packet.match_identity(key.public_key()),
            Self::Sub(key) => packet.match_identity(key.public_key()),
        }
    }

    fn remove_password(&mut self, password: &Password) -> Option<()> {
        match self {
            Self::Primary(key) => key.remove_password(password),
            Self::Sub(key) => key.remove_password(password),
        }
        .ok()
    }

    fn session_key(&self, packet: &Pkesk) -> Option<PlainSessionKey> {
        let kind = match packet.version() {
            PkeskVersion::V3 => EskType::V3_4,
            PkeskVersion::V6 => EskType::V6,
            PkeskVersion::Other(_) => return None,
        };
        let key: &dyn DecryptionKey = match self {
            Self::Primary(key) => key,
            Self::Sub(key) => key,
        };
        key.decrypt(&Password::empty(), packet.values().ok()?, kind).ok()?.ok()
    }
}

/// Reads a key file, or every key file of a folder.
fn load(path: &Path) -> Loaded {
    let mut loaded = Loaded { keys: Vec::new(), problems: Vec::new() };
    let files = match path.is_dir() {
        false => vec![path.to_owned()],
        true => match folder(path) {
            Ok(files) if files.is_empty() => {
                loaded.problems.push("no .asc file in it".to_owned());
                files
            }
            Ok(files) => files,
            Err(problem) => {
                loaded.problems.push(problem);
                Vec::new()
            }
        },
    };
    for file in files {
        let before = loaded.keys.len();
        let problem = match secret::read(&file) {
            Ok(content) => parse(&content, &mut loaded.keys).err(),
            Err(problem) => Some(problem),
        };
        let problem = problem.filter(|_| loaded.keys.len() == before);
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        loaded.problems.extend(problem.map(|problem| match path.is_dir() {
            true => format!("{name}: {problem}"),
            false => problem,
        }));
    }
    loaded
}

fn folder(path: &Path) -> Result<Vec<PathBuf>, String> {
    let entries = path.read_dir().map_err(|error| secret::reason(&error))?;
    let is_key = |path: &PathBuf| {
        let ending = path.extension().and_then(|ending| ending.to_str());
        ending.is_some_and(|ending| ENDINGS.contains(&ending)) && path.is_file()
    };
    let mut files: Vec<PathBuf> = entries.flatten().map(|e| e.path()).filter(is_key).collect();
    files.sort();
    Ok(files)
}

/// Reads the keys of one file: binary, or any number of armored blocks. It is an error when there is none.
fn parse(content: &[u8], keys: &mut Vec<Key>) -> Result<(), String> {
    let damaged = |_| "a damaged PGP key".to_owned();
    let Ok(text) = std::str::from_utf8(content) else {
        return collect(PublicOrSecret::from_bytes_many(content).map_err(damaged)?, keys);
    };
    let starts: Vec<usize> = text.match_indices(BEGIN).map(|(at, _)| at).collect();
    let ends = starts.iter().skip(1).copied().chain(std::iter::once(text.len()));
    let mut outcomes = Vec::new();
    for (start, end) in starts.iter().zip(ends) {
        let block = &text.as_bytes()[*start..end];
        let found = PublicOrSecret::from_armor_many(block).map_err(damaged);
        outcomes.push(found.and_then(|(found, _)| collect(found, keys)));
    }
    let first = outcomes.iter().position(Result::is_ok).unwrap_or_default();
    outcomes.into_iter().nth(first).unwrap_or_else(|| Err(NOT_A_KEY.to_owned()))
}

fn collect(
    found: impl Iterator<Item = pgp::errors::Result<PublicOrSecret>>,
    keys: &mut Vec<Key>,
) -> Result<(), String> {
    let mut outcome = Err(NOT_A_KEY.to_owned());
    for key in found {
        match key {
            Ok(PublicOrSecret::Secret(key)) => {
                let primary = format!("{:X}", key.primary_key.fingerprint());
                let subkeys = key.secret_subkeys.into_iter().map(|sub| Packet::Sub(sub.key));
                let packets = subkeys.chain(std::iter::once(Packet::Primary(key.primary_key)));
                keys.extend(packets.map(|packet| Key {
                    packet,
                    primary: primary.clone(),
                    unlocked: OnceLock::new(),
                }));
                outcome = Ok(());
            }
            Ok(PublicOrSecret::Public(_)) if outcome.is_err() => {
                outcome = Err("a public key, where the secret one should be".to_owned());
            }
            Err(_) if outcome.is_err() => outcome = Err("a damaged PGP key".to_owned()),
            _ => {}
        }
    }
    outcome
}
