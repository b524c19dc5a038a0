//! Thousands of strings that some YAML reader or writer gets wrong, through kustomize, pleach and kustomize.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde_json::{Map, Value, json};
use test_support::sops;

use crate::build::{Builder, built, root};

/// Of these characters every string of one and two is tried: numbers, dates, truth values, indicators.
const ALPHABET: &str = "0127_.:-+eExobTZtyn~<= ";
/// Of these every string of three. kustomize takes seconds for so many values, and more for more.
const CORE: &str = "0127_.:-+eExobTyn ";

/// Strings that are known to be read or written wrongly somewhere.
#[rustfmt::skip]
const KNOWN: &[&str] = &[
    "2012-10-17", "2024-01-02T03:04:05Z", "2024-01-02 03:04:05", "2024-1-2", "12:30:45", "22:22", "1_000",
    "10__", "0b1_0", ".0e1_1", "0644", "0o17", "0x1F", "0b101", "08", "1e3", "1e400", "-1e400", "12345e6",
    "123456789012345678901234567890", "1.0", "1.50", ".5", ".inf", "-.INF", ".nan", "+7", "yes", "Yes", "NO",
    "on", "Off", "y", "N", "true", "True", "FALSE", "null", "Null", "~", "<<", "=", "!!binary aGk=", "!tag", "&a",
    "*a", "%YAML 1.1", "@a", "`a`", "- a", "? a", ": a", "a: b", "a #b", "#a", "[a]", "{a: b}", "'a'", "\"a\"",
    "|", ">", "|-", "---", "...", "--- a", "a\n", "\na", "\n", "a\n\n", " a\n", "a \nb", "\ta", "a\t", "a\r\nb",
    "a\rb", "\u{feff}a", "\u{a0}", "é", "日本", "😀", "\u{fffd}", "\u{ad}", "\\n", "\\", "$A", "${A}", "%s", "",
    " ", "  ", "\"", "'", "''", "a'b", "a\"b", "ENC[", "values look like ENC[AES256_GCM,data:...]",
];

fn strings() -> Vec<String> {
    let mut all: BTreeSet<String> = KNOWN.iter().map(ToString::to_string).collect();
    for a in ALPHABET.chars() {
        all.insert(a.to_string());
        all.extend(ALPHABET.chars().map(|b| format!("{a}{b}")));
    }
    for a in CORE.chars() {
        for b in CORE.chars() {
            all.extend(CORE.chars().map(|c| format!("{a}{b}{c}")));
        }
    }
    // Control characters, line breaks that are none, and what YAML does not print: each in three places.
    let odd = ('\0'..='\u{1f}').chain('\u{7f}'..='\u{a0}').chain([
        '\u{2028}',
        '\u{2029}',
        '\u{feff}',
        '\u{fdd0}',
        '\u{fffe}',
        '\u{ffff}',
        '\u{10ffff}',
    ]);
    for c in odd {
        all.extend([c.to_string(), format!("a{c}b"), format!("a\nb{c} c\n")]);
    }
    all.into_iter().collect()
}

fn key(i: usize) -> String {
    format!("k{i:05}")
}

fn map(strings: &[String], chosen: impl Fn(&str) -> bool) -> Map<String, Value> {
    let numbered = strings.iter().enumerate().filter(|(_, text)| chosen(text));
    numbered.map(|(i, text)| (key(i), json!(text))).collect()
}

/// JSON that every YAML reader takes: nothing but ASCII and characters beyond the basic plane.
fn json_text(value: &Value) -> String {
    let mut out = String::new();
    for c in value.to_string().chars() {
        if (' '..='~').contains(&c) || c > '\u{ffff}' {
            out.push(c);
        } else {
            write!(out, "\\u{:04x}", u32::from(c)).expect("a string");
        }
    }
    out
}

/// The strings of `part` of the one object of a build.
fn read(output: &str, part: &str) -> BTreeMap<String, String> {
    let documents = yaml::values(output.as_bytes()).expect("YAML");
    assert_eq!(documents.len(), 1);
    let strings = documents[0].pointer(part).and_then(Value::as_object).into_iter().flatten();
    strings.map(|(k, v)| (k.clone(), v.as_str().expect("a string stays one").to_owned())).collect()
}

/// kustomize alone: a ConfigMap under `resources:` with the strings as annotations.
fn kustomize_alone(builder: &Builder, annotations: &Map<String, Value>) -> Option<String> {
    let map = json!({
        "apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c", "annotations": annotations},
    });
    builder.scratch.write("alone/c.yaml", json_text(&map));
    builder.scratch.write("alone/kustomization.yaml", "resources: [c.yaml]\n");
    let output = builder.kustomize(&builder.scratch.join("alone"), &[]);
    output.status.success().then(|| built(&output))
}

fn strings_hold(strings: &BTreeSet<&String>, text: &str) -> bool {
    strings.contains(&text.to_owned())
}

#[test]
fn awkward_strings_survive_kustomize_pleach_kustomize() {
    let builder = Builder::new();
    let strings = strings();

    // What kustomize alone refuses, and what it prints so that YAML readers disagree: U+2028 is a line break to some.
    let of = |odd: fn(char) -> bool| -> BTreeSet<&String> {
        strings.iter().filter(|text| text.chars().any(odd)).collect()
    };
    let refused =
        of(|c| matches!(c, '\u{7f}'..='\u{84}' | '\u{86}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}'));
    let ambiguous = of(|c| matches!(c, '\u{2028}' | '\u{2029}'));
    // One build for each character: what it does in a longer string is what it does alone.
    let alone = |text: &&&String| text.chars().count() == 1;
    for text in refused.iter().chain(&ambiguous).filter(alone) {
        let one: Map<String, Value> = [("k".to_owned(), json!(text))].into_iter().collect();
        let output = kustomize_alone(&builder, &one);
        let kept = output.is_some_and(|output| yaml::values(output.as_bytes()).is_ok());
        assert!(!kept, "kustomize keeps {text:?} after all");
    }
    let asked =
        map(&strings, |text| !strings_hold(&refused, text) && !strings_hold(&ambiguous, text));
    let alone = kustomize_alone(&builder, &asked).expect("kustomize builds the others");
    let alone = read(&alone, "/metadata/annotations");

    // kustomize -> pleach -> kustomize: the strings come with the config and go out with the Secret.
    let config = json!({
        "apiVersion": "viaduct.ai/v1", "kind": "ksops",
        "metadata": {"name": "g", "annotations": {"config.kubernetes.io/function": "exec: {path: ksops}"}},
        "secretFrom": [{"metadata": {"name": "s", "annotations": asked}}],
    });
    builder.scratch.write("trip/g.yaml", json_text(&config));
    builder.scratch.write("trip/kustomization.yaml", "generators: [g.yaml]\n");
    let trip =
        read(&built(&builder.function(&builder.scratch.join("trip"))), "/metadata/annotations");

    // The same strings as values that the real sops encrypted: nothing is lost, in `stringData` or in `data`.
    let manifest = json!({
        "apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s"}, "stringData": map(&strings, |_| true),
    });
    let file = builder.scratch.write("values/s.enc.json", json_text(&manifest));
    let recipient = recipient();
    let mut encrypt = builder.command(sops());
    encrypt
        .args(["encrypt", "-i", "--encrypted-regex", "^stringData$", "--age", &recipient])
        .arg(&file);
    built(&encrypt.output().expect("sops starts"));
    builder.scratch.write("values/kustomization.yaml", "generators: [g.yaml]\n");
    let carried = |config: &str| {
        builder.scratch.write("values/g.yaml", config);
        let output = built(&builder.plugin(&builder.scratch.join("values")));
        (read(&output, "/stringData"), read(&output, "/data"))
    };
    let (ksops_text, ksops_data) = carried(
        "{apiVersion: viaduct.ai/v1, kind: ksops, metadata: {name: g}, files: [s.enc.json]}",
    );
    let (ours_text, ours_data) = carried(
        "{apiVersion: pleach.dev/v1alpha1, kind: SopsDecrypt, metadata: {name: g}, spec: {files: [s.enc.json]}}",
    );
    assert!(ours_text.is_empty());

    let (mut unchanged, mut in_data) = (0, 0);
    for (i, text) in strings.iter().enumerate() {
        let key = key(i);
        assert_eq!(decoded(&ours_data[&key]), *text, "SopsDecrypt");
        match (ksops_text.get(&key), ksops_data.get(&key)) {
            (Some(value), None) => assert_eq!(value, text, "ksops, stringData"),
            (None, Some(value)) => assert_eq!(decoded(value), *text, "ksops, data"),
            other => panic!("{text:?} stands in {other:?}"),
        }
        assert_eq!(
            trip.get(&key),
            alone.get(&key),
            "{text:?}: pleach changes what kustomize does not"
        );
        if alone.get(&key) == Some(text) {
            unchanged += 1;
        } else {
            in_data += 1;
            assert!(
                ksops_data.contains_key(&key),
                "{text:?} is changed by kustomize: it belongs in data"
            );
        }
    }
    println!(
        "awkward: {} strings, {unchanged} unchanged by kustomize, pleach and kustomize, {in_data} changed or refused \
         by kustomize itself and carried in data",
        strings.len()
    );
    assert!(unchanged >= 6_000, "{unchanged} strings");
    assert!(in_data >= 6, "{in_data} strings");
}

fn recipient() -> String {
    let text =
        std::fs::read_to_string(root().join("tests/keys/throw-away-age.txt")).expect("a key");
    let line = text.lines().find_map(|line| line.strip_prefix("# public key: "));
    line.expect("its recipient").to_owned()
}

fn decoded(base64: &str) -> String {
    use base64::Engine as _;
    let bytes = base64::engine::general_purpose::STANDARD.decode(base64).expect("base64");
    String::from_utf8(bytes).expect("text")
}
