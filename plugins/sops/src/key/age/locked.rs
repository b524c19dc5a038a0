//! A file of identities that a passphrase protects. It is unlocked at most once per run, and only when nothing else
//! opens a file.

use std::sync::OnceLock;

use age::Decryptor;
use age::armor::ArmoredReader;
use age_core::format::Stanza;

use super::identity::{Answer, Entry, parse};
use super::{PASSPHRASE, secret_string};
use crate::key::Env;
use crate::key::secret::{Passphrase, Secret, read_from};

/// The largest work factor of scrypt that is accepted, as log2(N): 2^20 takes 1 GiB and about four seconds. `age -p`
/// writes 18; a larger one in a file is an attack on memory and time.
const MAX_WORK_FACTOR: u8 = 20;

/// A protected file.
pub(super) struct Locked {
    content: Secret,
    place: String,
    passphrase: Passphrase,
    env: Env,
    unlocked: OnceLock<Result<Vec<Entry>, String>>,
}

impl Locked {
    /// Whether a file is encrypted with age, armored or not.
    pub(super) fn is_one(content: &[u8]) -> bool {
        content.starts_with(b"age-encryption") || content.starts_with(b"-----BEGIN AGE")
    }

    /// Keeps the ciphertext.
    pub(super) fn new(content: Secret, place: String, env: &Env) -> Self {
        let passphrase = Passphrase::new(env, PASSPHRASE);
        Self { content, place, passphrase, env: env.clone(), unlocked: OnceLock::new() }
    }

    /// The identities inside.
    pub(super) fn entries(&self) -> Result<&[Entry], &str> {
        let unlocked = self.unlocked.get_or_init(|| self.unlock());
        unlocked.as_deref().map_err(String::as_str)
    }

    /// Asks the identities inside.
    pub(super) fn unwrap(&self, stanzas: &[Stanza], recipient: &str) -> Answer {
        let entries = match self.entries() {
            Ok(entries) => entries,
            Err(problem) => return Answer::Broken(problem.to_owned()),
        };
        let mut answer = Answer::NoMatch;
        for entry in entries {
            match entry.unwrap(stanzas, recipient) {
                Answer::Opened(key) => return Answer::Opened(key),
                Answer::NoMatch => {}
                broken @ Answer::Broken(_) => answer = broken,
            }
        }
        answer
    }

    fn unlock(&self) -> Result<Vec<Entry>, String> {
        let decryptor = Decryptor::new_buffered(ArmoredReader::new(self.content.as_slice()))
            .map_err(|_| "a damaged age file")?;
        if !decryptor.is_scrypt() {
            return Err("encrypted, but not with a passphrase".to_owned());
        }
        let passphrase = self
            .passphrase
            .get(&self.place)
            .map_err(|problem| format!("protected by a passphrase, and {problem}"))?;
        let mut identity = age::scrypt::Identity::new(secret_string(&passphrase));
        identity.set_max_work_factor(MAX_WORK_FACTOR);
        let stream = decryptor.decrypt(std::iter::once(&identity as &dyn age::Identity)).map_err(
            |error| match error {
                age::DecryptError::ExcessiveWork { required, .. } => format!(
                    "its scrypt work factor {required} is above the limit of {MAX_WORK_FACTOR}"
                ),
                age::DecryptError::DecryptionFailed => self.passphrase.wrong(),
                _ => "a damaged age file".to_owned(),
            },
        )?;
        let text = read_from(stream)?;
        let text = std::str::from_utf8(&text).map_err(|_| "unlocked, but not text")?;
        parse(text, false, &self.env)
    }
}
