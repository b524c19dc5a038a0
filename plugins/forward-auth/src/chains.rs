//! The sign-ins of one config: each that a rule sets, once.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use krm::{Finding, ResourceList};
use routes::{MiddlewareId, added};

use crate::chain::{Backend, Chain, Member};
use crate::config::{ForwardAuth, SignIn};
use crate::id;

/// For each member of a chain, the ids under which it may be named.
pub(crate) type Ids = Rc<[Vec<MiddlewareId>]>;

/// The sign-ins of one config.
#[derive(Debug)]
pub(crate) struct Chains {
    all: Vec<(SignIn, Chain)>,
    /// For each, whether its Service stands in this tree: then its middlewares are this build's too.
    owned: Vec<bool>,
    /// The name of the config.
    config: String,
    /// The ids of members, by namespace: many objects ask for the same.
    ids: RefCell<HashMap<String, HashMap<usize, Ids>>>,
}

impl Chains {
    /// Those that the config and its rules set.
    pub(crate) fn of(spec: &ForwardAuth, list: &ResourceList) -> Result<Self, Box<Finding>> {
        let mut chains: Vec<(SignIn, Chain)> = Vec::new();
        let set = spec.rules.iter().filter_map(|rule| rule.set.sign_in.as_ref());
        for sign_in in spec.sign_in.iter().chain(set) {
            if !chains.iter().any(|(known, _)| known == sign_in) {
                chains.push((sign_in.clone(), Chain::of(sign_in)?));
            }
        }
        let owned = chains
            .iter()
            .map(|(_, chain)| chain.service.as_ref().is_some_and(|service| stands(service, list)))
            .collect();
        let chains = Self {
            all: chains,
            owned,
            config: list.function_config().name.clone(),
            ids: RefCell::default(),
        };
        chains.check_names()?;
        Ok(chains)
    }

    /// Two sign-ins must not write one Middleware.
    fn check_names(&self) -> Result<(), Box<Finding>> {
        let mut seen: Vec<(&str, &Member)> = Vec::new();
        for member in self.all.iter().flat_map(|(_, chain)| &chain.members) {
            let Member::Made { suffix, .. } = member else { continue };
            if seen.iter().any(|(known, other)| *known == suffix && *other != member) {
                return Err(Box::new(
                    Finding::error(
                        "sign-in-config",
                        format!(
                            "two sign-ins would write the Middleware {}",
                            self.made_name(suffix)
                        ),
                    )
                    .field("spec.rules")
                    .hint("give one of the two another `name`"),
                ));
            }
            seen.push((suffix, member));
        }
        Ok(())
    }

    /// The place of a sign-in among them.
    pub(crate) fn find(&self, sign_in: &SignIn) -> Option<usize> {
        self.all.iter().position(|(known, _)| known == sign_in)
    }

    /// One of them.
    pub(crate) fn get(&self, at: usize) -> &Chain {
        &self.all[at].1
    }

    /// All of them.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Chain> + Clone {
        self.all.iter().map(|(_, chain)| chain)
    }

    /// Whether the Service of one stands in this tree.
    pub(crate) fn owns_service(&self, at: usize) -> bool {
        self.owned[at]
    }

    /// The name of a Middleware that is made.
    pub(crate) fn made_name(&self, suffix: &str) -> String {
        added::name(&self.config, suffix)
    }

    /// For each member of a chain, the ids under which an object of this namespace may name it: that of the namespace's own,
    /// and that of the one beside the sign-in service.
    pub(crate) fn ids(&self, chain: usize, namespace: &str) -> Ids {
        let mut cache = self.ids.borrow_mut();
        if let Some(known) = cache.get(namespace).and_then(|chains| chains.get(&chain)) {
            return Rc::clone(known);
        }
        let members = &self.get(chain).members;
        let ids: Ids = members.iter().map(|member| self.ids_of(chain, member, namespace)).collect();
        cache.entry(namespace.to_owned()).or_default().insert(chain, Rc::clone(&ids));
        ids
    }

    fn ids_of(&self, chain: usize, member: &Member, namespace: &str) -> Vec<MiddlewareId> {
        match member {
            Member::Made { suffix, .. } => {
                let name = self.made_name(suffix);
                let home = self.get(chain).service.as_ref().map(|one| &*one.namespace);
                [Some(namespace), home]
                    .into_iter()
                    .flatten()
                    .map(|one| id::of(one, &name))
                    .collect()
            }
            Member::Existing { name, .. } if name.contains('@') => vec![id::of_text(name)],
            Member::Existing { namespace: home, name } => {
                let copy = self.made_name(name);
                vec![id::of(home.as_deref().unwrap_or(namespace), name), id::of(namespace, &copy)]
            }
        }
    }

    /// Whether an object of this namespace means a member of one of the chains by this id.
    pub(crate) fn names(&self, id: &MiddlewareId, namespace: &str) -> bool {
        (0..self.all.len())
            .any(|chain| self.ids(chain, namespace).iter().any(|mine| mine.contains(id)))
    }

    /// The name of the config.
    pub(crate) fn config(&self) -> &str {
        &self.config
    }
}

fn stands(service: &Backend, list: &ResourceList) -> bool {
    list.items().iter().any(|item| {
        item.kind() == "Service"
            && item.api_version() == "v1"
            && item.name() == service.name
            && item.namespace() == Some(&service.namespace)
    })
}
