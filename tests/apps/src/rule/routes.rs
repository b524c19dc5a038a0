//! The routes of a tree: their hosts, their middlewares, their backends.

use serde_json::Value;

use crate::Object;
use crate::object::{everything_at, list, text};
use crate::walk::Index;

/// The kinds that have hosts.
pub(crate) fn is_route(object: &Object) -> bool {
    matches!(object.kind(), "Ingress" | "IngressRoute")
}

/// Its hosts; a rule that leaves the host open has the host `*`.
pub(crate) fn hosts(route: &Object) -> Vec<String> {
    match route.kind() {
        "Ingress" => list(&route.value, "/spec/rules")
            .iter()
            .map(|rule| rule.get("host").and_then(Value::as_str).unwrap_or("*").to_owned())
            .collect(),
        _ => list(&route.value, "/spec/routes")
            .iter()
            .flat_map(|rule| of_match(text(rule, "/match")))
            .collect(),
    }
}

/// The hosts of one of Traefik's rules.
fn of_match(rule: &str) -> Vec<String> {
    if rule.contains("HostRegexp(") || !rule.contains("Host(") {
        return vec!["*".to_owned()];
    }
    let groups = rule.split("Host(").skip(1).filter_map(|rest| rest.split(')').next());
    let names = groups.flat_map(|group| group.split(','));
    names.map(|name| name.trim().trim_matches(['`', '"']).to_owned()).collect()
}

/// For each way into a route, the middlewares that it passes, those of chains included.
pub(crate) fn middlewares<'a>(index: &Index<'a>, route: &Object) -> Vec<Vec<&'a Object>> {
    let named = match route.kind() {
        "Ingress" => {
            let list = route
                .annotation("traefik.ingress.kubernetes.io/router.middlewares")
                .unwrap_or_default();
            let ids = list.split(',').filter_map(|id| id.trim().strip_suffix("@kubernetescrd"));
            vec![ids.flat_map(|id| index.provided("Middleware", id)).collect::<Vec<_>>()]
        }
        _ => list(&route.value, "/spec/routes")
            .iter()
            .map(|rule| {
                let references = list(rule, "/middlewares").iter();
                references.flat_map(|one| of_reference(index, route.namespace(), one)).collect()
            })
            .collect(),
    };
    named
        .into_iter()
        .map(|direct: Vec<&Object>| {
            direct.into_iter().flat_map(|one| chained(index, one)).collect()
        })
        .collect()
}

fn chained<'a>(index: &Index<'a>, one: &'a Object) -> Vec<&'a Object> {
    let members = list(&one.value, "/spec/chain/middlewares").iter();
    let members = members.flat_map(|member| of_reference(index, one.namespace(), member));
    [one].into_iter().chain(members).collect()
}

fn of_reference<'a>(index: &Index<'a>, own: &str, reference: &Value) -> Vec<&'a Object> {
    let namespace =
        Some(text(reference, "/namespace")).filter(|one| !one.is_empty()).unwrap_or(own);
    index.find("Middleware", namespace, text(reference, "/name")).to_vec()
}

/// The Services behind a route, each with the port that it names.
pub(crate) fn backends<'a>(index: &Index<'a>, route: &Object) -> Vec<(&'a Object, Option<Value>)> {
    let pattern = match route.kind() {
        "Ingress" => "/spec/rules/*/http/paths/*/backend/service",
        _ => "/spec/routes/*/services/*",
    };
    let references = everything_at(&route.value, pattern).into_iter().map(|(_, one)| one);
    references
        .flat_map(|one| {
            let namespace = Some(text(one, "/namespace")).filter(|one| !one.is_empty());
            let port = one.get("port").map(|port| match port {
                Value::Object(map) => map.get("name").or_else(|| map.get("number")).unwrap_or(port),
                port => port,
            });
            let namespace = namespace.unwrap_or(route.namespace());
            let found = index.find("Service", namespace, text(one, "/name")).iter();
            found.map(move |service| (*service, port.cloned())).collect::<Vec<_>>()
        })
        .collect()
}

/// The Service that a forward auth middleware asks: namespace and name.
pub(crate) fn asked(middleware: &Object) -> Option<(String, String)> {
    let address = text(&middleware.value, "/spec/forwardAuth/address");
    let host = address.split_once("://")?.1.split(['/', ':']).next()?;
    let mut labels = host.split('.');
    let (name, namespace) = (labels.next()?, labels.next()?);
    Some((namespace.to_owned(), name.to_owned()))
}
