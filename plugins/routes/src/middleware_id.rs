//! How Traefik calls a middleware: `namespace-name@provider` (Traefik v3.7.9, `pkg/provider/kubernetes/crd`).

mod diagnosis;

use std::fmt;
use std::sync::LazyLock;

use regex::Regex;

pub use diagnosis::{Misspelling, diagnose};

/// The provider of Traefik's own kinds.
pub const CRD: &str = "kubernetescrd";
/// The provider of Ingresses.
pub const INGRESS: &str = "kubernetes";

/// What stands between letters and numbers, as Go's `unicode` knows them.
static OTHERS: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"[^\p{L}\p{N}]+").ok());

/// `provider.Normalize`: runs of anything but letters and numbers become one `-`, and none at the ends.
pub fn normalize(name: &str) -> String {
    let of_ascii = || name.split(|c: char| !c.is_ascii_alphanumeric()).collect();
    let parts: Vec<&str> = if name.is_ascii() {
        of_ascii()
    } else {
        OTHERS.as_ref().map_or_else(of_ascii, |others| others.split(name).collect())
    };
    let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join("-")
}

/// The id of a middleware, as Traefik looks it up: letter by letter.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MiddlewareId {
    /// The part in front of `@`.
    pub name: String,
    /// The part behind it.
    pub provider: String,
}

impl MiddlewareId {
    /// The id of the `Middleware` or `MiddlewareTCP` of that namespace and name.
    pub fn of(namespace: &str, name: &str) -> Self {
        let name =
            if namespace.is_empty() { name.to_owned() } else { format!("{namespace}-{name}") };
        Self { name: normalize(&name), provider: CRD.to_owned() }
    }

    /// What an item of a list asks for: `name@provider`, and without a provider the one of whoever asks.
    pub fn of_text(text: &str, own: &str) -> Self {
        let own = || Self { name: text.to_owned(), provider: own.to_owned() };
        Self::parse(text).unwrap_or_else(own)
    }

    /// Reads `name@provider`; nothing without a provider. Traefik looks up the whole text: a second `@` belongs to it.
    pub fn parse(text: &str) -> Option<Self> {
        let (name, provider) = text.split_once('@')?;
        Some(Self { name: name.to_owned(), provider: provider.to_owned() })
    }

    /// What the annotation `traefik.ingress.kubernetes.io/router.middlewares` asks for, in order: items between commas,
    /// blanks around them dropped. Without a provider it is the one of the Ingress itself, which has no middlewares. An
    /// empty item, as behind a last comma, is one that is never found; Traefik then builds no router.
    pub fn of_annotation(value: &str) -> Vec<Self> {
        if value.is_empty() {
            return Vec::new();
        }
        value.split(',').map(|item| Self::of_text(item.trim(), INGRESS)).collect()
    }

    /// What `{name, namespace}` of a route, a chain or a service asks for. `namespace` is the one that stands there, else
    /// that of the object which says it; nothing when neither is known. A name with `@` is an id already, whatever the
    /// namespace (`resolveReference`).
    pub fn of_reference(namespace: Option<&str>, name: &str) -> Option<Self> {
        if name.contains('@') {
            return Self::parse(name);
        }
        Some(Self::of(namespace?, name))
    }

    /// What an `ExtensionRef` of a Gateway route asks for. Traefik does not normalise it, so a name with a dot is never
    /// found (`FillExtensionBuilderRegistry`).
    pub fn of_extension_ref(namespace: Option<&str>, name: &str) -> Option<Self> {
        Some(Self { name: format!("{}-{name}", namespace?), provider: CRD.to_owned() })
    }
}

impl fmt::Display for MiddlewareId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.name, self.provider)
    }
}

/// Whether two objects, as namespace and name, get one id although they are two: then one silently replaces the other.
pub fn collide(first: (&str, &str), second: (&str, &str)) -> bool {
    first != second && MiddlewareId::of(first.0, first.1) == MiddlewareId::of(second.0, second.1)
}
