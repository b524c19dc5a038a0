//! kpt, and every other orchestrator of the KRM specification.

use krm::Input;
use serde_json::{Value, json};

use crate::toys::*;

fn item(name: &str) -> Value {
    json!({"apiVersion": "v1", "kind": "Service", "metadata": {"name": name, "annotations": {
        "internal.config.kubernetes.io/path": "web.yaml", "internal.config.kubernetes.io/index": "0"}}})
}

#[test]
fn a_generator_passes_every_item_through() {
    let out = json(&call(&list(&settings("made"), &json!([item("web")]))));
    assert_eq!(out["items"][0], item("web"));
    assert_eq!(out["items"][1]["metadata"]["name"], "made");
}

#[test]
fn its_own_config_with_a_path_is_an_item_and_stays() {
    let mut filed = settings("made");
    filed["metadata"]["annotations"] = json!({"internal.config.kubernetes.io/path": "fn.yaml"});
    let out = json(&call(&list(&filed, &json!([filed]))));
    assert_eq!(out["items"].as_array().unwrap().len(), 2);
}

#[test]
fn on_failure_the_unchanged_items_go_out_with_results() {
    let mut config = owner("me");
    config["spec"]["fail"] = json!(true);
    let ran = call(&list(&config, &json!([item("web")])));
    assert!(ran.failed());
    let out = json(&ran);
    assert_eq!(out["items"], json!([item("web")]));
    assert_eq!(
        out["results"][1],
        json!({
            "message": "failed on purpose", "severity": "error", "tags": {"id": "toy"},
            "resourceRef": {"apiVersion": "toys.example/v1", "kind": "Owner", "name": "o", "namespace": ""},
        })
    );
}

#[test]
fn a_config_map_is_read_by_the_name_of_the_call() {
    let config = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c"}, "data": {"owner": "0123", "fail": "false"}});
    let text = list(&config, &json!([item("web")]));
    let out = json(&call_as("owner", Input::Stdin(text.clone().into())));
    assert_eq!(out["items"][0]["metadata"]["annotations"]["toys.example/owner"], "0123");
    insta::assert_snapshot!(stderr(&call(&text)), @r"
    error: neither the config nor the name `toys` says which function to run
    hint: give the config the apiVersion and kind of a function, or call the binary by a link named owner, settings or safe
    ");
}

#[test]
fn without_a_config_the_name_decides_and_required_fields_are_missed() {
    let ran = call_as("owner", Input::Stdin(list(&Value::Null, &json!([item("web")])).into()));
    insta::assert_snapshot!(stderr(&ran), @"error: spec: missing field `owner`");
}
