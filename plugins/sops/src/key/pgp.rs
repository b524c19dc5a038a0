//! PGP: data keys in OpenPGP messages, opened in-process with exported secret keys, else by the user's gpg.

mod exported;
mod gpg;
#[cfg(feature = "gpgme")]
mod gpgme;
mod keyfile;
mod message;
mod secret_key;
mod term;

use exported::Exported;
use gpg::Gpg;

use super::secret::{NO_PASSPHRASE, Passphrase, Secret, WRONG_PASSPHRASE};
use super::{Attempt, Env, Found, KeyService, Needed, Refusal, Service};
use crate::metadata::MasterKey;

/// The line in the registry.
pub(super) const SERVICE: Service = Service { name: "pgp", start };

/// The variable that names a file or folder of exported secret keys.
const KEY_FILE: &str = "PLEACH_PGP_KEY_FILE";
/// The variable that names a file with the passphrase of protected keys.
const PASSPHRASE: &str = "PLEACH_PGP_PASSPHRASE_FILE";

fn start(env: &Env) -> Box<dyn KeyService> {
    Box::new(Pgp { env: env.clone(), exported: Exported::new(env), gpg: Gpg::new(env) })
}

struct Pgp {
    env: Env,
    exported: Exported,
    gpg: Gpg,
}

impl KeyService for Pgp {
    fn open(&self, entry: &MasterKey) -> Result<Secret, Refusal> {
        let mut attempts = Vec::new();
        match self.exported.open(&entry.enc) {
            Ok(secret) => return Ok(secret),
            Err(attempt) => attempts.push(attempt),
        }
        match self.gpg.open(&entry.enc) {
            Ok(secret) => return Ok(secret),
            Err(attempt) => attempts.push(attempt),
        }
        #[cfg(feature = "gpgme")]
        match gpgme::open(&self.gpg, &entry.enc) {
            Ok(secret) => return Ok(secret),
            Err(attempt) => attempts.push(attempt),
        }
        Err(refusal(&entry.recipient, attempts))
    }

    fn paths(&self) -> Vec<Needed> {
        let mut needs = self.gpg.needs();
        needs.extend(self.env.path(KEY_FILE).map(Needed::Read));
        needs.extend(self.env.path(PASSPHRASE).map(Needed::Read));
        needs
    }

    fn found(&self) -> Vec<Found> {
        self.exported.found()
    }
}

/// What there is to say when nothing opened a message.
fn refusal(recipient: &str, attempts: Vec<Attempt>) -> Refusal {
    let text = |attempt: &Attempt| attempt.outcome.clone().unwrap_or_default();
    let of_exported = attempts.first().map(text).unwrap_or_default();
    let hint = hint(&of_exported, recipient);
    Refusal { reason: "no secret key opens it".to_owned(), attempts, hint }
}

/// What to do about a key of this recipient with this problem.
fn hint(problem: &str, recipient: &str) -> String {
    if problem.contains(NO_PASSPHRASE) {
        format!("set {PASSPHRASE} to a file that holds the passphrase")
    } else if problem.contains(WRONG_PASSPHRASE) {
        format!("put the passphrase of the key into the file that {PASSPHRASE} names")
    } else {
        let name = recipient.trim_end_matches('!');
        format!(
            "export the key with `gpg --export-secret-keys --armor {name}` into a file that {KEY_FILE} names"
        )
    }
}

/// The passphrase of exported keys.
fn passphrase(env: &Env) -> Passphrase {
    Passphrase::new(env, PASSPHRASE)
}
