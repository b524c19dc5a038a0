//! Why an id names no middleware, and which one was meant.

use super::{CRD, MiddlewareId, normalize};

/// The providers of Traefik v3.7.9 (`ProviderName` below `pkg/provider`, and `docker` and `swarm`).
const PROVIDERS: &[&str] = &[
    CRD,
    super::INGRESS,
    "kubernetesgateway",
    "kubernetesingressnginx",
    "file",
    "internal",
    "knative",
    "docker",
    "swarm",
    "consulcatalog",
    "consul",
    "nomad",
    "ecs",
    "etcd",
    "redis",
    "zookeeper",
    "http",
    "rest",
];

/// What is wrong with an id, and what to write instead.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Misspelling {
    /// Nothing between two commas, or behind the last.
    #[error("an item of the list is empty")]
    Empty,
    /// No `@`: Traefik then looks among the middlewares of whoever asks.
    #[error("`{written}` names no provider")]
    NoProvider {
        /// What stands there.
        written: String,
        /// What to write.
        meant: MiddlewareId,
    },
    /// Behind the `@` stands no provider that Traefik has.
    #[error("`{provider}` is no provider of Traefik")]
    UnknownProvider {
        /// What stands there.
        provider: String,
        /// What to write.
        meant: Option<MiddlewareId>,
    },
    /// The name in front of the namespace.
    #[error("`{written}` has the name in front of the namespace")]
    Swapped {
        /// What stands there.
        written: String,
        /// What to write.
        meant: MiddlewareId,
    },
    /// The name alone.
    #[error("`{written}` lacks the namespace")]
    NoNamespace {
        /// What stands there.
        written: String,
        /// What to write.
        meant: MiddlewareId,
    },
    /// Signs that Traefik turns into `-`, or a `/` between namespace and name.
    #[error("`{written}` is not the id that Traefik makes of it")]
    NotNormalized {
        /// What stands there.
        written: String,
        /// What to write.
        meant: MiddlewareId,
    },
}

impl Misspelling {
    /// What to write instead, where that is known.
    pub fn meant(&self) -> Option<&MiddlewareId> {
        match self {
            Self::Empty => None,
            Self::UnknownProvider { meant, .. } => meant.as_ref(),
            Self::NoProvider { meant, .. }
            | Self::Swapped { meant, .. }
            | Self::NoNamespace { meant, .. }
            | Self::NotNormalized { meant, .. } => Some(meant),
        }
    }

    /// What to do.
    pub fn hint(&self) -> String {
        match self.meant() {
            Some(meant) => format!("write `{meant}`"),
            None if *self == Self::Empty => "remove the comma".to_owned(),
            None => format!("write `namespace-name@{CRD}`"),
        }
    }
}

/// Why `written`, an item of an annotation, names none of the middlewares that stand as namespace and name in `known`.
/// Nothing when it names one, and nothing when it looks right and is merely not among them.
pub fn diagnose(written: &str, known: &[(&str, &str)]) -> Option<Misspelling> {
    let written = written.trim();
    if written.is_empty() {
        return Some(Misspelling::Empty);
    }
    let text = || written.to_owned();
    let (name, provider) = match written.split_once('@') {
        Some((name, provider)) => (name, Some(provider)),
        None => (written, None),
    };
    // What was meant, by its own name and then by the ways to get it wrong.
    let id = |name: &str| MiddlewareId { name: name.to_owned(), provider: CRD.to_owned() };
    let found = |wrong: &dyn Fn(&str, &str) -> bool| {
        let object = known.iter().find(|(namespace, own)| wrong(namespace, own))?;
        Some(MiddlewareId::of(object.0, object.1))
    };
    let normal = normalize(name);
    let right = || found(&|namespace, own| MiddlewareId::of(namespace, own).name == normal);
    let swapped = || found(&|namespace, own| normalize(&format!("{own}-{namespace}")) == normal);
    let alone = || found(&|_, own| normalize(own) == normal);
    match provider {
        None => {
            let meant = right().or_else(swapped).or_else(alone).unwrap_or_else(|| id(&normal));
            Some(Misspelling::NoProvider { written: text(), meant })
        }
        Some(CRD) => {
            if let Some(meant) = right() {
                let differs = meant.name != name;
                return differs.then(|| Misspelling::NotNormalized { written: text(), meant });
            }
            if let Some(meant) = swapped() {
                return Some(Misspelling::Swapped { written: text(), meant });
            }
            if let Some(meant) = alone() {
                return Some(Misspelling::NoNamespace { written: text(), meant });
            }
            // Nothing of that name is here; a sign that no id has is wrong all the same.
            (normal != name)
                .then(|| Misspelling::NotNormalized { written: text(), meant: id(&normal) })
        }
        Some(provider) if PROVIDERS.contains(&provider) || provider.starts_with("plugin-") => None,
        Some(provider) => {
            let folded = normalize(provider).replace('-', "").to_lowercase();
            let meant = right().or_else(swapped).or_else(alone).or_else(|| {
                let near = krm::nearest(&folded, PROVIDERS.iter().copied())?;
                let name = if near == CRD { normal.clone() } else { name.to_owned() };
                Some(MiddlewareId { name, provider: near.to_owned() })
            });
            Some(Misspelling::UnknownProvider { provider: provider.to_owned(), meant })
        }
    }
}
