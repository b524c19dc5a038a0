//! Timestamps as Go reads and prints them (`time.RFC3339`, `time.RFC3339Nano`).

/// A timestamp in Go's `RFC3339Nano`: the fraction without trailing zeros, no offset as `Z`.
pub(crate) fn nanoseconds(text: &str) -> Option<String> {
    let parts = parts(text)?;
    let digits = parts.fraction.get(..9).unwrap_or(parts.fraction).trim_end_matches('0');
    let point = if digits.is_empty() { "" } else { "." };
    Some(format!("{}{point}{digits}{}", parts.seconds, parts.zone))
}

/// A timestamp in Go's `RFC3339`: without a fraction. The MAC of a file is bound to this form.
pub(crate) fn seconds(text: &str) -> Option<String> {
    let parts = parts(text)?;
    Some(format!("{}{}", parts.seconds, parts.zone))
}

/// The day of a time in seconds since 1970, as people write it: `2027-01-31`.
pub(crate) fn date(seconds: u64) -> String {
    let (mut year, mut month) = (1970, 1);
    let mut day = u32::try_from(seconds / 86_400).unwrap_or(u32::MAX);
    let length = |year| (1..=12).map(|month| days(year, month)).sum::<u32>();
    while day >= length(year) {
        day -= length(year);
        year += 1;
    }
    while day >= days(year, month) {
        day -= days(year, month);
        month += 1;
    }
    format!("{year:04}-{month:02}-{:02}", day + 1)
}

struct Parts<'a> {
    seconds: &'a str,
    fraction: &'a str,
    zone: &'a str,
}

fn parts(text: &str) -> Option<Parts<'_>> {
    let (seconds, rest) = text.split_at_checked(19)?;
    let fields: Option<Vec<u32>> = [(0, 4), (5, 7), (8, 10), (11, 13), (14, 16), (17, 19)]
        .into_iter()
        .map(|(from, to)| digits(seconds.get(from..to)?))
        .collect();
    let [year, month, day, hour, minute, second] = fields?[..] else { return None };
    let marks: Option<Vec<u8>> =
        [4, 7, 10, 13, 16].into_iter().map(|at| seconds.as_bytes().get(at).copied()).collect();
    let in_range =
        (1..=days(year, month)).contains(&day) && hour < 24 && minute < 60 && second < 60;
    if marks? != *b"--T::" || !in_range {
        return None;
    }
    let (fraction, zone) = match rest.strip_prefix('.') {
        Some(rest) => {
            let end = rest.find(|c: char| !c.is_ascii_digit())?;
            (end > 0).then(|| rest.split_at(end))?
        }
        None => ("", rest),
    };
    Some(Parts { seconds, fraction, zone: offset(zone)? })
}

/// `Z`, or an offset; one of zero is `Z` to Go.
fn offset(zone: &str) -> Option<&str> {
    if zone == "Z" {
        return Some(zone);
    }
    let (sign, rest) = zone.split_at_checked(1)?;
    let (hours, minutes) = rest.split_once(':')?;
    let both = (digits(hours)?, digits(minutes)?);
    let valid = matches!(sign, "+" | "-") && hours.len() == 2 && minutes.len() == 2;
    if !valid || both.0 > 24 || both.1 > 59 {
        return None;
    }
    Some(if both == (0, 0) { "Z" } else { zone })
}

fn digits(text: &str) -> Option<u32> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?
}

fn days(year: u32, month: u32) -> u32 {
    match month {
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => {
            29
        }
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zero_offset_becomes_z_and_another_one_stays() {
        assert_eq!(seconds("2024-01-02T03:04:05+00:00").as_deref(), Some("2024-01-02T03:04:05Z"));
        assert_eq!(seconds("2024-01-02T03:04:05-00:00").as_deref(), Some("2024-01-02T03:04:05Z"));
        let east = "2024-01-02T03:04:05+02:00";
        assert_eq!(seconds(east).as_deref(), Some(east));
    }

    #[test]
    fn a_date_is_that_of_the_day_in_utc() {
        for (seconds, expected) in [
            (0, "1970-01-01"),
            (86_399, "1970-01-01"),
            (951_782_400, "2000-02-29"),
            (951_868_800, "2000-03-01"),
            (1_798_761_599, "2026-12-31"),
            (4_102_444_800, "2100-01-01"),
        ] {
            assert_eq!(date(seconds), expected);
        }
    }

    #[test]
    fn the_fraction_is_cut_or_trimmed() {
        let text = "2024-02-29T03:04:05.1230000009Z";
        assert_eq!(seconds(text).as_deref(), Some("2024-02-29T03:04:05Z"));
        assert_eq!(nanoseconds(text).as_deref(), Some("2024-02-29T03:04:05.123Z"));
        assert_eq!(
            nanoseconds("2024-01-02T03:04:05.000Z").as_deref(),
            Some("2024-01-02T03:04:05Z")
        );
    }

    #[test]
    fn what_is_no_timestamp_is_refused() {
        for text in [
            "",
            "2024-01-02",
            "2023-02-29T00:00:00Z",
            "2024-13-01T00:00:00Z",
            "2024-01-02T24:00:00Z",
            "2024-01-02T00:60:00Z",
            "2024-01-02T00:00:60Z",
            "2024-01-02T03:04:05",
            "2024-01-02T03:04:05.Z",
            "2024-01-02 03:04:05Z",
            "2024-01-02T03:04:05+2:00",
            "2024-01-02T03:04:05é",
        ] {
            assert_eq!(nanoseconds(text), None, "{text}");
        }
    }
}
