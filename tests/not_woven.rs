//! Not woven means not served: the component of `examples/not-woven-not-served`, built by the real kustomize.

use serde_json::json;

use crate::build::{Builder, built, find, objects, root, said};

const UNWOVEN: &str = "pleach-unwoven@kubernetescrd";
const MIDDLEWARES: &str = "traefik.ingress.kubernetes.io/router.middlewares";

fn tree() -> String {
    built(&Builder::new().kustomize(&root().join("examples/not-woven-not-served/app"), &[]))
}

#[test]
fn without_the_stage_every_route_waits_for_a_middleware_that_is_not_there() {
    let objects = objects(&tree());
    for name in ["tv", "radio"] {
        let list = find(&objects, "Ingress", name)["metadata"]["annotations"][MIDDLEWARES].as_str();
        assert!(
            list.is_some_and(|list| list.split(',').any(|one| one == UNWOVEN)),
            "{name}: {list:?}"
        );
    }
    for route in find(&objects, "IngressRoute", "books")["spec"]["routes"].as_array().unwrap() {
        let middlewares = route["middlewares"].as_array().unwrap();
        assert!(middlewares.contains(&json!({"name": UNWOVEN})), "{route}");
    }
    assert!(objects.iter().all(|one| one["kind"] != "Middleware"));
    // What opts out is served.
    let blog = find(&objects, "Ingress", "blog");
    assert_eq!(blog["metadata"]["annotations"].get(MIDDLEWARES), None);
}

#[test]
fn the_stage_replaces_it_and_keeps_what_authors_wrote() {
    let builder = Builder::new();
    let output = builder.pleach(root(), &["run"], tree().as_bytes());
    let woven = built(&output);
    assert!(!woven.contains("pleach-unwoven"), "{woven}");
    let objects = objects(&woven);
    let list = |name| &find(&objects, "Ingress", name)["metadata"]["annotations"][MIDDLEWARES];
    let ours = "media-sign-in-oauth2-proxy@kubernetescrd";
    assert_eq!(list("tv"), ours);
    assert_eq!(list("radio"), &format!("{ours},media-compress@kubernetescrd"));
    let routes = &find(&objects, "IngressRoute", "books")["spec"]["routes"];
    let name = json!({"name": "sign-in-oauth2-proxy"});
    assert_eq!(routes[0]["middlewares"], json!([name]));
    assert_eq!(routes[1]["middlewares"], json!([{"name": "compress"}, name]));
    find(&objects, "Middleware", "sign-in-oauth2-proxy");
}

#[test]
fn attack_an_opt_out_beside_the_placeholder_stops_the_build() {
    let tree = tree().replace(
        "traefik.ingress.kubernetes.io/router.middlewares: pleach-unwoven@kubernetescrd\n",
        "traefik.ingress.kubernetes.io/router.middlewares: pleach-unwoven@kubernetescrd\n    \
         pleach.dev/forward-auth: skip\n    pleach.dev/forward-auth-reason: no\n",
    );
    let output = Builder::new().pleach(root(), &["run"], tree.as_bytes());
    assert!(!output.status.success());
    assert_eq!(output.stdout, b"");
    assert!(
        said(&output).contains("opts out of sign-in, and it waits for it"),
        "{}",
        said(&output)
    );
}
