//! What is known of the cluster around the objects: from the tree itself, and from one committed `ClusterFacts` file.

use std::collections::HashMap;

use krm::{Finding, Loader, ResourceList};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::MiddlewareId;

pub mod cert_manager;
mod compare;
mod derive;
pub mod external_dns;
mod file;
pub mod gateway;
pub mod ingress_class;
pub mod issuer;
mod lookup;
pub mod middleware;
mod subject;
pub mod traefik;
pub mod version;

pub use cert_manager::CertManagerFact;
pub use external_dns::ExternalDnsFact;
pub use gateway::GatewayFact;
pub use ingress_class::IngressClassFact;
pub use issuer::IssuerFact;
pub use middleware::MiddlewareFact;
pub use traefik::TraefikFact;

/// The apiVersion of a facts file.
pub const API_VERSION: &str = "pleach.dev/v1alpha1";
/// The kind of a facts file.
pub const KIND: &str = "ClusterFacts";

/// What stands in other builds: the controllers with the flags that change what annotations mean, and what objects
/// refer to.
///
/// With one Application per app these stand in none of the app's own builds. `pleach facts DIR...` writes this file from
/// the trees of the cluster, built; a function reads it when its config names it (`facts: path`, relative to the
/// kustomization). Commit it, and let CI run `pleach facts --check FILE DIR...`, which fails when it is stale.
///
/// A list that is given is complete: what it does not hold is not there. A list that is not given says nothing, and
/// what stands neither in the facts nor in the tree is unknown. Give `pleach facts` all trees of the cluster at once.
///
/// Read are the arguments and variables of the controllers' containers, and ConfigMaps of the same tree that these
/// name. Values of Secrets are not read, nor are the values of a Helm release: build what it installs.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub struct ClusterFacts {
    /// The ExternalDNS controllers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_dns: Option<Vec<ExternalDnsFact>>,
    /// The Traefik controllers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub traefik: Option<Vec<TraefikFact>>,
    /// The cert-manager controllers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cert_manager: Option<Vec<CertManagerFact>>,
    /// The ingress classes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ingress_classes: Option<Vec<IngressClassFact>>,
    /// The issuers, namespaced and cluster-wide.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issuers: Option<Vec<IssuerFact>>,
    /// The middlewares of Traefik.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub middlewares: Option<Vec<MiddlewareFact>>,
    /// The Gateways.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gateways: Option<Vec<GatewayFact>>,
}

/// What is known, and from where.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    /// What stands in the tree that is built.
    pub here: ClusterFacts,
    /// What the committed file says; `None` where the config names none.
    pub elsewhere: Option<ClusterFacts>,
    /// The middlewares by their id.
    middlewares: HashMap<MiddlewareId, (Source, usize)>,
}

/// Where a fact comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// The tree that is built.
    Tree,
    /// The facts file.
    Facts,
}

/// What is known of one thing.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Known<T> {
    /// It is there.
    Found(T, Source),
    /// It stands nowhere in the cluster: the facts list all of its kind, and it is not among them.
    Absent,
    /// Nothing says whether it is there.
    Unknown,
}

impl<T> Known<T> {
    /// It, where it is there.
    pub fn found(self) -> Option<T> {
        match self {
            Self::Found(found, _) => Some(found),
            Self::Absent | Self::Unknown => None,
        }
    }

    /// What is known of a part of it, or of what it says.
    pub fn map<U>(self, part: impl FnOnce(T) -> U) -> Known<U> {
        match self {
            Self::Found(found, source) => Known::Found(part(found), source),
            Self::Absent => Known::Absent,
            Self::Unknown => Known::Unknown,
        }
    }
}

impl Facts {
    /// What the tree says, and what the facts file at `path` says, relative to the kustomization.
    ///
    /// # Errors
    /// The file cannot be read below the scope, or is no `ClusterFacts`.
    pub fn gather(
        list: &ResourceList,
        path: Option<&str>,
        loader: &Loader,
    ) -> Result<Self, Box<Finding>> {
        let elsewhere = path.map(|path| file::read(path, loader)).transpose()?;
        Ok(Self::new(ClusterFacts::of(list), elsewhere))
    }

    /// What the tree says, and what a facts file says.
    pub fn new(here: ClusterFacts, elsewhere: Option<ClusterFacts>) -> Self {
        let mut middlewares = HashMap::new();
        let tree = (Source::Tree, here.middlewares.as_deref());
        let file = (Source::Facts, elsewhere.as_ref().and_then(|all| all.middlewares.as_deref()));
        for (source, all) in [tree, file] {
            for (at, fact) in all.unwrap_or_default().iter().enumerate() {
                // One whose namespace is not known yet has no id.
                let Some(namespace) = &fact.namespace else { continue };
                let id = MiddlewareId::of(namespace, &fact.name);
                middlewares.entry(id).or_insert((source, at));
            }
        }
        Self { here, elsewhere, middlewares }
    }
}
