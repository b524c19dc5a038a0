//! Routes of a kind that nobody knows are treated by their slots alone.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use forward_auth::ForwardAuth;
use krm::{Environment, Loader, Resource, ResourceList};
use routes::{AuthSlot, Host, Kind, Route, Rule};
use serde_json::{Value, json};

const TOY: Kind = Kind { groups: &["toy.example"], kind: "Toy", read };

/// A kind with one rule, whose middlewares stand in `spec.guards`.
fn read(item: &Resource, route: &mut Route) {
    let host = item.pointer("/spec/host").and_then(Value::as_str).unwrap_or_default();
    route.rules.push(Rule {
        pointer: "/spec".to_owned(),
        hosts: vec![Host { name: host.to_owned(), pointer: "/spec/host".to_owned() }],
        ..Rule::default()
    });
    route.auth = match item.pointer("/spec/slot").and_then(Value::as_str) {
        Some("filters") => AuthSlot::Filters { field: "guards" },
        Some("impossible") => AuthSlot::Impossible("a toy asks nobody"),
        Some("none") => AuthSlot::None,
        _ => AuthSlot::Middlewares { field: "guards" },
    };
}

fn woven(slot: &str) -> Result<ResourceList, String> {
    let spec = json!({"signIn": {"authelia": {"service": {"namespace": "auth"}, "authHost": "login.example"}}});
    let function: ForwardAuth = serde_json::from_value(spec).unwrap();
    let mut list = ResourceList::new([json!({
        "apiVersion": "toy.example/v1", "kind": "Toy",
        "metadata": {"name": "bear", "namespace": "nursery"},
        "spec": {"host": "bear.example", "slot": slot},
    })]);
    let environment: Environment = std::iter::empty::<(String, String)>()
        .map(|(name, value)| (name.into(), value.into()))
        .collect();
    let loader = Loader::new(environment, std::env::temp_dir().as_path()).unwrap();
    function.weave(&[TOY], &mut list, &loader).map_err(|error| error.to_string())?;
    Ok(list)
}

#[test]
fn a_list_of_references_gets_the_middleware() {
    let list = woven("middlewares").unwrap();
    let [toy, middleware] = list.items() else { panic!("a toy and a middleware: {list:?}") };
    assert_eq!(middleware.kind(), "Middleware");
    assert_eq!(toy["spec"]["guards"], json!([{"name": middleware.name()}]));
}

#[test]
fn a_list_of_filters_gets_a_filter() {
    let list = woven("filters").unwrap();
    let [toy, middleware] = list.items() else { panic!("a toy and a middleware: {list:?}") };
    let reference = json!({"group": "traefik.io", "kind": "Middleware", "name": middleware.name()});
    assert_eq!(toy["spec"]["guards"], json!([{"type": "ExtensionRef", "extensionRef": reference}]));
}

#[test]
fn what_cannot_sign_in_is_refused() {
    let error = woven("impossible").unwrap_err();
    insta::assert_snapshot!(error, @r"
    error: Toy nursery/bear: spec: sign-in is due, and impossible for `bear.example`: a toy asks nobody
    hint: serve it by an HTTP route; or name it in `allow` with a reason, or let its author write `pleach.dev/forward-auth: skip` and `pleach.dev/forward-auth-reason`
    ");
}

#[test]
fn what_serves_nothing_is_left_alone() {
    let list = woven("none").unwrap();
    assert!(list.items().iter().all(|item| !item.touched()));
    assert_eq!(list.items().len(), 1);
}
