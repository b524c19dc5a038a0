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

#[cfg(test)]
mod tests {
    use base64::Engine as _;

    use super::*;
    use crate::cipher::token::Kind;

    /// Go's `NewGCMWithNonceSize` at every size from 1 to 64, one a line; the key is 0, 1, 2 ...,
    /// the nonce 7 i + n, the additional data `data:key:`.
    const VECTORS: &str = include_str!("gcm_vectors.txt");

    fn vector(length: usize, line: &str) -> Token {
        let nonce = (0..length).map(|at| u8::try_from((at * 7 + length) % 256).unwrap()).collect();
        let sealed = base64::engine::general_purpose::STANDARD.decode(line).unwrap();
        Token { sealed, nonce, kind: Kind::Str }
    }

    #[test]
    fn a_nonce_of_every_length_opens_what_go_sealed() {
        let key = DataKey::from_bytes(std::array::from_fn(|at| u8::try_from(at).unwrap()));
        let mut count = 0;
        for (length, line) in (1..).zip(VECTORS.lines()) {
            let token = vector(length, line);
            let plain = open(&key, &token, b"data:key:").expect("authentic");
            assert_eq!(*plain, format!("nonce of {length}").into_bytes());
            assert_eq!(*open_unverified(&key, &token), *plain);
            assert!(open(&key, &token, b"data:other:").is_none());
            count += 1;
        }
        assert_eq!(count, 64);
    }

    #[test]
    fn each_flipped_bit_is_refused() {
        let key = DataKey::from_bytes(std::array::from_fn(|at| u8::try_from(at).unwrap()));
        let line = VECTORS.lines().nth(31).unwrap();
        for bit in 0..vector(32, line).sealed.len() * 8 {
            let mut token = vector(32, line);
            token.sealed[bit / 8] ^= 1 << (bit % 8);
            assert!(open(&key, &token, b"data:key:").is_none(), "bit {bit}");
        }
        let mut short = vector(32, line);
        short.sealed.truncate(15);
        assert!(open(&key, &short, b"data:key:").is_none());
        let mut none = vector(32, line);
        none.nonce.clear();
        assert!(open(&key, &none, b"data:key:").is_none());
    }
}
