//! The ids of middlewares, and the one that stands for sign-in that is not woven yet.

use routes::MiddlewareId;
pub(crate) use routes::middleware_id::CRD;

/// What stands where sign-in is due and not woven yet, as a filter of a Gateway route names it.
pub(crate) const UNWOVEN: &str = "pleach-unwoven";
/// The same, as an Ingress and an IngressRoute name it.
pub(crate) const UNWOVEN_ID: &str = "pleach-unwoven@kubernetescrd";

/// The id of the Middleware of that namespace and name.
pub(crate) fn of(namespace: &str, name: &str) -> MiddlewareId {
    MiddlewareId::of(namespace, name)
}

/// The id that a text is.
pub(crate) fn of_text(text: &str) -> MiddlewareId {
    MiddlewareId::of_text(text, CRD)
}

/// Whether a Gateway route finds this Middleware: it looks up the name as it stands, while the Middleware is kept under
/// one in which each run of other signs is one `-` (Traefik 3.7, `FillExtensionBuilderRegistry`).
pub(crate) fn found_by_extension_ref(namespace: &str, name: &str) -> bool {
    MiddlewareId::of_extension_ref(Some(namespace), name) == Some(of(namespace, name))
}

/// Whether this is where sign-in is due and not woven yet.
pub(crate) fn is_unwoven(id: &MiddlewareId) -> bool {
    id.name == UNWOVEN && id.provider == CRD
}
