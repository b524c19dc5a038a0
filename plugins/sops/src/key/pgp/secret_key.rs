//! One secret key that may decrypt. Each subkey stands alone: it is matched by its own key id, unlocked once per run,
//! and used even when it has expired, as gpg does.

use std::sync::OnceLock;

use pgp::composed::{PlainSessionKey, SignedSecretKey};
use pgp::packet::{PublicKeyEncryptedSessionKey as Pkesk, SecretKey, SecretSubkey};
use pgp::types::{
    DecryptionKey, EskType, KeyDetails, Password, PkeskVersion, S2kParams, SecretParams,
    StringToKey,
};

use super::term::{Term, revokes};
use crate::key::Health;
use crate::key::secret::Passphrase;
use crate::timestamp;

/// Every key of a key file or folder.
#[derive(Default)]
pub(super) struct SecretKeys(Vec<Key>);

/// A subkey, or a primary key.
pub(super) struct Key {
    packet: Packet,
    term: Term,
    /// The fingerprint of the primary key, which is how people and sops name it.
    primary: String,
    unlocked: OnceLock<Result<Packet, String>>,
}

#[derive(Clone)]
enum Packet {
    Primary(SecretKey),
    Sub(SecretSubkey),
}

impl SecretKeys {
    /// Takes a key apart.
    pub(super) fn add(&mut self, key: SignedSecretKey) {
        let primary = format!("{:X}", key.primary_key.fingerprint());
        let own = key.primary_key.legacy_key_id();
        let details = &key.details;
        let certified = details.users.iter().flat_map(|user| &user.signatures);
        // What others certified says nothing of its term.
        let signatures = certified
            .chain(&details.direct_signatures)
            .filter(|signature| signature.issuer_key_id().contains(&&own));
        let revoked = !details.revocation_signatures.is_empty();
        let whole = Term::read(&key.primary_key, signatures, revoked);
        let subkeys = key.secret_subkeys.into_iter().map(|sub| {
            let revoked = whole.revoked || sub.signatures.iter().any(revokes);
            let bound = sub.signatures.iter().filter(|signature| !revokes(signature));
            let term = Term::read(&sub.key, bound, revoked);
            // A subkey ends with its primary key at the latest.
            let expires = [term.expires, whole.expires].into_iter().flatten().min();
            (Packet::Sub(sub.key), Term { expires, ..term })
        });
        let packets = subkeys.chain(std::iter::once((Packet::Primary(key.primary_key), whole)));
        let new = |(packet, term)| Key {
            packet,
            term,
            primary: primary.clone(),
            unlocked: OnceLock::new(),
        };
        self.0.extend(packets.map(new));
    }

    /// The fingerprints of the primary keys, each once.
    pub(super) fn primaries(&self) -> Vec<&str> {
        let mut primaries: Vec<&str> = self.0.iter().map(|key| key.primary.as_str()).collect();
        primaries.dedup();
        primaries
    }

    /// Whether a key, named by the fingerprint of its primary key, opens what sops encrypts for it at this time.
    pub(super) fn health(&self, primary: &str, passphrase: &Passphrase, now: u64) -> Health {
        let broken = |problem: String, hint: String| Health::Broken { problem, hint };
        let own = self.0.iter().filter(|key| key.primary == primary && key.term.encrypts);
        // gpg takes the newest of those that hold.
        let Some(key) = own.max_by_key(|key| (key.term.holds(now), key.term.created)) else {
            return broken(
                "it has no subkey for encryption".to_owned(),
                format!(
                    "add one with `gpg --quick-add-key {primary} cv25519 encr`, and export it again"
                ),
            );
        };
        if let Err(problem) = key.unlocked(passphrase) {
            let hint = super::hint(problem, primary);
            return broken(problem.clone(), hint);
        }
        let id = key.packet.id();
        let until = key.term.expires.map(timestamp::date);
        let no_more = "files that are encrypted for it open, sops encrypts no new ones";
        match until {
            _ if key.term.revoked => Health::Doubtful {
                problem: format!("subkey {id} is revoked: {no_more}"),
                hint: "add another key to the files with `sops updatekeys`".to_owned(),
            },
            Some(date) if !key.term.holds(now) => Health::Doubtful {
                problem: format!("subkey {id} expired on {date}: {no_more}"),
                hint: format!(
                    "`gpg --quick-set-expire {primary} 2y` and the same with `'*'` behind it, and export it again"
                ),
            },
            Some(date) => Health::Usable { note: Some(format!("subkey {id}, expires on {date}")) },
            None => Health::Usable { note: Some(format!("subkey {id}, does not expire")) },
        }
    }

    /// The keys that a session key may be for: of its key id, or all when it hides the recipient.
    pub(super) fn meant_by(&self, packet: &Pkesk) -> impl Iterator<Item = &Key> {
        self.0.iter().filter(|key| key.packet.is_meant_by(packet))
    }
}

impl Key {
    /// Decrypts a session key, after unlocking itself.
    pub(super) fn session_key(
        &self,
        packet: &Pkesk,
        passphrase: &Passphrase,
    ) -> Result<PlainSessionKey, String> {
        let unlocked = self.unlocked(passphrase).map_err(Clone::clone)?;
        let session_key = unlocked.session_key(packet);
        session_key.ok_or_else(|| format!("key {} does not fit", self.packet.id()))
    }

    fn unlocked(&self, passphrase: &Passphrase) -> Result<&Packet, &String> {
        self.unlocked.get_or_init(|| self.unlock(passphrase)).as_ref()
    }

    fn unlock(&self, passphrase: &Passphrase) -> Result<Packet, String> {
        let SecretParams::Encrypted(locked) = self.packet.secret() else {
            return Ok(self.packet.clone());
        };
        let id = self.packet.id();
        if let Some(stub) = stub(locked.string_to_key_params()) {
            return Err(format!("key {id} is only {stub}"));
        }
        let typed = passphrase
            .get(&format!("PGP key {id}"))
            .map_err(|problem| format!("key {id} is protected by a passphrase, and {problem}"))?;
        let mut packet = self.packet.clone();
        let unlocked = packet.remove_password(&Password::from(typed.as_str()));
        unlocked.map(|()| packet).ok_or_else(|| format!("key {id}: {}", passphrase.wrong()))
    }
}

/// What `GnuPG` writes in place of a secret that it does not have (S2K type 101, `doc/DETAILS` of GnuPG).
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
