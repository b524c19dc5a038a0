//! Annotations: copied to the prefixes that are read, and written where they are due.

use krm::Finding;
use routes::{DnsKeys, Parent};

use super::{Due, Edit, Object, Plan, Seen};
use crate::author::Author;
use crate::gateways;
use crate::hosts::Hosts;
use crate::keys::{CONTROLLER, DNS_CONTROLLER, INTERNAL_HOSTNAME, TARGET};
use crate::views::View;
use crate::zones::{self, Inside};

impl Object<'_, '_> {
    /// Copies what stands under prefixes that are not read to those that are.
    pub(super) fn copy(&self, plan: &mut Plan<'_>) {
        for seen in &plan.seen {
            let copies = self.author.copies(&seen.view);
            let Some((to, _, _, from)) = copies.first().copied() else { continue };
            let mut keys: Vec<&str> = copies.iter().map(|copy| copy.1).collect();
            keys.dedup();
            let mut to: Vec<&str> = vec![to];
            for copy in &copies {
                if !to.contains(&copy.0) {
                    to.push(copy.0);
                }
            }
            let message =
                format!("{} of {from}: written under {} too", keys.join(", "), to.join(" and "));
            plan.said.push(
                Finding::info("copied-to-prefix", message)
                    .on(self.route.id.clone())
                    .hint("remove the old spelling when no controller reads it any more"),
            );
            for (prefix, key, value, from) in copies {
                plan.edits.push(Edit {
                    name: format!("{prefix}{key}"),
                    value: value.to_owned(),
                    why: format!("it stands under {from}, and {prefix} is read"),
                });
            }
        }
    }

    /// Writes what is due as annotations.
    pub(super) fn annotate(&self, plan: &mut Plan<'_>) -> Result<(), Box<Finding>> {
        plan.wants_parent = self.slot.keys == DnsKeys::Record && self.settings.target.is_some();
        let due = self.due();
        let mut seen = std::mem::take(&mut plan.seen);
        for one in &mut seen {
            let nothing = one.passed_over || one.hosts.none();
            let missing: Vec<&Due> = due
                .iter()
                .filter(|(key, ..)| !nothing && !one.values.contains_key(key))
                .filter(|(key, ..)| key != TARGET || !self.target_stands_above(&one.view))
                .collect();
            let missing = self.without_target(one, missing, plan);
            if missing.is_empty() || !self.in_zones(&one.hosts, plan)? {
                continue;
            }
            for (key, value, field) in missing {
                for prefix in &one.view.writes {
                    plan.edits.push(Edit {
                        name: format!("{prefix}{key}"),
                        value: value.clone(),
                        why: self.why(field),
                    });
                }
                one.values.insert(key.clone(), value.clone());
            }
            let controller = one.value(CONTROLLER);
            one.passed_over = self.slot.keys != DnsKeys::Target
                && controller.is_some_and(|value| value != DNS_CONTROLLER);
        }
        plan.seen = seen;
        Ok(())
    }

    /// Takes the target away from what is missing where it would lead an inner name outside.
    fn without_target<'d>(
        &self,
        seen: &Seen,
        mut missing: Vec<&'d Due>,
        plan: &mut Plan<'_>,
    ) -> Vec<&'d Due> {
        if seen.has_inner_name() && missing.iter().any(|(key, ..)| key == TARGET) {
            missing.retain(|(key, ..)| key != TARGET);
            plan.said.push(self.inner_name(seen));
        }
        missing
    }

    /// Why nothing leads the names of a Service elsewhere.
    pub(super) fn inner_name(&self, seen: &Seen) -> Finding {
        let message = "ExternalDNS would lead this name to the target too, so none is written";
        let finding = Finding::warning("inner-name", message).on(self.route.id.clone());
        self.author.field(&seen.view, INTERNAL_HOSTNAME, finding).hint(
            "give the two names a Service each, or publish this one by a DNSEndpoint of your own",
        )
    }

    /// Whether the Gateway of a ListenerSet has its author's target, which one on the ListenerSet would hide.
    fn target_stands_above(&self, view: &View) -> bool {
        self.slot.keys == DnsKeys::Target
            && self.shared.routes.parents(self.route).into_iter().any(|parent| match parent {
                Parent::Here(parent) => {
                    let above = Author::of(&self.shared.items[parent.item], self.shared.prefixes);
                    above.value(view, TARGET).is_some()
                }
                Parent::Elsewhere(parent) => gateways::fact(self.shared.facts, self.route, parent)
                    .found()
                    .is_some_and(|gateway| gateway.target),
            })
    }

    /// Whether the zones let something be written; says which hosts are left out.
    fn in_zones(&self, hosts: &Hosts, plan: &mut Plan<'_>) -> Result<bool, Box<Finding>> {
        match zones::inside(&self.shared.spec.zones, &hosts.all(), hosts.others) {
            Inside::All => Ok(true),
            Inside::None => {
                let all: Vec<String> = hosts.all().into_iter().map(str::to_owned).collect();
                plan.said.push(self.outside(&all));
                Ok(false)
            }
            Inside::Some(_, outside) => Err(Box::new(
                Finding::error(
                    "hosts-in-and-outside-zones",
                    format!(
                        "{} is outside of the zones and others are not: one annotation is for all hosts of the object",
                        outside.join(", ")
                    ),
                )
                .on(self.route.id.clone())
                .hint("give the hosts outside an object of their own, or set `mode: endpoint` for this one by a rule"),
            )),
        }
    }

    pub(super) fn outside(&self, hosts: &[String]) -> Finding {
        let message =
            format!("outside of the zones, so nothing is written for {}", hosts.join(", "));
        Finding::info("outside-zones", message)
            .on(self.route.id.clone())
            .hint("add the zone to `zones` if it is to be published")
    }
}
