//! Integers and floats as go-yaml v3 recognises them.

use std::borrow::Cow;

use crate::Scalar;

/// `.inf` and `.nan` with their signs and cases.
pub(super) fn special(text: &str) -> Option<Scalar> {
    let value = match text {
        ".nan" | ".NaN" | ".NAN" => f64::NAN,
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => f64::INFINITY,
        "-.inf" | "-.Inf" | "-.INF" => f64::NEG_INFINITY,
        _ => return None,
    };
    Some(Scalar::Float { value, text: text.to_owned() })
}

/// A number that starts with a digit or a sign. Underscores anywhere are dropped first.
pub(super) fn parse(text: &str) -> Option<Scalar> {
    let plain: Cow<'_, str> =
        if text.contains('_') { text.replace('_', "").into() } else { text.into() };
    based(&plain).or_else(|| float(&plain, text)).or_else(|| signed_after_prefix(&plain))
}

/// A float that starts with a point. Go's `ParseFloat` sees it as it stands, and takes an underscore between digits only.
pub(super) fn dotted(text: &str) -> Option<Scalar> {
    let digit = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_digit);
    let bytes = text.as_bytes();
    let between = |(at, byte): (usize, &u8)| {
        *byte != b'_'
            || digit(bytes.get(at + 1)) && digit(at.checked_sub(1).and_then(|at| bytes.get(at)))
    };
    if !bytes.iter().enumerate().all(between) {
        return None;
    }
    float(&text.replace('_', ""), text)
}

/// Go's `ParseInt` and `ParseUint` with base 0: `0x`, `0o`, `0b` in both cases, and a leading zero for octal.
fn based(plain: &str) -> Option<Scalar> {
    let (negative, digits) = match plain.as_bytes().first()? {
        b'-' => (true, &plain[1..]),
        b'+' => (false, &plain[1..]),
        _ => (false, plain),
    };
    let (radix, digits) = match digits.as_bytes() {
        [b'0', b'x' | b'X', _, ..] => (16, &digits[2..]),
        [b'0', b'o' | b'O', _, ..] => (8, &digits[2..]),
        [b'0', b'b' | b'B', _, ..] => (2, &digits[2..]),
        [b'0', _, ..] => (8, &digits[1..]),
        _ => (10, digits),
    };
    let signed = plain.starts_with(['-', '+']);
    integer(negative, signed, digits, radix)
}

/// Digits only; what does not fit an `i64` may fit a `u64` when no sign was written.
fn integer(negative: bool, signed: bool, digits: &str, radix: u32) -> Option<Scalar> {
    // `from_str_radix` takes a sign of its own.
    if !digits.as_bytes().first()?.is_ascii_alphanumeric() {
        return None;
    }
    let magnitude = u64::from_str_radix(digits, radix).ok()?;
    if negative {
        return 0i64.checked_sub_unsigned(magnitude).map(Scalar::Int);
    }
    match i64::try_from(magnitude) {
        Ok(int) => Some(Scalar::Int(int)),
        Err(_) if signed => None,
        Err(_) => Some(Scalar::Uint(magnitude)),
    }
}

/// The oddity that go-yaml reads `0b-1` and `0o-7` as negative numbers, and `0o+7` as a positive one.
fn signed_after_prefix(plain: &str) -> Option<Scalar> {
    let (radix, rest) = match plain.get(..2)? {
        "0b" => (2, &plain[2..]),
        "0o" => (8, &plain[2..]),
        _ => return None,
    };
    match rest.as_bytes().first()? {
        b'-' => integer(true, true, &rest[1..], radix),
        b'+' => integer(false, true, &rest[1..], radix),
        _ => None,
    }
}

/// `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`, within the range of an `f64`: what overflows is a string.
fn float(plain: &str, written: &str) -> Option<Scalar> {
    if !is_float(plain) {
        return None;
    }
    let value: f64 = plain.parse().ok()?;
    value.is_finite().then(|| Scalar::Float { value, text: written.to_owned() })
}

fn is_float(plain: &str) -> bool {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let rest = plain.strip_prefix(['-', '+']).unwrap_or(plain);
    let whole = digits(rest);
    let rest = &rest[whole..];
    let rest = match rest.strip_prefix('.') {
        Some(after) => {
            let part = digits(after);
            if whole == 0 && part == 0 {
                return false;
            }
            &after[part..]
        }
        None if whole == 0 => return false,
        None => rest,
    };
    let Some(exponent) = rest.strip_prefix(['e', 'E']) else { return rest.is_empty() };
    let exponent = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
    !exponent.is_empty() && digits(exponent) == exponent.len()
}
