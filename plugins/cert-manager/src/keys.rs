//! The annotations of cert-manager (v1.21.2, `pkg/apis/certmanager/v1/types.go`) and of Traefik (v3.7.9) that are read
//! and written here.

/// An issuer of the object's own namespace; with a kind and a group, any issuer.
pub(crate) const ISSUER: &str = "cert-manager.io/issuer";
/// A ClusterIssuer.
pub(crate) const CLUSTER_ISSUER: &str = "cert-manager.io/cluster-issuer";
/// The kind of what `issuer` names.
pub(crate) const ISSUER_KIND: &str = "cert-manager.io/issuer-kind";
/// The API group of what `issuer` names.
pub(crate) const ISSUER_GROUP: &str = "cert-manager.io/issuer-group";
/// The issuer of an OpenShift Route (cert-manager/openshift-routes, `internal/controller`).
pub(crate) const ISSUER_NAME: &str = "cert-manager.io/issuer-name";
/// A certificate by the controller's default issuer, on an Ingress alone.
pub(crate) const TLS_ACME: &str = "kubernetes.io/tls-acme";
/// Listeners that cert-manager leaves alone, a comma list.
pub(crate) const IGNORE_LISTENERS: &str = "cert-manager.io/ignore-tls-listeners";
/// What no annotation of ours and no `secretTemplate` may begin with.
pub(crate) const GROUP_PREFIX: &str = "cert-manager.io/";
/// The one label that is not copied to the Certificate (`sync.go`).
pub(crate) const APPLYSET: &str = "applyset.kubernetes.io/part-of";

pub(crate) const COMMON_NAME: &str = "cert-manager.io/common-name";
pub(crate) const IP_SANS: &str = "cert-manager.io/ip-sans";
pub(crate) const URI_SANS: &str = "cert-manager.io/uri-sans";
pub(crate) const EMAIL_SANS: &str = "cert-manager.io/email-sans";
pub(crate) const DURATION: &str = "cert-manager.io/duration";
pub(crate) const RENEW_BEFORE: &str = "cert-manager.io/renew-before";
pub(crate) const RENEW_BEFORE_PERCENTAGE: &str = "cert-manager.io/renew-before-percentage";
pub(crate) const USAGES: &str = "cert-manager.io/usages";
pub(crate) const REVISION_HISTORY_LIMIT: &str = "cert-manager.io/revision-history-limit";
pub(crate) const KEY_ALGORITHM: &str = "cert-manager.io/private-key-algorithm";
pub(crate) const KEY_SIZE: &str = "cert-manager.io/private-key-size";
pub(crate) const KEY_ENCODING: &str = "cert-manager.io/private-key-encoding";
pub(crate) const KEY_ROTATION: &str = "cert-manager.io/private-key-rotation-policy";
pub(crate) const SECRET_TEMPLATE: &str = "cert-manager.io/secret-template";
pub(crate) const ORGANIZATIONS: &str = "cert-manager.io/subject-organizations";
pub(crate) const ORGANIZATIONAL_UNITS: &str = "cert-manager.io/subject-organizationalunits";
pub(crate) const COUNTRIES: &str = "cert-manager.io/subject-countries";
pub(crate) const PROVINCES: &str = "cert-manager.io/subject-provinces";
pub(crate) const LOCALITIES: &str = "cert-manager.io/subject-localities";
pub(crate) const STREET_ADDRESSES: &str = "cert-manager.io/subject-streetaddresses";
pub(crate) const POSTAL_CODES: &str = "cert-manager.io/subject-postalcodes";
pub(crate) const SERIAL_NUMBER: &str = "cert-manager.io/subject-serialnumber";

/// Whether Traefik serves an Ingress with TLS.
pub(crate) const ROUTER_TLS: &str = "traefik.ingress.kubernetes.io/router.tls";
/// The TLSOption of an Ingress.
pub(crate) const ROUTER_TLS_OPTIONS: &str = "traefik.ingress.kubernetes.io/router.tls.options";
/// The entry points of an Ingress.
pub(crate) const ROUTER_ENTRY_POINTS: &str = routes::keys::ROUTER_ENTRY_POINTS;
