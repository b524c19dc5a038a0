//! Native age identities: `AGE-SECRET-KEY-1...`, which open what is encrypted for `age1...`.
//!
//! The stanza is that of <https://c2sp.org/age#x25519-recipient-stanza>, put together from the primitives of the `age`
//! crate. Its own identity computes the public key anew for each file, which is a quarter of what opening one costs;
//! here it is computed once.

use age_core::format::{FILE_KEY_BYTES, FileKey, Stanza};
use age_core::primitives::{aead_decrypt, bech32_decode, bech32_encode, hkdf};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use x25519_dalek::{PublicKey, StaticSecret};
use zeroize::{Zeroize as _, Zeroizing};

use super::identity::Answer;

/// The type of the stanza.
const TAG: &str = "X25519";
/// The label of its key.
const LABEL: &[u8] = b"age-encryption.org/v1/X25519";
/// Bytes of the tag of ChaCha20-Poly1305.
const AEAD_TAG: usize = 16;

/// One identity.
pub(super) struct X25519 {
    /// Wipes itself.
    secret: StaticSecret,
    public: PublicKey,
    recipient: String,
}

impl X25519 {
    /// Reads the bech32 form.
    pub(super) fn parse(text: &str) -> Result<Self, &'static str> {
        let bad = "a broken age identity";
        let secret = bech32_decode(
            text,
            |_| bad,
            |hrp| hrp.as_str().eq("AGE-SECRET-KEY-").then_some(()).ok_or(bad),
            |_, bytes| {
                let bytes = Zeroizing::new(bytes.collect::<Vec<u8>>());
                let mut secret = <[u8; 32]>::try_from(bytes.as_slice()).map_err(|_| bad)?;
                let wrapped = StaticSecret::from(secret);
                secret.zeroize();
                Ok(wrapped)
            },
        )?;
        let public = PublicKey::from(&secret);
        let recipient = bech32_encode(bech32::Hrp::parse_unchecked("age"), public.as_bytes());
        Ok(Self { secret, public, recipient })
    }

    /// `age1...`
    pub(super) fn recipient(&self) -> &str {
        &self.recipient
    }

    /// Opens the stanza that is meant for this identity.
    pub(super) fn unwrap(&self, stanzas: &[Stanza]) -> Answer {
        for stanza in stanzas.iter().filter(|stanza| stanza.tag == TAG) {
            let Some(share) = well_formed(stanza) else {
                return Answer::Broken("the encrypted data key is damaged".to_owned());
            };
            let secret = self.secret.diffie_hellman(&share);
            if !secret.was_contributory() {
                return Answer::Broken("the encrypted data key is damaged".to_owned());
            }
            let mut salt = [0; 64];
            salt[..32].copy_from_slice(share.as_bytes());
            salt[32..].copy_from_slice(self.public.as_bytes());
            let key = Zeroizing::new(hkdf(&salt, LABEL, secret.as_bytes()));
            // Whether a stanza is for this identity shows only here.
            let Ok(opened) = aead_decrypt(&key, FILE_KEY_BYTES, &stanza.body) else { continue };
            let opened = Zeroizing::new(opened);
            let file_key = FileKey::try_init_with_mut(|file_key| {
                file_key.copy_from_slice(opened.get(..FILE_KEY_BYTES).ok_or(())?);
                Ok::<(), ()>(())
            });
            if let Ok(file_key) = file_key {
                return Answer::Opened(file_key);
            }
        }
        Answer::NoMatch
    }
}

/// The sender's share of a stanza with the right lengths.
fn well_formed(stanza: &Stanza) -> Option<PublicKey> {
    let [share] = stanza.args.as_slice() else { return None };
    let share = STANDARD_NO_PAD.decode(share).ok()?;
    let share = <[u8; 32]>::try_from(share).ok()?;
    (stanza.body.len() == FILE_KEY_BYTES + AEAD_TAG).then(|| PublicKey::from(share))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A throw-away identity, made here: as text in a file it would be one that was given away.
    fn identity() -> String {
        let prefix = bech32::Hrp::parse_unchecked("age-secret-key-");
        bech32_encode(prefix, &[0x42; 32]).to_uppercase()
    }

    fn said(answer: &Answer) -> &'static str {
        match answer {
            Answer::Opened(_) => "opened",
            Answer::NoMatch => "no match",
            Answer::Broken(_) => "broken",
        }
    }

    /// A stanza that the `age` crate writes for a recipient.
    fn stanza(recipient: &str) -> Stanza {
        let recipient: age::x25519::Recipient = recipient.parse().unwrap();
        let key = FileKey::init_with_mut(|key| key.fill(7));
        age::Recipient::wrap_file_key(&recipient, &key).unwrap().0.remove(0)
    }

    #[test]
    fn what_the_age_crate_wraps_is_opened_and_by_nobody_else() {
        let own = X25519::parse(&identity()).unwrap();
        let other = age::x25519::Identity::generate().to_public().to_string();
        let theirs: age::x25519::Identity = identity().parse().unwrap();
        assert_eq!(own.recipient(), theirs.to_public().to_string());
        let stanzas = [stanza(&other), stanza(own.recipient())];
        assert_eq!(said(&own.unwrap(&stanzas)), "opened");
        assert_eq!(said(&own.unwrap(&stanzas[..1])), "no match");
    }

    #[test]
    fn a_share_that_makes_the_secret_zero_is_refused() {
        let own = X25519::parse(&identity()).unwrap();
        let mut zero = stanza(own.recipient());
        zero.args = vec![STANDARD_NO_PAD.encode([0; 32])];
        assert_eq!(said(&own.unwrap(&[zero])), "broken");
    }

    #[test]
    fn a_stanza_of_another_form_is_refused() {
        let own = X25519::parse(&identity()).unwrap();
        let broken = |edit: fn(&mut Stanza)| {
            let mut stanza = stanza(own.recipient());
            edit(&mut stanza);
            said(&own.unwrap(&[stanza]))
        };
        assert_eq!(broken(|stanza| stanza.args.clear()), "broken");
        assert_eq!(broken(|stanza| stanza.args.push("x".to_owned())), "broken");
        assert_eq!(broken(|stanza| stanza.args[0].push('=')), "broken");
        assert_eq!(broken(|stanza| stanza.body.push(0)), "broken");
        assert_eq!(broken(|stanza| stanza.body[0] ^= 1), "no match");
        assert_eq!(broken(|stanza| stanza.tag.push('x')), "no match");
    }
}
