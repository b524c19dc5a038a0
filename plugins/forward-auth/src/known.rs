//! The middlewares that are known, from the tree and from the facts: what each does, and which of them are one to
//! Traefik although they are two.

use std::collections::HashMap;

use krm::{Finding, ResourceList};
use routes::facts::MiddlewareFact;
use routes::{Facts, MiddlewareId};
use serde_json::Value;

use crate::id;

/// The middlewares that are known.
#[derive(Debug, Default)]
pub(crate) struct Known {
    middlewares: HashMap<MiddlewareId, Middleware>,
    /// Whether the facts list all that stand elsewhere.
    complete: bool,
}

/// One middleware.
#[derive(Debug, Clone)]
pub(crate) struct Middleware {
    pub(crate) namespace: String,
    pub(crate) name: String,
    /// The one field of its spec.
    pub(crate) kind: String,
    /// Whether it lets nobody through unasked.
    signs_in: bool,
    /// The members of a chain.
    chain: Vec<MiddlewareId>,
    /// Its spec, where it stands in the tree.
    pub(crate) spec: Option<Value>,
}

impl Known {
    /// Those of the tree and of the facts.
    ///
    /// # Errors
    /// Two of them get one id, and one of the two stands in the tree: Traefik keeps whichever it reads last.
    pub(crate) fn gather(list: &ResourceList, facts: &Facts) -> Result<Self, Box<Finding>> {
        let mut known = Self::default();
        let elsewhere = facts.elsewhere.as_ref().and_then(|facts| facts.middlewares.as_ref());
        known.complete = elsewhere.is_some();
        for fact in elsewhere.into_iter().flatten() {
            let Some(namespace) = &fact.namespace else { continue };
            known.add(Middleware {
                namespace: namespace.clone(),
                name: fact.name.clone(),
                kind: fact.kind.clone(),
                signs_in: signs_in(fact),
                chain: fact.chain.iter().map(|text| id::of_text(text)).collect(),
                spec: None,
            })?;
        }
        for item in list.items() {
            if item.kind() != "Middleware" || item.id().group() != "traefik.io" {
                continue;
            }
            let Some(namespace) = item.namespace() else { continue };
            known.add(Middleware::read(namespace, item.name(), item.get("spec")))?;
        }
        Ok(known)
    }

    /// Adds one; one that stands in the facts too is that of the tree.
    pub(crate) fn add(&mut self, middleware: Middleware) -> Result<(), Box<Finding>> {
        let id = id::of(&middleware.namespace, &middleware.name);
        if id::is_unwoven(&id) {
            return Err(Box::new(
                Finding::error(
                    "unwoven-exists",
                    format!(
                        "the Middleware {}/{} is `{id}` to Traefik: routes that wait for sign-in would be open",
                        middleware.namespace, middleware.name
                    ),
                )
                .hint("rename it: this id stands for a middleware that is never there"),
            ));
        }
        if let Some(other) = self.middlewares.get(&id)
            && (&other.namespace, &other.name) != (&middleware.namespace, &middleware.name)
        {
            return Err(Box::new(
                Finding::error(
                    "middleware-id-collision",
                    format!(
                        "the Middlewares {}/{} and {}/{} are both `{id}` to Traefik, and one replaces the other",
                        other.namespace, other.name, middleware.namespace, middleware.name
                    ),
                )
                .hint("rename one of the two: whoever wins decides who is let in"),
            ));
        }
        self.middlewares.insert(id, middleware);
        Ok(())
    }

    /// The middleware of an id.
    pub(crate) fn get(&self, id: &MiddlewareId) -> Option<&Middleware> {
        self.middlewares.get(id)
    }

    /// Whether this one is known to be nowhere: not in the tree, and not among those of the facts, which list all.
    pub(crate) fn is_absent(&self, id: &MiddlewareId) -> bool {
        self.complete && id.provider == id::CRD && !self.middlewares.contains_key(id)
    }

    /// Namespace and name of each.
    pub(crate) fn names(&self) -> Vec<(&str, &str)> {
        let mut names: Vec<_> =
            self.middlewares.values().map(|one| (&*one.namespace, &*one.name)).collect();
        names.sort_unstable();
        names
    }

    /// Whether a middleware, or one that it chains, meets the condition.
    pub(crate) fn any(
        &self,
        id: &MiddlewareId,
        meets: &dyn Fn(&MiddlewareId, Option<&Middleware>) -> bool,
    ) -> bool {
        self.any_of(id, meets, &mut Vec::new())
    }

    fn any_of<'a>(
        &'a self,
        id: &'a MiddlewareId,
        meets: &dyn Fn(&MiddlewareId, Option<&Middleware>) -> bool,
        above: &mut Vec<&'a MiddlewareId>,
    ) -> bool {
        // Traefik builds no router for a chain that holds itself.
        if above.contains(&id) {
            return false;
        }
        let middleware = self.get(id);
        if meets(id, middleware) {
            return true;
        }
        above.push(id);
        let members = middleware.map(|one| one.chain.as_slice()).unwrap_or_default();
        members.iter().any(|member| self.any_of(member, meets, above))
    }
}

impl Middleware {
    /// One of the tree.
    pub(crate) fn read(namespace: &str, name: &str, spec: Option<&Value>) -> Self {
        let kind = kind(spec).unwrap_or_default().to_owned();
        let text = |value: &Value, field: &str| value.get(field)?.as_str().map(str::to_owned);
        let members = spec.and_then(|spec| spec.pointer("/chain/middlewares")?.as_array());
        let chain = members.into_iter().flatten().filter_map(|member| {
            let home = text(member, "namespace");
            let home = home.as_deref().unwrap_or(namespace);
            MiddlewareId::of_reference(Some(home), &text(member, "name")?)
        });
        Self {
            namespace: namespace.to_owned(),
            name: name.to_owned(),
            signs_in: signs_in(&MiddlewareFact {
                kind: kind.clone(),
                address: spec.and_then(|spec| text(spec.get("forwardAuth")?, "address")),
                ..MiddlewareFact::default()
            }),
            chain: chain.collect(),
            kind,
            spec: spec.cloned(),
        }
    }

    /// Whether it lets nobody through unasked.
    pub(crate) fn signs_in(&self) -> bool {
        self.signs_in
    }

    /// Whether it answers a 401 with another page: it must run before the one that says 401.
    pub(crate) fn answers_401(&self) -> bool {
        let status = self.spec.as_ref().and_then(|spec| spec.pointer("/errors/status")?.as_array());
        status.into_iter().flatten().filter_map(Value::as_str).any(holds_401)
    }
}

/// What a middleware of this spec does: the one field of it.
pub(crate) fn kind(spec: Option<&Value>) -> Option<&str> {
    spec?.as_object()?.keys().next().map(String::as_str)
}

/// Whether a middleware lets nobody through unasked. What a plugin does is for the config to say (`accept`).
fn signs_in(fact: &MiddlewareFact) -> bool {
    fact.kind != "plugin" && fact.signs_in()
}

/// Whether a list of status codes (`401`, `401-403`, `404,401`) holds 401.
fn holds_401(codes: &str) -> bool {
    codes.split(',').any(|part| match part.trim().split_once('-') {
        Some((from, to)) => {
            matches!((from.parse::<u16>(), to.parse::<u16>()), (Ok(from), Ok(to)) if (from..=to).contains(&401))
        }
        None => part.trim() == "401",
    })
}

/// Every Traefik that is known, of the tree and of the facts.
pub(crate) fn traefiks(facts: &Facts) -> Vec<&routes::facts::TraefikFact> {
    facts.traefik().found().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_of_status_codes_holds_what_is_between() {
        for yes in ["401", "401-403", "400-499", "404,401", "500, 400-402"] {
            assert!(holds_401(yes), "{yes}");
        }
        for no in ["403", "402-403", "4", "", "500-599,404"] {
            assert!(!holds_401(no), "{no}");
        }
    }
}
