//! How Traefik calls a middleware: `namespace-name@provider`.

/// A middleware as Traefik resolves it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct MiddlewareId {
    /// `namespace-name`, normalised.
    pub name: String,
    /// `kubernetescrd`, `file`, ...
    pub provider: String,
}

impl MiddlewareId {
    /// Reads `name@provider`.
    pub fn parse(text: &str) -> Option<Self> {
        let (name, provider) = text.split_once('@')?;
        Some(Self { name: name.to_owned(), provider: provider.to_owned() })
    }

    /// The middleware that a reference of an IngressRoute means.
    pub fn of_reference(namespace: Option<&str>, name: &str) -> Option<Self> {
        if name.contains('@') {
            return Self::parse(name);
        }
        let name: String = format!("{}-{name}", namespace?)
            .chars()
            .map(|c| if c.is_alphanumeric() { c } else { '-' })
            .collect();
        Some(Self { name, provider: "kubernetescrd".to_owned() })
    }
}
