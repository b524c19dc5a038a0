//! The stream form: `kustomize build | pleach run`.

use krm::{Input, Ran, Source};
use serde_json::json;

use crate::pipeline::pipeline;
use crate::toys::*;

const WEB: &str = "apiVersion: v1\nkind: Service # why\nmetadata:\n    name:   web\n    annotations: {toys.example/owner: you}\n";
const DB: &str = "apiVersion: v1\nkind: Service\nmetadata:\n  name: db\n";

#[test]
fn the_pipeline_is_taken_out_and_what_it_does_not_touch_is_copied_byte_for_byte() {
    let pipeline = pipeline("p", 0, &json!([owner("me"), settings("made")]));
    let ran = call(&format!("{WEB}---\n{pipeline}\n---\n{DB}---\n# nothing\n"));
    insta::assert_snapshot!(stdout(&ran), @r"
    apiVersion: v1
    kind: Service # why
    metadata:
        name:   web
        annotations: {toys.example/owner: you}
    ---
    apiVersion: v1
    kind: Service
    metadata:
      name: db
      annotations:
        toys.example/owner: me
    ---
    # nothing
    ---
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: made
    ");
}

#[test]
fn a_stream_with_nothing_to_do_is_an_error() {
    let ran = call(&format!("{WEB}---\n{DB}"));
    assert_eq!(stdout(&ran), "");
    insta::assert_snapshot!(stderr(&ran), @r"
    error: the stream holds neither a Pipeline nor anything else that a function handles without one
    hint: add a Pipeline to the resources of the kustomization, or name one: pleach run --pipeline FILE
    ");
}

#[test]
fn an_empty_stream_is_an_error() {
    for empty in ["", "---\n", "# only a comment\n"] {
        assert!(
            stderr(&call(empty)).starts_with("error: standard input holds no document\n"),
            "{empty:?}"
        );
    }
}

#[test]
fn claimed_items_are_handled_without_a_pipeline_and_before_one() {
    let ran = call(&format!("{WEB}---\nkind: Thing\nclaimed: \"no\"\nmetadata: {{name: t}}\n"));
    assert!(!ran.failed(), "{}", stderr(&ran));
    assert!(stdout(&ran).starts_with(WEB));
    assert!(
        stdout(&ran).contains("claimed: \"yes\"") || stdout(&ran).contains("claimed: 'yes'"),
        "{}",
        stdout(&ran)
    );
}

#[test]
fn several_pipelines_run_by_order_then_name_and_the_same_spec_once() {
    let text = [
        pipeline("z", 1, &json!([owner("third")])),
        pipeline("b", 0, &json!([owner("second")])),
        pipeline("a", 0, &json!([settings("made"), owner("first")])),
        pipeline("c", 0, &json!([settings("made"), owner("first")])),
    ];
    let text = text.iter().fold(String::new(), |text, one| text + &format!("---\n{one}\n"));
    let ran = call(&format!("{DB}{text}"));
    assert!(!ran.failed(), "the same spec twice would add the ConfigMap twice: {}", stderr(&ran));
    let owners: Vec<_> =
        ran.list().items().iter().map(|item| item.annotation("toys.example/owner")).collect();
    assert_eq!(owners, [Some("first"), Some("first")]);
}

#[test]
fn a_list_is_handled_item_by_item_and_copied_when_nothing_in_it_is_touched() {
    let pipeline = pipeline("p", 0, &json!([owner("me")]));
    let owned = r#"{"apiVersion": "v1", "kind": "List", "items": [{"kind": "A", "metadata": {"annotations": {"toys.example/owner": "x"}}}]}"#;
    assert_eq!(stdout(&call(&format!("{owned}\n---\n{pipeline}\n"))), format!("{owned}\n"));
    let bare = r#"{"apiVersion": "v1", "kind": "List", "items": [{"kind": "A"}, {"kind": "B"}]}"#;
    assert_eq!(
        stdout(&call(&format!("{bare}\n---\n{pipeline}\n")))
            .matches("toys.example/owner: me")
            .count(),
        2
    );
}

#[test]
fn a_pipeline_of_another_group_is_a_resource() {
    let tekton = "apiVersion: tekton.dev/v1\nkind: Pipeline\nmetadata: {name: t}\n";
    assert!(call(tekton).failed());
    let ran = call(&format!("{tekton}---\n{}\n", pipeline("p", 0, &json!([]))));
    assert_eq!(stdout(&ran), tekton);
}

#[test]
fn nothing_goes_out_when_a_later_function_fails() {
    let mut last = owner("me");
    last["spec"]["fail"] = json!(true);
    let ran = call(&format!("{WEB}---\n{}\n", pipeline("p", 0, &json!([last]))));
    assert!(ran.failed());
    assert_eq!(stdout(&ran), "");
}

/// Calls the toys with a stream, and a file of Pipelines beside it.
fn beside(stdin: &str, pipelines: &str) -> Ran {
    let pipelines = Source { name: "pipeline.yaml".into(), text: pipelines.into() };
    call_as("toys", Input::Stream { stdin: stdin.into(), pipelines: Some(pipelines) })
}

#[test]
fn a_pipeline_in_a_file_serves_a_stream_that_holds_none() {
    let ran = beside(DB, &pipeline("p", 0, &json!([owner("me")])).to_string());
    assert!(stdout(&ran).contains("toys.example/owner: me"), "{}", stderr(&ran));
}

#[test]
fn pipelines_of_the_stream_and_of_a_file_run_by_order_and_the_same_spec_once() {
    let one = |order, name: &str| pipeline(name, order, &json!([settings("made"), owner(name)]));
    let again = {
        let mut again = one(0, "first");
        again["metadata"]["name"] = json!("again");
        again
    };
    let ran = beside(
        &format!("{DB}---\n{}\n", pipeline("p", 1, &json!([owner("second")]))),
        &format!("{}\n---\n{again}\n", one(0, "first")),
    );
    assert!(!ran.failed(), "{}", stderr(&ran));
    assert_eq!(stdout(&ran).matches("toys.example/owner: first").count(), 2);
}

#[test]
fn a_file_of_pipelines_holds_nothing_else() {
    insta::assert_snapshot!(stderr(&beside(DB, &owner("me").to_string())), @"
    error: pipeline.yaml: Owner o: expected a Pipeline
    hint: list the config under `functions` of a Pipeline, or run it by hand: pleach run CONFIG [FILE...]
    ");
    assert!(
        stderr(&beside(DB, "# nothing\n")).starts_with("error: pipeline.yaml: holds no config")
    );
}

#[test]
fn a_resource_list_is_refused_beside_a_file_of_pipelines_too() {
    let sent = list(&owner("me"), &json!([service("web")]));
    let ran = beside(&sent, &pipeline("p", 0, &json!([owner("me")])).to_string());
    assert!(stderr(&ran).contains("it takes no argument"), "{}", stderr(&ran));
}
