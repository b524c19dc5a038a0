//! cert-manager: one issuer at Let's Encrypt's staging, one at its production, both by DNS-01, and one API version.

use super::Report;
use crate::World;
use crate::object::{list, text};

/// Let's Encrypt's directories (letsencrypt.org/docs/acme-protocol-updates, /docs/staging-environment).
const PRODUCTION: &str = "https://acme-v02.api.letsencrypt.org/directory";
const STAGING: &str = "https://acme-staging-v02.api.letsencrypt.org/directory";

pub(super) fn check(world: &World, report: &mut Report) {
    let mut servers = Vec::new();
    for issuer in
        world.of_kind("ClusterIssuer").filter(|one| one.value.pointer("/spec/acme").is_some())
    {
        let server = text(&issuer.value, "/spec/acme/server");
        let staging = issuer.name().contains("staging");
        let right = server == if staging { STAGING } else { PRODUCTION };
        report.hold(right, issuer.id(), format!("asks {server}"));
        servers.push(server);
        let solvers = list(&issuer.value, "/spec/acme/solvers");
        report.hold(!solvers.is_empty(), issuer.id(), "no solver");
        for solver in solvers {
            let cloudflare = solver.pointer("/dns01/cloudflare/apiTokenSecretRef").is_some();
            report.hold(
                cloudflare,
                issuer.id(),
                "a solver that is not DNS-01 at Cloudflare by a token",
            );
        }
        let key = text(&issuer.value, "/spec/acme/privateKeySecretRef/name");
        report.hold(!key.is_empty(), issuer.id(), "no key of its account");
    }
    if !servers.is_empty() {
        for server in [STAGING, PRODUCTION] {
            report.hold(servers.contains(&server), "ClusterIssuers", format!("none asks {server}"));
        }
    }
    for object in world.objects().filter(|one| one.group().ends_with("cert-manager.io")) {
        let version = object.api_version();
        report.hold(
            version.ends_with("/v1"),
            object.id(),
            format!("{version}: v1 is the only version"),
        );
    }
}
