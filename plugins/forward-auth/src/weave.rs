//! One run: reads the routes, plans everything, and does it, or stops with all that stands in the way.

use krm::{Finding, Loader, ResourceList};
use routes::{Facts, Kind, Routes, added};
use serde_json::Value;

use crate::around::Around;
use crate::attach::{self, Change};
use crate::case::Case;
use crate::chains::Chains;
use crate::config::{ForwardAuth, Mode};
use crate::inherit::inherit;
use crate::known::Known;
use crate::reference::References;
use crate::state::{Open, State};
use crate::{hidden, report, sign_in_route, unwoven, version, weaker};

/// What is to be done.
#[derive(Debug, Default)]
struct Plan {
    changes: Vec<(usize, Change)>,
    additions: Vec<(Value, String)>,
    said: Vec<Finding>,
    errors: Vec<Finding>,
}

impl ForwardAuth {
    /// Runs over the routes of these kinds.
    pub fn weave(
        self,
        kinds: &[Kind],
        list: &mut ResourceList,
        loader: &Loader,
    ) -> Result<(), Box<Finding>> {
        self.check()?;
        let facts = Facts::gather(list, self.facts.as_deref(), loader)?;
        let Plan { changes, additions, said, mut errors } = self.plan(kinds, list, &facts)?;
        for finding in said {
            list.say(finding);
        }
        if errors.is_empty() {
            let items = list.items_mut();
            for (item, change) in changes {
                match change {
                    Change::Set { pointer, value, why } => {
                        items[item].set(&pointer, value, &why)?;
                    }
                    Change::Insert { pointer, value, why } => {
                        items[item].insert(&pointer, value, &why)?;
                    }
                }
            }
            for (manifest, why) in additions {
                added::ensure(list, manifest, &why)?;
            }
            errors = unwoven::left(list);
        }
        // Each of them stops the build; the last one is returned.
        let Some(final_one) = errors.pop() else { return Ok(()) };
        for error in errors {
            list.say(error);
        }
        Err(Box::new(final_one))
    }

    /// What serde cannot check.
    fn check(&self) -> Result<(), Box<Finding>> {
        for (at, allow) in self.allow.iter().enumerate() {
            let wrong = if allow.reason.trim().is_empty() {
                ("reason", "does not say why", "write why it may stay open")
            } else if allow.hosts.is_empty() && allow.select.is_none() {
                ("hosts", "would allow everything", "name hosts, or select objects")
            } else if allow
                .select
                .as_ref()
                .is_some_and(|one| !one.hosts.is_empty() || !one.zones.is_empty())
            {
                // A selection asks the whole object, whose other rules may serve any host.
                (
                    "select",
                    "selects by hosts",
                    "write `hosts` beside `select`: it is asked of each rule",
                )
            } else {
                continue;
            };
            let (field, message, hint) = wrong;
            return Err(Box::new(
                Finding::error("allow-entry", message)
                    .field(format!("spec.allow[{at}].{field}"))
                    .hint(hint),
            ));
        }
        Ok(())
    }

    fn plan(
        &self,
        kinds: &[Kind],
        list: &ResourceList,
        facts: &Facts,
    ) -> Result<Plan, Box<Finding>> {
        let routes = Routes::read(list, kinds, facts);
        let known = Known::gather(list, facts)?;
        let chains = Chains::of(self, list)?;
        let around = Around {
            spec: self,
            items: list.items(),
            facts,
            routes: &routes,
            chains: &chains,
            known: &known,
        };
        let mut plan = Plan::default();
        let mut cases = Vec::new();
        for route in routes.iter() {
            plan.said.extend(route.problems.iter().cloned());
            match Case::of(&around, route, &mut plan.said) {
                Ok(case) => cases.push(case),
                Err(error) => plan.errors.push(*error),
            }
        }
        inherit(&around, &mut cases);
        let mut references = References::new(&chains, &known, facts);
        for case in &cases {
            plan.of_case(&around, case, &mut references);
        }
        weaker::check(&routes, &cases, &mut plan.errors, &mut plan.said);
        let requires = self.mode.unwrap_or(Mode::Require) == Mode::Require;
        hidden::check(requires, kinds, list, &mut plan.errors, &mut plan.said);
        version::check(&around, &cases, &mut plan.errors, &mut plan.said);
        if let Err(error) = references.check(list, facts) {
            plan.errors.push(*error);
        }
        plan.additions = references.manifests(list.items());
        match sign_in_route::manifests(&around, &cases, references.across) {
            Ok(manifests) => plan.additions.extend(manifests),
            Err(errors) => plan.errors.extend(errors),
        }
        Ok(plan)
    }
}

impl Plan {
    fn of_case(&mut self, around: &Around<'_>, case: &Case<'_>, references: &mut References<'_>) {
        report::open(case, &mut self.errors, &mut self.said);
        if case.is_to_weave() && case.chain.is_none() {
            self.errors.push(
                Finding::error("sign-in-config", "sign-in is due, and no `signIn` is set for it")
                    .on(case.item.id())
                    .hint("set `signIn` beside `rules`, or in the rule that selects it"),
            );
            return;
        }
        for (rule, state) in case.route.rules.iter().zip(&case.states) {
            if let State::Open(open @ (Open::SignInService | Open::Acme)) = state
                && around.is_looped(case, rule)
            {
                self.errors.push(*report::looped(case, rule, open));
            }
        }
        match attach::changes(around, case, references) {
            Ok(changes) => {
                self.changes.extend(changes.into_iter().map(|change| (case.route.item, change)));
            }
            Err(error) => {
                let id = case.item.id();
                self.errors
                    .push(Finding { resource: error.resource.clone().or(Some(id)), ..*error });
            }
        }
    }
}
