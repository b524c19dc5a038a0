//! Everything around the objects that decides about them: the config, the facts, the middlewares that are known.

use krm::{Finding, Resource};
use routes::facts::version::Version;
use routes::select::Subject;
use routes::{Facts, MiddlewareId, Route, Routes, keys};

use crate::case::Case;
use crate::chain::Chain;
use crate::chains::Chains;
use crate::config::ForwardAuth;
use crate::known::{Known, Middleware, traefiks};
use crate::state::leads_to_sign_in;
use crate::{id, report};

/// Everything around the objects that decides about them.
#[derive(Debug)]
pub(crate) struct Around<'a> {
    pub(crate) spec: &'a ForwardAuth,
    pub(crate) items: &'a [Resource],
    pub(crate) facts: &'a Facts,
    pub(crate) routes: &'a Routes,
    pub(crate) chains: &'a Chains,
    pub(crate) known: &'a Known,
}

impl<'a> Around<'a> {
    /// A route with everything that a selection asks of it.
    pub(crate) fn subject(&self, route: &'a Route) -> Subject<'a> {
        self.facts.subject(self.routes, route, &self.items[route.item])
    }

    /// Whether a middleware signs in: by what it does, or because the config accepts it.
    pub(crate) fn signs_in(&self, id: &MiddlewareId) -> bool {
        self.known.any(id, &|one, middleware| {
            self.spec.accept.iter().any(|accepted| accepted.0 == *one)
                || middleware.is_some_and(Middleware::signs_in)
        })
    }

    /// Whether every one of these entry points has a sign-in of its own, before each router.
    pub(crate) fn entry_points_sign_in(&self, names: &[&str]) -> bool {
        let traefiks = traefiks(self.facts);
        let signs_in = |name: &&str| {
            traefiks.iter().all(|traefik| {
                let point = traefik.entry_points.iter().find(|point| point.name == **name);
                point.is_some_and(|point| {
                    point.middlewares.iter().any(|one| self.signs_in(&id::of_text(one)))
                })
            })
        };
        !traefiks.is_empty() && !names.is_empty() && names.iter().all(signs_in)
    }

    /// Whether Traefik is known to follow no reference to another namespace.
    pub(crate) fn stays_within(&self) -> bool {
        let traefiks = traefiks(self.facts);
        !traefiks.is_empty()
            && traefiks.iter().all(|one| !one.allow_cross_namespace && !one.unreadable_arguments)
    }

    /// Whether a Traefik is known to be older.
    pub(crate) fn traefik_before(&self, version: (u64, u64)) -> bool {
        traefiks(self.facts).iter().any(|one| older(one.version.as_deref(), version))
    }

    /// Refuses an Ingress of a namespace that may name no middleware: Traefik skips it.
    pub(crate) fn cross_provider(&self, case: &Case<'_>) -> Result<(), Box<Finding>> {
        let namespace = case.item.namespace().unwrap_or_default();
        let refusing = traefiks(self.facts).into_iter().find(|one| {
            let allowed = one.cross_provider_namespaces.as_ref();
            allowed.is_some_and(|allowed| !allowed.iter().any(|one| one == namespace))
        });
        refusing.map_or(Ok(()), |traefik| {
            Err(Box::new(
                Finding::error(
                    "cross-provider-namespace",
                    format!("the Traefik `{}` skips an Ingress of {namespace} that names a middleware", traefik.name),
                )
                .on(case.item.id())
                .field(format!("metadata.annotations[{:?}]", keys::ROUTER_MIDDLEWARES))
                .hint(
                    "add the namespace to --providers.kubernetesingress.crossProviderNamespaces, or write an IngressRoute",
                ),
            ))
        })
    }

    /// Whether the chain of a case, or a forwardAuth of its author, stands before a rule that must stay open.
    pub(crate) fn is_looped(&self, case: &Case<'_>, rule: &routes::Rule) -> bool {
        let behind =
            |chain: &Chain| chain.behind_itself && leads_to_sign_in(rule, case.route, chain);
        if self.chains.iter().any(behind) {
            return false;
        }
        let ids = rule.middlewares.iter().filter_map(|one| one.id.as_ref());
        ids.into_iter().any(|id| {
            self.known.any(id, &|one, middleware| {
                middleware.is_some_and(|one| one.kind == "forwardAuth")
                    || self.chains.names(one, case.item.namespace().unwrap_or_default())
            })
        })
    }

    /// Why sign-in comes to a case.
    pub(crate) fn why(&self, case: &Case<'_>) -> String {
        let by = case.chain.map(|at| self.chains.get(at).by.as_str()).unwrap_or_default();
        report::why(case, by)
    }
}

/// Whether a version (`3.6.17`) is known to be before another.
pub(crate) fn older(version: Option<&str>, than: (u64, u64)) -> bool {
    version.and_then(Version::parse).is_some_and(|version| version < Version::of(than.0, than.1))
}
