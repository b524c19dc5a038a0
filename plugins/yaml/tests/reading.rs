//! What the reader says: refusals with their place, limits, and the values of what people write.
#![expect(clippy::unwrap_used, reason = "tests")]

use serde_json::{Value, json};
use yaml::{Data, Limits, Scalar, documents, documents_within, values, values_within};

fn value(text: &str) -> Value {
    let mut values = values(text.as_bytes()).unwrap();
    assert_eq!(values.len(), 1);
    values.remove(0)
}

/// Both sinks refuse, with the same words.
fn refusal(text: &str) -> String {
    let error = values(text.as_bytes()).unwrap_err();
    assert_eq!(documents(text.as_bytes()).unwrap_err(), error);
    error.to_string()
}

/// Only plain values are refused.
fn no_value(text: &str) -> String {
    assert!(documents(text.as_bytes()).is_ok());
    values(text.as_bytes()).unwrap_err().to_string()
}

#[test]
fn what_readers_disagree_on_is_refused() {
    let refused = |text: &str| {
        let said = refusal(text);
        let (place, what) = said.split_once(": refused, since readers disagree on it: ").unwrap();
        format!("{place}: {what}")
    };
    let table: Vec<String> = [
        "a: x\u{85}y",
        "a: x\u{2028}y",
        "a: x\u{2029}y",
        "a: x\u{FEFF}y",
        "a: \"\\/\"",
        "a: \"\\ud83d\\ude00\"",
        "%YAML 1.3\n---\na: 1",
        "%YAML 1.2\n---\na: 1",
        "{a:, b: 1}",
        "[!a, 1]",
        "{?a: 1}",
        "[a? b]",
        "a: |\n text\n   ",
    ]
    .map(refused)
    .into();
    insta::assert_snapshot!(table.join("\n"), @r#"
    line 1, column 5: U+0085 breaks a line for some (write \N)
    line 1, column 5: U+2028 breaks a line for some (write \L)
    line 1, column 5: U+2029 breaks a line for some (write \P)
    line 1, column 5: U+FEFF inside the text (write \uFEFF)
    line 1, column 4: the escape \/
    line 1, column 4: half of a surrogate pair as an escape (write \U)
    line 1, column 1: a %YAML directive other than one 1.1
    line 1, column 1: a %YAML directive other than one 1.1
    line 1, column 3: a ':' between a plain key and a bracket or comma
    line 1, column 2: a tag without a blank behind it
    line 1, column 2: a '?' in a plain text between brackets
    line 1, column 2: a '?' in a plain text between brackets
    line 1, column 4: a block scalar that ends in blanks and in no line break
    "#);
}

#[test]
fn broken_texts_are_refused_with_their_place() {
    let table: Vec<String> = [
        "a: [1, 2",
        "a: 1\n b: 2",
        "a: *nowhere",
        "a: &a [*a]",
        "a: 1\nb: 2\na: 3",
        "x: &x {a: 1}\ny: {<<: *x, <<: *x}",
        "a: !!int x",
        "a: !!binary '*'",
        "a: \"\\q\"",
        "a: \u{7}",
        "a: @x",
        "a: !e!x 1",
        "%FOO\n---\na: 1",
        "- a\nb: 1",
        "a: 'x",
    ]
    .map(refusal)
    .into();
    insta::assert_snapshot!(table.join("\n"), @r#"
    line 1, column 4: not valid YAML: unclosed bracket '['
    line 2, column 3: not valid YAML: mapping values are not allowed in this context
    line 1, column 4: not valid YAML: an alias without an anchor before it, or one inside its own anchor
    line 1, column 8: not valid YAML: an alias without an anchor before it, or one inside its own anchor
    line 3, column 1: this key stands in the map already, on line 1
    line 2, column 13: this key stands in the map already, on line 2
    line 1, column 4: this scalar is not what its tag says
    line 1, column 4: !!binary holds invalid base64
    line 1, column 4: not valid YAML: while parsing a quoted scalar, found unknown escape character
    line 1, column 4: not valid YAML: a control character (write it as an escape)
    line 1, column 4: not valid YAML: a character that cannot start anything
    line 1, column 4: not valid YAML: an undeclared tag handle
    line 1, column 1: not valid YAML: an unknown directive
    line 2, column 1: not valid YAML: a '-' is expected here
    line 1, column 4: not valid YAML: unclosed quote
    "#);
}

#[test]
fn what_json_cannot_hold_is_no_plain_value() {
    let table: Vec<String> = [
        "1: a",
        "true: a",
        "[a]: b",
        "a: .inf",
        "a: -.nan\nb: .nan",
        "a: !!binary gIGC",
        "a: 2024-01-02T03:04:05+24:00",
        "<<: 1",
        "<<: [1]",
    ]
    .map(no_value)
    .into();
    insta::assert_snapshot!(table.join("\n"), @r#"
    line 1, column 1: only a string can be a key here (quote it)
    line 1, column 1: only a string can be a key here (quote it)
    line 1, column 1: only a string can be a key here (quote it)
    line 1, column 4: infinities and NaN have no plain value
    line 2, column 4: infinities and NaN have no plain value
    line 1, column 4: !!binary holds bytes that are no UTF-8 text
    line 1, column 4: a timestamp whose offset is a day or more has no plain value
    line 1, column 5: << merges a map or a list of maps, and nothing else
    line 1, column 5: << merges a map or a list of maps, and nothing else
    "#);
}

#[test]
fn no_error_repeats_the_text() {
    for text in [
        "a: zyxwv: q",
        "a: *zyxwv",
        "a: !zyxwv!x 1",
        "zyxwv: 1\nzyxwv: 2",
        "a: !!int zyxwv",
        "%zyxwv\n",
        "@zyxwv",
    ] {
        let said = refusal(text);
        assert!(!said.contains("zyxwv"), "{said}");
    }
}

#[test]
fn values_are_those_of_kustomize() {
    let text = "yes: yes\non: on\nt: True\noctal: 0644\nnew: 0o644\nnot: 08\nhex: 0x1F\nbin: 0b101\nund: 1_000\nplus: +7\n\
                exp: 1e3\nbig: 12345e6\nfrac: 1.50\none: 1.0\ndate: 2024-01-02\ntime: 12:30:45\nempty:\ntilde: ~\n\
                b: !!binary aGVsbG8=\nq: \"0644\"\nover: 1e400\nsmall: 1e-07\n";
    assert_eq!(
        yaml::write::json(&value(text)),
        r#"{"yes":"yes","on":"on","t":true,"octal":420,"new":420,"not":8,"hex":31,"bin":5,"und":1000,"plus":7,"exp":1000,"big":12345000000,"frac":1.5,"one":1,"date":"2024-01-02T00:00:00Z","time":"12:30:45","empty":null,"tilde":null,"b":"hello","q":"0644","over":"1e400","small":1e-7}"#
    );
}

#[test]
fn a_number_that_no_float_holds_keeps_its_text() {
    let text = "a: 123456789012345678901234567890\nb: 3.14159265358979323846\nc: 0.10\n";
    let json = r#"{"a":123456789012345678901234567890,"b":3.14159265358979323846,"c":0.1}"#;
    assert_eq!(yaml::write::json(&value(text)), json);
    let documents = documents(b"1e400000").unwrap();
    assert_eq!(documents[0].root.data, Data::Scalar(Scalar::Str("1e400000".to_owned())));
}

#[test]
fn merge_keys_add_what_is_missing() {
    let text = "x: &x {a: 1, b: 2}\ny: &y {b: 3, c: 4}\nz:\n  <<: [*x, *y]\n  a: 5\n";
    assert_eq!(value(text)["z"], json!({"a": 5, "b": 2, "c": 4}));
    assert_eq!(value("x: &x [{a: 1}]\n\"<<\": *x\n")["<<"], json!([{"a": 1}]));
}

#[test]
fn documents_are_split_as_go_yaml_splits_them() {
    let all = |text: &str| values(text.as_bytes()).unwrap();
    assert!(all("").is_empty());
    assert!(all("# only\n").is_empty());
    assert_eq!(
        all("---\n---\na: 1\n...\n...\n---\n# c\n"),
        [json!(null), json!({"a": 1}), json!(null)]
    );
    assert_eq!(all("\u{FEFF}a: 1\r\n---\r\nb: 2\r\n"), [json!({"a": 1}), json!({"b": 2})]);
}

#[test]
fn a_place_counts_lines_and_characters_from_one() {
    let documents = documents("é: ü\nb:\n  - |\n    x\n".as_bytes()).unwrap();
    let Data::Mapping(entries) = &documents[0].root.data else { unreachable!() };
    assert_eq!(entries[0].1.position.to_string(), "line 1, column 4");
    let Data::Sequence(items) = &entries[1].1.data else { unreachable!() };
    assert_eq!(items[0].position.to_string(), "line 3, column 5");
}

#[test]
fn attack_nesting_ends_at_the_limit() {
    for text in [
        "[".repeat(100_000),
        "{a: ".repeat(100_000),
        "- ".repeat(100_000),
        (0..2_000).fold(String::new(), |text, depth| text + &" ".repeat(depth) + "a:\n"),
        "? ".repeat(10_000),
        "&a [".repeat(1_000),
        format!("{}{}", "[".repeat(1_001), "]".repeat(1_001)),
    ] {
        assert!(
            refusal(&text).ends_with("exceed the limit of 100") || refusal(&text).contains("limit")
        );
    }
    let beyond = format!("{}{}", "[".repeat(101), "]".repeat(101));
    assert_eq!(refusal(&beyond), "line 1, column 101: nested collections exceed the limit of 100");
    let deep = format!("{}{}", "[".repeat(100), "]".repeat(100));
    assert!(values(deep.as_bytes()).is_ok());
    assert!(serde_json::from_str::<Value>(&yaml::write::json(&value(&deep))).is_ok());
}

#[test]
fn attack_a_billion_laughs_ends_at_the_limit() {
    use std::fmt::Write as _;
    let mut text = String::from("a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol, lol]\n");
    for level in 1..10 {
        let items = format!("*a{}, ", level - 1).repeat(10);
        writeln!(text, "a{level}: &a{level} [{items}]").unwrap();
    }
    assert_eq!(
        refusal(&text),
        "line 5, column 38: nodes made by aliases exceed the limit of 100000"
    );
    let merges: String = (1..40).fold("m0: &m0 {a: 1, b: 2}\n".to_owned(), |text, level| {
        format!("{text}m{level}: &m{level} {{<<: [*m{0}, *m{0}], k{level}: 1}}\n", level - 1)
    });
    assert!(refusal(&merges).ends_with("nodes made by aliases exceed the limit of 100000"));
}

#[test]
fn attack_anchors_inside_anchors_do_not_multiply_memory() {
    let text = format!("{}{}{}", "&a [".repeat(90), "x,".repeat(50_000), "]".repeat(90));
    assert!(refusal(&text).ends_with("nodes made by aliases exceed the limit of 100000"));
}

#[test]
fn attack_sizes_end_at_the_limits() {
    let limits = Limits { bytes: 10, ..Limits::default() };
    let error = values_within(b"a: 1234567890", &limits).unwrap_err();
    assert_eq!(error.to_string(), "bytes exceed the limit of 10");
    let limits = Limits { nodes: 5, ..Limits::default() };
    let error = documents_within(b"[1, 2, 3, 4, 5]", &limits).unwrap_err();
    assert_eq!(error.to_string(), "line 1, column 14: nodes exceed the limit of 5");
}

#[test]
fn a_list_of_ten_thousand_resources_is_within_the_limits() {
    let data: Vec<String> = (0..12)
        .map(|key| format!("    key-{key}: some value that is long enough for a list"))
        .collect();
    let data = data.join("\n");
    let items: Vec<String> = (0..10_000)
        .map(|index| {
            format!(
                "- apiVersion: v1\n  kind: ConfigMap\n  metadata:\n    name: c{index}\n    \
                 labels: {{app: a{index}, tier: web}}\n  data:\n{data}\n"
            )
        })
        .collect();
    let text = format!("kind: List\nitems:\n{}", items.concat());
    assert!(text.len() > 5_000_000, "{}", text.len());
    assert_eq!(value(&text)["items"].as_array().unwrap().len(), 10_000);
    assert_eq!(documents(text.as_bytes()).unwrap().len(), 1);
}
