//! How an object names a middleware, and which middlewares must be added so that it finds them.

use std::collections::BTreeMap;

use krm::{Finding, Resource, ResourceList};
use routes::{Facts, MiddlewareId, added};
use serde_json::{Map, Value};

use crate::chain::Member;
use crate::chains::Chains;
use crate::id;
use crate::known::{self, Known, Middleware, traefiks};

/// The apiVersion and kind of a Middleware.
const MIDDLEWARE: (&str, &str) = ("traefik.io/v1alpha1", "Middleware");

/// Which middlewares an object can name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reach {
    /// Those of any namespace and provider: the annotation of an Ingress.
    Any,
    /// Those of its own namespace, of others where Traefik allows it, and of other providers: an IngressRoute.
    References,
    /// Middleware objects of its own namespace: a filter of a Gateway route.
    Own,
}

/// A middleware as an object names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reference {
    /// Its id.
    pub(crate) id: MiddlewareId,
    /// Its namespace, where that is another than the object's.
    pub(crate) namespace: Option<String>,
    /// Its name, with the provider where it is no object.
    pub(crate) name: String,
}

/// Finds references, and gathers the middlewares that they need.
#[derive(Debug)]
pub(crate) struct References<'a> {
    chains: &'a Chains,
    known: &'a Known,
    /// Whether Traefik follows references to other namespaces; false where nobody knows.
    pub(crate) across: bool,
    needed: BTreeMap<(String, String), Needed>,
}

#[derive(Debug)]
struct Needed {
    spec: Value,
    why: String,
    causes: Vec<usize>,
}

impl<'a> References<'a> {
    pub(crate) fn new(chains: &'a Chains, known: &'a Known, facts: &Facts) -> Self {
        let traefiks = traefiks(facts);
        let across = !traefiks.is_empty() && traefiks.iter().all(|one| one.allow_cross_namespace);
        Self { chains, known, across, needed: BTreeMap::new() }
    }

    /// How the object at `item`, of this namespace, names a member of a chain.
    pub(crate) fn to(
        &mut self,
        chain: usize,
        member: &Member,
        (item, namespace): (usize, &str),
        reach: Reach,
    ) -> Result<Reference, Box<Finding>> {
        let found = match member {
            Member::Made { suffix, spec, bound } => {
                self.made(chain, (suffix, spec, *bound), (item, namespace), reach)?
            }
            Member::Existing { namespace: home, name } => {
                self.existing(home.as_deref(), name, (item, namespace), reach)?
            }
        };
        if reach == Reach::Own && !id::found_by_extension_ref(namespace, &found.name) {
            return Err(Box::new(
                Finding::error(
                    "extension-ref-name",
                    format!(
                        "a filter that names the Middleware {namespace}/{} finds nothing: Traefik keeps it as `{}`",
                        found.name, found.id
                    ),
                )
                .hint("a namespace and a name of letters, digits and single `-` are found: rename the config or the middleware"),
            ));
        }
        Ok(found)
    }

    /// A member that the object names already must stand there, too.
    pub(crate) fn standing(
        &mut self,
        chain: usize,
        member: &Member,
        (item, namespace): (usize, &str),
        id: &MiddlewareId,
    ) -> Result<(), Box<Finding>> {
        let Member::Made { suffix, spec, .. } = member else { return Ok(()) };
        let (by, name) = (&self.chains.get(chain).by, self.chains.made_name(suffix));
        let home = self.chains.get(chain).service.as_ref().map(|service| &*service.namespace);
        if *id == id::of(namespace, &name) {
            let why = format!("the routes of {namespace} ask {by} through it");
            return self.need((namespace, &name), spec, true, item, why);
        }
        match home {
            Some(home) if *id == id::of(home, &name) => {
                let owned = self.chains.owns_service(chain);
                self.need((home, &name), spec, owned, item, format!("{by} is asked through it"))
            }
            _ => Ok(()),
        }
    }

    fn made(
        &mut self,
        chain: usize,
        (suffix, spec, bound): (&str, &Value, Option<&'static str>),
        (item, namespace): (usize, &str),
        reach: Reach,
    ) -> Result<Reference, Box<Finding>> {
        let by = &self.chains.get(chain).by;
        let name = self.chains.made_name(suffix);
        let home = self.chains.get(chain).service.as_ref().map(|service| &*service.namespace);
        if let Some(home) = home.filter(|home| *home != namespace && self.reaches(reach)) {
            let owned = self.chains.owns_service(chain);
            if owned || self.known.get(&id::of(home, &name)).is_some() {
                self.need((home, &name), spec, owned, item, format!("{by} is asked through it"))?;
                return Ok(reference(namespace, home, &name));
            }
        }
        if let Some(bound) =
            bound.filter(|bound| home != Some(namespace) && !(*bound == "a Service" && self.across))
        {
            let home = home.map(|home| format!(" of {home}")).unwrap_or_default();
            return Err(Box::new(
                Finding::error(
                    "cannot-copy",
                    format!("the Middleware {name} names {bound}{home}, and works in no other namespace"),
                )
                .hint(format!(
                    "let the facts say that Traefik allows references to other namespaces, or that the Middleware{home} stands \
                     there; or use a recipe without it"
                )),
            ));
        }
        let why = format!("the routes of {namespace} ask {by} through it");
        self.need((namespace, &name), spec, true, item, why)?;
        Ok(reference(namespace, namespace, &name))
    }

    fn existing(
        &mut self,
        home: Option<&str>,
        name: &str,
        (item, namespace): (usize, &str),
        reach: Reach,
    ) -> Result<Reference, Box<Finding>> {
        if name.contains('@') {
            let id = id::of_text(name);
            if reach == Reach::Own
                || (reach == Reach::References && id.provider == id::CRD && !self.across)
            {
                return Err(Box::new(
                    Finding::error(
                        "cannot-name",
                        format!("it cannot name the middleware `{name}`"),
                    )
                    .hint("give namespace and name of a Middleware, so that it can be copied"),
                ));
            }
            return Ok(Reference { id, namespace: None, name: name.to_owned() });
        }
        let home = home.unwrap_or(namespace);
        let id = id::of(home, name);
        if self.known.is_absent(&id) {
            return Err(Box::new(
                Finding::error(
                    "no-such-middleware",
                    format!("there is no Middleware {home}/{name} in the tree, and none in the facts"),
                )
                .hint("correct `custom.middlewares`, or renew the facts: Traefik serves nothing behind a middleware that is not there"),
            ));
        }
        if home == namespace || self.reaches(reach) {
            return Ok(reference(namespace, home, name));
        }
        let spec = self.known.get(&id).and_then(|one| one.spec.as_ref());
        let Some(spec) = spec.filter(|spec| can_be_copied(spec)).cloned() else {
            return Err(Box::new(
                Finding::error(
                    "cannot-copy",
                    format!("the Middleware {home}/{name} is out of reach from {namespace}, and cannot be copied there"),
                )
                .hint(
                    "let the facts say that Traefik allows references to other namespaces, give `custom.address` so that one \
                     is made, or put a Middleware into that namespace",
                ),
            ));
        };
        let copy = self.chains.made_name(name);
        let why = format!("the routes of {namespace} cannot name {home}/{name}");
        self.need((namespace, &copy), &spec, true, item, why)?;
        Ok(reference(namespace, namespace, &copy))
    }

    fn reaches(&self, reach: Reach) -> bool {
        match reach {
            Reach::Any => true,
            Reach::References => self.across,
            Reach::Own => false,
        }
    }

    /// A Middleware must stand there: one that is known must be the same, one that is not is added.
    fn need(
        &mut self,
        (namespace, name): (&str, &str),
        spec: &Value,
        ours: bool,
        item: usize,
        why: String,
    ) -> Result<(), Box<Finding>> {
        if let Some(standing) = self.known.get(&id::of(namespace, name)) {
            let same = match &standing.spec {
                Some(other) => other == spec,
                None => Some(&*standing.kind) == known::kind(Some(spec)),
            };
            if !same && (&*standing.namespace, &*standing.name) == (namespace, name) {
                return Err(Box::new(
                    Finding::error(
                        "middleware-differs",
                        format!("a Middleware {namespace}/{name} stands already, and is not the one that signs in"),
                    )
                    .hint("rename it, or the config: routes would be open or closed as it pleases"),
                ));
            }
            // One of another namespace belongs to another build. One of this name beside the object is what this build
            // added when the facts were derived: left out, it would be nowhere.
            if standing.spec.is_none() && !ours {
                return Ok(());
            }
        }
        if ours {
            let needed = self
                .needed
                .entry((namespace.to_owned(), name.to_owned()))
                .or_insert_with(|| Needed { spec: spec.clone(), why, causes: Vec::new() });
            needed.causes.push(item);
        }
        Ok(())
    }

    /// The middlewares to add, as manifests with their reasons.
    pub(crate) fn manifests(&self, items: &[Resource]) -> Vec<(Value, String)> {
        self.needed
            .iter()
            .map(|((namespace, name), needed)| {
                let causes: Vec<&Resource> = needed.causes.iter().map(|at| &items[*at]).collect();
                let fields = Map::from_iter([("spec".to_owned(), needed.spec.clone())]);
                let manifest = added::object(MIDDLEWARE, Some(namespace), name, &causes, fields);
                (manifest, needed.why.clone())
            })
            .collect()
    }

    /// Refuses additions that Traefik would take for another middleware.
    pub(crate) fn check(&self, list: &ResourceList, facts: &Facts) -> Result<(), Box<Finding>> {
        let mut known = Known::gather(list, facts)?;
        for ((namespace, name), needed) in &self.needed {
            known.add(Middleware::read(namespace, name, Some(&needed.spec)))?;
        }
        Ok(())
    }
}

fn reference(from: &str, namespace: &str, name: &str) -> Reference {
    Reference {
        id: id::of(namespace, name),
        namespace: (from != namespace).then(|| namespace.to_owned()),
        name: name.to_owned(),
    }
}

/// Whether a spec means the same in another namespace: it names no Secret, no Service and no other middleware.
fn can_be_copied(spec: &Value) -> bool {
    let bound = ["/forwardAuth/tls", "/basicAuth", "/digestAuth", "/errors", "/chain", "/plugin"];
    bound.iter().all(|pointer| spec.pointer(pointer).is_none())
}
