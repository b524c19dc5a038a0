//! Labels, as the API server takes them (apimachinery 0.36, `pkg/util/validation`).

/// A key: an optional DNS subdomain and `/`, and a name.
pub(crate) fn key(text: &str) -> Result<(), String> {
    let (prefix, name) = match text.split_once('/') {
        Some((prefix, name)) => (Some(prefix), name),
        None => (None, text),
    };
    if prefix.is_none_or(|prefix| super::name(prefix).is_ok()) && !name.is_empty() && plain(name) {
        Ok(())
    } else {
        Err(format!("`{text}` is no key of a label or an annotation"))
    }
}

/// A value: empty, or at most 63 letters, digits, `-`, `_` and `.`.
pub(crate) fn value(text: &str) -> Result<(), String> {
    if text.is_empty() || plain(text) { Ok(()) } else { Err("no value of a label".to_owned()) }
}

fn plain(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() <= 63
        && bytes.first().is_some_and(u8::is_ascii_alphanumeric)
        && bytes.last().is_some_and(u8::is_ascii_alphanumeric)
        && bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_and_values_are_those_of_the_api_server() {
        assert!(key("a").is_ok() && key("example.org/a_B.c").is_ok() && value("").is_ok());
        for wrong in ["", "/a", "a/", "a/b/c", "A.org/", "-a", &"a".repeat(64)] {
            assert!(key(wrong).is_err(), "{wrong}");
        }
        for wrong in ["a b", "-a", "a/b", &"a".repeat(64)] {
            assert!(value(wrong).is_err(), "{wrong}");
        }
    }
}
