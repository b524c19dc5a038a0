//! `gateway.networking.k8s.io` Gateway and ListenerSet: listeners with their certificates.

use krm::Resource;
use serde_json::Value;

use super::Kind;
use crate::Route;
use crate::read::{list, text, text_at};
use crate::route::ParentRef;
use crate::slot::{DnsKeys, DnsSlot, HostsFrom, Listener, TargetFrom, TlsSlot};

const GROUPS: &[&str] = &["gateway.networking.k8s.io"];

pub(super) const GATEWAY: Kind = Kind { groups: GROUPS, kind: "Gateway", read: gateway };
pub(super) const LISTENER_SET: Kind =
    Kind { groups: GROUPS, kind: "ListenerSet", read: listener_set };

fn gateway(item: &Resource, route: &mut Route) {
    route.class = text_at(item, "/spec/gatewayClassName").map(str::to_owned);
    listeners(item, route);
}

fn listener_set(item: &Resource, route: &mut Route) {
    if let Some(parent) = item.pointer("/spec/parentRef")
        && let Some(name) = text(parent, "name")
    {
        route.parents.push(ParentRef {
            group: text(parent, "group").unwrap_or(GROUPS[0]).to_owned(),
            kind: text(parent, "kind").unwrap_or("Gateway").to_owned(),
            namespace: text(parent, "namespace").map(str::to_owned),
            name: name.to_owned(),
            section: None,
            pointer: "/spec/parentRef".to_owned(),
        });
    }
    listeners(item, route);
}

fn listeners(item: &Resource, route: &mut Route) {
    let read = |(pointer, listener): (String, &Value)| {
        let tls = listener.get("tls").filter(|tls| tls.is_object());
        let mut found = Listener {
            name: text(listener, "name").unwrap_or_default().to_owned(),
            hostname: text(listener, "hostname").map(str::to_ascii_lowercase),
            protocol: text(listener, "protocol").unwrap_or_default().to_owned(),
            mode: tls.and_then(|tls| text(tls, "mode")).map(str::to_owned),
            tls: tls.is_some(),
            pointer,
            ..Listener::default()
        };
        for (_, reference) in tls.into_iter().flat_map(|tls| list(tls, "/certificateRefs")) {
            let other_group = reference.get("group").and_then(Value::as_str).unwrap_or_default();
            let other_namespace =
                text(reference, "namespace").is_some_and(|other| Some(other) != item.namespace());
            let kind = text(reference, "kind").unwrap_or("Secret");
            match text(reference, "name") {
                Some(name)
                    if kind == "Secret"
                        && matches!(other_group, "" | "core")
                        && !other_namespace =>
                {
                    found.secrets.push(name.to_owned());
                }
                _ => found.foreign = true,
            }
        }
        found
    };
    route.tls = TlsSlot::Listeners(list(item, "/spec/listeners").map(read).collect());
    route.dns = DnsSlot::Annotations {
        keys: DnsKeys::Target,
        hosts: HostsFrom::Fields,
        target: TargetFrom::Object,
    };
}
