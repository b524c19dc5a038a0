//! Our kustomize before the real one in the repo-server: on `PATH`, and as `kustomize.path.<version>`; and the operator's
//! mandatory Pipeline, which no tenant leaves out.

use std::sync::OnceLock;

use argocd::{Argo, Form, Options};

use crate::failures::shown;
use crate::left;
use crate::woven::held;

/// What the operator has run last on every build: a DNS target, and sign-in before every route.
const POLICY: &str = "
apiVersion: pleach.dev/v1alpha1
kind: Policy
spec:
  optOuts: []
  pipelines:
  - apiVersion: pleach.dev/v1alpha1
    kind: Pipeline
    metadata: {name: of-the-operator}
    spec:
      functions:
      - apiVersion: pleach.dev/v1alpha1
        kind: ExternalDNS
        metadata: {name: dns}
        spec: {target: k8s.example.org, prefix: ga}
      - apiVersion: pleach.dev/v1alpha1
        kind: ForwardAuth
        metadata: {name: auth}
        spec:
          dialect: traefik
          signIn: {oauth2Proxy: {recipe: static, service: {namespace: sign-in}}}
";

/// A bare route and what it leads to.
const APP: &str = "
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web}
spec:
  ingressClassName: traefik
  rules:
  - host: NAME.example.org
    http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: web}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: 'registry.example.org/web:1'}]}
";

fn argo() -> &'static Argo {
    static ARGO: OnceLock<Argo> = OnceLock::new();
    ARGO.get_or_init(|| {
        let argo =
            Argo::kept(|| Options { wrapper: true, policy: Some(POLICY), ..Options::default() });
        argo.plane().routes();
        argo.plane().apply("apiVersion: v1\nkind: Namespace\nmetadata: {name: sign-in}\n");
        argo
    })
}

/// Commits the bare app under a name, for a namespace of that name, with `more` in its kustomization.
fn commit(name: &str, app: &str, more: &str) {
    let argo = argo();
    argo.plane().apply(&format!("apiVersion: v1\nkind: Namespace\nmetadata: {{name: {name}}}\n"));
    let head = format!("resources: [app.yaml]\nnamespace: {name}\n");
    let repository = argo.repository();
    repository.write(&format!("{name}/app.yaml"), app.replace("NAME", name));
    repository.write(&format!("{name}/kustomization.yaml"), head + more);
    repository.push(name);
}

fn ingress(namespace: &str, name: &str) -> String {
    held(argo(), namespace, "ingresses.networking.k8s.io", name)
}

#[test]
#[ignore = "tier 3: make test-argocd"]
fn the_mandatory_pipeline_weaves_what_a_tenant_left_bare() {
    let argo = argo();
    commit("bare", APP, "");
    argo.application("bare", "bare", Form::Kustomize).deployed();
    insta::assert_snapshot!(ingress("bare", "web"), @r"
    annotations:
      external-dns.kubernetes.io/target: k8s.example.org
      traefik.ingress.kubernetes.io/router.middlewares: TARGET-auth-oauth2-proxy@kubernetescrd
    spec:
      ingressClassName: traefik
      rules:
        - host: TARGET.example.org
          http:
            paths:
              - backend:
                  service:
                    name: web
                    port:
                      number: 80
                path: /
                pathType: Prefix
    ");
    insta::assert_snapshot!(held(argo, "bare", "middlewares.traefik.io", "auth-oauth2-proxy"), @r"
    annotations: {}
    spec:
      forwardAuth:
        address: http://oauth2-proxy.sign-in.svc:4180/
        authResponseHeaders:
          - X-Auth-Request-User
          - X-Auth-Request-Email
          - X-Auth-Request-Groups
          - X-Auth-Request-Preferred-Username
          - X-Auth-Request-Access-Token
          - Authorization
        maxResponseBodySize: 1048576
        trustForwardHeader: false
    ");
    left::no_process(argo);
}

/// What the wrapper is for: the same tree by the real kustomize alone.
#[test]
#[ignore = "tier 3: make test-argocd"]
fn without_the_wrapper_the_tenants_route_is_out_without_sign_in() {
    let argo = argo();
    commit("unguarded", APP, "");
    let form = Form::With("{version: bare}");
    argo.application("unguarded", "unguarded", form).deployed();
    insta::assert_snapshot!(ingress("unguarded", "web"), @r"
    annotations: {}
    spec:
      ingressClassName: traefik
      rules:
        - host: TARGET.example.org
          http:
            paths:
              - backend:
                  service:
                    name: web
                    port:
                      number: 80
                path: /
                pathType: Prefix
    ");
}

/// Argo CD has `kustomize edit` write each into the checkout, and then builds.
fn options(name: &str, version: &str) -> String {
    let argo = argo();
    let options = format!(
        "{{{version}namePrefix: p-, nameSuffix: -s, \
         images: ['registry.example.org/web=registry.example.org/other:2'], \
         replicas: [{{name: web, count: 3}}], commonLabels: {{of: label}}, commonAnnotations: {{of: annotation}}}}"
    );
    commit(name, APP, "");
    argo.application(name, name, Form::With(&options)).deployed();
    let deployment = argo.plane().get("deployments.apps", name, "p-web-s").expect("deployed");
    let spec = &deployment["spec"];
    format!(
        "image: {}\nreplicas: {}\nlabels: {}\n{}",
        spec["template"]["spec"]["containers"][0]["image"],
        spec["replicas"],
        deployment["metadata"]["labels"],
        ingress(name, "p-web-s")
    )
}

#[test]
#[ignore = "tier 3: make test-argocd"]
fn the_options_of_an_application_reach_the_real_kustomize_on_path() {
    insta::assert_snapshot!(options("on-path", ""), @r#"
    image: "registry.example.org/other:2"
    replicas: 3
    labels: {"of":"label"}
    annotations:
      external-dns.kubernetes.io/target: k8s.example.org
      of: annotation
      traefik.ingress.kubernetes.io/router.middlewares: TARGET-auth-oauth2-proxy@kubernetescrd
    spec:
      ingressClassName: traefik
      rules:
        - host: TARGET.example.org
          http:
            paths:
              - backend:
                  service:
                    name: web
                    port:
                      number: 80
                path: /
                pathType: Prefix
    "#);
}

#[test]
#[ignore = "tier 3: make test-argocd"]
fn the_options_of_an_application_reach_the_real_kustomize_of_a_version() {
    insta::assert_snapshot!(options("by-version", "version: v5.8.2, "), @r#"
    image: "registry.example.org/other:2"
    replicas: 3
    labels: {"of":"label"}
    annotations:
      external-dns.kubernetes.io/target: k8s.example.org
      of: annotation
      traefik.ingress.kubernetes.io/router.middlewares: TARGET-auth-oauth2-proxy@kubernetescrd
    spec:
      ingressClassName: traefik
      rules:
        - host: TARGET.example.org
          http:
            paths:
              - backend:
                  service:
                    name: web
                    port:
                      number: 80
                path: /
                pathType: Prefix
    "#);
}

/// What a tenant writes into his tree so that the operator's Pipeline does not reach him, and what he then sees.
fn refused(name: &str, app: &str, more: &str) -> String {
    let argo = argo();
    commit(name, app, more);
    let said = shown(&argo.application(name, name, Form::Kustomize), argo);
    let published = argo.plane().get("ingresses.networking.k8s.io", name, "web");
    assert!(published.is_none(), "{published:?}");
    left::no_process(argo);
    said
}

#[test]
#[ignore = "tier 3: make test-argocd"]
fn attack_a_tenant_opts_out_of_the_mandatory_pipeline() {
    let opted = "metadata: {name: web, annotations: {pleach.dev/forward-auth: skip, pleach.dev/forward-auth-reason: mine}}";
    let app = APP.replacen("metadata: {name: web}", opted, 1);
    insta::assert_snapshot!(refused("opts-out", &app, ""), @r#"
    Failed to load target state: failed to generate manifest for source 1 of 1: rpc error: code = Unknown desc = `kustomize build <path to cached source>/opts-out --enable-alpha-plugins` failed exit status 1: error: Ingress opts-out/web: metadata.annotations["pleach.dev/forward-auth"]: the policy allows no opt-out of forward-auth
    hint: take the annotation off, or ask the operator for optOuts in the policy
    "#);
}

#[test]
#[ignore = "tier 3: make test-argocd"]
fn attack_a_pipeline_of_the_same_name_does_not_stand_in_for_the_mandatory_one() {
    let argo = argo();
    let pipeline = "---\napiVersion: pleach.dev/v1alpha1\nkind: Pipeline\nmetadata: {name: of-the-operator}\nspec: {functions: []}\n";
    commit("same-name", &format!("{APP}{pipeline}"), "");
    argo.application("same-name", "same-name", Form::Kustomize).deployed();
    assert!(ingress("same-name", "web").contains("auth-oauth2-proxy@kubernetescrd"));
}

#[test]
#[ignore = "tier 3: make test-argocd"]
fn attack_an_exec_function_that_kustomize_would_skip() {
    let annotation = "{config.kubernetes.io/function: 'exec: {path: ./x}'}";
    let inline = format!(
        "generators:\n- |-\n  {{apiVersion: v1, kind: X, metadata: {{name: x, annotations: {annotation}}}}}\n"
    );
    insta::assert_snapshot!(refused("skipped", APP, &inline), @r"
    Failed to load target state: failed to generate manifest for source 1 of 1: rpc error: code = Unknown desc = `kustomize build <path to cached source>/skipped --enable-alpha-plugins` failed exit status 1: error: exec functions are disabled, and kustomize would skip them in silence: X x (inline in .)
    hint: take the function annotation off, so that a config runs as a plugin; or give kustomize --enable-exec, which lets every commit run any program
    ");
}

#[test]
#[ignore = "tier 3: make test-argocd"]
fn attack_a_secret_that_is_still_encrypted_is_not_applied() {
    let token = "ENC[AES256_GCM,data:AAAA,iv:BBBB,tag:CCCC,type:str]";
    let secret = format!(
        "{APP}---\napiVersion: v1\nkind: Secret\nmetadata: {{name: s}}\nstringData: {{a: '{token}'}}\n"
    );
    insta::assert_snapshot!(refused("encrypted", &secret, ""), @r"
    Failed to load target state: failed to generate manifest for source 1 of 1: rpc error: code = Unknown desc = `kustomize build <path to cached source>/encrypted --enable-alpha-plugins` failed exit status 1: error: Secret encrypted/s: stringData.a: the output holds a value that is still encrypted
    hint: decrypt its file by a SopsDecrypt config, not as a plain resource or generator input
    ");
}
