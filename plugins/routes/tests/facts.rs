//! Facts from trees and from a file, and what functions ask of them.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use krm::{Environment, Loader, ResourceList};
use routes::facts::{Known, Source};
use routes::{ClusterFacts, Facts, KINDS, MiddlewareId, Routes};
use test_support::Scratch;

fn list(text: &str) -> ResourceList {
    ResourceList::new(krm::read_manifests(text.as_bytes(), "input.yaml").unwrap())
}

fn file(spec: &str) -> ClusterFacts {
    let text = format!(
        "apiVersion: pleach.dev/v1alpha1\nkind: ClusterFacts\nmetadata: {{name: cluster}}\nspec:\n{spec}"
    );
    ClusterFacts::read(text.as_bytes(), "facts.yaml").unwrap()
}

fn facts(tree: &str, spec: &str) -> Facts {
    Facts::new(ClusterFacts::of(&list(tree)), Some(spec).filter(|spec| !spec.is_empty()).map(file))
}

const ISSUER: &str = "
apiVersion: cert-manager.io/v1
kind: ClusterIssuer
metadata: {name: letsencrypt}
spec: {acme: {server: https://acme-v02.api.letsencrypt.org/directory}}
";

#[test]
fn what_stands_in_the_tree_is_found_before_what_the_file_says() {
    let other =
        "  issuers: [{kind: ClusterIssuer, name: letsencrypt, server: https://other.example}]\n";
    let facts = facts(ISSUER, other);
    let Known::Found(issuer, source) = facts.issuer("ClusterIssuer", "", None, "letsencrypt")
    else {
        panic!("not found");
    };
    assert_eq!(source, Source::Tree);
    assert_eq!(issuer.server.as_deref(), Some("https://acme-v02.api.letsencrypt.org/directory"));
}

#[test]
fn a_list_that_is_given_is_complete_and_one_that_is_not_says_nothing() {
    let missing = |spec: &str| {
        facts("", spec).issuer("ClusterIssuer", "cert-manager.io", None, "letsencrypt").map(|_| ())
    };
    assert_eq!(missing(""), Known::Unknown, "no file");
    assert_eq!(missing("  gateways: []\n"), Known::Unknown, "no such list");
    assert_eq!(missing("  issuers: []\n"), Known::Absent);
    assert_eq!(
        missing("  issuers: [{kind: ClusterIssuer, name: letsencrypt}]\n"),
        Known::Found((), Source::Facts)
    );
}

#[test]
fn an_issuer_is_one_of_its_group_kind_and_namespace() {
    let facts = facts(
        "",
        "  issuers:
  - {kind: Issuer, namespace: media, name: a}
  - {kind: ClusterIssuer, name: b}
  - {kind: StepIssuer, group: certmanager.step.sm, namespace: media, name: c}
  - {kind: StepClusterIssuer, group: certmanager.step.sm, name: d}
",
    );
    let found = |kind, group, namespace, name| {
        facts.issuer(kind, group, Some(namespace), name).found().is_some()
    };
    assert!(found("Issuer", "", "media", "a"));
    assert!(!found("Issuer", "", "web", "a"), "an Issuer is for its namespace alone");
    assert!(!found("ClusterIssuer", "", "media", "a"));
    assert!(found("ClusterIssuer", "cert-manager.io", "anywhere", "b"));
    assert!(found("StepIssuer", "certmanager.step.sm", "media", "c"));
    assert!(!found("StepIssuer", "", "media", "c"));
    assert!(found("StepClusterIssuer", "certmanager.step.sm", "anywhere", "d"));
}

const MIDDLEWARES: &str = "  middlewares:
  - {namespace: auth, name: sign.in, type: forwardAuth, address: 'http://oauth2-proxy.auth.svc/oauth2/auth'}
  - {namespace: auth, name: headers, type: headers}
  - {namespace: auth, name: bouncer, type: forwardAuth, address: 'http://crowdsec-bouncer.crowdsec:8080/api/v1/forwardAuth'}
  - {namespace: auth, name: oidc, type: plugin, plugin: traefik-oidc-auth}
  - {namespace: auth, name: geo, type: plugin, plugin: geoblock}
  - {namespace: auth, name: chain, type: chain, chain: [auth-headers@kubernetescrd, auth-inner@kubernetescrd]}
  - {namespace: auth, name: inner, type: chain, chain: [auth-sign-in@kubernetescrd]}
  - {namespace: auth, name: circle, type: chain, chain: [auth-circle@kubernetescrd, auth-headers@kubernetescrd]}
  - {namespace: auth, name: beyond, type: chain, chain: [sso@file]}
";

#[test]
fn a_middleware_signs_in_by_itself_or_through_its_chain() {
    let facts = facts("", MIDDLEWARES);
    let signs_in = |name: &str| facts.signs_in(&MiddlewareId::of("auth", name));
    for name in ["sign.in", "oidc", "chain", "inner"] {
        assert_eq!(signs_in(name), Known::Found(true, Source::Facts), "{name}");
    }
    for name in ["headers", "bouncer", "geo", "circle"] {
        assert_eq!(signs_in(name), Known::Found(false, Source::Facts), "{name}");
    }
    assert_eq!(signs_in("none"), Known::Absent);
    assert_eq!(signs_in("beyond"), Known::Unknown, "what a file of Traefik holds is not known");
    assert_eq!(facts.signs_in(&MiddlewareId::of_text("sso@file", "file")), Known::Unknown);
}

#[test]
fn a_chain_of_the_tree_resolves_its_members_with_its_own_namespace() {
    let tree = "
apiVersion: traefik.io/v1alpha1
kind: Middleware
metadata: {name: all, namespace: web}
spec: {chain: {middlewares: [{name: headers}, {name: sign.in, namespace: auth}]}}
";
    let facts = facts(tree, MIDDLEWARES);
    let chain = facts.middleware(&MiddlewareId::of("web", "all")).found().unwrap();
    assert_eq!(chain.chain, ["web-headers@kubernetescrd", "auth-sign-in@kubernetescrd"]);
    assert_eq!(facts.signs_in(&MiddlewareId::of("web", "all")), Known::Found(true, Source::Tree));
}

#[test]
fn the_default_class_and_the_controller_of_a_class_are_known() {
    let facts = facts(
        "",
        "  ingressClasses:
  - {name: internal, controller: traefik.io/ingress-controller}
  - {name: nginx, controller: k8s.io/ingress-nginx, default: true}
",
    );
    assert_eq!(facts.default_class().found(), Some("nginx"));
    assert_eq!(
        facts.controller_of("internal").found(),
        Some(Some("traefik.io/ingress-controller"))
    );
    assert_eq!(facts.controller_of("other"), Known::Absent);
}

#[test]
fn of_two_traefiks_the_one_of_the_class_serves_it() {
    let facts = facts(
        "",
        "  traefik:
  - {name: any}
  - {name: internal, ingressClass: internal}
",
    );
    let names = |class| -> Vec<String> {
        let found = facts.traefik_of(class).found().unwrap_or_default();
        found.into_iter().map(|one| one.name.clone()).collect()
    };
    assert_eq!(names(Some("internal")), ["internal"]);
    assert_eq!(names(Some("public")), ["any"]);
    assert_eq!(names(None), ["any"]);
}

#[test]
fn a_controller_of_the_tree_hides_what_the_file_says_of_it() {
    let tree = "
apiVersion: apps/v1
kind: Deployment
metadata: {name: external-dns, namespace: dns}
spec: {template: {spec: {containers: [{name: external-dns, image: 'registry.k8s.io/external-dns/external-dns:v0.22.0'}]}}}
";
    let facts = facts(
        tree,
        "  externalDns: [{name: external-dns, namespace: dns, version: 0.21.0}, {name: other, namespace: dns, version: 0.20.0}]\n",
    );
    let all = facts.external_dns().found().unwrap();
    let versions: Vec<_> = all.iter().map(|one| one.version.as_deref().unwrap()).collect();
    assert_eq!(versions, ["0.22.0", "0.20.0"]);
}

/// What a selection sees of the route of this name: hosts, class, entry points.
fn subject(tree: &str, spec: &str, name: &str) -> (Vec<String>, Option<String>, Vec<String>) {
    let (list, facts) = (list(tree), facts(tree, spec));
    let routes = Routes::read(&list, KINDS, &Facts::default());
    let route = routes.iter().find(|route| route.id.name == name).unwrap();
    let subject = facts.subject(&routes, route, &list.items()[route.item]);
    let owned = |all: Vec<&str>| all.into_iter().map(str::to_owned).collect();
    (owned(subject.hosts), subject.class.map(str::to_owned), owned(subject.entry_points))
}

fn http_route(hostnames: &str) -> String {
    format!(
        "
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {{name: web, namespace: media}}
spec:
  hostnames: {hostnames}
  parentRefs: [{{name: shared, namespace: infra}}]
  rules: [{{backendRefs: [{{name: web, port: 80}}]}}]
"
    )
}

const GATEWAYS: &str = "  gateways:
  - kind: Gateway
    namespace: infra
    name: shared
    class: traefik
    listeners:
    - {name: web, protocol: HTTPS, hostname: '*.qt.rs'}
    - {name: tls, protocol: TLS, hostname: '*.pass.example'}
";

#[test]
fn a_route_takes_class_and_hosts_of_a_gateway_that_the_facts_know() {
    let found = |hostnames| subject(&http_route(hostnames), GATEWAYS, "web");
    assert_eq!(found("[]"), (vec!["*.qt.rs".into()], Some("traefik".into()), vec![]));
    assert_eq!(found("[a.qt.rs, a.other.example]").0, ["a.qt.rs"]);
    assert_eq!(found("['*.b.qt.rs']").0, ["*.b.qt.rs"]);
}

#[test]
fn below_a_gateway_that_nobody_knows_a_route_keeps_its_hosts() {
    assert_eq!(subject(&http_route("[a.qt.rs]"), "", "web").0, ["a.qt.rs"]);
    assert_eq!(subject(&http_route("[a.qt.rs]"), "  gateways: []\n", "web").0, ["a.qt.rs"]);
}

#[test]
fn a_gateway_serves_the_hosts_of_its_listeners_and_of_the_routes_below_an_open_one() {
    let tree = |listener: &str| {
        format!(
            "
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {{name: shared, namespace: infra}}
spec: {{gatewayClassName: traefik, listeners: [{{name: web, protocol: HTTPS{listener}}}]}}
---{}",
            http_route("[a.qt.rs]")
        )
    };
    assert_eq!(subject(&tree(", hostname: '*.qt.rs'"), "", "shared").0, ["*.qt.rs"]);
    assert_eq!(subject(&tree(""), "", "shared").0, ["a.qt.rs"]);
}

fn ingress(spec: &str) -> String {
    format!(
        "
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {{name: web, namespace: media}}
spec: {{{spec}rules: [{{host: a.qt.rs}}]}}
"
    )
}

const TRAEFIK: &str = "  ingressClasses:
  - {name: traefik, controller: traefik.io/ingress-controller, default: true}
  - {name: nginx, controller: k8s.io/ingress-nginx}
  traefik:
  - name: traefik
    entryPoints:
    - {name: metrics, address: ':9100'}
    - {name: traefik, address: ':8080'}
    - {name: udp, address: ':53/udp'}
    - {name: web, address: ':80'}
    - {name: websecure, address: ':443'}
";

#[test]
fn an_ingress_without_class_has_the_default_one_and_the_default_entry_points() {
    let found = subject(&ingress(""), TRAEFIK, "web");
    assert_eq!(found.1.as_deref(), Some("traefik"));
    assert_eq!(found.2, ["metrics", "web", "websecure"], "all but `traefik` and those for UDP");
    let chosen = TRAEFIK.replace("':443'}", "':443', asDefault: true}");
    assert_eq!(subject(&ingress(""), &chosen, "web").2, ["websecure"]);
}

#[test]
fn an_ingress_of_another_controller_has_no_entry_point() {
    let found = subject(&ingress("ingressClassName: nginx, "), TRAEFIK, "web");
    assert_eq!((found.1.as_deref(), found.2.len()), (Some("nginx"), 0));
}

#[test]
fn what_an_author_wrote_is_kept_before_every_default() {
    let tree = "
apiVersion: traefik.io/v1alpha1
kind: IngressRoute
metadata: {name: web, namespace: media}
spec: {ingressClassName: internal, entryPoints: [web], routes: [{match: 'Host(`a.qt.rs`)'}]}
";
    let found = subject(tree, TRAEFIK, "web");
    assert_eq!(found, (vec!["a.qt.rs".into()], Some("internal".into()), vec!["web".into()]));
}

#[test]
fn a_typo_in_the_file_is_answered_with_its_path_and_the_nearest_name() {
    let text = "apiVersion: pleach.dev/v1alpha1\nkind: ClusterFacts\nmetadata: {name: c}\nspec: {externalDns: [{name: a, anotationPrefix: x/}]}\n";
    let said = ClusterFacts::read(text.as_bytes(), "facts.yaml").unwrap_err().to_string();
    assert!(
        said.starts_with("error: facts.yaml: spec.externalDns[0].anotationPrefix: unknown field"),
        "{said}"
    );
    assert!(said.ends_with("hint: did you mean `annotationPrefix`?\n"), "{said}");
}

const FILE: &str = "apiVersion: pleach.dev/v1alpha1\nkind: ClusterFacts\nmetadata: {name: c}\nspec: {issuers: [{kind: ClusterIssuer, name: a}]}\n";

/// What a function in `app/` of a tree gets, whose config names this path.
fn gathered(path: &str, text: &str) -> Result<Facts, String> {
    let tree = Scratch::new();
    tree.write(".pleach.yaml", "");
    tree.write("facts.yaml", text);
    let loader = Loader::new(Environment::default(), &tree.dir("app")).unwrap();
    Facts::gather(&list(""), Some(path), &loader).map_err(|finding| finding.to_string())
}

#[test]
fn the_file_is_read_relative_to_the_kustomization_and_below_the_scope_alone() {
    let facts = gathered("../facts.yaml", FILE).unwrap();
    assert!(facts.issuer("ClusterIssuer", "", None, "a").found().is_some());
    let said = gathered("../../facts.yaml", FILE).unwrap_err();
    assert!(said.starts_with("error: ../../facts.yaml: "), "{said}");
    assert!(said.contains("outside"), "{said}");
    let said = gathered("facts.yaml", FILE).unwrap_err();
    assert!(said.starts_with("error: app/facts.yaml: "), "{said}");
}

#[test]
fn several_documents_in_the_file_are_refused_by_its_name() {
    let said = gathered("../facts.yaml", &format!("{FILE}---\n{FILE}")).unwrap_err();
    assert_eq!(
        said,
        "error: facts.yaml: expected one document, a ClusterFacts\nhint: put each object into a file of its own\n"
    );
}

#[test]
fn a_rule_that_names_no_syntax_is_read_in_that_of_the_traefik_that_serves_it() {
    let route = |class: &str, syntax: &str| {
        format!(
            "apiVersion: traefik.io/v1alpha1\nkind: IngressRoute\nmetadata: {{name: a, annotations: \
             {{kubernetes.io/ingress.class: {class}}}}}\nspec: {{routes: [{{match: 'Host(`a.x`, `b.x`)'{syntax}}}]}}\n"
        )
    };
    let hosts = |spec: &str, class: &str, syntax: &str| {
        let list = list(&route(class, syntax));
        let routes = Routes::read(&list, KINDS, &facts("", spec));
        routes.iter().next().unwrap().own_hosts().join(" ")
    };
    let old = "  traefik: [{name: old, ingressClass: old, defaultRuleSyntax: v2}, {name: new}]\n";
    assert_eq!(hosts(old, "old", ""), "a.x b.x");
    assert_eq!(hosts(old, "old", ", syntax: v3"), "", "v3 takes one value");
    assert_eq!(hosts(old, "new", ""), "");
    assert_eq!(hosts(old, "new", ", syntax: v2"), "a.x b.x");
    assert_eq!(hosts("", "old", ""), "", "nothing is known");
    let both = "  traefik: [{name: a, defaultRuleSyntax: v2}, {name: b}]\n";
    assert_eq!(hosts(both, "any", ""), "", "not all of them");
}
