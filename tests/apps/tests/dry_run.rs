//! What the tree builds to, in front of a real API server: a server-side dry run with strict validation of every object
//! whose kind is at hand. The upstream is the real one where the mirror of Go modules has it.
#![expect(clippy::panic, reason = "a test that cannot go on fails")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use apps::lock::Mirror;
use apps::{Checkout, Object, Plugins, World};
use cluster::{ControlPlane, within};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The binary that `make` has built.
fn plugins() -> Plugins {
    let pleach = std::env::var_os("PLEACH").map(|path| root().join(path));
    Plugins::install(&pleach.unwrap_or_else(|| panic!("PLEACH names the binary: `make test-apps`")))
}

/// Why an object is not asked about.
fn reason(object: &Object, real: &[String]) -> Option<&'static str> {
    let skeleton =
        object.kind() == "CustomResourceDefinition" && !real.contains(&object.app().to_owned());
    skeleton
        .then_some("the skeleton has no schema; the server has the one of the project's Go module")
}

fn manifests(objects: &[&Object]) -> String {
    let documents: Vec<String> = objects.iter().map(|one| krm::to_yaml(&one.value)).collect();
    documents.join("---\n")
}

/// Waits until the server serves every kind.
fn established(server: &ControlPlane) {
    let path = "jsonpath={range .items[*]}{.status.conditions[?(@.type=='Established')].status}{'\\n'}{end}";
    let all = || {
        let output = server.kubectl(&["get", "crd", "-o", path]).output().expect("kubectl");
        let text = String::from_utf8_lossy(&output.stdout);
        output.status.success()
            && text.lines().count() > 20
            && text.lines().all(|line| line == "True")
    };
    assert!(within(Duration::from_mins(2), all), "a CRD is not established");
}

#[test]
#[ignore = "needs kube-apiserver: make test-apps"]
fn the_api_server_accepts_everything_whose_kind_is_at_hand() {
    let (checkout, real) = Checkout::with_upstream(&root(), &Mirror::at_hand());
    let world = World::of(&root(), &checkout.streams(&plugins()));
    let server = ControlPlane::shared();
    let of_modules = [("traefik-crds", "traefik.yaml"), ("cert-manager", "cert-manager.yaml")];
    for (_, file) in of_modules.iter().filter(|(app, _)| !real.iter().any(|one| one == app)) {
        server.apply(&std::fs::read_to_string(test_support::crds().join(file)).expect("CRDs"));
    }
    let crds: Vec<&Object> = world.of_kind("CustomResourceDefinition").collect();
    let crds: Vec<&Object> = crds.into_iter().filter(|one| reason(one, &real).is_none()).collect();
    let namespaces: Vec<&Object> = world.of_kind("Namespace").collect();
    server.apply(&manifests(&crds));
    server.apply(&manifests(&namespaces));
    established(server);

    let (mut accepted, mut all, mut wrong) = (0, 0, Vec::new());
    let mut left: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (overlay, objects) in &world.builds {
        let (out, asked): (Vec<&Object>, Vec<&Object>) =
            objects.iter().partition(|one| reason(one, &real).is_some());
        all += objects.len();
        for object in out {
            left.entry(reason(object, &real).unwrap_or_default()).or_default().push(object.id());
        }
        if asked.is_empty() {
            continue;
        }
        match server.dry_run(&manifests(&asked)) {
            Ok(said) => {
                assert_eq!(said.lines().count(), asked.len(), "{overlay}: {said}");
                println!("{overlay}: {} accepted of {}", asked.len(), objects.len());
                accepted += asked.len();
            }
            Err(said) => wrong.push(format!("{overlay}: {said}")),
        }
    }
    println!(
        "accepted by the API server: {accepted} of {all}; with the real upstream: {}",
        real.join(", ")
    );
    for (reason, ids) in &left {
        println!("not asked, {}: {reason}\n  {}", ids.len(), ids.join("\n  "));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(accepted >= 205 && left.values().map(Vec::len).sum::<usize>() == all - accepted);
    assert!(
        ["argocd", "cert-manager", "metallb"].iter().all(|app| real.iter().any(|one| one == app)),
        "{real:?}"
    );
}

#[test]
#[ignore = "needs kube-apiserver: make test-apps"]
fn a_field_that_no_schema_knows_is_refused() {
    let server = ControlPlane::shared();
    let ingress = "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: a, namespace: default}\n\
                   spec: {defaultBackend: {service: {name: a, port: {number: 80}}}, ingressGlass: traefik}\n";
    let said = server.dry_run(ingress).expect_err("refused");
    assert!(said.contains(".spec.ingressGlass: field not declared in schema"), "{said}");
}
