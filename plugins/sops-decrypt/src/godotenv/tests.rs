//! The reader against the answers of the real godotenv.

use std::collections::BTreeMap;

use super::{Refused, parse};

fn strings(text: &str) -> Result<BTreeMap<String, String>, Refused> {
    let variables = parse(text.as_bytes())?;
    Ok(variables.into_iter().map(|(k, v)| (k, String::from_utf8_lossy(&v).into_owned())).collect())
}

/// `expected.json` holds what godotenv 1.5.1 answers: `null` where it refuses, or where it takes a value whose name
/// is empty (no API server takes such a key, so that it is an error here).
#[test]
fn every_text_reads_as_godotenv_reads_it() {
    let expected: Vec<(String, Option<BTreeMap<String, String>>)> =
        serde_json::from_str(include_str!("expected.json")).unwrap();
    let mut wrong = Vec::new();
    for (text, want) in &expected {
        if strings(text).ok() != *want {
            wrong.push(format!("{text:?}: want {want:?}, got {:?}", strings(text)));
        }
    }
    println!("godotenv: {} texts, {} read differently", expected.len(), wrong.len());
    assert!(expected.len() >= 1_500, "{} texts", expected.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_refusal_names_the_line() {
    let refused = strings("A=1\n\n# c\nB=\"x\n").unwrap_err();
    assert_eq!(refused, Refused { line: 4, what: "a quoted value has no end" });
}

#[test]
fn bytes_in_quotes_stay_as_they_are() {
    let variables = parse(b"A=\"x\xFFy\"\nB=x\xFFy\n").unwrap();
    assert_eq!(variables["A"], b"x\xFFy");
    assert_eq!(variables["B"], b"x\xFFy");
}
