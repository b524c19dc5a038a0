//! Ingress classes, Gateways and ListenerSets.

use krm::Resource;

use crate::facts::external_dns::{ALPHA, GA};
use crate::facts::gateway::ListenerFact;
use crate::facts::{GatewayFact, IngressClassFact};
use crate::read::{list, text, text_at};

/// The class of an Ingress that names none (Kubernetes, `networking/v1`).
const DEFAULT_CLASS: &str = "ingressclass.kubernetes.io/is-default-class";

pub(super) fn ingress_class(item: &Resource) -> IngressClassFact {
    IngressClassFact {
        name: item.name().to_owned(),
        controller: text_at(item, "/spec/controller").map(str::to_owned),
        default: item.annotation(DEFAULT_CLASS) == Some("true"),
    }
}

pub(super) fn gateway(item: &Resource) -> GatewayFact {
    let listener = |(_, listener): (String, &serde_json::Value)| ListenerFact {
        name: text(listener, "name").unwrap_or_default().to_owned(),
        hostname: text(listener, "hostname").map(str::to_ascii_lowercase),
        protocol: text(listener, "protocol").map(str::to_owned),
    };
    let target = |prefix: &str| {
        item.annotation(&format!("{prefix}target")).is_some_and(|target| !target.is_empty())
    };
    GatewayFact {
        kind: item.kind().to_owned(),
        namespace: item.namespace().map(str::to_owned),
        name: item.name().to_owned(),
        class: text_at(item, "/spec/gatewayClassName").map(str::to_owned),
        target: [GA, ALPHA].into_iter().any(target),
        listeners: list(item, "/spec/listeners").map(listener).collect(),
    }
}
