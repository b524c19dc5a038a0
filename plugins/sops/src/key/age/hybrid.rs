//! Post-quantum age identities: `AGE-SECRET-KEY-PQ-1...`, which open what is encrypted for `age1pq1...`.
//!
//! HPKE (RFC 9180, base mode) with the KEM MLKEM768-X25519 of draft-ietf-hpke-pq (X-Wing), HKDF-SHA256 and
//! ChaCha20-Poly1305; the stanza is that of `pq.go` in filippo.io/age v1.3.1.
//!
//! ML-KEM is `libcrux-ml-kem` 0.0.11, whose crate doc says "It is formally verified using hax and F*"; it is the only
//! crate for this with a public proof or audit. `ml-kem`, `x-wing` (both `RustCrypto`: "never been independently
//! audited") and `hpke` ("has not been formally audited") have none, and the `age` crate (0.12.1) links `ml-kem` for
//! its `tagpq` recipients but has no post-quantum identity. The combiner and the key schedule are the few lines below.

use age_core::format::{FILE_KEY_BYTES, FileKey, Stanza};
use age_core::primitives::{bech32_decode, bech32_encode};
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use chacha20poly1305::aead::{Aead, KeyInit};
use chacha20poly1305::{ChaCha20Poly1305, Key, Nonce};
use hkdf::Hkdf;
use libcrux_ml_kem::mlkem768;
use sha2::Sha256;
use sha3::digest::{Digest, ExtendableOutput, Update, XofReader};
use sha3::{Sha3_256, Shake256};
use x25519_dalek::{PublicKey, StaticSecret};
use zeroize::{Zeroize, Zeroizing};

use super::identity::Answer;

/// The type of the stanza.
const TAG: &str = "mlkem768x25519";
/// The `info` of HPKE.
const INFO: &[u8] = b"age-encryption.org/mlkem768x25519";
/// `"KEM" || kem_id` is not needed without `DeriveKeyPair`; this is `"HPKE" || kem_id || kdf_id || aead_id`: X-Wing,
/// HKDF-SHA256, ChaCha20-Poly1305.
const SUITE: &[u8] = b"HPKE\x64\x7a\x00\x01\x00\x03";
/// The label of X-Wing's combiner.
const XWING: &[u8] = br"\.//^\";
/// Bytes of the ML-KEM-768 ciphertext; the X25519 share follows it.
const CIPHERTEXT: usize = 1088;
/// Bytes of the tag of ChaCha20-Poly1305.
const AEAD_TAG: usize = 16;

/// One identity. Only the seed is kept: expanding it takes less time than one X25519.
pub(super) struct Hybrid {
    seed: Zeroizing<[u8; 32]>,
    recipient: String,
}

/// What a seed expands to.
struct Expanded {
    lattice: mlkem768::MlKem768KeyPair,
    curve: StaticSecret,
}

impl Hybrid {
    /// Reads the bech32 form.
    pub(super) fn parse(text: &str) -> Result<Self, &'static str> {
        let bad = "a broken post-quantum age identity";
        let seed = bech32_decode(
            text,
            |_| bad,
            |hrp| hrp.as_str().eq("AGE-SECRET-KEY-PQ-").then_some(()).ok_or(bad),
            |_, bytes| {
                let bytes = Zeroizing::new(bytes.collect::<Vec<u8>>());
                <[u8; 32]>::try_from(bytes.as_slice()).map(Zeroizing::new).map_err(|_| bad)
            },
        )?;
        let expanded = expand(&seed);
        let mut public = expanded.lattice.public_key().as_slice().to_vec();
        public.extend_from_slice(PublicKey::from(&expanded.curve).as_bytes());
        let recipient = bech32_encode(bech32::Hrp::parse_unchecked("age1pq"), &public);
        Ok(Self { seed, recipient })
    }

    /// `age1pq1...`
    pub(super) fn recipient(&self) -> &str {
        &self.recipient
    }

    /// Opens the stanza that is meant for this identity.
    pub(super) fn unwrap(&self, stanzas: &[Stanza]) -> Answer {
        let own = stanzas.iter().filter(|stanza| stanza.tag == TAG);
        for stanza in own {
            let Some((share, body)) = well_formed(stanza) else {
                return Answer::Broken("the encrypted data key is damaged".to_owned());
            };
            if let Some(key) = self.open(&share, body) {
                return Answer::Opened(key);
            }
        }
        Answer::NoMatch
    }

    fn open(&self, share: &[u8], body: &[u8]) -> Option<FileKey> {
        let secret = decapsulate(&expand(&self.seed), share)?;
        let (key, nonce) = schedule(&secret)?;
        let cipher = ChaCha20Poly1305::new(Key::from_slice(key.as_slice()));
        let opened = cipher.decrypt(Nonce::from_slice(nonce.as_slice()), body).ok();
        let opened = Zeroizing::new(opened?);
        FileKey::try_init_with_mut(|file_key| {
            let bytes = <&[u8; FILE_KEY_BYTES]>::try_from(opened.as_slice()).map_err(|_| ())?;
            file_key.copy_from_slice(bytes);
            Ok::<(), ()>(())
        })
        .ok()
    }
}

/// The encapsulated key and the encrypted file key of a stanza with the right lengths.
fn well_formed(stanza: &Stanza) -> Option<(Vec<u8>, &[u8])> {
    let [share] = stanza.args.as_slice() else { return None };
    let share = STANDARD_NO_PAD.decode(share).ok()?;
    let fits = share.len() == CIPHERTEXT + 32 && stanza.body.len() == FILE_KEY_BYTES + AEAD_TAG;
    fits.then_some((share, stanza.body.as_slice()))
}

/// SHAKE-256 of the seed: 64 bytes for ML-KEM, then 32 for X25519.
fn expand(seed: &[u8; 32]) -> Expanded {
    let mut stream = Shake256::default().chain(seed).finalize_xof();
    let mut lattice = [0; 64];
    let mut curve = [0; 32];
    stream.read(&mut lattice);
    stream.read(&mut curve);
    let expanded = Expanded {
        lattice: mlkem768::generate_key_pair(lattice),
        curve: StaticSecret::from(curve),
    };
    lattice.zeroize();
    curve.zeroize();
    expanded
}

/// X-Wing: SHA3-256 over both secrets, the sender's share, our public share and the label.
fn decapsulate(own: &Expanded, share: &[u8]) -> Option<Zeroizing<[u8; 32]>> {
    let (ciphertext, ephemeral) = share.split_at_checked(CIPHERTEXT)?;
    let ciphertext = mlkem768::MlKem768Ciphertext::try_from(ciphertext).ok()?;
    let ephemeral = PublicKey::from(<[u8; 32]>::try_from(ephemeral).ok()?);
    let lattice = Zeroizing::new(mlkem768::decapsulate(own.lattice.private_key(), &ciphertext));
    let curve = own.curve.diffie_hellman(&ephemeral);
    if !curve.was_contributory() {
        return None;
    }
    let hash = Sha3_256::new()
        .chain_update(lattice.as_slice())
        .chain_update(curve.as_bytes())
        .chain_update(ephemeral.as_bytes())
        .chain_update(PublicKey::from(&own.curve).as_bytes())
        .chain_update(XWING);
    Some(Zeroizing::new(hash.finalize().into()))
}

/// RFC 9180, section 5.1, `KeySchedule` in base mode: the key and the nonce of the first message.
fn schedule(secret: &[u8; 32]) -> Option<(Zeroizing<[u8; 32]>, [u8; 12])> {
    let psk_id_hash = extract(b"", b"psk_id_hash", b"").0;
    let info_hash = extract(b"", b"info_hash", INFO).0;
    let mut context = vec![0u8];
    context.extend_from_slice(&psk_id_hash);
    context.extend_from_slice(&info_hash);
    let schedule = extract(secret, b"secret", b"").1;
    let mut key = Zeroizing::new([0; 32]);
    let mut nonce = [0; 12];
    expand_labeled(&schedule, b"key", &context, key.as_mut_slice())?;
    expand_labeled(&schedule, b"base_nonce", &context, &mut nonce)?;
    Some((key, nonce))
}

/// `LabeledExtract` of RFC 9180, section 4.
fn extract(salt: &[u8], label: &[u8], ikm: &[u8]) -> (Vec<u8>, Hkdf<Sha256>) {
    let mut labeled = Zeroizing::new(Vec::with_capacity(128));
    for part in [b"HPKE-v1".as_slice(), SUITE, label, ikm] {
        labeled.extend_from_slice(part);
    }
    let (prk, hkdf) = Hkdf::<Sha256>::extract(Some(salt), &labeled);
    (prk.to_vec(), hkdf)
}

/// `LabeledExpand` of RFC 9180, section 4.
fn expand_labeled(prk: &Hkdf<Sha256>, label: &[u8], info: &[u8], out: &mut [u8]) -> Option<()> {
    let length = u16::try_from(out.len()).ok()?.to_be_bytes();
    prk.expand_multi_info(&[&length, b"HPKE-v1", SUITE, label, info], out).ok()
}
