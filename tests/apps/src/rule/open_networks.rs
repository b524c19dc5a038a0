//! What is open to all: an empty `from` or `to`, an empty namespace selector, every address. On a listed place alone.

use serde_json::Value;

use super::Report;
use crate::World;
use crate::object::{list, text};

pub(super) fn check(world: &World, report: &mut Report) {
    for policy in world.of_kind("NetworkPolicy") {
        for (direction, peers) in [("ingress", "from"), ("egress", "to")] {
            for (number, rule) in
                list(&policy.value, &format!("/spec/{direction}")).iter().enumerate()
            {
                report.look();
                if let Some(how) = open(rule, peers) {
                    let name = format!("{} {direction} {number}", policy.id());
                    report.refuse_unless_excepted(
                        world,
                        "open-networks",
                        &name,
                        &name,
                        format!("open: {how}"),
                    );
                }
            }
        }
    }
    report.refuse_idle_exceptions(world, "open-networks");
}

/// How a rule is open to everyone, if it is.
fn open(rule: &Value, peers: &str) -> Option<String> {
    let listed = list(rule, &format!("/{peers}"));
    if listed.is_empty() {
        return Some(format!("no {peers}"));
    }
    listed.iter().find_map(|peer| {
        let is_empty =
            |selector: &Value| selector.as_object().is_some_and(serde_json::Map::is_empty);
        let every_namespace = peer.get("namespaceSelector").is_some_and(is_empty)
            && peer.get("podSelector").is_none_or(is_empty);
        let cidr = text(peer, "/ipBlock/cidr");
        match (every_namespace, cidr) {
            (true, _) => Some("every namespace".to_owned()),
            (_, "0.0.0.0/0" | "::/0") => Some(cidr.to_owned()),
            _ => None,
        }
    })
}
