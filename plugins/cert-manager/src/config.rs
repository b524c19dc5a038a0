//! The documented config: `CertManager`.

use std::collections::BTreeMap;

use krm::Finding;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::request::Request;
use crate::tls_options::TlsOptions;
use crate::value::{self, Name};

routes::spec! {
    /// Gives every route its certificate by cert-manager.
    ///
    /// An Ingress, a Gateway and a ListenerSet get the issuer's annotation, an OpenShift Route the one of its own
    /// controller. cert-manager does not read an IngressRoute and never will: it gets a `Certificate` of its own, and
    /// `spec.tls.secretName`. Where `wildcard` names a zone, its hosts share one `Certificate` per namespace, and what
    /// points at it has no annotation: two owners of one Secret would replace each other's certificate. An HTTPRoute has
    /// none; its Gateway has.
    ///
    /// What an author wrote wins: an object with `issuer`, `cluster-issuer`, `issuer-kind`, `issuer-group`, `issuer-name`
    /// or `tls-acme` keeps its issuer, a TLS block keeps its hosts and its Secret, and each annotation keeps its value.
    /// `pleach.dev/cert-manager: skip` with `pleach.dev/cert-manager-reason` on an object leaves it out. On an Ingress or an
    /// IngressRoute `pleach.dev/cert-manager: of-host` says that another route has the certificate of its hosts, as the
    /// routes have that ForwardAuth adds; where none has, it gets its own.
    ///
    /// cert-manager says nothing where it does nothing, so this function does. It refuses what gives no certificate
    /// although an author asks for one: two kinds of issuer on one object, a TLS block without hosts or Secret, one Secret
    /// for two owners, a value that cert-manager does not read (`90d`), an issuer that is not there or is of another
    /// namespace, a wildcard from an issuer without DNS-01.
    ///
    /// The name of a Secret that is added comes from that of the object and stays when hosts come and go; a Certificate has
    /// the name of its Secret, with the config's name in front (`tls-web-ingressroute`, `tls-wildcard-qt-rs`). A `namePrefix:`
    /// of an outer kustomization does not change it: where two prefixed copies of one base share a namespace, list the
    /// config in the outermost kustomization, or use the stream form, so that each has its own.
    pub struct CertManager {
        /// The `ClusterFacts` file, relative to the kustomization: issuers and controllers that stand in other builds.
        #[serde(default)]
        pub facts: Option<String>,
    }

    /// What a rule sets.
    pub struct Settings {
        /// Who signs: `clusterIssuer: NAME`, `issuer: NAME` (one of the object's own namespace), `external` (`name`,
        /// `kind`, `group`), or the word `none`.
        pub issuer: Issuer,
        /// What the certificates are for: `production` or `staging`. Compared with the ACME server of the issuer, where
        /// that is known: a name proves nothing.
        pub environment: Environment,
        /// Labels, unless the object has the key: cert-manager copies all labels of an object to its Certificate, and an
        /// ACME issuer chooses its solver by them (`solvers[].selector.matchLabels`).
        pub labels: BTreeMap<String, String>,
        /// Whether TLS is added where there is none, with the hosts of the object's rules, and whether blocks and
        /// listeners are completed that lack hosts, a Secret or a mode. The Secret of an Ingress is `<name>-tls`, that of a
        /// listener `<name>-<listener>-tls`.
        pub add_tls: bool,
        /// Zones whose hosts share one wildcard certificate in each namespace.
        pub wildcard: Wildcard,
        /// What Traefik needs to serve the certificate; each only where the author says nothing of it.
        pub traefik: Traefik,
        /// What the certificates are to be, in the words of a Certificate's `spec`.
        pub certificate: Request,
    }
}

/// Who signs.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Issuer {
    /// A ClusterIssuer.
    ClusterIssuer(Name),
    /// An Issuer of the object's own namespace.
    Issuer(Name),
    /// An issuer that does not come with cert-manager.
    External(External),
    /// Nobody: what a rule sets where the default is for other objects.
    None,
}

/// An issuer that does not come with cert-manager.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct External {
    /// Its name.
    pub name: Name,
    /// Its kind (`AWSPCAClusterIssuer`).
    pub kind: String,
    /// Its API group (`awspca.cert-manager.io`).
    pub group: Name,
}

/// What certificates are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Environment {
    /// Browsers must accept them.
    Production,
    /// Tests: browsers do not accept them, and no rate limit is used up.
    Staging,
}

/// Zones whose hosts share one wildcard certificate in each namespace.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Wildcard {
    /// The zones. `qt.rs` is for `qt.rs` and for every host with one label in front of it: a wildcard stands for one
    /// label.
    pub zones: Vec<routes::select::Zone>,
}

/// What Traefik needs to serve a certificate.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub struct Traefik {
    /// Whether an Ingress with a certificate gets `router.tls: "true"`: without it Traefik serves it in the clear, unless its
    /// entry point has TLS by itself.
    pub tls: bool,
    /// The TLSOption, as `namespace/name`.
    pub options: Option<TlsOptions>,
    /// The entry points.
    pub entry_points: Vec<String>,
}

impl CertManager {
    /// Whether cert-manager and the API server take what the options say.
    pub(crate) fn check(&self) -> Result<(), Box<Finding>> {
        let defaults = (self.certificate.as_ref(), self.labels.as_ref(), self.wildcard.as_ref());
        settings("spec", defaults)?;
        for (at, rule) in self.rules.iter().enumerate() {
            let set = &rule.set;
            let own = (set.certificate.as_ref(), set.labels.as_ref(), set.wildcard.as_ref());
            settings(&format!("spec.rules[{at}].set"), own)?;
        }
        Ok(())
    }
}

type Checked<'a> =
    (Option<&'a Request>, Option<&'a BTreeMap<String, String>>, Option<&'a Wildcard>);

fn settings(at: &str, (request, labels, wildcard): Checked<'_>) -> Result<(), Box<Finding>> {
    if let Some(Err(wrong)) = request.map(Request::check) {
        return Err(refused(format!("{at}.certificate.{}", wrong.field), wrong.message));
    }
    for (key, text) in labels.into_iter().flatten() {
        let checked = value::label_key(key).and_then(|()| value::label_value(text));
        checked.map_err(|why| refused(format!("{at}.labels[{key:?}]"), why))?;
    }
    if wildcard.is_some_and(|wildcard| wildcard.zones.is_empty()) {
        return Err(refused(format!("{at}.wildcard.zones"), "no zone".to_owned()));
    }
    Ok(())
}

fn refused(field: String, message: String) -> Box<Finding> {
    Box::new(Finding::error("certificate-option", message).field(field).hint(
        "cert-manager or the API server would refuse it, and there would be no certificate at all",
    ))
}
