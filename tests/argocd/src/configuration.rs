//! What the API server holds of an Argo CD: the upstream manifests, and what a test sets in them.

use cluster::ControlPlane;
use serde_json::Value;
use test_support::tool;

/// The custom resources; they are of the cluster, and applying them again changes nothing.
pub(crate) fn custom_resources(plane: &ControlPlane) {
    let mut manifests = String::new();
    for name in ["application-crd.yaml", "appproject-crd.yaml", "applicationset-crd.yaml"] {
        manifests.push_str("---\n");
        manifests.push_str(&upstream(&format!("crds/{name}")));
    }
    plane.apply(&manifests);
    plane.run(&[
        "wait",
        "--for=condition=Established",
        "--timeout=60s",
        "crd/applications.argoproj.io",
        "crd/appprojects.argoproj.io",
    ]);
}

/// A namespace with the configuration of an Argo CD, and one for what it deploys.
pub(crate) fn namespaces(plane: &ControlPlane, name: &str, target: &str, settings: Value) {
    plane.apply(&format!(
        "apiVersion: v1\nkind: Namespace\nmetadata: {{name: {name}}}\n---\n\
         apiVersion: v1\nkind: Namespace\nmetadata: {{name: {target}}}\n"
    ));
    let mut manifests = String::new();
    for file in [
        "argocd-cm.yaml",
        "argocd-cmd-params-cm.yaml",
        "argocd-gpg-keys-cm.yaml",
        "argocd-rbac-cm.yaml",
        "argocd-secret.yaml",
        "argocd-ssh-known-hosts-cm.yaml",
        "argocd-tls-certs-cm.yaml",
    ] {
        manifests.push_str("---\n");
        manifests.push_str(&upstream(&format!("base/config/{file}")));
    }
    plane.apply_in(name, &manifests);
    // The server, which is not run here, would make the key.
    let secret = r#"{"stringData":{"server.secretkey":"key-of-the-test"}}"#;
    plane.run(&["patch", "secret", "argocd-secret", "-n", name, "--type=merge", "-p", secret]);
    // Several Argo CDs in one cluster prune each other's objects unless each has an id.
    let mut data = settings;
    data["installationID"] = name.into();
    let data = serde_json::json!({ "data": data }).to_string();
    plane.run(&["patch", "configmap", "argocd-cm", "-n", name, "--type=merge", "-p", &data]);
    plane.apply(&project(name, "default"));
}

/// A project that allows everything.
pub(crate) fn project(namespace: &str, name: &str) -> String {
    format!(
        "apiVersion: argoproj.io/v1alpha1\nkind: AppProject\nmetadata: {{name: {name}, namespace: {namespace}}}\n\
         spec:\n  sourceRepos: ['*']\n  destinations: [{{namespace: '*', server: '*'}}]\n  \
         clusterResourceWhitelist: [{{group: '*', kind: '*'}}]\n"
    )
}

/// A file of the manifests of argo-cd's release.
fn upstream(path: &str) -> String {
    let file = tool("argocd", "manifests").join(path);
    std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}
