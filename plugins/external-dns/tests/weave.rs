//! The function as a library: by slots and never by kinds, in any order, twice.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use external_dns::ExternalDns;
use krm::{Environment, Loader, Resource, ResourceList};
use routes::{DnsKeys, DnsSlot, HostsFrom, Kind, Route, TargetFrom};
use serde_json::{Value, json};

/// A kind that this function has never heard of.
const TOY: Kind = Kind { groups: &["toy.example"], kind: "Toy", read };

fn read(item: &Resource, route: &mut Route) {
    let name = item["spec"]["name"].as_str().unwrap().to_owned();
    route.published = vec![name.clone()];
    let hosts = vec![routes::Host { name, pointer: "/spec/name".to_owned() }];
    route.rules = vec![routes::Rule { hosts, ..routes::Rule::default() }];
    let (keys, hosts) = match item["spec"]["slot"].as_str() {
        Some("target") => (DnsKeys::Target, HostsFrom::Fields),
        Some("record") => (DnsKeys::Record, HostsFrom::Fields),
        Some("annotation") => (DnsKeys::All, HostsFrom::Annotation),
        Some("access") => (DnsKeys::Access, HostsFrom::Annotation),
        Some("none") => return,
        _ => (DnsKeys::All, HostsFrom::Fields),
    };
    route.dns = DnsSlot::Annotations { keys, hosts, target: TargetFrom::Object };
}

fn toy(name: &str, slot: &str, annotations: &Value) -> Value {
    json!({
        "apiVersion": "toy.example/v1", "kind": "Toy",
        "metadata": {"name": name, "namespace": "toys", "annotations": annotations},
        "spec": {"slot": slot, "name": format!("{name}.qt.rs")},
    })
}

fn weave(spec: &Value, kinds: &[Kind], list: &mut ResourceList) -> Result<(), String> {
    let loader = Loader::new(Environment::default(), std::path::Path::new(".")).unwrap();
    let config: ExternalDns = serde_json::from_value(spec.clone()).unwrap();
    config.weave(kinds, list, &loader).map_err(|finding| finding.to_string())
}

fn annotations(item: &Resource) -> Vec<String> {
    let map = item.pointer("/metadata/annotations").and_then(Value::as_object);
    let short = |key: &str| key.strip_prefix("external-dns.kubernetes.io/").unwrap().to_owned();
    map.into_iter()
        .flatten()
        .map(|(key, value)| format!("{}={}", short(key), value.as_str().unwrap()))
        .collect()
}

#[test]
fn a_kind_that_nobody_has_heard_of_is_woven_by_its_slots_alone() {
    let hostname = json!({"external-dns.kubernetes.io/hostname": "named.qt.rs"});
    let mut list = ResourceList::new([
        toy("all", "all", &json!({})),
        toy("gate", "target", &json!({})),
        toy("below", "record", &json!({})),
        toy("nameless", "annotation", &json!({})),
        toy("named", "annotation", &hostname),
        toy("node", "access", &hostname),
        toy("nothing", "none", &json!({})),
    ]);
    let spec = json!({"target": "203.0.113.7", "ttl": 60, "access": "public", "prefix": "ga"});
    weave(&spec, &[TOY], &mut list).unwrap();
    let found: Vec<_> = list
        .items()
        .iter()
        .map(|item| format!("{}: {}", item.name(), annotations(item).join(" ")))
        .collect();
    assert_eq!(
        found,
        [
            "all: target=203.0.113.7 ttl=60",
            "gate: target=203.0.113.7",
            "below: ttl=60",
            "nameless: ",
            "named: hostname=named.qt.rs target=203.0.113.7 ttl=60",
            "node: hostname=named.qt.rs access=public",
            "nothing: ",
        ]
    );
}

fn many(order: impl Iterator<Item = usize>) -> ResourceList {
    ResourceList::new(
        order.map(|at| toy(&format!("toy-{at}"), ["all", "record", "target"][at % 3], &json!({}))),
    )
}

#[test]
fn the_order_of_the_input_does_not_change_what_an_object_gets() {
    let spec = json!({"target": "k8s.qt.rs", "ttl": "5m", "prefix": "both"});
    let (mut forth, mut back) = (many(0..30), many((0..30).rev()));
    weave(&spec, &[TOY], &mut forth).unwrap();
    weave(&spec, &[TOY], &mut back).unwrap();
    for (one, other) in forth.items().iter().zip(back.items().iter().rev()) {
        assert_eq!(**one, **other);
    }
}

#[test]
fn each_edit_says_which_field_of_which_config_decided() {
    let mut list = ResourceList::new([toy("all", "all", &json!({}))]);
    let spec = json!({"target": "a.example", "prefix": "ga",
        "rules": [{"select": {"names": ["other"]}, "set": {}}, {"set": {"ttl": 60}}]});
    weave(&spec, &[TOY], &mut list).unwrap();
    let why: Vec<_> =
        list.items()[0].edits().iter().map(|edit| edit.why.split(" of ").next().unwrap()).collect();
    assert_eq!(why, ["spec.target", "spec.rules[1].set.ttl"]);
}

#[test]
fn two_configs_publish_one_object_in_two_views_by_labels() {
    let pipeline = "
apiVersion: pleach.dev/v1alpha1
kind: Pipeline
metadata: {name: views}
spec:
  functions:
    - apiVersion: pleach.dev/v1alpha1
      kind: ExternalDNS
      metadata: {name: inside}
      spec: {target: 10.0.0.10, prefix: ga, mode: endpoint, labels: {view: in}}
    - apiVersion: pleach.dev/v1alpha1
      kind: ExternalDNS
      metadata: {name: outside}
      spec: {target: k8s.qt.rs, prefix: ga, mode: endpoint, labels: {view: out}}
";
    let ingress = "{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: web, namespace: media}, \
                   spec: {rules: [{host: web.qt.rs}]}}";
    let source = |name: &str, text: &str| krm::Source { name: name.into(), text: text.into() };
    let input = krm::Input::Hand {
        config: source("pipeline.yaml", pipeline),
        files: vec![source("input.yaml", ingress)],
    };
    let loader = Loader::new(Environment::default(), std::path::Path::new(".")).unwrap();
    let registry = krm::Registry::new(external_dns::FUNCTIONS, "external-dns");
    let ran = krm::run(&registry, input, &loader, &|_, _| Ok(()));
    let said: String = ran.findings().map(ToString::to_string).collect();
    assert_eq!(said, "");
    let [web, inside, outside] = ran.list().items() else { panic!("three objects") };
    assert_eq!(annotations(web), ["controller=dns-endpoint"]);
    for (endpoint, name, view, target) in
        [(inside, "inside", "in", "10.0.0.10"), (outside, "outside", "out", "k8s.qt.rs")]
    {
        assert_eq!(endpoint.name(), format!("{name}-ingress-media-web"));
        assert_eq!(endpoint.label("view"), Some(view));
        assert_eq!(endpoint["spec"]["endpoints"][0]["targets"], json!([target]));
    }
}
