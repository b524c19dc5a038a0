//! AES-256 in Galois/Counter Mode, opening only.

use aes::Aes256;
use ctr::Ctr32BE;
use ctr::cipher::{KeyIvInit as _, StreamCipher as _};
use ghash::GHash;
use ghash::universal_hash::{KeyInit as _, UniversalHash as _};
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

use super::Token;
use crate::DataKey;

const BLOCK: usize = 16;

/// Opens a token; `None` when its tag is not that of these bytes with this additional data.
pub(super) fn open(
    key: &DataKey,
    token: &Token,
    additional_data: &[u8],
) -> Option<Zeroizing<Vec<u8>>> {
    let (ciphertext, tag) = token.sealed.split_last_chunk::<BLOCK>()?;
    if token.nonce.is_empty() {
        return None;
    }
    let subkey = hash_subkey(key);
    let (mut stream, mask) = keystream(key, &subkey, &token.nonce);
    let hash = hash(&subkey, additional_data, ciphertext);
    let expected: Vec<u8> = hash.iter().zip(mask.iter()).map(|(hash, mask)| hash ^ mask).collect();
    if !bool::from(expected.ct_eq(tag)) {
        return None;
    }
    let mut plain = Zeroizing::new(ciphertext.to_vec());
    stream.apply_keystream(&mut plain);
    Some(plain)
}

/// The bytes of a token whose tag is not looked at.
pub(super) fn open_unverified(key: &DataKey, token: &Token) -> Zeroizing<Vec<u8>> {
    let length = token.sealed.len().saturating_sub(BLOCK);
    let mut plain = Zeroizing::new(token.sealed.get(..length).unwrap_or_default().to_vec());
    let (mut stream, _) = keystream(key, &hash_subkey(key), &token.nonce);
    stream.apply_keystream(&mut plain);
    plain
}

/// A block of zeros, encrypted.
fn hash_subkey(key: &DataKey) -> Zeroizing<[u8; BLOCK]> {
    use aes::cipher::{BlockEncrypt as _, KeyInit as _};
    let mut block = aes::Block::default();
    Aes256::new(key.as_bytes().into()).encrypt_block(&mut block);
    Zeroizing::new(block.into())
}

/// The stream for the ciphertext, and the block before it, which masks the tag.
fn keystream(
    key: &DataKey,
    subkey: &[u8; BLOCK],
    nonce: &[u8],
) -> (Ctr32BE<Aes256>, Zeroizing<[u8; BLOCK]>) {
    let mut counter = [0; BLOCK];
    if let Ok(nonce) = <[u8; 12]>::try_from(nonce) {
        counter[..12].copy_from_slice(&nonce);
        counter[BLOCK - 1] = 1;
    } else {
        counter = hash(subkey, &[], nonce);
    }
    let mut stream = Ctr32BE::<Aes256>::new(key.as_bytes().into(), &counter.into());
    let mut mask = Zeroizing::new([0; BLOCK]);
    stream.apply_keystream(mask.as_mut());
    (stream, mask)
}

/// GHASH over two texts, each filled up to whole blocks, and their lengths in bits.
fn hash(subkey: &[u8; BLOCK], first: &[u8], second: &[u8]) -> [u8; BLOCK] {
    let mut hash = GHash::new(subkey.into());
    hash.update_padded(first);
    hash.update_padded(second);
    let bits = |text: &[u8]| (text.len() as u64 * 8).to_be_bytes();
    let mut lengths = [0; BLOCK];
    lengths[..8].copy_from_slice(&bits(first));
    lengths[8..].copy_from_slice(&bits(second));
    hash.update(&[lengths.into()]);
    hash.finalize().into()
}
