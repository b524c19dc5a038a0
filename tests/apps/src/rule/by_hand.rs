//! What the functions write, nobody writes by hand: DNS targets, issuers, tls blocks, middleware references.

use serde_json::Value;

use super::Report;
use super::dns::PREFIXES;
use crate::object::everything_at;
use crate::{Object, World};

/// Where they stand in a route. An empty `tls: {}` of an `IngressRoute` says no more than that it has TLS.
pub(crate) const WOVEN: [&str; 8] = [
    "/metadata/annotations/cert-manager.io~1cluster-issuer",
    "/metadata/annotations/cert-manager.io~1issuer",
    "/metadata/annotations/traefik.ingress.kubernetes.io~1router.middlewares",
    "/metadata/annotations/traefik.ingress.kubernetes.io~1router.tls",
    "/spec/tls/0",
    "/spec/tls/secretName",
    "/spec/tls/certResolver",
    "/spec/routes/*/middlewares/*",
];

pub(super) fn check(world: &World, report: &mut Report) {
    let written =
        world.files.keys().filter(|path| path.starts_with("apps/") && !path.starts_with("apps/_"));
    for path in written {
        for value in world.documents(path) {
            let object = Object { from: path.clone(), value };
            if !super::routes::is_route(&object) {
                let certificate = object.kind() == "Certificate";
                report.hold(!certificate, path, "a Certificate by hand");
                let asks = object.value.pointer("/spec/forwardAuth").is_some();
                report.hold(!asks, path, "sign-in by hand");
                continue;
            }
            let target = PREFIXES
                .map(|prefix| format!("/metadata/annotations/{}target", prefix.replace('/', "~1")));
            for pattern in WOVEN.iter().copied().chain(target.iter().map(String::as_str)) {
                let found: Vec<(String, &Value)> = everything_at(&object.value, pattern);
                report.look();
                for (at, _) in found {
                    report.refuse(format!("{path}: {}", object.id()), format!("{at} by hand"));
                }
            }
        }
    }
}
