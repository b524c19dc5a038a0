//! Issuers of cert-manager, and those of others, which it knows by a kind that ends so.

use krm::Resource;
use serde_json::Value;

use crate::facts::IssuerFact;
use crate::facts::issuer::SolverFact;
use crate::read::{list, text_at, texts};

pub(super) const GROUP: &str = "cert-manager.io";

pub(super) fn fact(item: &Resource, group: &str) -> IssuerFact {
    IssuerFact {
        kind: item.kind().to_owned(),
        group: Some(group).filter(|group| *group != GROUP).map(str::to_owned),
        // kustomize's `namespace:` leaves a ClusterIssuer alone; what an author wrote there means nothing.
        namespace: item.namespace().filter(|_| item.kind() != "ClusterIssuer").map(str::to_owned),
        name: item.name().to_owned(),
        server: text_at(item, "/spec/acme/server").map(str::to_owned),
        solvers: list(item, "/spec/acme/solvers").map(|(_, one)| solver(one)).collect(),
    }
}

fn solver(solver: &Value) -> SolverFact {
    let labels = solver.pointer("/selector/matchLabels").and_then(Value::as_object);
    let label = |(key, value): (&String, &Value)| Some((key.clone(), value.as_str()?.to_owned()));
    SolverFact {
        challenge: ["dns01", "http01"]
            .into_iter()
            .find(|challenge| solver.get(challenge).is_some())
            .unwrap_or_default()
            .to_owned(),
        dns_names: texts(solver, "/selector/dnsNames").map(str::to_owned).collect(),
        dns_zones: texts(solver, "/selector/dnsZones").map(str::to_owned).collect(),
        match_labels: labels.into_iter().flatten().filter_map(label).collect(),
    }
}
