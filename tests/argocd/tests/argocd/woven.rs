//! A tree of bare routes, and what the API server holds of it: DNS target, issuer, TLS, sign-in.

use std::path::Path;

use argocd::{Argo, Form};
use serde_json::{Map, Value};

use crate::tree;

/// The folder of the tree, and the name of its Application.
const NAME: &str = "dashboard";

/// How the Pipeline of the tree runs.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Runs {
    Plugin,
    Function,
    Stream,
}

/// The bare routes of `examples/weave`, in the namespace that the Argo CD of the test deploys into.
pub(crate) fn bare(argo: &Argo, folder: &Path) {
    tree::copy("examples/weave/app", &folder.join("app"));
    let kustomization = format!("resources: [app]\nnamespace: {}\n", argo.target());
    tree::write(&folder.join("kustomization.yaml"), kustomization);
}

/// The same with the Pipeline of the example. Its sign-in service stands in that namespace too.
fn with_pipeline(argo: &Argo, folder: &Path, runs: Runs) {
    bare(argo, folder);
    tree::copy("examples/weave/weave", &folder.join("weave"));
    tree::write(&folder.join("facts.yaml"), tree::file("examples/weave/facts.yaml"));
    let pipeline = folder.join("weave/pipeline.yaml");
    let text = String::from_utf8(tree::file("examples/weave/weave/pipeline.yaml")).expect("text");
    let own = text.replace("namespace: oauth2-proxy", &format!("namespace: {}", argo.target()));
    assert_ne!(text, own);
    let function = "  annotations:\n    config.kubernetes.io/function: 'exec: {path: pleach}'\n";
    let own = match runs {
        Runs::Function => own.replacen("  annotations:\n", function, 1),
        Runs::Plugin | Runs::Stream => own,
    };
    tree::write(&pipeline, own);
    let list = match runs {
        Runs::Stream => "resources: [app, weave]\n",
        Runs::Plugin | Runs::Function => "resources: [app]\ntransformers: [weave]\n",
    };
    let kustomization = format!("{list}namespace: {}\n", argo.target());
    tree::write(&folder.join("kustomization.yaml"), kustomization);
}

/// Commits the tree.
pub(crate) fn commit(argo: &Argo, runs: Runs) -> String {
    argo.plane().routes();
    with_pipeline(argo, &argo.repository().work().join(NAME), runs);
    argo.repository().push("bare routes and a Pipeline")
}

/// Deploys the tree, and expects the woven routes in the API server, the same whatever form wove them.
pub(crate) fn deployed(argo: &Argo, form: Form<'_>) {
    argo.application(NAME, NAME, form).deployed();
    let all = [
        ("ingresses.networking.k8s.io", "dashboard"),
        ("ingressroutes.traefik.io", "api"),
        ("middlewares.traefik.io", "auth-oauth2-proxy"),
        ("certificates.cert-manager.io", "tls-api-ingressroute"),
    ];
    let all = all
        .map(|(kind, name)| format!("# {kind}/{name}\n{}", held(argo, argo.target(), kind, name)));
    insta::allow_duplicates! {
        insta::assert_snapshot!(all.concat(), @r#"
    # ingresses.networking.k8s.io/dashboard
    annotations:
      cert-manager.io/cluster-issuer: letsencrypt-prod
      external-dns.alpha.kubernetes.io/target: k8s.qt.rs
      traefik.ingress.kubernetes.io/router.middlewares: TARGET-auth-oauth2-proxy@kubernetescrd
      traefik.ingress.kubernetes.io/router.tls: "true"
    spec:
      ingressClassName: traefik
      rules:
        - host: dashboard.qt.rs
          http:
            paths:
              - backend:
                  service:
                    name: dashboard
                    port:
                      name: http
                path: /
                pathType: Prefix
      tls:
        - hosts:
            - dashboard.qt.rs
          secretName: dashboard-tls
    # ingressroutes.traefik.io/api
    annotations:
      external-dns.alpha.kubernetes.io/target: k8s.qt.rs
    spec:
      entryPoints:
        - websecure
      routes:
        - kind: Rule
          match: Host(`api.qt.rs`) && PathPrefix(`/v1`)
          middlewares:
            - name: auth-oauth2-proxy
          services:
            - name: dashboard
              port: http
        - kind: Rule
          match: Host(`api.qt.rs`) && PathPrefix(`/v2`)
          middlewares:
            - name: auth-oauth2-proxy
          services:
            - name: dashboard
              port: http
      tls:
        secretName: tls-api-ingressroute
    # middlewares.traefik.io/auth-oauth2-proxy
    annotations: {}
    spec:
      forwardAuth:
        address: http://oauth2-proxy.TARGET.svc:4180/
        authResponseHeaders:
          - X-Auth-Request-User
          - X-Auth-Request-Email
          - X-Auth-Request-Groups
          - X-Auth-Request-Preferred-Username
          - X-Auth-Request-Access-Token
          - Authorization
        maxResponseBodySize: 1048576
        trustForwardHeader: false
    # certificates.cert-manager.io/tls-api-ingressroute
    annotations: {}
    spec:
      dnsNames:
        - api.qt.rs
      issuerRef:
        kind: ClusterIssuer
        name: letsencrypt-prod
      secretName: tls-api-ingressroute
    "#);
    }
}

/// What the API server holds of an object that its author or pleach wrote: annotations and spec, as YAML.
pub(crate) fn held(argo: &Argo, namespace: &str, kind: &str, name: &str) -> String {
    let object = argo.plane().get(kind, namespace, name);
    let mut object = object.unwrap_or_else(|| panic!("no {kind} {name}"));
    let mut annotations = object["metadata"]["annotations"].take();
    // Argo CD's own: which Application the object belongs to, and what it applied.
    if let Some(annotations) = annotations.as_object_mut() {
        let own = ["argocd.argoproj.io/", "kubectl.kubernetes.io/"];
        annotations.retain(|key, _| !own.iter().any(|own| key.starts_with(own)));
    }
    let shown = Map::from_iter([
        ("annotations".to_owned(), annotations),
        ("spec".to_owned(), object["spec"].take()),
    ]);
    krm::to_yaml(&Value::Object(shown)).replace(namespace, "TARGET")
}
