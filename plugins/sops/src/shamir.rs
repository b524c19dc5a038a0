//! Shamir's secret sharing as sops uses it: shares of a data key, combined over GF(2^8).
//!
//! The field is that of AES (reduction polynomial 0x11b) and each byte of the secret is a polynomial of its own, as in
//! `HashiCorp` Vault. A share is the 32 bytes of the `y` values followed by one byte `x`.
//! Source: `shamir/shamir.go` of sops v3.13.3.

use zeroize::Zeroizing;

/// Bytes of a data key.
const SECRET: usize = 32;

/// Why shares do not make a data key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ShamirError {
    /// The file's: a share is not 33 bytes long.
    #[error("part {part} has {found} bytes instead of 33")]
    Length {
        /// Counted from 1, in the order of the groups.
        part: usize,
        /// Its length in bytes.
        found: usize,
    },
    /// The file's: two groups hold the same share, or one has no place on the curve.
    #[error("part {part} is the same share as another one")]
    Duplicate {
        /// Counted from 1, in the order of the groups.
        part: usize,
    },
}

/// Puts the data key together from at least two shares. All of them are used, as sops does.
pub(crate) fn combine(
    shares: &[Zeroizing<Vec<u8>>],
) -> Result<Zeroizing<[u8; SECRET]>, ShamirError> {
    for (i, share) in shares.iter().enumerate() {
        if share.len() != SECRET + 1 {
            return Err(ShamirError::Length { part: i + 1, found: share.len() });
        }
    }
    let xs: Vec<u8> = shares.iter().map(|share| share[SECRET]).collect();
    for (i, x) in xs.iter().enumerate() {
        if *x == 0 || xs[..i].contains(x) {
            return Err(ShamirError::Duplicate { part: i + 1 });
        }
    }
    let mut secret = Zeroizing::new([0u8; SECRET]);
    for (i, share) in shares.iter().enumerate() {
        let weight = weight_at_zero(&xs, i);
        for (out, y) in secret.iter_mut().zip(share.iter()) {
            *out ^= mul(*y, weight);
        }
    }
    Ok(secret)
}

/// The Lagrange basis polynomial of the share `i`, evaluated at 0. The `x` values are public.
fn weight_at_zero(xs: &[u8], i: usize) -> u8 {
    let mut weight = 1;
    for (j, x) in xs.iter().enumerate() {
        if i != j {
            weight = mul(weight, mul(*x, invert(*x ^ xs[i])));
        }
    }
    weight
}

/// Multiplies in GF(2^8). Neither a branch nor an index depends on the operands: they are secret.
fn mul(a: u8, b: u8) -> u8 {
    let mut product = 0;
    let mut a = a;
    for bit in 0..8 {
        product ^= a & 0u8.wrapping_sub(b >> bit & 1);
        let carry = 0u8.wrapping_sub(a >> 7);
        a = (a << 1) ^ (carry & 0x1b);
    }
    product
}

/// The inverse by Fermat: every element but zero to the power of 254.
fn invert(a: u8) -> u8 {
    let mut power = a;
    for _ in 0..6 {
        power = mul(mul(power, power), a);
    }
    mul(power, power)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn evaluate(coefficients: &[u8], x: u8) -> u8 {
        coefficients.iter().rev().fold(0, |sum, c| mul(sum, x) ^ c)
    }

    fn shares(secret: [u8; SECRET], xs: &[u8]) -> Vec<Zeroizing<Vec<u8>>> {
        xs.iter()
            .map(|x| {
                let mut share: Vec<u8> = secret
                    .iter()
                    .map(|s| evaluate(&[*s, s ^ 0x5a, s.wrapping_mul(7)], *x))
                    .collect();
                share.push(*x);
                Zeroizing::new(share)
            })
            .collect()
    }

    #[test]
    fn multiplication_is_that_of_the_field_of_aes() {
        // FIPS 197, section 4.2: {57} times {83} is {c1}; {57} times {13} is {fe}.
        assert_eq!(mul(0x57, 0x83), 0xc1);
        assert_eq!(mul(0x57, 0x13), 0xfe);
        for a in 1..=255 {
            assert_eq!(mul(a, invert(a)), 1, "{a}");
        }
    }

    #[test]
    fn any_three_of_five_shares_of_a_quadratic_give_the_secret() {
        let secret: [u8; SECRET] = std::array::from_fn(|i| u8::try_from(i * 7).unwrap_or(3));
        for xs in [[1, 2, 3], [5, 1, 4], [2, 5, 255]] {
            assert_eq!(*combine(&shares(secret, &xs)).unwrap(), secret, "{xs:?}");
        }
        assert_eq!(*combine(&shares(secret, &[1, 2, 3, 4, 5])).unwrap(), secret);
        assert_ne!(*combine(&shares(secret, &[1, 2])).unwrap(), secret);
    }

    #[test]
    fn a_share_that_is_short_twice_there_or_at_zero_is_refused() {
        let mut parts = shares([1; SECRET], &[1, 2]);
        parts[1].pop();
        insta::assert_snapshot!(combine(&parts).unwrap_err(), @"part 2 has 32 bytes instead of 33");
        let twice = shares([1; SECRET], &[1, 1]);
        insta::assert_snapshot!(combine(&twice).unwrap_err(), @"part 2 is the same share as another one");
        assert!(combine(&shares([1; SECRET], &[0, 1])).is_err());
    }
}
