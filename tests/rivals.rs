//! What the page "why not patches" says of kustomize's own means, seen with the real kustomize: a claim about a rival
//! that no longer holds must leave the page.

use serde_json::{Value, json};

use crate::build::{Builder, built, find, objects, root, said};

const TARGET: &str = "external-dns.alpha.kubernetes.io/target";
const MIDDLEWARES: &str = "traefik.ingress.kubernetes.io/router.middlewares";

fn build(way: &str) -> Vec<Value> {
    let folder = root().join("tests/builds/rivals").join(way);
    objects(&built(&Builder::new().kustomize(&folder, &[])))
}

fn annotation<'a>(object: &'a Value, key: &str) -> &'a Value {
    &object["metadata"]["annotations"][key]
}

#[test]
fn a_strategic_merge_patch_takes_the_place_of_the_whole_list_of_routes() {
    let objects = build("patch");
    let routes = &find(&objects, "IngressRoute", "web")["spec"]["routes"];
    assert_eq!(routes, &json!([{"middlewares": [{"name": "sign-in", "namespace": "auth"}]}]));
}

#[test]
fn a_strategic_merge_patch_takes_the_place_of_an_authors_annotations() {
    let objects = build("patch");
    let own = find(&objects, "Ingress", "own");
    assert_eq!(annotation(own, TARGET), "k8s.example.org");
    assert_eq!(annotation(own, MIDDLEWARES), "auth-sign-in@kubernetescrd");
}

#[test]
fn a_selector_over_annotations_sets_what_is_absent_under_one_spelling() {
    let objects = build("absent");
    assert_eq!(annotation(find(&objects, "Ingress", "own"), TARGET), "author.example.org");
    assert_eq!(annotation(find(&objects, "Ingress", "plain"), TARGET), "k8s.example.org");
}

#[test]
fn a_json_patch_protects_the_one_rule_that_it_names() {
    let objects = build("json-patch");
    let routes = &find(&objects, "IngressRoute", "web")["spec"]["routes"];
    assert_eq!(routes[0]["middlewares"].as_array().map(Vec::len), Some(2));
    assert_eq!(routes[1].get("middlewares"), None);
}

#[test]
fn a_json_patch_fails_where_a_rule_has_no_list_yet() {
    let folder = root().join("tests/builds/rivals/json-patch-missing");
    let output = Builder::new().kustomize(&folder, &[]);
    assert!(!output.status.success());
    assert!(said(&output).contains("doc is missing path"), "{}", said(&output));
}

#[test]
fn a_replacement_reaches_every_rule_and_takes_the_place_of_what_an_author_wrote() {
    let objects = build("replacement");
    let routes = &find(&objects, "IngressRoute", "web")["spec"]["routes"];
    assert_eq!(routes[0]["middlewares"], json!([{"name": "sign-in"}]));
}

#[test]
fn common_annotations_go_onto_pods_and_over_an_authors_value() {
    let objects = build("annotations");
    let pod = &find(&objects, "Deployment", "web")["spec"]["template"];
    assert_eq!(annotation(pod, TARGET), "k8s.example.org");
    assert_eq!(annotation(find(&objects, "Ingress", "own"), TARGET), "k8s.example.org");
}
