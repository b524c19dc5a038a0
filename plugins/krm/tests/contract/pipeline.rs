//! Pipelines: several configs in one process.

use serde_json::{Value, json};

use crate::toys::*;

pub(crate) fn pipeline(name: &str, order: i64, functions: &Value) -> Value {
    json!({"apiVersion": "pleach.dev/v1alpha1", "kind": "Pipeline", "metadata": {"name": name},
        "spec": {"order": order, "functions": functions}})
}

#[test]
fn each_function_runs_on_what_those_before_it_left() {
    let config = pipeline("p", 0, &json!([settings("made"), owner("me")]));
    let out = json(&call(&list(&config, &json!([service("web")]))));
    let owners: Vec<_> = out["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["metadata"]["annotations"]["toys.example/owner"].as_str())
        .collect();
    assert_eq!(owners, [Some("me"), Some("me")]);
}

#[test]
fn an_empty_one_gives_back_what_it_got() {
    let out = json(&call(&list(&pipeline("p", 0, &json!([])), &json!([service("web")]))));
    assert_eq!(out["items"], json!([service("web")]));
}

#[test]
fn an_unknown_field_is_refused() {
    let mut config = pipeline("p", 0, &json!([]));
    config["spec"]["function"] = json!([]);
    insta::assert_snapshot!(stderr(&by_hand(&config.to_string(), "")), @r"
    error: Pipeline p: spec.function: unknown field `function`, expected `order` or `functions`
    hint: did you mean `functions`?
    ");
}

#[test]
fn a_pipeline_inside_a_pipeline_is_refused() {
    let config = pipeline("outer", 0, &json!([pipeline("inner", 0, &json!([]))]));
    insta::assert_snapshot!(stderr(&by_hand(&config.to_string(), "")), @r"
    error: Pipeline outer: a Pipeline inside a Pipeline
    hint: list its functions here, one after the other
    ");
}

#[test]
fn the_tree_cannot_set_the_operators_variables_inside_a_pipeline() {
    let mut inner = owner("me");
    inner["metadata"]["annotations"] =
        json!({"config.kubernetes.io/function": "exec: {path: x, envs: [PLEACH_SOPS=redact]}"});
    let ran = by_hand(&pipeline("p", 0, &json!([inner])).to_string(), "");
    assert!(stderr(&ran).contains("the tree sets PLEACH_SOPS, which only the operator may set"));
}

#[test]
fn a_failing_function_stops_all_of_them() {
    let mut last = owner("me");
    last["spec"]["fail"] = json!(true);
    let ran = by_hand(&pipeline("p", 0, &json!([settings("made"), last])).to_string(), "");
    assert!(ran.failed());
    assert_eq!(stdout(&ran), "");
}
