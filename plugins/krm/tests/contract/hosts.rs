//! kustomize, in both of its ways, and a person.

use krm::Input;
use serde_json::{Value, json};

use crate::toys::*;

#[test]
fn a_generator_under_kustomize_drops_the_echo_of_its_config() {
    let config = settings("made");
    let mut echo = config.clone();
    echo["metadata"]["annotations"] =
        json!({"config.kubernetes.io/index": "0", "config.k8s.io/id": "1"});
    let ran = call(&list(&config, &json!([echo])));
    insta::assert_snapshot!(stdout(&ran), @r#"{"apiVersion":"config.kubernetes.io/v1","kind":"ResourceList","items":[{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"made"}}]}"#);
}

#[test]
fn a_transformer_under_kustomize_keeps_every_annotation_and_says_results() {
    let mut web = service("web");
    web["metadata"]["annotations"]["internal.config.kubernetes.io/needsHashSuffix"] =
        json!("enabled");
    let ran = call(&list(&owner("me"), &json!([web])));
    let out = json(&ran);
    web["metadata"]["annotations"]["toys.example/owner"] = json!("me");
    assert_eq!(out["items"], json!([web]));
    assert_eq!(
        out["results"],
        json!([{"message": "owners were written", "severity": "warning", "tags": {"id": "toy", "hint": "look at them"}}])
    );
    insta::assert_snapshot!(stderr(&ran), @r"
    warning: owners were written
    hint: look at them
    ");
}

#[test]
fn a_failure_under_kustomize_leaves_standard_output_empty() {
    let mut config = owner("me");
    config["spec"]["fail"] = json!(true);
    let ran = call(&list(&config, &json!([service("web")])));
    assert!(ran.failed());
    assert_eq!(stdout(&ran), "");
    assert!(stderr(&ran).ends_with("error: Owner o: failed on purpose\n"));
}

#[test]
fn after_a_failure_what_was_said_without_a_place_names_its_config_too() {
    let mut config = owner("me");
    config["spec"]["fail"] = json!(true);
    insta::assert_snapshot!(stderr(&call(&list(&config, &json!([service("web")])))), @r"
    warning: Owner o: owners were written
    hint: look at them
    error: Owner o: failed on purpose
    ");
}

#[test]
fn a_transformer_without_resources_says_where_its_config_belongs() {
    let config = owner("me");
    let ran = call(&list(&config, &json!([config])));
    assert_eq!(json(&ran)["items"], json!([]));
    assert!(stderr(&ran).starts_with("warning: Owner o: there is no resource to transform\nhint: list the config under `transformers:`"));
}

#[test]
fn an_exec_plugin_gives_documents_of_json() {
    let plugin = |stdin: &str| {
        call_as(
            "settings",
            Input::Plugin { config: settings("made").to_string().into(), stdin: stdin.into() },
        )
    };
    assert_eq!(
        stdout(&plugin("")),
        "---\n{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"made\"}}\n"
    );
    let two = stdout(&plugin(
        "apiVersion: v1\nkind: Service\nmetadata: {name: a}\n---\napiVersion: v1\nkind: Service\nmetadata: {name: b}\n",
    ));
    assert_eq!(two.matches("---\n").count(), 3);
}

#[test]
fn a_resource_list_beside_an_argument_is_the_trees_exec_args() {
    let ran = call_as(
        "toys",
        Input::Plugin {
            config: settings("made").to_string().into(),
            stdin: list(&owner("x"), &json!([])).into(),
        },
    );
    insta::assert_snapshot!(stderr(&ran), @r"
    error: called as a function, it takes no argument
    hint: take exec.args (argsOneLiner, argsFromFile) out of the config: all options are fields of its spec
    ");
}

#[test]
fn a_generators_options_are_refused_where_kustomize_does_not_read_them() {
    let mut config = settings("made");
    config["hash"] = json!(true);
    let ran = call(&list(&config, &json!([service("web")])));
    insta::assert_snapshot!(stderr(&ran), @r#"
    error: ConfigMap made: metadata.annotations["kustomize.config.k8s.io/needs-hash"]: kustomize reads this annotation of generators only, here it would stay in the manifest
    hint: list the config under `generators:`, or turn its hash and behavior options off
    "#);
    let by_hand = by_hand(&config.to_string(), "");
    assert!(
        stdout(&by_hand).contains("needs-hash"),
        "by hand the object is shown as the function prints it"
    );
}

#[test]
fn by_hand_a_config_prints_yaml_and_copies_what_it_did_not_touch() {
    let file = "# head\napiVersion: v1\nkind: Service # as written\nmetadata: {name: a, annotations: {toys.example/owner: you}}\n---\napiVersion: v1\nkind: Service\nmetadata: {name: b}\n";
    let ran = by_hand(&owner("me").to_string(), file);
    insta::assert_snapshot!(stdout(&ran), @r"
    # head
    apiVersion: v1
    kind: Service # as written
    metadata: {name: a, annotations: {toys.example/owner: you}}
    ---
    apiVersion: v1
    kind: Service
    metadata:
      name: b
      annotations:
        toys.example/owner: me
    ");
}

#[test]
fn a_typo_in_the_kind_is_answered_with_the_list_and_the_nearest_name() {
    let mut config = settings("made");
    config["kind"] = json!("Setings");
    insta::assert_snapshot!(stderr(&by_hand(&config.to_string(), "")), @r"
    error: Setings s: no function answers to apiVersion `toys.example/v1`, kind `Setings`
    hint: did you mean apiVersion `toys.example/v1`, kind `settings`? known here: toys.example/v1 Owner, toys.example/v1 settings, toys.example/v1 Safe, pleach.dev/v1alpha1 Pipeline
    ");
}

#[test]
fn a_typo_in_a_field_names_config_path_and_nearest_name() {
    let mut config = owner("me");
    config["spec"]["ownr"] = json!("you");
    insta::assert_snapshot!(stderr(&by_hand(&config.to_string(), "")), @r"
    error: Owner o: spec.ownr: unknown field `ownr`, expected `owner` or `fail`
    hint: did you mean `owner`?
    ");
}

#[test]
fn the_name_decides_nothing_when_the_config_has_a_kind() {
    let ran =
        call_as("settings", Input::Stdin(list(&owner("me"), &json!([service("web")])).into()));
    assert_eq!(json(&ran)["items"][0]["metadata"]["annotations"]["toys.example/owner"], "me");
}

#[test]
fn broken_yaml_is_named_with_its_line_and_not_repeated() {
    let ran = by_hand(&owner("me").to_string(), "apiVersion: v1\nkind: Service\n---\nhunter2: [\n");
    assert!(ran.failed());
    let said = stderr(&ran);
    assert!(said.starts_with("error: in.yaml:") && !said.contains("hunter2"), "{said}");
}

#[test]
fn a_document_that_is_no_object_is_refused() {
    let ran = by_hand(&owner("me").to_string(), "apiVersion: v1\nkind: Service\n---\n- 1\n");
    insta::assert_snapshot!(stderr(&ran), @r"
    error: in.yaml:3: expected a Kubernetes object, found a list
    hint: every document of the stream is a Kubernetes object with apiVersion and kind
    ");
}

#[test]
fn the_same_call_gives_the_same_bytes() {
    let text =
        list(&owner("me"), &Value::Array((0..20).map(|i| service(&format!("s{i}"))).collect()));
    assert_eq!(stdout(&call(&text)), stdout(&call(&text)));
}
