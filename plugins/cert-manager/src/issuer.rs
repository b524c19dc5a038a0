//! Which issuer signs for an object: its author's, or the config's.

use std::fmt;

use krm::{Finding, Resource};
use routes::Facts;
use routes::facts::Known;
use serde_json::{Value, json};

use crate::config::Issuer;
use crate::{keys, known, value};

/// An issuer, as a Certificate names it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct IssuerRef {
    /// Its name.
    pub(crate) name: String,
    /// Its kind.
    pub(crate) kind: String,
    /// Its API group; `None` for cert-manager's own.
    pub(crate) group: Option<String>,
}

/// What an object's annotations say of its issuer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Chosen {
    /// Nothing.
    Nothing,
    /// The author names one.
    Named(IssuerRef),
    /// `tls-acme` asks for the controller's default one; `None` where it is not known.
    Default(Option<IssuerRef>),
    /// A key stands that names none: the object is left alone.
    Off,
}

impl IssuerRef {
    /// The issuer that a config names.
    pub(crate) fn of(config: &Issuer) -> Option<Self> {
        let (kind, name, group) = match config {
            Issuer::None => return None,
            Issuer::ClusterIssuer(name) => ("ClusterIssuer", name, None),
            Issuer::Issuer(name) => ("Issuer", name, None),
            Issuer::External(it) => (it.kind.as_str(), &it.name, Some(it.group.to_string())),
        };
        let group = group.filter(|group| group != known::GROUP);
        Some(Self { name: name.to_string(), kind: kind.to_owned(), group })
    }

    /// The `issuerRef` of a Certificate. The kind is always written: what names none means an Issuer.
    pub(crate) fn json(&self) -> Value {
        let mut json = json!({"kind": self.kind, "name": self.name});
        if let Some(group) = &self.group {
            json["group"] = json!(group);
        }
        json
    }

    /// The annotations of an Ingress or a Gateway that name it.
    pub(crate) fn annotations(&self) -> Vec<(&'static str, &str)> {
        match (&self.group, self.kind.as_str()) {
            (None, "ClusterIssuer") => vec![(keys::CLUSTER_ISSUER, &self.name)],
            (None, "Issuer") => vec![(keys::ISSUER, &self.name)],
            (group, kind) => {
                let mut all = vec![(keys::ISSUER, self.name.as_str()), (keys::ISSUER_KIND, kind)];
                all.extend(group.as_deref().map(|group| (keys::ISSUER_GROUP, group)));
                all
            }
        }
    }

    /// The annotations of an OpenShift Route that name it.
    pub(crate) fn route_annotations(&self) -> Vec<(&'static str, &str)> {
        let mut all =
            vec![(keys::ISSUER_NAME, self.name.as_str()), (keys::ISSUER_KIND, self.kind.as_str())];
        all.extend(self.group.as_deref().map(|group| (keys::ISSUER_GROUP, group)));
        all
    }

    /// Whether it is one of the kinds that come with cert-manager, and only for its own namespace.
    pub(crate) fn is_namespaced(&self) -> bool {
        self.group.is_none() && self.kind == "Issuer"
    }
}

impl fmt::Display for IssuerRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind, self.name)?;
        match &self.group {
            Some(group) => write!(f, " of {group}"),
            None => Ok(()),
        }
    }
}

/// The annotations that name an issuer, one of which stands on an object.
struct Written<'a> {
    issuer: Option<&'a str>,
    cluster: Option<&'a str>,
    kind: Option<&'a str>,
    group: Option<&'a str>,
    route: Option<&'a str>,
}

impl<'a> Written<'a> {
    fn on(item: &'a Resource) -> Self {
        Self {
            issuer: item.annotation(keys::ISSUER),
            cluster: item.annotation(keys::CLUSTER_ISSUER),
            kind: item.annotation(keys::ISSUER_KIND),
            group: item.annotation(keys::ISSUER_GROUP),
            route: item.annotation(keys::ISSUER_NAME),
        }
    }
}

/// What the annotations say that cert-manager reads on an Ingress and a Gateway (`issuerForIngressLike`). `acme` is
/// whether `tls-acme` counts: on an Ingress alone.
pub(crate) fn chosen(
    item: &Resource,
    acme: bool,
    facts: &Facts,
    said: &mut Vec<Finding>,
) -> Result<Chosen, Box<Finding>> {
    let written = Written::on(item);
    let asks = tls_acme(item, facts, said);
    if let (Some(_), other) = (written.cluster, [written.issuer, written.kind, written.group]) {
        let names = [keys::ISSUER, keys::ISSUER_KIND, keys::ISSUER_GROUP];
        if let Some((_, name)) = other.into_iter().zip(names).find(|(found, _)| found.is_some()) {
            return Err(conflict(item, name));
        }
    }
    if let Some(name) = written.cluster.or(written.issuer) {
        if name.is_empty() {
            let key = if written.cluster.is_some() { keys::CLUSTER_ISSUER } else { keys::ISSUER };
            return Err(without_name(item, key));
        }
        let kind = if written.cluster.is_some() { "ClusterIssuer" } else { "Issuer" };
        let (kind, group) = (written.kind.unwrap_or(kind).to_owned(), own_group(written.group));
        return Ok(Chosen::Named(IssuerRef { name: name.to_owned(), kind, group }));
    }
    if acme && asks == Some(true) {
        return default(item, &written, facts);
    }
    if let Some(key) = [(written.kind, keys::ISSUER_KIND), (written.group, keys::ISSUER_GROUP)]
        .into_iter()
        .find_map(|(found, key)| found.map(|_| key))
    {
        return Err(without_name(item, key));
    }
    if written.route.is_some() {
        said.push(
            Finding::warning(
                "other-issuer-key",
                "cert-manager reads this key on OpenShift Routes alone",
            )
            .on(item.id())
            .field(at(keys::ISSUER_NAME))
            .hint(format!("write `{}` or `{}`", keys::CLUSTER_ISSUER, keys::ISSUER)),
        );
        return Ok(Chosen::Off);
    }
    Ok(if asks == Some(false) { Chosen::Off } else { Chosen::Nothing })
}

/// What the annotations of an OpenShift Route say.
pub(crate) fn chosen_on_route(item: &Resource, said: &mut Vec<Finding>) -> Chosen {
    let written = Written::on(item);
    let named = written.route.or(written.issuer).filter(|name| !name.is_empty());
    if let Some(name) = named {
        let kind = written.kind.unwrap_or("Issuer").to_owned();
        let group = own_group(written.group);
        return Chosen::Named(IssuerRef { name: name.to_owned(), kind, group });
    }
    let standing = [
        (written.cluster, keys::CLUSTER_ISSUER),
        (written.kind, keys::ISSUER_KIND),
        (written.group, keys::ISSUER_GROUP),
        (written.route.or(written.issuer), keys::ISSUER_NAME),
    ];
    match standing.into_iter().find_map(|(found, key)| found.map(|_| key)) {
        Some(key) => {
            said.push(
                Finding::warning("other-issuer-key", "no certificate comes of this key on a Route")
                    .on(item.id())
                    .field(at(key))
                    .hint(format!("write `{}` and `{}`", keys::ISSUER_NAME, keys::ISSUER_KIND)),
            );
            Chosen::Off
        }
        None => Chosen::Nothing,
    }
}

/// The controller's default issuer, with what the object says of kind and group.
fn default(item: &Resource, written: &Written<'_>, facts: &Facts) -> Result<Chosen, Box<Finding>> {
    let issuer = match known::default_issuer(facts) {
        Known::Unknown => return Ok(Chosen::Default(None)),
        Known::Absent => {
            return Err(Box::new(
                Finding::error(
                    "no-default-issuer",
                    "asks for the controller's default issuer, and the controller has none",
                )
                .on(item.id())
                .field(at(keys::TLS_ACME))
                .hint(format!(
                    "set `--default-issuer-name` of cert-manager, or write `{}` here",
                    keys::CLUSTER_ISSUER
                )),
            ));
        }
        Known::Found(issuer, _) => issuer,
    };
    let kind = written.kind.map_or(issuer.kind, str::to_owned);
    let group = if written.group.is_some() { own_group(written.group) } else { issuer.group };
    Ok(Chosen::Default(Some(IssuerRef { name: issuer.name, kind, group })))
}

/// Whether one of the annotations that ask for a certificate by default says yes, or no.
fn tls_acme(item: &Resource, facts: &Facts, said: &mut Vec<Finding>) -> Option<bool> {
    let others = known::auto_annotations(facts);
    let mut answer = None;
    for key in std::iter::once(keys::TLS_ACME).chain(others) {
        let Some(text) = item.annotation(key) else { continue };
        match value::boolean(text) {
            Some(true) => return Some(true),
            Some(false) => answer = Some(false),
            None => {
                answer = Some(false);
                said.push(
                    Finding::warning("tls-acme-value", "cert-manager reads this as no")
                        .on(item.id())
                        .field(at(key))
                        .hint("write `\"true\"`, or remove the annotation"),
                );
            }
        }
    }
    answer
}

fn own_group(group: Option<&str>) -> Option<String> {
    group.filter(|group| !group.is_empty() && *group != known::GROUP).map(str::to_owned)
}

/// An annotation, as a path.
pub(crate) fn at(key: &str) -> String {
    format!("metadata.annotations[{key:?}]")
}

fn conflict(item: &Resource, other: &str) -> Box<Finding> {
    Box::new(
        Finding::error(
            "two-issuers",
            format!(
                "cert-manager takes no object with `{}` and `{other}`: there is no certificate",
                keys::CLUSTER_ISSUER
            ),
        )
        .on(item.id())
        .field(at(other))
        .hint(if other == keys::ISSUER {
            "keep one of the two".to_owned()
        } else {
            format!(
                "a ClusterIssuer needs neither kind nor group; for any other issuer write `{}`",
                keys::ISSUER
            )
        }),
    )
}

fn without_name(item: &Resource, key: &str) -> Box<Finding> {
    Box::new(
        Finding::error("issuer-without-name", "names no issuer: there is no certificate")
            .on(item.id())
            .field(at(key))
            .hint(format!("write the name in `{}` or `{}`", keys::ISSUER, keys::CLUSTER_ISSUER)),
    )
}
