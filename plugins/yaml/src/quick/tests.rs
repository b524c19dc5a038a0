//! What is read quickly is what the parser reads, and what kustomize prints is read quickly.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use super::document;
use crate::{Limits, parsed_values_within};

/// Whether a text was read quickly; then as the parser reads it.
fn is_quick(text: &str, limits: &Limits) -> bool {
    let quick = document(text, limits);
    if let Some(value) = &quick {
        let parsed = parsed_values_within(text.as_bytes(), limits);
        assert_eq!(parsed.as_deref(), Ok(std::slice::from_ref(value)), "{text}");
    }
    quick.is_some()
}

/// What may stand behind a key or a dash.
fn held() -> impl Strategy<Value = &'static str> {
    const USUAL: &[&str] = &[
        "x",
        "x y",
        "1",
        "0x1F",
        "1.50",
        "1e3",
        "yes",
        "true",
        "~",
        "null",
        "2024-01-02",
        "<<",
        "12:30:45",
        "x:y",
        "x#y",
        "'x'",
        "'it''s'",
        "''",
        "''''",
        "'#'",
        "'a: b'",
        "\"x\"",
        "\"\"",
        "\"x\\n\\t\\\\\\\"y\"",
        "{}",
        "[]",
        "-x",
        "=",
        "x,",
        "\u{e4}",
        ".5",
        "._",
        "+1",
        "-1",
        "(x)",
        "x [y] {z}",
    ];
    const ODD: &[&str] = &[
        "",
        "x: y",
        "x:",
        "x #y",
        "#",
        "# x",
        "'x",
        "'x' y",
        "'x'y",
        "\"\\u00e4\"",
        "\"\\/\"",
        "\"x",
        "{a: 1}",
        "[a]",
        "{",
        "]",
        "|",
        "|-",
        "|+",
        "|2",
        ">",
        "> x",
        "| # x",
        "&a x",
        "*a",
        "!!str 1",
        "! x",
        "%x",
        "@x",
        "`x",
        "---",
        "...",
        "--- x",
        "? x",
        "?x",
        "--",
        "-",
        "- x",
        "- - x",
        ",x",
        "x ",
        " x",
        "x\ty",
        "\t",
        "x\u{a0}",
        "\u{feff}",
        "\u{2028}",
        "\u{85}",
        "\u{7f}",
        "\u{1f600}",
        "x\r",
        ".inf",
        "!!binary gIGC",
    ];
    prop_oneof![9 => select(USUAL), 1 => select(ODD)]
}

/// Any line.
fn line() -> impl Strategy<Value = String> {
    const BEGINS: &[&str] = &[
        "", "- ", "-", "a: ", "b: ", "a:", "c: ", "'d': ", "\"e\": ", "- a: ", "-  b: ", "f :",
        "<<: ", "1: ", "#", "--- ",
    ];
    (0..5_usize, select(BEGINS), held())
        .prop_map(|(indent, begin, held)| format!("{:indent$}{begin}{held}\n", ""))
}

/// Lines that mostly go on from each other as machines write them.
fn printed() -> impl Strategy<Value = String> {
    let key = select(&["a", "b", "'c'", "d.e/f", "\"g\"", "a b"][..]);
    vec((0..40_u8, any::<bool>(), key, held()), 1..12).prop_map(|steps| {
        let (mut text, mut indent) = (String::new(), 0_usize);
        for (at, (step, deeper, key, held)) in steps.into_iter().enumerate() {
            let key = format!("{}{at}{}", &key[..key.len() - 1], &key[key.len() - 1..]);
            let pad = " ".repeat(indent);
            let lines = match step {
                0..6 => format!("{pad}{key}:\n"),
                6..12 => format!("{pad}{key}:\n{pad}- {key}: {held}\n"),
                12..15 => format!("{pad}{key}:\n{pad}- {held}\n{pad}- {held}\n"),
                15..17 => format!("{pad}{key}: |\n{pad}  {held}\n\n{pad}   x\n\n"),
                17 => format!("{pad}{key}: |-\n{pad}  {held}\n{pad}  # x\n{pad} # y\n"),
                18 => format!("{pad}# x\n\n"),
                19 => format!("{pad}- {key}: {held}\n"),
                20 => format!("{pad}{held}\n"),
                21 => format!("{pad}- |+\n{pad}  {held}\n\n{:1$}\n", "", indent / 2),
                22 => format!("{pad}{key}: |\n{pad}  {held}\n{pad}    \n"),
                _ => format!("{pad}{key}: {held}\n"),
            };
            text.push_str(&lines);
            indent = match step {
                0..12 if deeper || step < 6 => indent + 2,
                30.. => indent.saturating_sub(2),
                _ => indent,
            };
        }
        text
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 20_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_read_quickly_is_what_the_parser_reads(lines in vec(line(), 0..7), ends in any::<bool>(), marked in any::<bool>()) {
        let mut text = lines.concat();
        if !ends {
            text.pop();
        }
        if marked {
            text.insert_str(0, "---\n");
        }
        is_quick(&text, &Limits::default());
    }

    #[test]
    fn what_machines_print_is_read_as_the_parser_reads_it(mut text in printed(), ends in any::<bool>()) {
        if !ends {
            text.pop();
        }
        is_quick(&text, &Limits::default());
    }

    #[test]
    fn what_is_beyond_a_limit_is_left_to_the_parser(text in printed(), nodes in 1..30_usize, depth in 1..5_usize) {
        is_quick(&text, &Limits { depth, nodes, ..Limits::default() });
    }
}

#[test]
fn most_of_what_machines_print_is_read_quickly() {
    let mut runner = TestRunner::deterministic();
    let text = printed();
    let mut one = || text.new_tree(&mut runner).unwrap().current();
    let quick = (0..2_000).filter(|_| is_quick(&one(), &Limits::default())).count();
    println!("{quick} of 2000 texts are read quickly");
    assert!(quick >= 600, "{quick}");
}

#[test]
fn what_kustomize_sends_to_a_function_is_read_quickly() {
    let text = "\
apiVersion: config.kubernetes.io/v1
kind: ResourceList
items:
- apiVersion: v1
  kind: ConfigMap
  metadata:
    annotations:
      kustomize.config.k8s.io/id: |
        kind: ConfigMap
        name: web
        version: v1
      config.kubernetes.io/index: '0'
    name: web
  data:
    empty: \"\"
    say.sh: |-
      #!/bin/sh
      \techo \"$1\" # not a comment

        exit
    quoted: \"a\\tb\\n\"
    url: https://example.org:8443/?a=b
    last: |+
      x

- apiVersion: apps/v1
  kind: Deployment
  metadata:
    creationTimestamp: null
    name: web
  spec:
    replicas: 2
    template:
      spec:
        containers:
        - args:
          - --flag=x
          - -v
          image: registry.example.org/web:1.2
          resources: {}
          volumeMounts: []
functionConfig:
  apiVersion: pleach.dev/v1alpha1
  kind: Pipeline
";
    assert!(is_quick(text, &Limits::default()));
}
