//! What a run would change, for people and as patches.

use serde_json::json;

use crate::toys::*;

const WEB: &str = "apiVersion: v1\nkind: Service\nmetadata:\n  name: web\n  namespace: media\n  annotations:\n    a: b\n";

#[test]
fn what_would_change_is_shown_with_its_reason() {
    let pipeline = crate::pipeline::pipeline("p", 0, &json!([settings("made"), owner("me")]));
    let ran = by_hand(&pipeline.to_string(), WEB);
    insta::assert_snapshot!(krm::diff::text(&ran), @r#"
    change Service media/web
        metadata.annotations["toys.example/owner"]: "me"
            every resource has an owner
    add ConfigMap made: the config asks for it
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: made
          annotations:
            toys.example/owner: me
    "#);
}

#[test]
fn a_run_that_changes_nothing_shows_nothing() {
    let owned = WEB.replace("a: b", "toys.example/owner: you");
    assert_eq!(krm::diff::text(&by_hand(&owner("me").to_string(), &owned)), "");
}

#[test]
fn of_a_function_that_reads_secrets_names_and_keys_are_shown_and_no_value() {
    let config =
        json!({"apiVersion": "toys.example/v1", "kind": "Safe", "metadata": {"name": "s"}});
    let ran = by_hand(
        &config.to_string(),
        "apiVersion: v1\nkind: Secret\nmetadata:\n  name: old\ndata:\n  gone: Z29uZQ==\n  kept: a2VwdA==\n  new: b2xk\n",
    );
    let shown = krm::diff::text(&ran);
    insta::assert_snapshot!(shown, @r"
    change Secret old
        ~ data.new
        + data.password
        - data.gone
            the safe holds it
    add Secret safe: the safe holds it
        apiVersion
        data.password
        kind
        metadata.name
    ");
    assert!(!format!("{ran:?}{shown}").contains("hunter2"));
    let refused = krm::diff::overlay(&ran, "../original").unwrap_err();
    insta::assert_snapshot!(refused, @r"
    error: patches of a function that reads secrets would hold them in plain text
    hint: use `--format text`, which shows names and keys
    ");
}

#[test]
fn patches_are_an_overlay_with_quoted_names_and_tests_before_what_replaces() {
    let ran = by_hand(
        &crate::pipeline::pipeline("p", 0, &json!([settings("made"), owner("me")])).to_string(),
        &WEB.replace("name: web", "name: web.example")
            .replace("annotations:\n    a: b", "annotations: null"),
    );
    let overlay = krm::diff::overlay(&ran, "../original").unwrap();
    insta::assert_snapshot!(overlay.kustomization, @r#"
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    resources:
      - ../original
      - added.yaml
    patches:
      - target:
          version: v1
          kind: Service
          name: web\.example
          namespace: media
        patch: '[{"op":"test","path":"/metadata/annotations","value":null},{"op":"add","path":"/metadata/annotations","value":{"toys.example/owner":"me"}}]'
    "#);
    assert!(overlay.added.unwrap().contains("name: made"));
}

#[test]
fn the_real_kustomize_builds_the_same_objects_from_the_patches_without_us() {
    let scratch = test_support::Scratch::new();
    let ran = by_hand(&owner("me").to_string(), WEB);
    let overlay = krm::diff::overlay(&ran, "../original").unwrap();
    scratch.write("original/web.yaml", WEB);
    scratch.write("original/kustomization.yaml", "resources: [web.yaml]\n");
    scratch.write("overlay/kustomization.yaml", &overlay.kustomization);
    let built =
        scratch.command(test_support::kustomize()).args(["build", "overlay"]).output().unwrap();
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
    let objects = |text: &[u8]| yaml::values(text).unwrap();
    assert_eq!(objects(&built.stdout), objects(stdout(&ran).as_bytes()));
}
