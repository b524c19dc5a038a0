//! Timestamps: the four layouts that go-yaml v3 hands to Go's `time.Parse`, printed as `time.RFC3339Nano`.

/// Reads a timestamp and prints it the way Go does; `None` for what is no timestamp.
pub(super) fn parse(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    if bytes.len() < 8 || !bytes[..4].iter().all(u8::is_ascii_digit) || bytes[4] != b'-' {
        return None;
    }
    let mut cursor = Cursor(&text[5..]);
    let date = Date { year: text[..4].parse().ok()?, ..cursor.month_and_day()? };
    if !date.exists() {
        return None;
    }
    if cursor.0.is_empty() {
        return Some(format!("{date}T00:00:00Z"));
    }
    if cursor.0.starts_with(' ') {
        cursor.0 = cursor.0.trim_start_matches(' ');
        let clock = cursor.clock()?;
        return cursor.0.is_empty().then(|| format!("{date}T{clock}Z"));
    }
    cursor.0 = cursor.0.strip_prefix(['T', 't'])?;
    let clock = cursor.clock()?;
    let zone = cursor.zone()?;
    cursor.0.is_empty().then(|| format!("{date}T{clock}{zone}"))
}

struct Date {
    year: u32,
    month: u32,
    day: u32,
}

impl Date {
    fn exists(&self) -> bool {
        let leap = self.year.is_multiple_of(4)
            && (!self.year.is_multiple_of(100) || self.year.is_multiple_of(400));
        let days = match self.month {
            2 if leap => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            1..=12 => 31,
            _ => 0,
        };
        (1..=days).contains(&self.day)
    }
}

impl std::fmt::Display for Date {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

struct Cursor<'t>(&'t str);

impl Cursor<'_> {
    /// One or two digits, as Go's `getnum` takes them.
    fn number(&mut self) -> Option<u32> {
        let digits = self.0.bytes().take(2).take_while(u8::is_ascii_digit).count();
        let (number, rest) = self.0.split_at(digits);
        self.0 = rest;
        number.parse().ok()
    }

    fn below(&mut self, bound: u32) -> Option<u32> {
        self.number().filter(|number| *number < bound)
    }

    fn literal(&mut self, literal: char) -> Option<()> {
        self.0 = self.0.strip_prefix(literal)?;
        Some(())
    }

    /// The year is filled in by the caller; the day is checked against it there.
    fn month_and_day(&mut self) -> Option<Date> {
        let month = self.number()?;
        self.literal('-')?;
        let day = self.number()?;
        Some(Date { year: 0, month, day })
    }

    fn clock(&mut self) -> Option<String> {
        let hour = self.below(24)?;
        self.literal(':')?;
        let minute = self.below(60)?;
        self.literal(':')?;
        let second = self.below(60)?;
        Some(format!("{hour:02}:{minute:02}:{second:02}{}", self.fraction()))
    }

    /// Nanoseconds behind a point or a comma; further digits are dropped, trailing zeros are not printed.
    fn fraction(&mut self) -> String {
        let Some(rest) = self.0.strip_prefix(['.', ',']) else { return String::new() };
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        if digits == 0 {
            return String::new();
        }
        let kept = rest[..digits.min(9)].trim_end_matches('0');
        self.0 = &rest[digits..];
        if kept.is_empty() { String::new() } else { format!(".{kept}") }
    }

    /// `Z` or `+hh:mm`; Go allows 24 hours and 60 minutes here, and prints an offset of zero as `Z`.
    fn zone(&mut self) -> Option<String> {
        if self.literal('Z').is_some() {
            return Some("Z".to_owned());
        }
        let zone = self.0.as_bytes().get(..6)?;
        let digits = [zone[1], zone[2], zone[4], zone[5]];
        if !matches!(zone[0], b'+' | b'-')
            || zone[3] != b':'
            || !digits.iter().all(u8::is_ascii_digit)
        {
            return None;
        }
        let hours: u32 = self.0[1..3].parse().ok()?;
        let minutes: u32 = self.0[4..6].parse().ok()?;
        if hours > 24 || minutes > 60 {
            return None;
        }
        let sign = char::from(zone[0]);
        let offset = hours * 60 + minutes;
        self.0 = &self.0[6..];
        Some(match offset {
            0 => "Z".to_owned(),
            offset => format!("{sign}{:02}:{:02}", offset / 60, offset % 60),
        })
    }
}
