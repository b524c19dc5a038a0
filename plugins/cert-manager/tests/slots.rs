//! An object is treated by its slot alone: a kind that nobody has heard of gets what its slot says.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::path::Path;

use cert_manager::CertManager;
use krm::{Environment, Loader, Resource, ResourceList};
use routes::{Host, Kind, Listener, Route, RouterTls, Rule, TlsBlock, TlsSlot};
use serde_json::{Value, json};

const TOYS: &[Kind] = &[Kind { groups: &["toy.example"], kind: "Toy", read: toy }];

fn toy(item: &Resource, route: &mut Route) {
    let host = Host { name: format!("{}.qt.rs", item.name()), pointer: "/spec/name".to_owned() };
    route.rules.push(Rule { hosts: vec![host], ..Rule::default() });
    route.tls = match item["spec"]["slot"].as_str() {
        Some("blocks") => {
            let block = TlsBlock {
                pointer: "/spec/blocks/0".to_owned(),
                hosts: vec![format!("{}.qt.rs", item.name())],
                secret: None,
            };
            TlsSlot::Blocks { pointer: "/spec/blocks", blocks: vec![block] }
        }
        Some("listeners") => TlsSlot::Listeners(vec![Listener {
            pointer: "/spec/doors/0".to_owned(),
            name: "front".to_owned(),
            hostname: Some(format!("{}.qt.rs", item.name())),
            protocol: "HTTPS".to_owned(),
            ..Listener::default()
        }]),
        Some("certificate") => {
            TlsSlot::Certificate { pointer: "/spec/lock", tls: Some(RouterTls::default()) }
        }
        Some("filled") => TlsSlot::Filled { own: false },
        _ => TlsSlot::None,
    };
}

/// The items after a run over one toy with this slot.
fn woven(slot: &str, spec: Value) -> Vec<Value> {
    let mut list = ResourceList::new([json!({
        "apiVersion": "toy.example/v1", "kind": "Toy",
        "metadata": {"name": "a", "namespace": "play"},
        "spec": {"slot": slot, "blocks": [{}], "doors": [{}], "lock": {}},
    })]);
    let config: CertManager = serde_json::from_value(spec).unwrap();
    let environment: Environment = std::iter::empty().collect();
    let loader = Loader::new(environment, Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap();
    config.weave(TOYS, &mut list, &loader).unwrap();
    list.items().iter().map(|item| (**item).clone()).collect()
}

fn config() -> Value {
    json!({
        "issuer": {"clusterIssuer": "le"}, "addTls": true,
        "traefik": {"tls": true, "entryPoints": ["websecure"]},
    })
}

#[test]
fn blocks_are_completed_and_the_object_is_annotated() {
    let items = woven("blocks", config());
    assert_eq!(items.len(), 1);
    assert_eq!(items[0]["spec"]["blocks"], json!([{"secretName": "a-tls"}]));
    let annotations = &items[0]["metadata"]["annotations"];
    assert_eq!(annotations["cert-manager.io/cluster-issuer"], "le");
    assert_eq!(annotations["traefik.ingress.kubernetes.io/router.tls"], "true");
}

#[test]
fn listeners_are_completed_and_the_object_is_annotated() {
    let items = woven("listeners", config());
    assert_eq!(items.len(), 1);
    let tls = json!({"certificateRefs": [{"kind": "Secret", "name": "a-front-tls"}], "mode": "Terminate"});
    assert_eq!(items[0]["spec"]["doors"], json!([{"tls": tls}]));
    let annotations = json!({"cert-manager.io/cluster-issuer": "le"});
    assert_eq!(items[0]["metadata"]["annotations"], annotations);
}

#[test]
fn a_certificate_is_added_and_the_object_names_its_secret() {
    let items = woven("certificate", config());
    let [toy, certificate] = items.as_slice() else { panic!("{items:#?}") };
    assert_eq!(toy["metadata"].get("annotations"), None);
    assert_eq!(toy["spec"]["lock"]["secretName"], certificate["spec"]["secretName"]);
    assert_eq!(toy["spec"]["entryPoints"], json!(["websecure"]));
    assert_eq!(certificate["metadata"]["namespace"], "play");
    assert_eq!(certificate["spec"]["dnsNames"], json!(["a.qt.rs"]));
    assert_eq!(certificate["spec"]["issuerRef"], json!({"kind": "ClusterIssuer", "name": "le"}));
}

#[test]
fn a_filled_object_gets_the_annotations_of_its_controller() {
    let items = woven("filled", config());
    assert_eq!(items.len(), 1);
    let annotations = json!({"cert-manager.io/issuer-name": "le", "cert-manager.io/issuer-kind": "ClusterIssuer"});
    assert_eq!(items[0]["metadata"]["annotations"], annotations);
}

#[test]
fn an_object_without_a_slot_is_left_alone() {
    let items = woven("none", config());
    assert_eq!(items.len(), 1);
    assert_eq!(items[0]["metadata"], json!({"name": "a", "namespace": "play"}));
}
