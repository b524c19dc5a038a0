//! ssh keys (ed25519 and RSA) as age identities.

use std::sync::OnceLock;

use age::ssh::{Identity, Recipient, UnsupportedKey};
use age_core::format::Stanza;

use super::identity::{Answer, native};
use super::{PASSPHRASE, secret_string};
use crate::key::Env;
use crate::key::secret::Passphrase;

/// What to do with a key in an older format.
pub(super) const REWRITE: &str = "which `ssh-keygen -p -f FILE` rewrites in OpenSSH's format";

/// An ssh private key.
pub(super) struct Ssh {
    identity: Identity,
    recipient: String,
    place: String,
    passphrase: Passphrase,
    unlocked: OnceLock<Result<Identity, String>>,
}

impl Ssh {
    /// Reads a private key in OpenSSH's format, or an RSA key in its older one.
    pub(super) fn parse(content: &[u8], place: String, env: &Env) -> Result<Self, String> {
        let identity = Identity::from_buffer(content, None).map_err(|_| unread(content))?;
        if let Identity::Unsupported(key) = &identity {
            return Err(unsupported(key));
        }
        let recipient = Recipient::try_from(identity.clone())
            .map_err(|_| "an ssh key that age cannot use (ssh-ed25519 and ssh-rsa can be used)")?
            .to_string();
        let passphrase = Passphrase::new(env, PASSPHRASE);
        Ok(Self { identity, recipient, place, passphrase, unlocked: OnceLock::new() })
    }

    /// Whether a passphrase protects it.
    pub(super) fn is_protected(&self) -> bool {
        matches!(self.identity, Identity::Encrypted(_))
    }

    /// The public key, as in `id_ed25519.pub` without the comment.
    pub(super) fn recipient(&self) -> &str {
        &self.recipient
    }

    /// Whether the metadata means this key. It may carry a comment.
    pub(super) fn is(&self, recipient: &str) -> bool {
        recipient.split_whitespace().take(2).eq(self.recipient.split_whitespace().take(2))
    }

    /// Opens what is meant for this key. A protected one asks only when the metadata names it: age files carry but 32
    /// bits of the recipient, and a question for nothing is a nuisance.
    pub(super) fn unwrap(&self, stanzas: &[Stanza], recipient: &str) -> Answer {
        if !self.is_protected() {
            return native(&self.identity, stanzas);
        }
        if !self.is(recipient) {
            return Answer::NoMatch;
        }
        match self.unlocked() {
            Ok(identity) => native(identity, stanzas),
            Err(problem) => Answer::Broken(problem.clone()),
        }
    }

    /// Whether it can be used: a protected one is unlocked.
    pub(super) fn examine(&self) -> Result<(), String> {
        self.unlocked().as_ref().map(|_| ()).map_err(Clone::clone)
    }

    fn unlocked(&self) -> &Result<Identity, String> {
        self.unlocked.get_or_init(|| self.unlock())
    }

    fn unlock(&self) -> Result<Identity, String> {
        let Identity::Encrypted(key) = &self.identity else {
            return Ok(self.identity.clone());
        };
        let passphrase = self
            .passphrase
            .get(&self.place)
            .map_err(|problem| format!("protected by a passphrase, and {problem}"))?;
        let unlocked = key.decrypt(secret_string(&passphrase));
        unlocked.map(Identity::from).map_err(|_| self.passphrase.wrong())
    }
}

/// The PEM labels of private keys that `ssh-keygen` rewrites in OpenSSH's format, and what they are called.
const PEM: &[(&str, &str)] = &[
    ("RSA PRIVATE KEY", "PKCS#1"),
    ("EC PRIVATE KEY", "SEC1"),
    ("DSA PRIVATE KEY", "DSA"),
    ("PRIVATE KEY", "PKCS#8"),
    ("ENCRYPTED PRIVATE KEY", "protected PKCS#8"),
];

/// What a file is that holds no key in a format that is read.
fn unread(content: &[u8]) -> String {
    let text = String::from_utf8_lossy(content);
    let label =
        text.trim_start().strip_prefix("-----BEGIN ").and_then(|rest| rest.split_once("-----"));
    let label = label.map(|(label, _)| label);
    match PEM.iter().find(|(pem, _)| label == Some(pem)) {
        Some((_, name)) => format!("a private key in PEM form ({name}), {REWRITE}"),
        None if text.trim_start().starts_with("ssh-") => {
            "a public key, where the private one should be".to_owned()
        }
        None => "not an ssh private key in OpenSSH's format".to_owned(),
    }
}

fn unsupported(key: &UnsupportedKey) -> String {
    match key {
        UnsupportedKey::EncryptedPem => format!("protected in the old PEM format, {REWRITE}"),
        UnsupportedKey::EncryptedSsh(cipher) => {
            format!("protected by the cipher {cipher}, which is not supported")
        }
        UnsupportedKey::Hardware(kind) => {
            format!("a key of the type {kind}, which stays on a security key")
        }
        UnsupportedKey::Type(kind) => {
            format!("a key of the type {kind} (age can use ssh-ed25519 and ssh-rsa)")
        }
    }
}
