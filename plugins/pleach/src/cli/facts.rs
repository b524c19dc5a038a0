//! `pleach facts`: what the trees of a cluster say of its controllers, issuers, middlewares and Gateways.

use std::path::{Path, PathBuf};

use clap::Args;
use krm::{Environment, Finding, ResourceList, serve};
use routes::ClusterFacts;

use crate::built;

/// Print what functions must know of a cluster: controllers, issuers, middlewares, Gateways
///
/// A DIR with a kustomization is built by kustomize (`PLEACH_KUSTOMIZE`, else the one on PATH), without any key; in one
/// without, every YAML file below is read. A FILE is a built stream; without a name standard input is.
/// Name all trees of the cluster at once, commit what is printed, and let the configs of functions name it
/// (`facts: FILE`).
#[derive(Debug, Args)]
pub(crate) struct Facts {
    /// Trees of the cluster: folders, or built streams
    #[arg(value_name = "DIR|FILE")]
    trees: Vec<PathBuf>,
    /// The name of the object
    #[arg(long, default_value = "cluster")]
    name: String,
    /// Print nothing, and exit with 1 when this file does not say what the trees say
    #[arg(long, value_name = "FILE", conflicts_with = "name")]
    check: Option<PathBuf>,
}

impl Facts {
    pub(crate) fn text(&self, environment: &Environment) -> Result<String, Box<Finding>> {
        let objects = built::objects(&self.trees, environment)?;
        let facts = ClusterFacts::of(&ResourceList::new(objects));
        if facts.is_empty() {
            return Err(Box::new(
                Finding::error(
                    "no-facts",
                    "the trees hold no controller, ingress class, issuer, middleware or Gateway",
                )
                .hint("name the trees that install them; of a Helm chart, what `helm template` prints"),
            ));
        }
        match &self.check {
            None => Ok(self.file(&facts)),
            Some(file) => check(file, &facts),
        }
    }

    fn file(&self, facts: &ClusterFacts) -> String {
        let manifest = krm::to_yaml(&facts.manifest(&self.name));
        format!(
            "# Derived by `pleach facts`, do not edit: the same command over all trees of the cluster renews it,\n\
             # `pleach facts --check THIS-FILE DIR...` tells when it is stale.\n{manifest}"
        )
    }
}

/// Whether the committed file says the same.
fn check(file: &Path, now: &ClusterFacts) -> Result<String, Box<Finding>> {
    let committed = ClusterFacts::read(&serve::read_file(file)?.text, &file.to_string_lossy())?;
    let changes = committed.changes(now);
    if changes.is_empty() {
        return Ok(String::new());
    }
    Err(Box::new(
        Finding::error("stale-facts", format!("the trees say otherwise: {}", changes.join("; ")))
            .file(file)
            .hint("renew it with the same trees: pleach facts DIR... > FILE"),
    ))
}
