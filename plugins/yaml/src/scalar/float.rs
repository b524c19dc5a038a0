//! The texts that Go prints for a float.

/// The shortest digits that read back as `value`, without a point, and the exponent of the first of them.
fn shortest(value: f64) -> (bool, String, i32) {
    let text = format!("{:e}", value.abs());
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    (value.is_sign_negative(), digits, exponent.parse().unwrap_or(0))
}

fn scientific(negative: bool, digits: &str, exponent: i32, width: usize) -> String {
    let sign = if negative { "-" } else { "" };
    let (first, rest) = digits.split_at(1);
    let point = if rest.is_empty() { "" } else { "." };
    let direction = if exponent < 0 { '-' } else { '+' };
    format!("{sign}{first}{point}{rest}e{direction}{:0width$}", exponent.unsigned_abs())
}

fn positional(value: f64) -> String {
    // Rust's Display prints the shortest digits and never an exponent.
    format!("{value}")
}

/// `strconv.FormatFloat(value, 'g', -1, 64)` with go-yaml's words for infinities and NaN: what its encoder prints.
pub(crate) fn go_short(value: f64) -> String {
    if value.is_nan() {
        return ".nan".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { ".inf" } else { "-.inf" }.to_owned();
    }
    let (negative, digits, exponent) = shortest(value);
    // Go decides with a precision of 6 when it prints the shortest digits, and cuts none of them.
    if value != 0.0 && !(-4..6).contains(&exponent) {
        scientific(negative, &digits, exponent, 2)
    } else {
        positional(value)
    }
}

/// What `encoding/json` prints for a finite float: an exponent below 1e-6 and from 1e21, of one digit when that does.
pub(crate) fn go_json(value: f64) -> String {
    let (negative, digits, exponent) = shortest(value);
    if value != 0.0 && !(-6..21).contains(&exponent) {
        // Only negative exponents lose their leading zero, and positive ones have two digits anyway.
        scientific(negative, &digits, exponent, 1)
    } else {
        positional(value)
    }
}
