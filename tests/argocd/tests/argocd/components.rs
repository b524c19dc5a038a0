//! The components of `argocd/` over the real upstream manifests, before a real API server.

use std::os::unix::fs::symlink;
use std::process::Stdio;

use argocd::root;
use cluster::ControlPlane;
use serde_json::{Value, json};
use test_support::{Scratch, kustomize, tool};

/// The upstream manifests with these components.
fn upstream_with(set: &str) -> String {
    let scratch = Scratch::new();
    symlink(root().join("argocd"), scratch.join("argocd")).expect("a link");
    symlink(tool("argocd", "manifests"), scratch.join("upstream")).expect("a link");
    let names = set.split(' ').filter(|one| !one.is_empty());
    let components: Vec<String> = names.map(|one| format!("../argocd/{one}")).collect();
    let overlay = format!(
        "namespace: argocd\nresources: [../upstream/cluster-install]\ncomponents: [{}]\n",
        components.join(", ")
    );
    scratch.write("overlay/kustomization.yaml", overlay);
    let mut command = scratch.command(kustomize());
    let built = command.arg("build").arg(scratch.join("overlay")).stdin(Stdio::null()).output();
    let built = built.expect("kustomize");
    assert!(built.status.success(), "{set}: {}", String::from_utf8_lossy(&built.stderr));
    String::from_utf8(built.stdout).expect("text")
}

#[test]
#[ignore = "tier 3: make test-argocd"]
fn the_components_apply_to_the_upstream_manifests_with_strict_validation() {
    let plane = ControlPlane::shared();
    plane.apply("apiVersion: v1\nkind: Namespace\nmetadata: {name: argocd}\n");
    for set in ["", "repo-server", "repo-server gnupg wrapper policy", "cmp", "cmp policy"] {
        let text = upstream_with(set);
        assert_eq!(text.contains("pleach"), !set.is_empty(), "{set}");
        let answer = plane.dry_run(&text).unwrap_or_else(|said| panic!("{set}: {said}"));
        let objects = answer.lines().count();
        println!("argocd: upstream with [{set}]: {objects} objects accepted");
        assert!(objects > 50, "{set}: {answer}");
    }
    assert!(
        plane.get("deployments.apps", "argocd", "argocd-repo-server").is_none(),
        "a dry run keeps nothing"
    );
}

/// Pod Security looks at pods: what the Deployment would make is laid before the API server as one.
#[test]
#[ignore = "tier 3: make test-argocd"]
fn the_pods_of_the_components_are_admitted_where_pod_security_is_restricted() {
    let plane = ControlPlane::shared();
    plane.apply(
        "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: restricted\n  \
         labels: {pod-security.kubernetes.io/enforce: restricted}\n",
    );
    for (set, ours) in [
        ("repo-server wrapper policy", "pleach-install"),
        ("repo-server gnupg", "pleach-doctor"),
        ("cmp policy", "pleach-cmp-install"),
    ] {
        let all = yaml::values(upstream_with(set).as_bytes()).expect("YAML");
        let server = |one: &&Value| {
            one["kind"] == "Deployment" && one["metadata"]["name"] == "argocd-repo-server"
        };
        let template = &all.iter().find(server).expect("the repo-server")["spec"]["template"];
        let mut pod = json!({"apiVersion": "v1", "kind": "Pod", "spec": template["spec"]});
        pod["metadata"] = json!({"name": "repo-server", "namespace": "restricted"});
        plane.dry_run(&pod.to_string()).unwrap_or_else(|said| panic!("{set}: {said}"));
        // Without what the component says of its container the same pod is refused.
        let containers = pod["spec"]["initContainers"].as_array_mut().expect("initContainers");
        let own = containers.iter_mut().find(|one| one["name"] == ours);
        own.unwrap_or_else(|| panic!("{set}: no {ours}"))["securityContext"] = json!({});
        let said = plane.dry_run(&pod.to_string()).expect_err("a pod that may become root");
        assert!(said.contains("violates PodSecurity \"restricted:latest\""), "{set}: {said}");
        assert!(said.contains(ours), "{set}: {said}");
    }
}

/// The dry run sees what it is there for.
#[test]
#[ignore = "tier 3: make test-argocd"]
fn a_dry_run_refuses_an_unknown_field_and_a_value_that_is_still_encrypted() {
    let plane = ControlPlane::shared();
    let configmap = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {a: b}\n";
    assert!(plane.dry_run(configmap).is_ok());
    let unknown =
        plane.dry_run(&configmap.replace("\ndata:", "\ndta:")).expect_err("an unknown field");
    assert!(unknown.contains("dta"), "{unknown}");
    let secret =
        "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\ndata: {a: 'ENC[AES256_GCM,data:x]'}\n";
    let encrypted = plane.dry_run(secret).expect_err("a value that is no base64");
    assert!(encrypted.contains("illegal base64"), "{encrypted}");
}
