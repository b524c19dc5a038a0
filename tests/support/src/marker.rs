//! Finding a marker in a heap of bytes, however it was written down.

use std::fmt::Write;

/// A marker that stands nowhere by chance, and what it looks like in each encoding.
#[derive(Debug)]
pub struct Marker {
    /// What it was planted as.
    pub name: String,
    /// The text that was planted.
    pub text: String,
    needles: Vec<(String, Vec<u8>)>,
}

impl Marker {
    /// A fresh one, with characters that JSON, URLs and HTML escape.
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self::of(name, &format!("{}\"<{}&/\\{}", random(), random(), random()))
    }

    /// A fresh one of letters and digits, where nothing else is allowed.
    #[must_use]
    pub fn word(name: &str) -> Self {
        Self::of(name, &format!("{}{}", random(), random()))
    }

    /// A secret that somebody else made, such as a key.
    #[must_use]
    pub fn of(name: &str, text: &str) -> Self {
        let mut needles: Vec<(String, Vec<u8>)> = Vec::new();
        for (part, which) in parts(text).into_iter().zip(["whole", "first part", "last part"]) {
            for (encoding, needle) in encodings(&part) {
                if needles.iter().all(|(_, known)| *known != needle) {
                    needles.push((format!("{which}, {encoding}"), needle));
                }
            }
        }
        Self { name: name.to_owned(), text: text.to_owned(), needles }
    }

    /// How the marker stands in `heap`, when it does.
    #[must_use]
    pub fn found_in(&self, heap: &[u8]) -> Option<&str> {
        self.needles
            .iter()
            .find(|(_, needle)| memchr::memmem::find(heap, needle).is_some())
            .map(|(encoding, _)| encoding.as_str())
    }
}

/// A text that breaks off leaks too: the whole, and each end.
fn parts(text: &str) -> Vec<String> {
    let end = |range: &mut dyn Iterator<Item = char>| range.take(12).collect::<String>();
    let last: String = end(&mut text.chars().rev()).chars().rev().collect();
    vec![text.to_owned(), end(&mut text.chars()), last]
}

/// Every way in which a program writes a text down.
fn encodings(text: &str) -> Vec<(&'static str, Vec<u8>)> {
    let bytes = text.as_bytes();
    let hex: String = bytes.iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"));
    let json = |always: fn(char) -> bool| {
        text.chars().fold(String::new(), |mut json, c| {
            match c {
                '"' | '\\' if !always(c) => json.extend(['\\', c]),
                c if always(c) => {
                    let _ = write!(json, "\\u{:04x}", c as u32);
                }
                c => json.push(c),
            }
            json
        })
    };
    let url = |kept: fn(u8) -> bool, upper: bool| {
        bytes.iter().fold(String::new(), |mut url, byte| {
            let _ = match (kept(*byte), upper) {
                (true, _) => write!(url, "{}", char::from(*byte)),
                (false, true) => write!(url, "%{byte:02X}"),
                (false, false) => write!(url, "%{byte:02x}"),
            };
            url
        })
    };
    let mut all = vec![
        ("raw", text.to_owned()),
        ("hex", hex.clone()),
        ("hex in capitals", hex.to_uppercase()),
        (
            "hex with blanks",
            bytes.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(" "),
        ),
        ("JSON", json(|_| false)),
        ("JSON for HTML", json(|c| matches!(c, '<' | '>' | '&'))),
        ("JSON, all escaped", json(|_| true)),
        ("URL", url(|byte| byte.is_ascii_alphanumeric(), true)),
        ("URL in small letters", url(|byte| byte.is_ascii_alphanumeric(), false)),
        ("URL path", url(|byte| byte.is_ascii_alphanumeric() || b"/&".contains(&byte), true)),
        ("URL, all escaped", url(|_| false, true)),
        ("Rust or Go debug", format!("{text:?}").trim_matches('"').to_owned()),
    ];
    for (alphabet, name) in [
        (
            STANDARD,
            ["base64, first alignment", "base64, second alignment", "base64, third alignment"],
        ),
        (
            URL_SAFE,
            [
                "base64 for URLs, first alignment",
                "base64 for URLs, second",
                "base64 for URLs, third",
            ],
        ),
    ] {
        all.extend(
            name.into_iter()
                .enumerate()
                .map(|(shift, name)| (name, base64(bytes, shift, alphabet))),
        );
    }
    all.into_iter().map(|(name, text)| (name, text.into_bytes())).collect()
}

const STANDARD: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const URL_SAFE: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// What of the base64 of a longer text depends on `bytes` alone, when they begin `shift` bytes into a group of three.
fn base64(bytes: &[u8], shift: usize, alphabet: &[u8; 64]) -> String {
    let bits: Vec<bool> =
        bytes.iter().flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1 == 1)).collect();
    // The first sextet that begins within the bytes, and all that end there.
    let skip = (6 - shift * 8 % 6) % 6;
    bits.get(skip..)
        .unwrap_or_default()
        .chunks_exact(6)
        .map(|sextet| sextet.iter().fold(0, |value, bit| value * 2 + usize::from(*bit)))
        .map(|value| char::from(alphabet[value]))
        .collect()
}

fn random() -> String {
    use std::io::Read;
    let mut bytes = [0; 12];
    let read = std::fs::File::open("/dev/urandom").and_then(|mut file| file.read_exact(&mut bytes));
    read.unwrap_or_else(|error| panic!("/dev/urandom: {error}"));
    bytes
        .iter()
        .map(|byte| char::from(b"abcdefghijkmnpqrstuvwxyzABCDEFGH"[usize::from(byte % 32)]))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The search works: a text that is planted in each encoding is found, at any place, and another is not.
    #[test]
    fn a_planted_marker_is_found_in_every_encoding() {
        let (marker, other) = (Marker::new("planted"), Marker::new("other"));
        let mut planted = 0;
        for before in ["", "x", "xy", "xyz"] {
            let text = format!("{before}{}{before}", marker.text);
            let by_command = |program: &str, arguments: &[&str]| {
                use std::io::Write;
                let mut child = std::process::Command::new(program)
                    .args(arguments)
                    .stdin(std::process::Stdio::piped())
                    .stdout(std::process::Stdio::piped())
                    .spawn()
                    .expect("a program that encodes");
                child.stdin.take().expect("its input").write_all(text.as_bytes()).expect("written");
                child.wait_with_output().expect("its output").stdout
            };
            // Made by other hands than the needles: coreutils, and serde_json.
            let heaps = [
                text.clone().into_bytes(),
                by_command("base64", &["-w0"]),
                by_command("basenc", &["--base64url", "-w0"]),
                by_command("basenc", &["--base16", "-w0"]),
                by_command("od", &["-An", "-v", "-tx1", "-w4096"]),
                serde_json::to_vec(&text).expect("JSON"),
                encodings(&text).remove(9).1,
            ];
            for heap in heaps.into_iter().chain(encodings(&text).into_iter().map(|(_, heap)| heap))
            {
                let heap =
                    [b"something in front of it ".as_slice(), &heap, b" and behind"].concat();
                assert!(marker.found_in(&heap).is_some(), "{}", String::from_utf8_lossy(&heap));
                assert!(other.found_in(&heap).is_none());
                planted += 1;
            }
        }
        println!("leaks: {planted} planted markers found");
        assert_eq!(planted, 4 * (7 + 18));
    }
}
