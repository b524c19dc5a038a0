//! Time to live: whole seconds, or a Go duration (`source/annotations/processors.go`, `parseTTL`).

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserialize, Deserializer, Error, Visitor};

/// The longest TTL, in seconds (RFC 2181 §8).
const LONGEST: i64 = 2_147_483_647;

/// Nanoseconds in a second.
const SECOND: i128 = 1_000_000_000;

/// A time to live.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ttl {
    text: String,
    seconds: i64,
}

/// What ExternalDNS makes of a TTL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Read {
    /// It takes so many seconds; true where a fraction of a second is dropped.
    Seconds(i64, bool),
    /// It takes its default, and says so in its log.
    Default,
}

impl Ttl {
    /// As an annotation holds it.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// In seconds, as a DNSEndpoint holds it.
    pub(crate) fn seconds(&self) -> i64 {
        self.seconds
    }
}

/// Reads a TTL as ExternalDNS does: as a duration, and where it is none, as a number of seconds.
pub(crate) fn read(text: &str) -> Read {
    let (seconds, fraction) = match duration(text) {
        Some(nanoseconds) => match i64::try_from(nanoseconds / SECOND) {
            Ok(seconds) => (seconds, nanoseconds % SECOND != 0),
            Err(_) => return Read::Default,
        },
        None => match text.parse() {
            Ok(seconds) => (seconds, false),
            Err(_) => return Read::Default,
        },
    };
    if (1..=LONGEST).contains(&seconds) { Read::Seconds(seconds, fraction) } else { Read::Default }
}

/// Go's `time.ParseDuration`, in nanoseconds: a sign, then numbers with a unit each; `0` alone needs none.
fn duration(text: &str) -> Option<i128> {
    let (negative, mut rest) = match text.strip_prefix(['-', '+']) {
        Some(rest) => (text.starts_with('-'), rest),
        None => (false, text),
    };
    if rest == "0" {
        return Some(0);
    }
    if rest.is_empty() {
        return None;
    }
    let mut total: i128 = 0;
    while !rest.is_empty() {
        let number = rest.find(|c: char| !c.is_ascii_digit() && c != '.').filter(|end| *end > 0)?;
        let (digits, behind) = rest.split_at(number);
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        if (whole.is_empty() && fraction.is_empty()) || fraction.contains('.') {
            return None;
        }
        let end = behind.find(|c: char| c.is_ascii_digit() || c == '.').unwrap_or(behind.len());
        let (unit, next) = behind.split_at(end);
        let unit = nanoseconds(unit)?;
        let whole: i128 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
        total = total.checked_add(whole.checked_mul(unit)?)?;
        // Digits beyond a nanosecond of an hour do not count.
        let fraction: String = fraction.chars().take(15).collect();
        if !fraction.is_empty() {
            let scale = 10_i128.checked_pow(u32::try_from(fraction.len()).ok()?)?;
            total = total.checked_add(fraction.parse::<i128>().ok()? * unit / scale)?;
        }
        rest = next;
    }
    Some(if negative { -total } else { total })
}

fn nanoseconds(unit: &str) -> Option<i128> {
    Some(match unit {
        "ns" => 1,
        "us" | "\u{b5}s" | "\u{3bc}s" => 1_000,
        "ms" => 1_000_000,
        "s" => SECOND,
        "m" => 60 * SECOND,
        "h" => 3600 * SECOND,
        _ => return None,
    })
}

impl<'de> Deserialize<'de> for Ttl {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TextOrNumber)
    }
}

struct TextOrNumber;

impl Visitor<'_> for TextOrNumber {
    type Value = Ttl;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("seconds, or a duration like `5m`")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Ttl, E> {
        match read(text) {
            Read::Seconds(seconds, false) => Ok(Ttl { text: text.to_owned(), seconds }),
            Read::Seconds(_, true) | Read::Default => Err(E::custom(format!(
                "`{text}` is no TTL: expected whole seconds from 1 to {LONGEST}, or a duration like `5m`"
            ))),
        }
    }

    fn visit_u64<E: Error>(self, seconds: u64) -> Result<Ttl, E> {
        self.visit_str(&seconds.to_string())
    }

    fn visit_i64<E: Error>(self, seconds: i64) -> Result<Ttl, E> {
        self.visit_str(&seconds.to_string())
    }
}

impl JsonSchema for Ttl {
    fn schema_name() -> Cow<'static, str> {
        "Ttl".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": ["string", "integer"]})
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_ttl_is_read_as_external_dns_reads_it() {
        for (text, seconds) in [
            ("600", 600),
            ("10m", 600),
            ("1h2m", 3720),
            ("1.5h", 5400),
            ("+5m", 300),
            ("2147483647", LONGEST),
            (".5m", 30),
        ] {
            assert_eq!(read(text), Read::Seconds(seconds, false), "{text}");
        }
        assert_eq!(read("1.5s"), Read::Seconds(1, true));
        for text in [
            "",
            "0",
            "-5m",
            "5 m",
            "5d",
            "1h2",
            "m",
            "1.2.3s",
            "2147483648",
            "600h0.5",
            "99999999h",
            "x",
        ] {
            assert_eq!(read(text), Read::Default, "{text}");
        }
    }

    #[test]
    fn a_config_takes_whole_seconds_and_keeps_the_author_s_words() {
        let ttl: Ttl = serde_json::from_value(json!("5m")).unwrap();
        assert_eq!((ttl.text(), ttl.seconds()), ("5m", 300));
        let ttl: Ttl = serde_json::from_value(json!(60)).unwrap();
        assert_eq!((ttl.text(), ttl.seconds()), ("60", 60));
        for wrong in
            [json!("1.5s"), json!(0), json!(-1), json!("5 minutes"), json!(2_147_483_648_u64)]
        {
            assert!(serde_json::from_value::<Ttl>(wrong.clone()).is_err(), "{wrong}");
        }
    }
}
