//! What one object makes reachable, and how: the same words for every kind.

use krm::{Finding, Identity};

use crate::middleware_id::MiddlewareId;
use crate::read::once;
use crate::rule::Syntax;
use crate::slot::{AuthSlot, DnsSlot, TlsSlot};

/// What one object makes reachable, and the slots where a DNS target, a certificate and sign-in attach to it.
///
/// Every part says by its JSON Pointer (RFC 6901) where in the object it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Route {
    /// Where the object stands among the items of the list.
    pub item: usize,
    /// Which object it is.
    pub id: Identity,
    /// The ingress class or Gateway class that the object names.
    pub class: Option<String>,
    /// The syntax of its rules for Traefik that name none: that of the controller that serves it.
    pub syntax: Syntax,
    /// The Traefik entry points that the object names; none stands for Traefik's default ones.
    pub entry_points: Vec<String>,
    /// What is served: one entry for each rule of the object.
    pub rules: Vec<Rule>,
    /// The hosts that ExternalDNS finds in the object's own fields, as it would publish them. They differ from what is
    /// served where ExternalDNS reads less than the controller does, or more.
    pub published: Vec<String>,
    /// What it is attached to.
    pub parents: Vec<ParentRef>,
    /// Where a DNS target attaches.
    pub dns: DnsSlot,
    /// Where a certificate attaches.
    pub tls: TlsSlot,
    /// Where sign-in attaches.
    pub auth: AuthSlot,
    /// What in the object cannot be read as its author means it.
    pub problems: Vec<Finding>,
}

impl Route {
    /// The route of an object of which nothing is known yet.
    pub(crate) fn empty(item: usize, id: Identity) -> Self {
        Self {
            item,
            id,
            class: None,
            syntax: Syntax::default(),
            entry_points: Vec::new(),
            rules: Vec::new(),
            published: Vec::new(),
            parents: Vec::new(),
            dns: DnsSlot::None,
            tls: TlsSlot::None,
            auth: AuthSlot::None,
            problems: Vec::new(),
        }
    }

    /// The namespace of the object, when one stands there.
    pub fn namespace(&self) -> Option<&str> {
        Some(self.id.namespace.as_str()).filter(|namespace| !namespace.is_empty())
    }

    /// The hosts that its own rules serve, each once, in the order in which they stand.
    pub fn own_hosts(&self) -> Vec<&str> {
        once(self.rules.iter().flat_map(|rule| &rule.hosts).map(|host| host.name.as_str()))
    }
}

/// One rule: which requests it takes, and what happens to them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Rule {
    /// Where it stands (`/spec/routes/0`).
    pub pointer: String,
    /// The hosts that it serves.
    pub hosts: Vec<Host>,
    /// Whether it serves hosts that `hosts` does not list: no host constrains it, or a regular expression does.
    pub other_hosts: bool,
    /// The paths that it serves; none stands for every path.
    pub paths: Vec<Path>,
    /// Its priority, where the author gives one.
    pub priority: Option<i64>,
    /// The rule in Traefik's language, where it is written in that.
    pub parsed: Option<std::sync::Arc<crate::rule::Rule>>,
    /// What answers.
    pub backends: Vec<Backend>,
    /// The middlewares that run before, in their order.
    pub middlewares: Vec<MiddlewareUse>,
}

impl Rule {
    /// Whether every request that it takes has a path that begins with `prefix`.
    pub fn only_below(&self, prefix: &str) -> bool {
        if let Some(parsed) = &self.parsed {
            return parsed.only_below(prefix);
        }
        let below = |path: &Path| path.matches != PathMatch::Regex && path.text.starts_with(prefix);
        !self.paths.is_empty() && self.paths.iter().all(below)
    }
}

/// A host that is served.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Host {
    /// The name, in lower case; `*.` in front stands for one label.
    pub name: String,
    /// Where it stands.
    pub pointer: String,
}

/// A path that is served.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Path {
    /// The path, or the regular expression.
    pub text: String,
    /// How it is compared.
    pub matches: PathMatch,
    /// Where it stands.
    pub pointer: String,
}

/// How a path is compared with that of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PathMatch {
    /// The request's path begins with it.
    Prefix,
    /// The request's path is it.
    Exact,
    /// The request's path matches it.
    Regex,
}

/// What answers the requests of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backend {
    /// `Service`, `TraefikService`, ...
    pub kind: String,
    /// Its namespace, when one is named; otherwise that of the route.
    pub namespace: Option<String>,
    /// Its name.
    pub name: String,
    /// Its port, as a number or a name.
    pub port: Option<String>,
    /// Where it stands.
    pub pointer: String,
}

/// A middleware that a rule runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MiddlewareUse {
    /// Which one, as Traefik resolves it; `None` where the object has no namespace yet and none is named.
    pub id: Option<MiddlewareId>,
    /// As the author wrote it.
    pub written: String,
    /// Where it stands.
    pub pointer: String,
}

/// What a route is attached to: a Gateway, a ListenerSet, or an IngressRoute above it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParentRef {
    /// Its API group.
    pub group: String,
    /// Its kind.
    pub kind: String,
    /// Its namespace, when one is named; otherwise that of the route.
    pub namespace: Option<String>,
    /// Its name.
    pub name: String,
    /// The listener of it that is meant (`sectionName`).
    pub section: Option<String>,
    /// Where it stands.
    pub pointer: String,
}
