//! Runs a config over a list: plans for all objects, then all edits.

use krm::{Finding, Loader, ResourceList};
use routes::{Facts, Kind, Routes, added, foreign, keys};

use crate::config::{ExternalDns, Prefix};
use crate::endpoint::Endpoint;
use crate::plan::{self, Edit, Shared};
use crate::views::Controllers;
use crate::{alike, gateways};

impl ExternalDns {
    /// Weaves into the objects of these kinds.
    ///
    /// # Errors
    /// A host would be left without its record, or with two that contradict each other.
    pub fn weave(
        self,
        kinds: &[Kind],
        list: &mut ResourceList,
        loader: &Loader,
    ) -> Result<(), Box<Finding>> {
        let facts = Facts::gather(list, self.facts.as_deref(), loader)?;
        let controllers = Controllers::of(&facts);
        let prefixes = self.prefixes(&controllers)?;
        let routes = Routes::read(list, kinds, &facts);
        let config = list.function_config().clone();
        let shared = Shared {
            spec: &self,
            items: list.items(),
            routes: &routes,
            facts: &facts,
            controllers: &controllers,
            prefixes: &prefixes,
            config: &config,
        };
        let mut said = foreign::findings(list);
        let mut plans = Vec::new();
        for route in routes.iter() {
            plans.push(plan::of(&shared, route)?);
        }
        said.extend(plans.iter_mut().flat_map(|plan| std::mem::take(&mut plan.said)));
        said.extend(alike::check(&plans, &shared)?);
        said.extend(gateways::findings(&plans, &routes, &facts, &config));
        if plans.iter().any(|plan| plan.auto && !plan.seen.is_empty()) {
            said.extend(controllers.said(&config));
        }
        if plans.iter().any(|plan| plan.endpoint.is_some()) {
            said.extend(controllers.without_crd(&config));
        }
        let work = plans.into_iter().map(|plan| Work {
            item: plan.route.item,
            edits: plan.edits,
            endpoint: plan.endpoint,
        });
        let work: Vec<Work> = work.collect();
        apply(work, list)?;
        for finding in said {
            list.say(finding);
        }
        Ok(())
    }

    /// Every prefix that may hold a value; an error where the config names one that no controller reads.
    fn prefixes(&self, controllers: &Controllers) -> Result<Vec<String>, Box<Finding>> {
        let mut prefixes = controllers.prefixes();
        let own = self.prefix.iter().map(|prefix| (prefix, "spec.prefix".to_owned()));
        let of_rules = self.rules.iter().enumerate().filter_map(|(at, rule)| {
            Some((rule.set.prefix.as_ref()?, format!("spec.rules[{at}].set.prefix")))
        });
        for (prefix, field) in own.chain(of_rules) {
            controllers.refuse_unread(prefix, &field)?;
            if let Prefix::Custom(custom) = prefix
                && !prefixes.contains(custom)
            {
                prefixes.push(custom.clone());
            }
        }
        Ok(prefixes)
    }
}

/// What is left of a plan when its object can change.
struct Work {
    item: usize,
    edits: Vec<Edit>,
    endpoint: Option<Endpoint>,
}

fn apply(work: Vec<Work>, list: &mut ResourceList) -> Result<(), Box<Finding>> {
    let mut endpoints = Vec::new();
    let items = list.items_mut();
    for Work { item, edits, endpoint } in work {
        for edit in edits {
            items[item].set(&keys::pointer(&edit.name), edit.value, &edit.why)?;
        }
        endpoints.extend(endpoint);
    }
    for endpoint in endpoints {
        added::ensure(list, endpoint.manifest, &endpoint.why)?;
    }
    Ok(())
}
