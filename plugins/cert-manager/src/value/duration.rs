//! Durations as Go reads them (`time.ParseDuration`, Go 1.26).

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserialize, Deserializer, Error};

/// A duration in Go's words: `2160h`, `1h30m`, `1.5h`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duration {
    text: String,
    nanoseconds: i64,
}

/// An hour, in nanoseconds.
pub(crate) const HOUR: i64 = 3_600_000_000_000;
/// A minute, in nanoseconds.
pub(crate) const MINUTE: i64 = HOUR / 60;

/// Nanoseconds of each unit that Go knows.
const UNITS: [(&str, u64); 8] = [
    ("ns", 1),
    ("us", 1_000),
    ("\u{b5}s", 1_000),
    ("\u{3bc}s", 1_000),
    ("ms", 1_000_000),
    ("s", 1_000_000_000),
    ("m", MINUTE.unsigned_abs()),
    ("h", HOUR.unsigned_abs()),
];

impl Duration {
    /// Reads it; an error says what is wrong.
    pub fn new(text: &str) -> Result<Self, String> {
        let nanoseconds = parse(text)?;
        Ok(Self { text: text.to_owned(), nanoseconds })
    }

    /// Its length, in nanoseconds.
    pub fn nanoseconds(&self) -> i64 {
        self.nanoseconds
    }

    /// As it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

fn parse(text: &str) -> Result<i64, String> {
    let no = || "no duration: expected one like `2160h` or `1h30m`".to_owned();
    let too_long = || "longer than Go can count (292 years)".to_owned();
    let (negative, mut rest) = match text.as_bytes().first() {
        Some(b'-') => (true, &text[1..]),
        Some(b'+') => (false, &text[1..]),
        _ => (false, text),
    };
    if rest == "0" {
        return Ok(0);
    }
    if rest.is_empty() {
        return Err(no());
    }
    let mut total: u128 = 0;
    while !rest.is_empty() {
        let (whole, after) = digits(rest);
        let (fraction, after) = match after.strip_prefix('.') {
            Some(after) => digits(after),
            None => ("", after),
        };
        if whole.is_empty() && fraction.is_empty() {
            return Err(no());
        }
        let end = after.find(|c: char| c == '.' || c.is_ascii_digit()).unwrap_or(after.len());
        let (unit, after) = after.split_at(end);
        let Some((_, each)) = UNITS.iter().find(|(name, _)| *name == unit) else {
            return Err(match unit {
                "" => "a duration needs a unit: h, m, s, ms, us or ns".to_owned(),
                "d" | "w" | "y" => format!("Go has no unit `{unit}`: 90 days are `2160h`"),
                _ => no(),
            });
        };
        let each = u128::from(*each);
        let whole: u128 =
            if whole.is_empty() { 0 } else { whole.parse().map_err(|_| too_long())? };
        total = total.saturating_add(whole.saturating_mul(each));
        // Beyond 18 digits a fraction of an hour is less than a nanosecond.
        let fraction = &fraction[..fraction.len().min(18)];
        if !fraction.is_empty() {
            let digits: u128 = fraction.parse().map_err(|_| no())?;
            total += digits * each / 10_u128.pow(u32::try_from(fraction.len()).unwrap_or(18));
        }
        rest = after;
    }
    let total = i64::try_from(total).map_err(|_| too_long())?;
    Ok(if negative { -total } else { total })
}

fn digits(text: &str) -> (&str, &str) {
    text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()))
}

impl<'de> Deserialize<'de> for Duration {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(&String::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

impl JsonSchema for Duration {
    fn schema_name() -> Cow<'static, str> {
        "Duration".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "string"})
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_as_go_reads_them() {
        for (text, nanoseconds) in [
            ("0", 0),
            ("+0", 0),
            ("2160h", 2160 * HOUR),
            ("1h30m", HOUR + 30 * MINUTE),
            ("1.5h", HOUR + 30 * MINUTE),
            (".5h", 30 * MINUTE),
            ("1.h", HOUR),
            ("-1m", -MINUTE),
            ("100ms1\u{b5}s1\u{3bc}s1us1ns", 100_003_001),
            ("0.9999999999999999999s", 999_999_999),
            ("2562047h47m16.854775807s", i64::MAX),
        ] {
            assert_eq!(parse(text), Ok(nanoseconds), "{text}");
        }
    }

    #[test]
    fn what_go_does_not_read_is_refused() {
        for wrong in
            ["", "-", "h", ".", ".h", "1", "1 h", " 1h", "1h ", "1H", "--1h", "1e3h", "1,5h"]
        {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
        assert_eq!(parse("90d").unwrap_err(), "Go has no unit `d`: 90 days are `2160h`");
        assert_eq!(parse("3600").unwrap_err(), "a duration needs a unit: h, m, s, ms, us or ns");
        assert_eq!(
            parse("2562047h47m16.854775808s").unwrap_err(),
            "longer than Go can count (292 years)"
        );
        assert!(parse(&format!("{}h", "9".repeat(60))).is_err());
    }
}
