//! Encrypted manifests among the resources: `kustomize build | pleach run` decrypts them, and checks their MAC.

use std::path::PathBuf;
use std::process::Output;

use test_support::sops;

use crate::build::{Builder, built, objects, root, said};

const SORTED: &str =
    "apiVersion: v1\nkind: Secret\nmetadata:\n  name: db\nstringData:\n  a: one\n  b: two\n";
const UNSORTED: &str =
    "apiVersion: v1\nkind: Secret\nmetadata:\n  name: db\nstringData:\n  b: two\n  a: one\n";
const KUSTOMIZATION: &str =
    "resources: [db.enc.yaml]\nnamespace: web\nnamePrefix: prod-\nlabels:\n- pairs: {app: db}\n";
const ORIGIN: &str = "buildMetadata: [originAnnotations]\n";

/// A tree with one encrypted Secret in `app/`; the marker makes the whole of it the scope.
fn tree(builder: &Builder, manifest: &str, options: &[&str], kustomization: &str) -> PathBuf {
    let scratch = &builder.scratch;
    scratch.write(".pleach.yaml", "");
    let file = scratch.write("app/db.enc.yaml", manifest);
    let key = std::fs::read_to_string(root().join("tests/keys/throw-away-age.txt")).expect("a key");
    let recipient = key.lines().find_map(|line| line.strip_prefix("# public key: "));
    let mut command = builder.command(sops());
    command
        .args(["--encrypt", "-i", "--encrypted-regex", "^(data|stringData)$", "--age"])
        .arg(recipient.expect("a recipient"))
        .args(options)
        .arg(&file);
    built(&command.output().expect("sops starts"));
    scratch.write("app/kustomization.yaml", kustomization);
    scratch.join("app")
}

/// `kustomize build app | pleach run`, from the root of the tree.
fn stream(builder: &Builder) -> Output {
    let stream = built(&builder.kustomize(&builder.scratch.join("app"), &[]));
    assert!(stream.contains("sops:"), "{stream}");
    builder.pleach(builder.scratch.path(), &["run"], stream.as_bytes())
}

fn decrypted(output: &Output) {
    let objects = objects(&built(output));
    assert_eq!(objects.len(), 1);
    let secret = &objects[0];
    assert_eq!(secret["data"], serde_json::json!({"a": "b25l", "b": "dHdv"}));
    assert_eq!(secret["metadata"]["name"], "prod-db");
    assert_eq!(secret["metadata"]["namespace"], "web");
    assert_eq!(secret["metadata"]["labels"]["app"], "db");
    assert_eq!(secret["type"], "Opaque");
    assert!(secret["sops"].is_null() && secret["stringData"].is_null(), "{secret}");
}

fn refused(output: &Output, id: &str) {
    assert!(!output.status.success() && output.stdout.is_empty(), "{}", said(output));
    assert!(said(output).contains(id), "{}", said(output));
}

#[test]
fn a_mac_over_encrypted_values_is_checked_on_what_was_built() {
    let builder = Builder::new();
    tree(&builder, SORTED, &["--mac-only-encrypted"], KUSTOMIZATION);
    decrypted(&stream(&builder));
}

#[test]
fn any_other_mac_is_checked_on_the_source_file() {
    let kustomization = format!("{KUSTOMIZATION}{ORIGIN}");
    for (manifest, options) in
        [(SORTED, [].as_slice()), (UNSORTED, &[]), (UNSORTED, &["--mac-only-encrypted"])]
    {
        let builder = Builder::new();
        tree(&builder, manifest, options, &kustomization);
        decrypted(&stream(&builder));
    }
}

#[test]
fn without_a_checkable_mac_and_a_source_the_stream_is_refused() {
    for (manifest, options, why) in [
        (SORTED, [].as_slice(), "the MAC covers values that kustomize may change"),
        (UNSORTED, &["--mac-only-encrypted"], "the MAC does not hold on what kustomize built"),
    ] {
        let builder = Builder::new();
        tree(&builder, manifest, options, KUSTOMIZATION);
        let output = stream(&builder);
        refused(&output, why);
        refused(&output, "mac_only_encrypted: true");
        refused(&output, "originAnnotations");
    }
}

/// The attack: a clear value that the MAC covers is edited in the file.
#[test]
fn an_edited_source_file_is_refused() {
    let builder = Builder::new();
    let app = tree(&builder, SORTED, &[], &format!("{KUSTOMIZATION}{ORIGIN}"));
    let file = app.join("db.enc.yaml");
    let text = std::fs::read_to_string(&file).expect("the file");
    std::fs::write(&file, text.replacen("kind: Secret", "kind: Secret\nimmutable: true", 1))
        .expect("a file");
    refused(&stream(&builder), "MAC");
}

/// The attack: a patch puts an older ciphertext of the same file in place of the current one.
#[test]
fn an_encrypted_value_that_the_source_file_does_not_hold_is_refused() {
    let builder = Builder::new();
    let app = tree(&builder, SORTED, &[], &format!("{KUSTOMIZATION}{ORIGIN}"));
    let file = app.join("db.enc.yaml");
    let token = |text: &str| {
        let line =
            text.lines().find(|line| line.trim_start().starts_with("a: ENC[")).expect("a token");
        line.trim_start()[3..].to_owned()
    };
    let old = token(&std::fs::read_to_string(&file).expect("the file"));
    let mut set = builder.command(sops());
    set.args(["set"]).arg(&file).args(["[\"stringData\"][\"a\"]", "\"changed\""]);
    built(&set.output().expect("sops starts"));
    assert_ne!(token(&std::fs::read_to_string(&file).expect("the file")), old);
    let patch = format!(
        "patches:\n- target: {{kind: Secret}}\n  patch: '[{{\"op\": \"replace\", \"path\": \"/stringData/a\", \"value\": \"{old}\"}}]'\n"
    );
    std::fs::write(app.join("kustomization.yaml"), format!("{KUSTOMIZATION}{ORIGIN}{patch}"))
        .expect("a file");
    refused(&stream(&builder), "not the one of the source file");
}

/// The attack: with `mac_only_encrypted` a value of the built object is exchanged for another of the same file.
#[test]
fn swapped_values_are_refused() {
    let builder = Builder::new();
    tree(&builder, SORTED, &["--mac-only-encrypted"], KUSTOMIZATION);
    let built_tree = built(&builder.kustomize(&builder.scratch.join("app"), &[]));
    let swapped = built_tree
        .replace("  a: ENC", "  x: ENC")
        .replace("  b: ENC", "  a: ENC")
        .replace("  x: ENC", "  b: ENC");
    assert_ne!(swapped, built_tree);
    let output = builder.pleach(builder.scratch.path(), &["run"], swapped.as_bytes());
    refused(&output, "stringData");
}

#[test]
fn without_keys_a_stream_is_redacted_as_well() {
    let builder = Builder::new();
    tree(&builder, SORTED, &[], KUSTOMIZATION);
    let stream = built(&builder.kustomize(&builder.scratch.join("app"), &[]));
    let blind = Builder::without_keys().env("PLEACH_SOPS", "redact");
    let output = built(&blind.pleach(builder.scratch.path(), &["run"], stream.as_bytes()));
    let secret = &objects(&output)[0];
    for key in ["a", "b"] {
        assert!(
            secret["data"][key].as_str().expect("text").starts_with("pleach-redacted:"),
            "{secret}"
        );
    }
    assert!(secret["sops"].is_null() && secret["stringData"].is_null(), "{secret}");
}
