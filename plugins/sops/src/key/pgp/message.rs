//! One OpenPGP message: whom it is for, and what it holds.

use pgp::composed::{DecryptionOptions, Esk, Message, PlainSessionKey, TheRing};
use pgp::packet::{PublicKeyEncryptedSessionKey, PublicKeyEncryptedSessionKey as Pkesk};

use crate::key::secret::{Secret, read_from};

/// What is said of a message that cannot be read.
pub(super) const DAMAGED: &str = "the encrypted data key is damaged";

/// Layers of compression that are taken off. gpg writes one.
const LAYERS: usize = 4;

/// The session keys of an armored message, each encrypted for one key.
pub(super) fn session_keys(armored: &str) -> Option<Vec<PublicKeyEncryptedSessionKey>> {
    let Ok((Message::Encrypted { esk, .. }, _)) = Message::from_string(armored) else {
        return None;
    };
    let for_key = |esk| match esk {
        Esk::PublicKeyEncryptedSessionKey(packet) => Some(packet),
        Esk::SymKeyEncryptedSessionKey(_) => None,
    };
    Some(esk.into_iter().filter_map(for_key).collect())
}

/// The key ids of the recipients, for people. Hidden ones have none.
pub(super) fn key_ids(packets: &[Pkesk]) -> Vec<String> {
    let id = |packet: &Pkesk| match (packet.id(), packet.fingerprint()) {
        (Ok(id), _) if id.is_wildcard() => Some("a hidden recipient".to_owned()),
        (Ok(id), _) => Some(id.to_string().to_uppercase()),
        (_, Ok(Some(fingerprint))) => Some(format!("{fingerprint:X}")),
        _ => None,
    };
    packets.iter().filter_map(id).collect()
}

/// The content of a message. `GnuPG` 2.3 and later writes AEAD packets of its own (type 20), which are allowed.
/// Legacy packets without integrity are not.
pub(super) fn open(armored: &str, session_key: PlainSessionKey) -> Option<Secret> {
    let (message, _) = Message::from_string(armored).ok()?;
    let ring = TheRing {
        session_keys: vec![session_key],
        decrypt_options: DecryptionOptions::new().enable_gnupg_aead(),
        ..TheRing::default()
    };
    let (mut message, _) = message.decrypt_the_ring(ring, true).ok()?;
    for _ in 0..LAYERS {
        if !message.is_compressed() {
            break;
        }
        message = message.decompress().ok()?;
    }
    read_from(&mut message).ok()
}
