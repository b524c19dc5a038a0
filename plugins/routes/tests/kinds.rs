//! What each kind is read as, written as a person would say it.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fmt::Write;

use krm::ResourceList;
use routes::{AuthSlot, DnsRecord, DnsSlot, Facts, KINDS, Parent, Route, Routes, TlsSlot};

fn read(manifests: &str) -> (ResourceList, Routes) {
    let values = yaml::values(manifests.as_bytes()).unwrap();
    let list = ResourceList::new(values);
    let routes = Routes::read(&list, KINDS, &Facts::default());
    (list, routes)
}

/// The routes of these manifests, in words.
fn said(manifests: &str) -> String {
    let (_, routes) = read(manifests);
    routes.iter().map(|route| describe(&routes, route)).collect()
}

fn describe(routes: &Routes, route: &Route) -> String {
    let mut text = format!("{}\n", route.id);
    let mut line = |what: &str, value: String| {
        if !value.is_empty() {
            writeln!(text, "  {what}: {value}").unwrap();
        }
    };
    line("class", route.class.clone().unwrap_or_default());
    line("entry points", route.entry_points.join(" "));
    for rule in &route.rules {
        let hosts: Vec<_> = rule.hosts.iter().map(|host| host.name.as_str()).collect();
        let paths: Vec<_> =
            rule.paths.iter().map(|path| format!("{:?} {}", path.matches, path.text)).collect();
        let backends: Vec<_> = rule
            .backends
            .iter()
            .map(|one| format!("{} {}:{}", one.kind, one.name, one.port.as_deref().unwrap_or("-")))
            .collect();
        let middlewares: Vec<_> = rule
            .middlewares
            .iter()
            .map(|one| match &one.id {
                Some(id) => format!("{}@{}", id.name, id.provider),
                None => format!("{} (not known)", one.written),
            })
            .collect();
        let others = if rule.other_hosts { " and others" } else { "" };
        line(
            &rule.pointer,
            format!(
                "hosts {hosts:?}{others}, paths {paths:?}, to {backends:?}, through {middlewares:?}"
            ),
        );
    }
    line("published", route.published.join(" "));
    line("served", routes.hosts(route).join(" "));
    for parent in routes.parents(route) {
        match parent {
            Parent::Here(parent) => line("below", format!("{} (here)", parent.id)),
            Parent::Elsewhere(parent) => {
                line("below", format!("{} {} (elsewhere)", parent.kind, parent.name));
            }
        }
    }
    line(
        "dns",
        match &route.dns {
            DnsSlot::Annotations { keys, hosts, target } => {
                format!("{keys:?} keys, hosts from {hosts:?}, target from {target:?}")
            }
            DnsSlot::Records(records) => {
                let record =
                    |one: &DnsRecord| format!("{} {} {:?}", one.name, one.record_type, one.targets);
                format!("records {:?}", records.iter().map(record).collect::<Vec<_>>())
            }
            DnsSlot::None => "None".to_owned(),
        },
    );
    line(
        "tls",
        match &route.tls {
            TlsSlot::Blocks { blocks, .. } => {
                let blocks: Vec<_> = blocks
                    .iter()
                    .map(|one| format!("{:?} in {:?}", one.hosts, one.secret))
                    .collect();
                format!("blocks {blocks:?}")
            }
            TlsSlot::Listeners(listeners) => {
                let listeners: Vec<_> = listeners
                    .iter()
                    .map(|one| {
                        format!(
                            "{} {} {:?} {:?} {:?}{}",
                            one.name,
                            one.protocol,
                            one.hostname,
                            one.mode,
                            one.secrets,
                            if one.foreign { " and others" } else { "" }
                        )
                    })
                    .collect();
                format!("listeners {listeners:?}")
            }
            other => format!("{other:?}"),
        },
    );
    line(
        "auth",
        match &route.auth {
            AuthSlot::Impossible(why) => format!("impossible: {why}"),
            other => format!("{other:?}"),
        },
    );
    for problem in &route.problems {
        line("problem", problem.to_string().trim_end().replace('\n', "\n    "));
    }
    text
}

#[test]
fn an_ingress_has_one_list_of_middlewares_for_all_its_rules() {
    insta::assert_snapshot!(said(
        r"
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
  namespace: media
  annotations:
    traefik.ingress.kubernetes.io/router.entrypoints: web, websecure
    traefik.ingress.kubernetes.io/router.middlewares: media-headers@kubernetescrd, auth-sign-in@kubernetescrd
spec:
  ingressClassName: traefik
  defaultBackend: {service: {name: fallback, port: {name: http}}}
  rules:
  - host: TV.qt.rs
    http:
      paths:
      - {path: /, pathType: Prefix, backend: {service: {name: tv, port: {number: 80}}}}
      - {path: /exact, pathType: Exact, backend: {resource: {apiGroup: k8s.example.com, kind: StorageBucket, name: static}}}
  - http: {paths: [{backend: {service: {name: any, port: {number: 81}}}}]}
  tls:
  - hosts: [tv.qt.rs, alias.qt.rs]
    secretName: tv-tls
  - secretName: no-hosts
"
    ));
}

#[test]
fn an_ingress_route_has_a_list_of_middlewares_for_each_rule() {
    insta::assert_snapshot!(said(
        r"
apiVersion: traefik.io/v1alpha1
kind: IngressRoute
metadata: {name: web, namespace: media, annotations: {kubernetes.io/ingress.class: internal}}
spec:
  entryPoints: [websecure]
  routes:
  - match: Host(`a.qt.rs`) && PathPrefix(`/x`)
    priority: 10
    middlewares: [{name: headers}, {name: sign-in, namespace: auth}, {name: local@file}]
    services: [{name: web, port: 80}, {kind: TraefikService, name: split}]
  - match: HostRegexp(`.+`)
    services: [{name: web, port: http}]
  tls: {certResolver: le}
---
apiVersion: traefik.io/v1alpha1
kind: IngressRoute
metadata: {name: no-namespace}
spec:
  routes:
  - match: Host(`b.qt.rs`)
    middlewares: [{name: headers}]
"
    ));
}

#[test]
fn a_rule_that_traefik_refuses_is_a_problem_and_its_hosts_are_not_known() {
    let said = said(
        r"
apiVersion: traefik.io/v1alpha1
kind: IngressRoute
metadata: {name: web, namespace: media}
spec:
  routes: [{match: 'Host(`a`,`b`)'}]
",
    );
    assert!(said.contains("and others"), "{said}");
    assert!(
        said.contains(
            "warning: IngressRoute media/web: spec.routes[0].match: Traefik refuses this rule"
        ),
        "{said}"
    );
}

#[test]
fn tcp_and_udp_routes_take_no_sign_in() {
    insta::assert_snapshot!(said(
        r"
apiVersion: traefik.io/v1alpha1
kind: IngressRouteTCP
metadata: {name: db, namespace: data}
spec:
  entryPoints: [postgres]
  routes: [{match: 'HostSNI(`db.qt.rs`)', services: [{name: db, port: 5432}]}]
  tls: {passthrough: true}
---
apiVersion: traefik.io/v1alpha1
kind: IngressRouteUDP
metadata: {name: game, namespace: data}
spec:
  entryPoints: [game]
  routes: [{services: [{name: game, port: 27015}]}]
"
    ));
}

#[test]
fn a_child_inherits_its_parents_hosts_through_any_number_of_layers() {
    insta::assert_snapshot!(said(
        r"
apiVersion: traefik.io/v1alpha1
kind: IngressRoute
metadata: {name: top, namespace: apps}
spec: {routes: [{match: 'Host(`top.qt.rs`)', middlewares: [{name: sign-in, namespace: auth}]}]}
---
apiVersion: traefik.io/v1alpha1
kind: IngressRoute
metadata: {name: middle, namespace: apps}
spec:
  parentRefs: [{name: top}]
  routes: [{match: 'PathPrefix(`/a`)'}]
---
apiVersion: traefik.io/v1alpha1
kind: IngressRoute
metadata: {name: leaf, namespace: team}
spec:
  parentRefs: [{name: middle, namespace: apps}, {name: gone}]
  routes: [{match: 'PathPrefix(`/a/b`)', services: [{name: leaf, port: 80}]}]
"
    ));
}

#[test]
fn parents_that_name_each_other_end_the_search() {
    let (_, routes) = read(
        r"
apiVersion: traefik.io/v1alpha1
kind: IngressRoute
metadata: {name: a, namespace: x}
spec: {parentRefs: [{name: b}], routes: [{match: 'PathPrefix(`/`)'}]}
---
apiVersion: traefik.io/v1alpha1
kind: IngressRoute
metadata: {name: b, namespace: x}
spec: {parentRefs: [{name: a}], routes: [{match: 'PathPrefix(`/`)'}]}
",
    );
    for route in routes.iter() {
        assert_eq!(routes.ancestors(route).len(), 2);
        assert!(routes.hosts(route).is_empty());
    }
}

#[test]
fn a_gateway_takes_the_target_and_its_routes_the_rest() {
    insta::assert_snapshot!(said(
        r"
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: public, namespace: gateways}
spec:
  gatewayClassName: traefik
  listeners:
  - {name: http, port: 80, protocol: HTTP}
  - {name: apps, port: 443, protocol: HTTPS, hostname: '*.qt.rs', tls: {mode: Terminate, certificateRefs: [{name: apps-tls}]}}
  - {name: other, port: 443, protocol: HTTPS, hostname: o.qt.rs, tls: {mode: Terminate, certificateRefs: [{name: x, namespace: elsewhere}]}}
  - {name: pass, port: 8443, protocol: TLS, hostname: p.qt.rs, tls: {mode: Passthrough}}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: web, namespace: media}
spec:
  parentRefs: [{name: public, namespace: gateways, sectionName: apps}]
  hostnames: [Web.qt.rs]
  rules:
  - matches: [{path: {type: PathPrefix, value: /a}}, {path: {type: Exact, value: /b}}]
    filters: [{type: ExtensionRef, extensionRef: {group: traefik.io, kind: Middleware, name: headers}}, {type: RequestRedirect}]
    backendRefs: [{name: web, port: 80}]
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: inherits, namespace: media}
spec:
  parentRefs: [{name: public, namespace: gateways, sectionName: apps}]
  rules: [{backendRefs: [{name: web, port: 80}]}]
---
apiVersion: gateway.networking.k8s.io/v1alpha2
kind: TCPRoute
metadata: {name: db, namespace: media}
spec:
  parentRefs: [{name: elsewhere}]
  rules: [{backendRefs: [{name: db, port: 5432}]}]
---
apiVersion: gateway.networking.k8s.io/v1
kind: ListenerSet
metadata: {name: more, namespace: media}
spec:
  parentRef: {name: public, namespace: gateways}
  listeners: [{name: m, port: 443, protocol: HTTPS, hostname: m.qt.rs}]
"
    ));
}

#[test]
fn the_other_kinds() {
    insta::assert_snapshot!(said(
        r"
apiVersion: route.openshift.io/v1
kind: Route
metadata: {name: console, namespace: ocp}
spec: {host: Console.qt.rs, path: /ui, to: {kind: Service, name: console}, tls: {termination: edge}}
---
apiVersion: route.openshift.io/v1
kind: Route
metadata: {name: pass, namespace: ocp}
spec: {host: pass.qt.rs, to: {kind: Service, name: pass}, tls: {termination: passthrough}}
---
apiVersion: v1
kind: Service
metadata: {name: game, namespace: games}
spec: {type: LoadBalancer}
---
apiVersion: v1
kind: Service
metadata: {name: inside, namespace: games}
spec: {type: ClusterIP}
---
apiVersion: externaldns.k8s.io/v1alpha1
kind: DNSEndpoint
metadata: {name: mail, namespace: dns}
spec: {endpoints: [{dnsName: mail.qt.rs, recordType: MX, targets: [10 mx.qt.rs]}]}
"
    ));
}

#[test]
fn what_answers_acme_challenges_and_what_only_looks_like_a_route_is_left_alone() {
    let (_, routes) = read(
        r"
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: cm-acme-http-solver, labels: {acme.cert-manager.io/http01-solver: 'true'}}
spec: {rules: [{host: a.qt.rs}]}
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: ingressroutes.traefik.io}
spec: {names: {kind: IngressRoute}}
---
apiVersion: example.org/v1
kind: Ingress
metadata: {name: of-another-group}
spec: {rules: [{host: a.qt.rs}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: d}
spec: {template: {metadata: {annotations: {external-dns.alpha.kubernetes.io/hostname: a.qt.rs}}}}
",
    );
    assert_eq!(routes.iter().count(), 0);
}

#[test]
fn a_kind_that_nobody_handles_is_reported() {
    let (list, _) = read(
        r"
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: web, namespace: mesh}
---
apiVersion: traefik.containo.us/v1alpha1
kind: IngressRoute
metadata: {name: old, namespace: media}
---
apiVersion: projectcontour.io/v1
kind: HTTPProxy
metadata: {name: web}
",
    );
    let said: String = routes::foreign::findings(&list).iter().map(ToString::to_string).collect();
    insta::assert_snapshot!(said, @r"
    warning: VirtualService mesh/web: routes of Istio are not handled: nothing was woven into this one
    hint: write its DNS, certificate and sign-in by hand
    warning: IngressRoute media/old: apiVersion: Traefik 3 does not read traefik.containo.us: this object has no effect
    hint: write `apiVersion: traefik.io/v1alpha1`
    warning: HTTPProxy web: routes of Contour are not handled: nothing was woven into this one
    hint: write its DNS, certificate and sign-in by hand
    ");
}

#[test]
fn a_manifest_of_the_wrong_shape_is_read_as_far_as_it_goes() {
    for spec in [
        "[]",
        "null",
        "5",
        "{rules: {}}",
        "{rules: [5, {host: 7, http: []}]}",
        "{tls: [1, {hosts: x}]}",
        "{routes: x}",
        "{routes: [1, {match: 5}]}",
        "{listeners: [[]]}",
    ] {
        for kind in [
            "networking.k8s.io/v1, kind: Ingress",
            "traefik.io/v1alpha1, kind: IngressRoute",
            "gateway.networking.k8s.io/v1, kind: Gateway",
            "gateway.networking.k8s.io/v1, kind: HTTPRoute",
            "route.openshift.io/v1, kind: Route",
            "v1, kind: Service",
        ] {
            let (_, routes) =
                read(&format!("{{apiVersion: {kind}, metadata: {{name: x}}, spec: {spec}}}"));
            assert_eq!(routes.iter().count(), 1, "{kind} {spec}");
        }
    }
}

#[test]
fn an_empty_item_among_the_middlewares_stays_because_traefik_builds_no_router_for_it() {
    let used = |text: &str| {
        let (_, routes) = read(&format!(
            "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {{name: web, annotations: {{\
             traefik.ingress.kubernetes.io/router.middlewares: '{text}'}}}}\nspec: {{rules: [{{host: a.example}}]}}\n"
        ));
        let route = routes.iter().next().unwrap();
        route.rules[0].middlewares.iter().map(|one| one.written.clone()).collect::<Vec<_>>()
    };
    assert_eq!(used("a-b@kubernetescrd,"), ["a-b@kubernetescrd", ""]);
    assert_eq!(used("a, ,b"), ["a", "", "b"]);
    assert!(used("").is_empty());
}
