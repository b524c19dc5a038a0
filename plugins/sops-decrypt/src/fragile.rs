//! Text that does not survive kustomize.
//!
//! Measured with kustomize 5.8.2, generator in, build out, plugin and function form alike: U+007F to U+009F (but
//! U+0085), U+FFFE and U+FFFF fail the build ("control characters are not allowed"), U+0085 becomes a space, U+2028
//! and U+2029 gather blanks each time that a transformer hands a block of text back. Bytes that are not UTF-8 have
//! no form in JSON at all. Every other character survives.

/// Why a value cannot stand in `stringData`; `None` when it can.
pub(crate) fn fragile(value: &[u8]) -> Option<String> {
    match std::str::from_utf8(value) {
        Err(_) => Some("bytes that are not UTF-8".to_owned()),
        Ok(text) => {
            text.chars().find(|c| is_fragile(*c)).map(|c| format!("U+{:04X}", u32::from(c)))
        }
    }
}

fn is_fragile(c: char) -> bool {
    matches!(c, '\u{7f}'..='\u{9f}' | '\u{2028}' | '\u{2029}' | '\u{fffe}' | '\u{ffff}')
}

#[cfg(test)]
mod tests {
    use super::fragile;

    #[test]
    fn a_character_that_kustomize_damages_is_named() {
        for (c, name) in [
            ('\u{7f}', "U+007F"),
            ('\u{85}', "U+0085"),
            ('\u{9f}', "U+009F"),
            ('\u{2028}', "U+2028"),
            ('\u{2029}', "U+2029"),
            ('\u{fffe}', "U+FFFE"),
            ('\u{ffff}', "U+FFFF"),
        ] {
            assert_eq!(fragile(format!("a{c}b").as_bytes()).as_deref(), Some(name));
        }
        assert!(fragile(b"a\xFFb").is_some());
    }

    #[test]
    fn every_other_character_is_left_alone() {
        for c in ['\0', '\u{1b}', '\r', '\u{a0}', '\u{ad}', '\u{feff}', '\u{fffd}', '\u{1fffe}'] {
            assert_eq!(fragile(format!("a{c}b").as_bytes()), None, "{c:?}");
        }
    }
}
