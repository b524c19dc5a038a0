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
fn an_empty_one_gives_back_what_it_got_and_says_so() {
    let ran = call(&list(&pipeline("p", 0, &json!([])), &json!([service("web")])));
    assert_eq!(json(&ran)["items"], json!([service("web")]));
    insta::assert_snapshot!(stderr(&ran), @r"
    warning: Pipeline p: spec.functions: lists no function, so nothing is done
    hint: list the configs that are to run, or take the Pipeline out
    ");
    let other = call(&list(&pipeline("p", 0, &json!([owner("me")])), &json!([service("web")])));
    assert!(other.findings().all(|finding| finding.id != "idle-pipeline"));
}

#[test]
fn an_unknown_field_is_refused() {
    let mut config = pipeline("p", 0, &json!([]));
    config["spec"]["function"] = json!([]);
    insta::assert_snapshot!(stderr(&by_hand(&config.to_string(), "")), @r"
    error: Pipeline p: spec.function: unknown field `function`, expected one of `order`, `scope`, `functions`
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

/// A Service in a namespace, with the label `tier` of the same value.
fn placed(name: &str, namespace: &str) -> Value {
    json!({"apiVersion": "v1", "kind": "Service",
        "metadata": {"name": name, "namespace": namespace, "labels": {"tier": namespace}}})
}

fn scoped(name: &str, scope: &Value, functions: &Value) -> Value {
    let mut pipeline = pipeline(name, 0, functions);
    pipeline["spec"]["scope"] = scope.clone();
    pipeline
}

/// (name, owner) of each item behind these Pipelines.
fn owners(pipelines: &[Value]) -> Vec<(String, Option<String>)> {
    let items = [placed("tv", "media"), placed("blog", "web")];
    let text = items
        .iter()
        .chain(pipelines)
        .fold(String::new(), |text, one| text + &format!("---\n{one}\n"));
    let ran = call(&text);
    assert!(!ran.failed(), "{}", stderr(&ran));
    let owner = |item: &krm::Resource| item.annotation("toys.example/owner").map(str::to_owned);
    ran.list().items().iter().map(|item| (item.name().to_owned(), owner(item))).collect()
}

fn owned(name: &str, owner: &str) -> (String, Option<String>) {
    (name.to_owned(), Some(owner.to_owned()).filter(|owner| !owner.is_empty()))
}

#[test]
fn its_functions_change_what_is_in_its_scope_alone() {
    let me = json!([owner("me")]);
    for scope in
        [json!({"namespace": "media"}), json!({"label": {"key": "tier", "value": "media"}})]
    {
        assert_eq!(owners(&[scoped("p", &scope, &me)]), [owned("tv", "me"), owned("blog", "")]);
    }
    assert_eq!(
        owners(&[scoped("p", &json!("all"), &me)]),
        [owned("tv", "me"), owned("blog", "me")]
    );
}

#[test]
fn each_of_several_has_its_own_scope() {
    let one = |namespace: &str| {
        scoped(namespace, &json!({"namespace": namespace}), &json!([owner(namespace)]))
    };
    assert_eq!(owners(&[one("web"), one("media")]), [owned("tv", "media"), owned("blog", "web")]);
}

#[test]
fn the_same_functions_with_two_scopes_are_two_specs() {
    let one = |namespace: &str| {
        scoped(namespace, &json!({"namespace": namespace}), &json!([owner("me")]))
    };
    assert_eq!(owners(&[one("web"), one("media")]), [owned("tv", "me"), owned("blog", "me")]);
}

#[test]
fn what_it_adds_is_in_its_scope_and_beyond_the_next_ones() {
    let media = scoped("a", &json!({"namespace": "media"}), &json!([settings("made"), owner("a")]));
    let web = scoped("b", &json!({"namespace": "web"}), &json!([owner("b")]));
    assert_eq!(owners(&[media, web]), [owned("tv", "a"), owned("blog", "b"), owned("made", "a")]);
}

#[test]
fn a_config_behind_a_scope_is_for_everything_again() {
    let configs = format!(
        "{}\n---\n{}\n",
        scoped("p", &json!({"namespace": "media"}), &json!([owner("a")])),
        owner("b")
    );
    let ran =
        by_hand(&configs, &format!("{}\n---\n{}\n", placed("tv", "media"), placed("blog", "web")));
    let owners: Vec<_> =
        ran.list().items().iter().map(|item| item.annotation("toys.example/owner")).collect();
    assert_eq!(owners, [Some("a"), Some("b")]);
}

#[test]
fn a_scope_that_holds_nothing_is_an_error() {
    let config = scoped("p", &json!({"namespace": "medai"}), &json!([owner("me")]));
    let ran = call(&format!("{}\n---\n{config}\n", placed("tv", "media")));
    assert_eq!(stdout(&ran), "");
    insta::assert_snapshot!(stderr(&ran), @"
    error: Pipeline p: spec.scope: no object has the namespace `medai`
    hint: correct it; where an outer kustomization sets namespaces or labels, list the Pipeline there, or use the stream form: kustomize build DIR | pleach run
    ");
}

#[test]
fn objects_without_a_namespace_yet_are_named_where_a_namespace_may_still_come() {
    let bare = |kind: &str, name: &str| {
        json!({"apiVersion": "v1", "kind": kind, "metadata": {"name": name,
            "annotations": {"kustomize.config.k8s.io/id": "x"}}})
    };
    let said = |ran: &krm::Ran| {
        let meant = ran.findings().filter(|finding| finding.id == "no-namespace-yet");
        meant.map(ToString::to_string).collect::<String>()
    };
    let config = scoped("p", &json!({"namespace": "media"}), &json!([owner("me")]));
    let mut items =
        vec![placed("tv", "media"), bare("Namespace", "media"), bare("ClusterRole", "r")];
    assert_eq!(said(&call(&list(&config, &json!(items)))), "");
    items.extend(["a", "b", "c", "d"].map(|name| bare("Service", name)));
    let ran = call(&list(&config, &json!(items)));
    assert!(!ran.failed());
    insta::assert_snapshot!(said(&ran), @r"
    warning: Pipeline p: spec.scope.namespace: no namespace stands in Service a, Service b, Service c and 1 more: it is not for them
    hint: list the Pipeline in the outermost overlay, where `namespace:` has run, or use the stream form: kustomize build DIR | pleach run
    ");
    // In the stream no namespace comes any more, and a label may stand anywhere.
    let documents = items.iter().chain([&config]).map(|one| format!("---\n{one}\n"));
    let stream = documents.collect::<Vec<_>>().concat();
    assert_eq!(said(&call(&stream)), "");
    let label = json!({"label": {"key": "tier", "value": "media"}});
    let config = scoped("p", &label, &json!([owner("me")]));
    assert_eq!(said(&call(&list(&config, &json!(items)))), "");
}

#[test]
fn a_scope_that_is_none_is_refused() {
    let said = |scope: Value| stderr(&by_hand(&scoped("p", &scope, &json!([])).to_string(), ""));
    insta::assert_snapshot!(said(json!("namespace")), @"error: Pipeline p: spec.scope.namespace: invalid type: string, expected a map with that key");
    insta::assert_snapshot!(said(json!({"namespaces": "a"})), @"
    error: Pipeline p: spec.scope: unknown variant `namespaces`, expected one of `all`, `namespace`, `label`
    hint: did you mean `namespace`?
    ");
    insta::assert_snapshot!(said(json!({"label": {"key": "a"}})), @"error: Pipeline p: spec.scope.label: missing field `value`");
}
