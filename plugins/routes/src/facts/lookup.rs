//! Questions that functions ask of the facts: the tree answers first, then the file.

use super::{
    CertManagerFact, ClusterFacts, ExternalDnsFact, Facts, GatewayFact, IngressClassFact,
    IssuerFact, Known, MiddlewareFact, Source, TraefikFact,
};
use crate::MiddlewareId;
use crate::middleware_id::CRD;
use crate::rule::Syntax;

/// cert-manager's own group: what an issuer has that names none.
const CERT_MANAGER: &str = "cert-manager.io";

impl Facts {
    /// An issuer; the empty group is cert-manager's. The namespace of a ClusterIssuer does not count.
    pub fn issuer(
        &self,
        kind: &str,
        group: &str,
        namespace: Option<&str>,
        name: &str,
    ) -> Known<&IssuerFact> {
        let group = Some(group).filter(|group| !matches!(*group, "" | CERT_MANAGER));
        self.find(
            |all| all.issuers.as_deref(),
            |one| {
                // An issuer of another group that has no namespace is for the whole cluster.
                let place = match group {
                    None if kind == "ClusterIssuer" => true,
                    None => one.namespace.as_deref() == namespace,
                    Some(_) => one.namespace.is_none() || one.namespace.as_deref() == namespace,
                };
                one.kind == kind && one.group.as_deref() == group && place && one.name == name
            },
        )
    }

    /// A middleware. Only those of Traefik's own kinds are known.
    pub fn middleware(&self, id: &MiddlewareId) -> Known<&MiddlewareFact> {
        let here = |source: Source| match source {
            Source::Tree => self.here.middlewares.as_deref(),
            Source::Facts => self.elsewhere.as_ref().and_then(|all| all.middlewares.as_deref()),
        };
        if let Some((source, at)) = self.middlewares.get(id)
            && let Some(fact) = here(*source).and_then(|all| all.get(*at))
        {
            return Known::Found(fact, *source);
        }
        match here(Source::Facts) {
            Some(_) if id.provider == CRD => Known::Absent,
            _ => Known::Unknown,
        }
    }

    /// Whether a middleware signs in, or one that its chain names, however deep. One that names itself ends there.
    pub fn signs_in(&self, id: &MiddlewareId) -> Known<bool> {
        self.signs_in_beyond(id, &mut Vec::new())
    }

    fn signs_in_beyond(&self, id: &MiddlewareId, above: &mut Vec<MiddlewareId>) -> Known<bool> {
        let (fact, source) = match self.middleware(id) {
            Known::Found(fact, source) => (fact, source),
            Known::Absent => return Known::Absent,
            Known::Unknown => return Known::Unknown,
        };
        if fact.chain.is_empty() {
            return Known::Found(fact.signs_in(), source);
        }
        above.push(id.clone());
        let mut all = true;
        for member in &fact.chain {
            let member = MiddlewareId::of_text(member, CRD);
            if above.contains(&member) {
                continue;
            }
            match self.signs_in_beyond(&member, above) {
                Known::Found(true, _) => return Known::Found(true, source),
                Known::Unknown => all = false,
                Known::Found(false, _) | Known::Absent => {}
            }
        }
        if all { Known::Found(false, source) } else { Known::Unknown }
    }

    /// An ingress class.
    pub fn ingress_class(&self, name: &str) -> Known<&IngressClassFact> {
        self.find(|all| all.ingress_classes.as_deref(), |one| one.name == name)
    }

    /// The class of an Ingress that names none.
    pub fn default_class(&self) -> Known<&str> {
        self.find(|all| all.ingress_classes.as_deref(), |one| one.default)
            .map(|one| one.name.as_str())
    }

    /// The controller that serves an ingress class; `None` inside where the class says none.
    pub fn controller_of(&self, class: &str) -> Known<Option<&str>> {
        self.ingress_class(class).map(|one| one.controller.as_deref())
    }

    /// A Gateway.
    pub fn gateway(&self, namespace: Option<&str>, name: &str) -> Known<&GatewayFact> {
        self.parent("Gateway", namespace, name)
    }

    /// A Gateway or a ListenerSet.
    pub fn parent(&self, kind: &str, namespace: Option<&str>, name: &str) -> Known<&GatewayFact> {
        self.find(
            |all| all.gateways.as_deref(),
            |one| one.kind == kind && one.namespace.as_deref() == namespace && one.name == name,
        )
    }

    /// The ExternalDNS controllers, those of the tree first.
    pub fn external_dns(&self) -> Known<Vec<&ExternalDnsFact>> {
        self.all(|all| all.external_dns.as_deref(), |one| (one.namespace.as_deref(), &one.name))
    }

    /// The cert-manager controllers, those of the tree first.
    pub fn cert_manager(&self) -> Known<Vec<&CertManagerFact>> {
        self.all(|all| all.cert_manager.as_deref(), |one| (one.namespace.as_deref(), &one.name))
    }

    /// The Traefik controllers, those of the tree first.
    pub fn traefik(&self) -> Known<Vec<&TraefikFact>> {
        self.all(|all| all.traefik.as_deref(), |one| (one.namespace.as_deref(), &one.name))
    }

    /// The Traefik controllers that serve a class: those that are for it, else those that are for any. Unknown where
    /// none is.
    pub fn traefik_of(&self, class: Option<&str>) -> Known<Vec<&TraefikFact>> {
        let Known::Found(all, source) = self.traefik() else { return self.traefik() };
        let with = |wanted: Option<&str>| {
            let meant = |one: &&&TraefikFact| one.ingress_class.as_deref() == wanted;
            all.iter().filter(meant).copied().collect::<Vec<_>>()
        };
        let own = class.map(|class| with(Some(class))).unwrap_or_default();
        let serving = if own.is_empty() { with(None) } else { own };
        if serving.is_empty() { Known::Unknown } else { Known::Found(serving, source) }
    }

    /// The syntax of Traefik's rules that name none (`core.defaultRuleSyntax`), in routes of a class: v2 where every
    /// controller that is known to serve it says so.
    pub fn rule_syntax(&self, class: Option<&str>) -> Syntax {
        let serving = self.traefik_of(class).found().unwrap_or_default();
        let named = |one: &&TraefikFact| one.default_rule_syntax.as_deref().map(Syntax::named);
        let v2 = |one: &&TraefikFact| named(one) == Some(Syntax::V2);
        if !serving.is_empty() && serving.iter().all(v2) { Syntax::V2 } else { Syntax::V3 }
    }

    fn find<'a, T>(
        &'a self,
        list: impl Fn(&'a ClusterFacts) -> Option<&'a [T]>,
        meant: impl Fn(&T) -> bool,
    ) -> Known<&'a T> {
        let in_list = |all: Option<&'a [T]>| all.into_iter().flatten().find(|one| meant(one));
        if let Some(found) = in_list(list(&self.here)) {
            return Known::Found(found, Source::Tree);
        }
        let elsewhere = self.elsewhere.as_ref().and_then(&list);
        match in_list(elsewhere) {
            Some(found) => Known::Found(found, Source::Facts),
            None if elsewhere.is_some() => Known::Absent,
            None => Known::Unknown,
        }
    }

    /// All of a list. One of the tree hides those of the file with its name: the tree is newer.
    fn all<'a, T, K: PartialEq>(
        &'a self,
        list: impl Fn(&'a ClusterFacts) -> Option<&'a [T]>,
        key: impl Fn(&'a T) -> K,
    ) -> Known<Vec<&'a T>> {
        let here = list(&self.here).unwrap_or_default();
        let elsewhere = self.elsewhere.as_ref().and_then(&list);
        let shown = |one: &&'a T| !here.iter().any(|other| key(other) == key(one));
        let beyond = elsewhere.into_iter().flatten().filter(shown);
        let all: Vec<&T> = here.iter().chain(beyond).collect();
        match (all.is_empty(), elsewhere.is_some()) {
            (false, _) if here.is_empty() => Known::Found(all, Source::Facts),
            (false, _) => Known::Found(all, Source::Tree),
            (true, true) => Known::Absent,
            (true, false) => Known::Unknown,
        }
    }
}
