//! What is known of the cluster around the objects: from the tree itself, and from one committed `ClusterFacts` file.

use krm::{Finding, Loader, ResourceList};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub mod cert_manager;
pub mod external_dns;
mod file;
pub mod gateway;
pub mod ingress_class;
pub mod issuer;
pub mod middleware;
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
/// With one Application per app these stand in none of the app's own builds. `pleach facts` writes this file from the
/// built trees; a function reads it when its config names it (`facts: path`). A list that is given is complete: what
/// it does not hold is not there. A list that is not given says nothing.
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
        Ok(Self { here: ClusterFacts::of(list), elsewhere })
    }
}

impl ClusterFacts {
    /// What the objects of a list say.
    pub fn of(_: &ResourceList) -> Self {
        Self::default()
    }
}
