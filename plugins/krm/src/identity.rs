//! Which resource is meant: apiVersion, kind, namespace and name.

use std::fmt;

use serde_json::Value;

use crate::pointer::get;

/// Identifies a resource. Displays as `Secret default/app`, or `Secret app` without a namespace.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Identity {
    /// `apps/v1`
    pub api_version: String,
    /// `Deployment`
    pub kind: String,
    /// Empty when none stands in the resource.
    pub namespace: String,
    /// `metadata.name`
    pub name: String,
}

impl Identity {
    /// The identity of a manifest; what is missing or no string is empty.
    pub fn of(manifest: &Value) -> Self {
        let text = |value: Option<&Value>, field| {
            value.and_then(|value| get(value, field)?.as_str()).unwrap_or_default().to_owned()
        };
        let metadata = get(manifest, "metadata");
        Self {
            api_version: text(Some(manifest), "apiVersion"),
            kind: text(Some(manifest), "kind"),
            namespace: text(metadata, "namespace"),
            name: text(metadata, "name"),
        }
    }

    /// The API group: `apps` of `apps/v1`, empty for `v1`.
    pub fn group(&self) -> &str {
        self.api_version.rsplit_once('/').map_or("", |(group, _)| group)
    }

    /// Whether both name one object of a cluster: the version does not count.
    pub fn same_object(&self, other: &Self) -> bool {
        self.group() == other.group()
            && (&self.kind, &self.namespace, &self.name)
                == (&other.kind, &other.namespace, &other.name)
    }
}

impl fmt::Display for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = if self.kind.is_empty() { "(no kind)" } else { &self.kind };
        let name = if self.name.is_empty() { "(no name)" } else { &self.name };
        if self.namespace.is_empty() {
            write!(f, "{kind} {name}")
        } else {
            write!(f, "{kind} {}/{name}", self.namespace)
        }
    }
}
