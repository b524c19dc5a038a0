//! `mode: endpoint`: the records stand in a DNSEndpoint, and ExternalDNS passes the object over.

use krm::Finding;
use routes::DnsKeys;
use routes::select::Subject;

use super::{Edit, Object, Plan, Seen};
use crate::endpoint;
use crate::keys::{BY_ENDPOINT, CONTROLLER, DNS_CONTROLLER};
use crate::zones::{self, Inside};

impl Object<'_, '_> {
    /// Writes what is due into a DNSEndpoint, and tells ExternalDNS to pass the object over.
    pub(super) fn publish(
        &self,
        plan: &mut Plan<'_>,
        subject: &Subject<'_>,
    ) -> Result<(), Box<Finding>> {
        match self.slot.keys {
            DnsKeys::All | DnsKeys::Record => {}
            // The routes below it have records of their own; nodes and what is inside have no target to write.
            DnsKeys::Target | DnsKeys::Access | DnsKeys::Written => return Ok(()),
        }
        let by_endpoint =
            |one: &Seen| one.value(CONTROLLER).is_none_or(|value| value == BY_ENDPOINT);
        if plan.seen.iter().any(|one| one.passed_over && !by_endpoint(one)) {
            return Ok(());
        }
        if self.settings.controller.as_ref().is_some_and(|word| word.as_str() != DNS_CONTROLLER) {
            return self.annotate(plan);
        }
        if let Some(seen) = plan.seen.iter().find(|one| one.has_inner_name()) {
            plan.said.push(self.inner_name(seen));
            return Ok(());
        }
        let mut hosts = endpoint::hosts(self.route, &plan.seen, subject);
        if let Inside::Some(inside, outside) = zones::inside(
            &self.shared.spec.zones,
            &hosts.iter().map(String::as_str).collect::<Vec<_>>(),
            true,
        ) {
            plan.said.push(self.outside(&outside));
            hosts = inside;
        }
        if hosts.is_empty() {
            return Ok(());
        }
        let Some(endpoint) = endpoint::of(self, &plan.seen, hosts)? else { return Ok(()) };
        for one in &mut plan.seen {
            if one.value(CONTROLLER) == Some(DNS_CONTROLLER) {
                let finding = Finding::error(
                    "published-twice",
                    format!(
                        "a DNSEndpoint publishes this object, and `{CONTROLLER}: {DNS_CONTROLLER}` does so too"
                    ),
                );
                return Err(Box::new(
                    self.author
                        .field(&one.view, CONTROLLER, finding.on(self.route.id.clone()))
                        .hint("remove the annotation, or give the object `mode: annotations` by a rule"),
                ));
            }
            if one.value(CONTROLLER).is_none() {
                for prefix in &one.view.writes {
                    plan.edits.push(Edit {
                        name: format!("{prefix}{CONTROLLER}"),
                        value: BY_ENDPOINT.to_owned(),
                        why: format!("DNSEndpoint {} publishes it", endpoint.name),
                    });
                }
                one.values.insert(CONTROLLER.to_owned(), BY_ENDPOINT.to_owned());
            }
            one.passed_over = true;
        }
        plan.endpoint = Some(endpoint);
        Ok(())
    }
}
