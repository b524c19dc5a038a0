//! Gateways of other builds, where a target that is due cannot be written.

use std::collections::BTreeMap;

use krm::{Finding, Identity};
use routes::facts::{GatewayFact, Known};
use routes::{Facts, Parent, ParentRef, Route, Routes};

use crate::plan::Plan;

/// What is said of the Gateways and ListenerSets that stand elsewhere: one finding each, unless the facts say that it has
/// a target.
pub(crate) fn findings(
    plans: &[Plan<'_>],
    routes: &Routes,
    facts: &Facts,
    config: &Identity,
) -> Vec<Finding> {
    // What is said of a Gateway, and how many routes hang below it.
    let mut elsewhere: BTreeMap<(String, &str), usize> = BTreeMap::new();
    for plan in plans.iter().filter(|plan| plan.wants_parent && published(plan)) {
        for parent in routes.parents(plan.route) {
            let Parent::Elsewhere(parent) = parent else { continue };
            let what = match fact(facts, plan.route, parent) {
                Known::Found(gateway, _) if gateway.target => continue,
                Known::Found(..) => "has no DNS target",
                Known::Absent => "stands nowhere in the facts",
                Known::Unknown => "stands in another build, where its target belongs",
            };
            let namespace = parent.namespace.as_deref().or_else(|| plan.route.namespace());
            let gateway = Identity {
                kind: parent.kind.clone(),
                namespace: namespace.unwrap_or_default().to_owned(),
                name: parent.name.clone(),
                ..Identity::default()
            };
            *elsewhere.entry((gateway.to_string(), what)).or_default() += 1;
        }
    }
    let said = |((gateway, what), below): ((String, &str), usize)| {
        let routes =
            if below == 1 { "1 route hangs".to_owned() } else { format!("{below} routes hang") };
        let message = format!("{gateway} {what}, and {routes} below it");
        Finding::warning("target-elsewhere", message).on(config.clone()).hint(
            "list this config where the Gateway is built too, name a facts file that knows it, or set `mode: endpoint`",
        )
    };
    elsewhere.into_iter().map(said).collect()
}

/// Whether anything of the object is published.
fn published(plan: &Plan<'_>) -> bool {
    plan.seen.iter().any(|one| !one.passed_over && !one.hosts.none())
}

/// What the facts say of a parent of a route.
pub(crate) fn fact<'a>(
    facts: &'a Facts,
    route: &Route,
    parent: &ParentRef,
) -> Known<&'a GatewayFact> {
    let namespace = parent.namespace.as_deref().or_else(|| route.namespace());
    facts.parent(&parent.kind, namespace, &parent.name)
}
