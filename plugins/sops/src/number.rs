//! Numbers in Go's spelling (`strconv.FormatFloat` with the fewest digits, of go 1.25).

/// Format `f`: all digits, never an exponent. What sops encrypts and hashes.
pub(crate) fn plain(value: f64) -> String {
    if value.is_nan() {
        "NaN".into()
    } else if value.is_infinite() {
        (if value > 0.0 { "+Inf" } else { "-Inf" }).into()
    } else {
        value.to_string()
    }
}

/// Format `g`: an exponent below 1e-4 and from 1e6 on. What go-yaml prints.
pub(crate) fn general(value: f64) -> String {
    if !value.is_finite() {
        return plain(value);
    }
    let scientific = format!("{value:e}");
    let exponent = exponent_of(&scientific);
    if (-4..6).contains(&exponent) { plain(value) } else { go_exponent(&scientific, 2) }
}

/// What `encoding/json` prints; `None` for what JSON has no number for.
pub(crate) fn json(value: f64) -> Option<String> {
    if !value.is_finite() {
        return None;
    }
    let magnitude = value.abs();
    if magnitude != 0.0 && !(1e-6..1e21).contains(&magnitude) {
        Some(go_exponent(&format!("{value:e}"), 1))
    } else {
        Some(plain(value))
    }
}

fn exponent_of(scientific: &str) -> i32 {
    scientific.split_once('e').and_then(|(_, exponent)| exponent.parse().ok()).unwrap_or(0)
}

/// Rust's `1.5e-7` as Go's `1.5e-07`: a sign always, and `width` digits at least.
fn go_exponent(scientific: &str, width: usize) -> String {
    let (mantissa, _) = scientific.split_once('e').unwrap_or((scientific, ""));
    let exponent = exponent_of(scientific);
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{mantissa}e{sign}{:0width$}", exponent.unsigned_abs())
}

/// A float in the grammar that sops writes, `strconv.ParseFloat` without its hexadecimal form.
pub(crate) fn parse_float(text: &str) -> Option<f64> {
    let value: f64 = text.parse().ok()?;
    let spelled = text.trim_start_matches(['+', '-']);
    let named = spelled.starts_with(['i', 'I', 'n', 'N']);
    (value.is_finite() || named).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_are_spelled_as_go_spells_them() {
        // Printed by go 1.25: FormatFloat(x, 'f'|'g', -1, 64), json.Marshal(x).
        for (value, f, g, j) in [
            (1000.0, "1000", "1000", "1000"),
            (1e6, "1000000", "1e+06", "1000000"),
            (1_234_567.5, "1234567.5", "1.2345675e+06", "1234567.5"),
            (1e-7, "0.0000001", "1e-07", "1e-7"),
            (1e-4, "0.0001", "0.0001", "0.0001"),
            (0.00001, "0.00001", "1e-05", "0.00001"),
            (1e21, "1000000000000000000000", "1e+21", "1e+21"),
            (1e-10, "0.0000000001", "1e-10", "1e-10"),
            (-0.0, "-0", "-0", "-0"),
            (0.1, "0.1", "0.1", "0.1"),
        ] {
            assert_eq!(plain(value), f);
            assert_eq!(general(value), g);
            assert_eq!(json(value).as_deref(), Some(j));
        }
        assert_eq!(plain(f64::INFINITY), "+Inf");
        assert_eq!(plain(f64::NEG_INFINITY), "-Inf");
        assert_eq!(plain(f64::NAN), "NaN");
        assert_eq!(json(f64::NAN), None);
    }

    #[test]
    fn a_float_beyond_the_range_is_refused_and_a_named_infinity_is_read() {
        assert_eq!(parse_float("1e400"), None);
        assert_eq!(parse_float("+Inf"), Some(f64::INFINITY));
        assert_eq!(parse_float("1.50"), Some(1.5));
        assert_eq!(parse_float("one"), None);
    }
}
