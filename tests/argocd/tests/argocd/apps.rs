//! The tree of `apps/` in the real repo-server, with the wrapper, as `apps/argocd` installs it: what Argo CD gets is what an
//! operator sees.

use std::collections::BTreeMap;

use apps::{Checkout, Plugins};
use argocd::{Options, RepoServer, pleach, root};
use serde_json::Value;

/// What Argo CD adds to each object, to know it again.
const TRACKING: &str = "argocd.argoproj.io/tracking-id";

/// The objects by kind, namespace and name.
fn by_id(objects: impl IntoIterator<Item = Value>) -> BTreeMap<String, Value> {
    let text = |value: &Value, at: &str| {
        value.pointer(at).and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    let named = objects.into_iter().map(|mut object| {
        if let Some(annotations) =
            object.pointer_mut("/metadata/annotations").and_then(Value::as_object_mut)
        {
            annotations.remove(TRACKING);
            if annotations.is_empty() {
                object["metadata"].as_object_mut().expect("metadata").remove("annotations");
            }
        }
        let at = ["/apiVersion", "/kind", "/metadata/namespace", "/metadata/name"];
        (at.map(|at| text(&object, at)).join(" "), object)
    });
    named.collect()
}

#[test]
#[ignore = "tier 3: make test-argocd"]
fn every_application_of_the_tree_is_built_by_the_repo_server_as_an_operator_builds_it() {
    let checkout = Checkout::of(&root());
    let argo = RepoServer::start(&Options { wrapper: true, ..Options::default() });
    argo.repository().copy(&checkout.root());
    argo.repository().push("the tree");
    let builds = checkout.streams(&Plugins::install(&pleach()));
    let mut objects = 0;
    for (overlay, stream) in &builds {
        let seen = yaml::values(stream.as_bytes()).expect("manifests");
        let built = argo.generate(overlay, "--enable-alpha-plugins");
        let built =
            built.unwrap_or_else(|error| panic!("{overlay}: {error}\n{}", argo.last_lines()));
        objects += built.len();
        assert_eq!(by_id(built), by_id(seen), "{overlay}");
    }
    println!("overlays: {}, objects: {objects}", builds.len());
    assert!(builds.len() >= 9 && objects >= 120, "{} overlays, {objects} objects", builds.len());
}
