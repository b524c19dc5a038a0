//! `examples/quickstart`, built for real in all three forms.

use std::path::PathBuf;

use serde_json::Value;

use crate::build::{Builder, assert_golden, built, objects, root, said};

fn quickstart() -> PathBuf {
    root().join("examples/quickstart")
}

fn secrets(stream: &str) -> Vec<Value> {
    objects(stream).into_iter().filter(|object| object["kind"] == "Secret").collect()
}

#[test]
fn plugin_and_function_build_the_same_bytes() {
    let builder = Builder::new();
    let plugin = built(&builder.plugin(&quickstart()));
    let function = built(&builder.function(&quickstart().join("exec")));
    assert_eq!(plugin, function);
    assert_golden("tests/builds/quickstart/want.yaml", &plugin);
}

#[test]
fn the_stream_gives_the_same_objects() {
    let builder = Builder::new();
    let plugin = built(&builder.plugin(&quickstart()));
    let stream = built(&builder.kustomize(&quickstart().join("stream"), &[]));
    assert!(stream.contains("kind: Pipeline") && stream.contains("sops:"), "{stream}");
    let stream = built(&builder.pleach(&quickstart(), &["run"], stream.as_bytes()));
    assert_eq!(objects(&stream), objects(&plugin));
    assert!(!stream.contains("sops:"), "{stream}");
}

#[test]
fn by_hand_prints_the_objects_that_the_function_prints() {
    let builder = Builder::new();
    let config = quickstart().join("secrets.yaml");
    let hand = builder.pleach(root(), &["run", config.to_str().expect("text")], b"");
    let plugin = built(&builder.plugin(&quickstart()));
    let hand = built(&hand);
    assert_eq!(objects(&hand), secrets(&plugin));
    assert_eq!(objects(&hand).len(), 3);
}

#[test]
fn with_the_literal_command_the_output_is_whole_or_the_build_fails() {
    let whole = built(&Builder::new().plugin(&quickstart()));
    assert_eq!(secrets(&whole).len(), 3);
    let no_home = Builder::new().env("KUSTOMIZE_PLUGIN_HOME", "/nowhere");
    let no_keys = Builder::without_keys();
    for (what, builder) in [("no plugin home", no_home), ("no keys", no_keys)] {
        let output = builder.plugin(&quickstart());
        assert!(!output.status.success(), "{what}");
        assert!(output.stdout.is_empty(), "{what}");
        assert!(!said(&output).is_empty(), "{what}");
    }
    let without_flag = Builder::new().kustomize(&quickstart(), &[]);
    assert!(!without_flag.status.success() && without_flag.stdout.is_empty());
}

/// kustomize's own silence, which no function can break: it is not run at all. The plugin form fails instead.
#[test]
fn an_exec_function_is_skipped_in_silence_without_its_flag() {
    let output = Builder::new().plugin(&quickstart().join("exec"));
    assert!(output.status.success());
    assert_eq!(secrets(&built(&output)).len(), 0);
}

#[test]
fn without_keys_the_redacted_build_has_the_same_objects() {
    let builder = Builder::without_keys().env("PLEACH_SOPS", "redact");
    let redacted = built(&builder.plugin(&quickstart()));
    let whole = built(&Builder::new().plugin(&quickstart()));
    assert_eq!(
        redacted,
        built(&builder.plugin(&quickstart())),
        "same ciphertext, same placeholder"
    );
    let shape = |stream: &str| -> Vec<String> {
        let shape = |object: &Value| {
            let data = object["data"].as_object().into_iter().flatten();
            let keys: Vec<&String> = data.map(|(key, _)| key).collect();
            format!("{} {} {keys:?}", object["kind"], object["metadata"]["name"])
        };
        let mut shapes: Vec<String> = objects(stream).iter().map(shape).collect();
        shapes.sort();
        shapes
    };
    assert_eq!(shape(&redacted), shape(&whole));
    for secret in secrets(&redacted) {
        assert!(secret["stringData"].is_null(), "{secret}");
        assert!(secret["metadata"]["annotations"]["pleach.dev/redacted"].is_string(), "{secret}");
        for value in secret["data"].as_object().expect("data").values() {
            let value = value.as_str().expect("text");
            assert!(value.starts_with("pleach-redacted:"), "{value}: an API server must refuse it");
        }
    }
    let config = quickstart().join("secrets.yaml");
    let arguments = ["run", "--redact", config.to_str().expect("text")];
    let hand = built(&Builder::without_keys().pleach(root(), &arguments, b""));
    assert_eq!(objects(&hand), secrets(&redacted));
}
