//! Annotations and labels that more than one room reads, by the names of those who define them.

/// The class of an Ingress or an IngressRoute before `ingressClassName`; deprecated since Kubernetes 1.18 for Ingress.
pub const INGRESS_CLASS: &str = "kubernetes.io/ingress.class";
/// The entry points of an Ingress, a comma list (Traefik 3.7, `pkg/provider/kubernetes/ingress/annotations.go`).
pub const ROUTER_ENTRY_POINTS: &str = "traefik.ingress.kubernetes.io/router.entrypoints";
/// The middlewares of an Ingress, a comma list (as above).
pub const ROUTER_MIDDLEWARES: &str = "traefik.ingress.kubernetes.io/router.middlewares";
/// On an Ingress, Pod or Service that cert-manager made to answer an HTTP-01 challenge.
pub const ACME_SOLVER: &str = "acme.cert-manager.io/http01-solver";
/// Argo CD's order within a sync: a whole number, 0 where none stands.
pub const SYNC_WAVE: &str = "argocd.argoproj.io/sync-wave";

/// The JSON Pointer of an annotation.
pub fn pointer(key: &str) -> String {
    format!("/metadata/annotations/{}", escape(key))
}

/// The JSON Pointer of a label.
pub fn label_pointer(key: &str) -> String {
    format!("/metadata/labels/{}", escape(key))
}

fn escape(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}
