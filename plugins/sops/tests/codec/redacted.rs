//! Rendering without keys: a placeholder for each encrypted value.

use sops::{Format, PLACEHOLDER, Sealed};

use crate::made;

const PLAIN: &str = "kind: Secret\n# about the data\ndata:\n    password: hunter2\n    port: 5432\n    empty: \"\"\n    none: ~\n    list:\n        # first\n        - one\n        - one\n";
const RULE: &[&str] = &["encrypted_regex", "^data$"];

fn encrypted(format: &str, plain: &str) -> Vec<u8> {
    let (scratch, column) = made::age();
    let plain = scratch.write(format!("plain.{format}"), plain);
    made::encrypt(&scratch, &column, RULE, &plain)
}

fn redacted(bytes: &[u8], format: Format) -> String {
    let sealed = Sealed::parse(bytes, format).expect("a sops file");
    String::from_utf8(sealed.redact().to_bytes().to_vec()).expect("UTF-8")
}

#[test]
fn every_encrypted_value_and_comment_is_replaced_and_clear_ones_stay() {
    let text = redacted(&encrypted("yaml", PLAIN), Format::Yaml);
    assert!(text.starts_with("kind: Secret\n"), "{text}");
    assert!(text.contains("# about the data\n"), "this rule does not reach the comment\n{text}");
    assert!(!text.contains("ENC[") && !text.contains("sops:"), "{text}");
    assert!(text.contains("    empty: \"\"\n    none: null\n"), "{text}");
    let values = Sealed::parse(&encrypted("yaml", PLAIN), Format::Yaml)
        .expect("sops")
        .redact()
        .values()
        .expect("values");
    let data = &values[0]["data"];
    for pointer in ["/password", "/port", "/list/0", "/list/1"] {
        let value = data.pointer(pointer).and_then(|value| value.as_str()).expect("a string");
        assert_eq!(value.len(), PLACEHOLDER.len() + 16, "the length says nothing: {value}");
        assert!(value.starts_with(PLACEHOLDER), "{value}");
    }
    assert_eq!(data["list"].as_array().map(Vec::len), Some(2), "an encrypted comment is no item");
}

#[test]
fn the_same_ciphertext_gives_the_same_placeholder_and_another_one_another() {
    let once = encrypted("yaml", PLAIN);
    assert_eq!(redacted(&once, Format::Yaml), redacted(&once, Format::Yaml));
    assert_ne!(redacted(&once, Format::Yaml), redacted(&encrypted("yaml", PLAIN), Format::Yaml));
}

#[test]
fn every_format_is_redacted_and_nothing_of_the_plain_text_is_left() {
    for (format, kind, plain) in [
        ("yaml", Format::Yaml, "data:\n    a: marker-one\n"),
        ("json", Format::Json, r#"{"data": {"a": "marker-one"}}"#),
        ("env", Format::Dotenv, "data=marker-one\n"),
        ("ini", Format::Ini, "[data]\na = marker-one\n"),
        ("bin", Format::Binary, "marker-one"),
    ] {
        let text = redacted(&encrypted(format, plain), kind);
        assert!(text.contains(PLACEHOLDER) && !text.contains("marker"), "{format}: {text}");
    }
}

#[test]
fn a_placeholder_is_no_base64() {
    use base64::Engine as _;
    let engines = [
        &base64::engine::general_purpose::STANDARD,
        &base64::engine::general_purpose::URL_SAFE_NO_PAD,
    ];
    let sealed = encrypted("bin", "x");
    let placeholder = Sealed::parse(&sealed, Format::Binary).expect("sops").placeholder();
    assert!(placeholder.starts_with(PLACEHOLDER));
    assert!(engines.iter().all(|engine| engine.decode(&placeholder).is_err()));
}

#[test]
fn a_value_that_should_be_encrypted_and_is_not_does_not_show() {
    let text = String::from_utf8(encrypted("yaml", PLAIN)).expect("UTF-8");
    let line = text.lines().find(|line| line.contains("password:")).expect("a line");
    let edited = text.replace(line, "    password: marker-plain");
    let text = redacted(edited.as_bytes(), Format::Yaml);
    assert!(text.contains("password: pleach-redacted:not-encrypted"), "{text}");
    assert!(!text.contains("marker"), "{text}");
}
