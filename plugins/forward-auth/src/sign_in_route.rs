//! The router to the sign-in service that each protected host needs: sign-in happens below a path of that host.

use std::collections::BTreeMap;

use krm::{Finding, Resource, readable_pointer};
use routes::{AuthSlot, RouterTls, Rule, TlsSlot, added, keys};
use serde_json::{Map, Value, json};

use crate::around::Around;
use crate::case::Case;
use crate::chain::{Backend, Chain};
use crate::config::SignInRoutes;
use crate::dialect::Words;
use crate::state::{Open, State};

/// What keeps the other functions, and ExternalDNS, away from a route that is added.
const BESIDE: [(&str, &str); 3] = [
    // ExternalDNS's own opt-out, under both of its prefixes.
    ("external-dns.alpha.kubernetes.io/controller", "none"),
    ("external-dns.kubernetes.io/controller", "none"),
    // The protected routes have it. No opt-out, which a policy may forbid: CertManager looks whether it is so.
    ("pleach.dev/cert-manager", "of-host"),
];
/// Above what a protected host has: Traefik's own priorities are lengths of rules, and up to some 100,000 for Gateway routes.
const PRIORITY: u32 = 1_000_000;

const TLS: &str = "traefik.ingress.kubernetes.io/router.tls";
const TLS_OPTIONS: &str = "traefik.ingress.kubernetes.io/router.tls.options";
const ROUTER_PRIORITY: &str = "traefik.ingress.kubernetes.io/router.priority";

/// How one protected host is served.
#[derive(Debug, Default)]
struct Served<'a> {
    causes: Vec<&'a Resource>,
    words: Option<Words>,
    class: Option<&'a str>,
    tls: bool,
    /// TLSOptions: where they differ for one host, Traefik takes the default ones.
    options: Option<String>,
    /// Those that its routes name; none stands for the default ones.
    entry_points: Option<Vec<&'a str>>,
}

/// The manifests of the routers to add, with their reasons.
pub(crate) fn manifests(
    around: &Around<'_>,
    cases: &[Case<'_>],
    across: bool,
) -> Result<Vec<(Value, String)>, Vec<Finding>> {
    let (mut manifests, mut errors) = (Vec::new(), Vec::new());
    let leading = leading(cases);
    for (at, chain) in around.chains.iter().enumerate().filter(|(_, chain)| chain.needs_routes()) {
        let (Some(service), Some(prefix)) = (&chain.service, &chain.prefix) else { continue };
        for (host, served) in hosts(cases, (at, prefix), &mut errors) {
            if leading.iter().any(|rule| takes(rule, &host, prefix)) {
                continue;
            }
            match manifest(around, (chain, service, prefix), &host, &served, across) {
                Ok(manifest) => {
                    let why = format!("who signs in on {host} comes back to {prefix} of it");
                    manifests.push((manifest, why));
                }
                Err(error) => errors.push(*error),
            }
        }
    }
    if errors.is_empty() { Ok(manifests) } else { Err(errors) }
}

/// The hosts that a chain protects, sorted, with how they are served.
fn hosts<'a>(
    cases: &'a [Case<'a>],
    (chain, prefix): (usize, &str),
    errors: &mut Vec<Finding>,
) -> BTreeMap<String, Served<'a>> {
    let mut hosts: BTreeMap<String, Served<'a>> = BTreeMap::new();
    for case in cases.iter().filter(|case| case.chain == Some(chain)) {
        for (at, rule) in case.route.rules.iter().enumerate() {
            let woven = case.states[at] == State::Due || case.names_chain[at];
            if !woven {
                continue;
            }
            let names = case.hosts(rule);
            if names.is_empty() || (rule.other_hosts && !rule.hosts.is_empty()) {
                let finding = Finding::error(
                    "sign-in-host-unknown",
                    format!(
                        "signing in needs a router for `{prefix}` on each of its hosts, and they are not known"
                    ),
                );
                errors.push(
                    finding.on(case.item.id()).field(readable_pointer(&rule.pointer)).hint(
                        "name the hosts, or sign in on one host (`authHost`), or set `signInRoutes: none` \
                         and write that router by hand",
                    ),
                );
                continue;
            }
            for name in names {
                hosts.entry(name.to_owned()).or_default().add(case);
            }
        }
    }
    hosts
}

impl<'a> Served<'a> {
    fn add(&mut self, case: &'a Case<'a>) {
        self.causes.push(case.item);
        self.words = self.words.or(case.words.clone().ok());
        self.class = self.class.or(case.subject.class);
        let (tls, options) = tls(case);
        self.tls |= tls;
        self.options = self.options.take().or(options);
        let own: Vec<&str> = case.route.entry_points.iter().map(String::as_str).collect();
        let known = self.entry_points.get_or_insert_with(|| own.clone());
        if own.is_empty() || known.is_empty() {
            known.clear();
        } else {
            known
                .extend(own.iter().filter(|one| !known.contains(one)).copied().collect::<Vec<_>>());
        }
    }
}

/// Whether a route has TLS, and which options it names.
fn tls(case: &Case<'_>) -> (bool, Option<String>) {
    let namespace = case.item.namespace().unwrap_or_default();
    let annotated = case.item.annotation(TLS_OPTIONS).map(str::to_owned);
    match &case.route.tls {
        TlsSlot::Certificate { pointer, tls: Some(RouterTls { options: true, .. }) } => {
            let text = |field| case.item.pointer(&format!("{pointer}/options/{field}"))?.as_str();
            let name = text("name").unwrap_or_default();
            let home = text("namespace").unwrap_or(namespace);
            let options = if name.contains('@') {
                name.to_owned()
            } else {
                routes::MiddlewareId::of(home, name).to_string()
            };
            (true, Some(options))
        }
        TlsSlot::Certificate { tls, .. } => (tls.is_some(), None),
        TlsSlot::Blocks { .. } => {
            let on = case.item.annotation(TLS) == Some("true");
            (on || annotated.is_some(), annotated)
        }
        // A Gateway route has TLS where its listener has; sign-in is worth nothing without.
        TlsSlot::None | TlsSlot::Listeners(_) | TlsSlot::Filled { .. } => {
            (matches!(case.route.auth, AuthSlot::Filters { .. }), None)
        }
    }
}

/// The rules that lead to a sign-in service already.
fn leading<'a>(cases: &'a [Case<'_>]) -> Vec<&'a Rule> {
    let rules = cases.iter().flat_map(|case| case.route.rules.iter().zip(&case.states));
    let leads = |state: &State| *state == State::Open(Open::SignInService);
    rules.filter(|(_, state)| leads(state)).map(|(rule, _)| rule).collect()
}

/// Whether a rule takes the path of the sign-in service on a host.
fn takes(rule: &Rule, host: &str, prefix: &str) -> bool {
    match &rule.parsed {
        Some(parsed) => parsed.may_match(Some(host), Some(prefix)),
        None => rule.hosts.iter().any(|one| one.name == host),
    }
}

fn manifest(
    around: &Around<'_>,
    (chain, service, prefix): (&Chain, &Backend, &str),
    host: &str,
    served: &Served<'_>,
    across: bool,
) -> Result<Value, Box<Finding>> {
    let name = added::name_for_host(around.chains.config(), host);
    let nginx = served.words == Some(Words::Nginx);
    if nginx || chain.routes == SignInRoutes::Ingress {
        return Ok(ingress((service, prefix), &name, host, served, nginx));
    }
    let mut spec = Map::new();
    if let Some(points) = served.entry_points.as_ref().filter(|points| !points.is_empty()) {
        spec.insert("entryPoints".to_owned(), json!(points));
    }
    let rule = format!("{} && PathPrefix(`{prefix}`)", host_rule(around, host));
    spec.insert(
        "routes".to_owned(),
        json!([{
            "kind": "Rule",
            "match": rule,
            "priority": PRIORITY,
            "services": [{"name": service.name, "port": service.port}],
        }]),
    );
    if served.tls {
        spec.insert("tls".to_owned(), tls_of(served, host, &service.namespace, across)?);
    }
    let fields = Map::from_iter([("spec".to_owned(), Value::Object(spec))]);
    let kind = ("traefik.io/v1alpha1", "IngressRoute");
    let manifest = added::object(kind, Some(&service.namespace), &name, &served.causes, fields);
    Ok(beside_the_protected(manifest))
}

/// The route of a host that has its record and its certificate by the routes that are protected: what stands here would
/// be a second one. So whatever runs later, or again, leaves it alone.
fn beside_the_protected(mut manifest: Value) -> Value {
    let annotations = &mut manifest["metadata"]["annotations"];
    for (key, value) in BESIDE {
        annotations[key] = json!(value);
    }
    manifest
}

/// The TLS of the router: with other options than those of the protected routes, Traefik would drop both and take the default
/// ones, client certificates with them (3.7, `pkg/server/router/tcp/manager.go`).
fn tls_of(
    served: &Served<'_>,
    host: &str,
    namespace: &str,
    across: bool,
) -> Result<Value, Box<Finding>> {
    let Some(options) = &served.options else { return Ok(json!({})) };
    if across || !options.ends_with("@kubernetescrd") {
        return Ok(json!({"options": {"name": options}}));
    }
    Err(Box::new(
        Finding::error(
            "tls-options",
            format!("`{host}` has the TLSOptions `{options}`, which an IngressRoute in {namespace} cannot name: for two options Traefik takes the default ones"),
        )
        .on(served.causes[0].id())
        .hint("set `signInRoutes: ingress`, whose annotation can name them, or sign in on one host (`authHost`)"),
    ))
}

/// `Host` with a wildcard is known to Traefik 3.7.
fn host_rule(around: &Around<'_>, host: &str) -> String {
    match host.strip_prefix("*.") {
        Some(zone) if around.traefik_before((3, 7)) => {
            format!("HostRegexp(`^[a-zA-Z0-9-]+\\.{}$`)", zone.replace('.', "\\."))
        }
        _ => format!("Host(`{host}`)"),
    }
}

fn ingress(
    (service, prefix): (&Backend, &str),
    name: &str,
    host: &str,
    served: &Served<'_>,
    nginx: bool,
) -> Value {
    let backend = json!({"service": {"name": service.name, "port": {"number": service.port}}});
    let mut spec = json!({
        "rules": [{"host": host, "http": {"paths": [{"path": prefix, "pathType": "Prefix", "backend": backend}]}}],
    });
    if let Some(class) = served.class {
        spec["ingressClassName"] = json!(class);
    }
    let fields = Map::from_iter([("spec".to_owned(), spec)]);
    let kind = ("networking.k8s.io/v1", "Ingress");
    let manifest = added::object(kind, Some(&service.namespace), name, &served.causes, fields);
    let mut manifest = beside_the_protected(manifest);
    if nginx {
        return manifest;
    }
    let points = served.entry_points.as_ref().filter(|points| !points.is_empty());
    let written = [
        (keys::ROUTER_ENTRY_POINTS, points.map(|points| points.join(","))),
        (ROUTER_PRIORITY, Some(PRIORITY.to_string())),
        (TLS, served.tls.then(|| "true".to_owned())),
        (TLS_OPTIONS, served.options.clone()),
    ];
    for (key, value) in written {
        if let Some(value) = value {
            manifest["metadata"]["annotations"][key] = json!(value);
        }
    }
    manifest
}
