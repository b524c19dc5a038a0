//! What the signatures on a key say of it: what it is for, until when, and whether it was taken back.

use pgp::crypto::public_key::PublicKeyAlgorithm;
use pgp::packet::{Signature, SignatureType, SubpacketData};
use pgp::types::{KeyDetails, Timestamp};

/// The term of a subkey, or of a primary key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Term {
    /// Whether others encrypt for it.
    pub(super) encrypts: bool,
    /// Whether its owner took it back.
    pub(super) revoked: bool,
    /// When it was made, in seconds since 1970.
    pub(super) created: u64,
    /// When it ends, in seconds since 1970; `None` for never.
    pub(super) expires: Option<u64>,
}

impl Term {
    /// Reads it from the newest of the owner's own signatures (RFC 9580, section 5.2.3.10: it decides alone).
    pub(super) fn read<'s>(
        key: &impl KeyDetails,
        signatures: impl Iterator<Item = &'s Signature>,
        revoked: bool,
    ) -> Self {
        let newest = signatures.max_by_key(|signature| signature.created().map(Timestamp::as_secs));
        let created = u64::from(key.created_at().as_secs());
        let lasts = newest.and_then(Signature::key_expiration_time).map(std::time::Duration::from);
        let lasts = lasts.map(|lasts| lasts.as_secs()).filter(|seconds| *seconds > 0);
        let expires = lasts.map(|seconds| created + seconds);
        Self { encrypts: encrypts(key.algorithm(), newest), revoked, created, expires }
    }

    /// Whether others encrypt for it at this time.
    pub(super) fn holds(&self, now: u64) -> bool {
        !self.revoked && self.expires.is_none_or(|end| now < end)
    }
}

/// By the flags of the signature; a key without flags does what its algorithm can.
fn encrypts(algorithm: PublicKeyAlgorithm, signature: Option<&Signature>) -> bool {
    use PublicKeyAlgorithm as Algorithm;
    let can = matches!(
        algorithm,
        Algorithm::RSA
            | Algorithm::RSAEncrypt
            | Algorithm::ECDH
            | Algorithm::ElgamalEncrypt
            | Algorithm::Elgamal
            | Algorithm::X25519
            | Algorithm::X448
    );
    let flagged = signature.and_then(Signature::config).is_some_and(|config| {
        config.hashed_subpackets().any(|part| matches!(part.data, SubpacketData::KeyFlags(_)))
    });
    match signature {
        Some(signature) if flagged => {
            let flags = signature.key_flags();
            can && (flags.encrypt_comms() || flags.encrypt_storage())
        }
        _ => can,
    }
}

/// Whether a signature takes back what it stands on.
pub(super) fn revokes(signature: &Signature) -> bool {
    matches!(signature.typ(), Some(SignatureType::KeyRevocation | SignatureType::SubkeyRevocation))
}
