//! Argo CD: plugins but no exec, the health of Applications, sign-in by GitLab alone, groups in the policy.

use serde_json::Value;

use super::Report;
use crate::World;
use crate::object::{list, text};

pub(super) fn check(world: &World, report: &mut Report) {
    for map in world.of_kind("ConfigMap").filter(|one| one.name() == "argocd-cm") {
        let id = map.id();
        let data = |key: &str| text(&map.value, &format!("/data/{key}")).to_owned();
        let options = data("kustomize.buildOptions");
        let options: Vec<&str> = options.split_whitespace().collect();
        report.hold(
            options.contains(&"--enable-alpha-plugins"),
            &id,
            "buildOptions without --enable-alpha-plugins",
        );
        for open in ["--enable-exec", "--enable-helm", "--network"] {
            report.hold(!options.contains(&open), &id, format!("buildOptions with {open}"));
        }
        let health = data("resource.customizations.health.argoproj.io_Application");
        let restored = health.contains("hs.status") && health.contains("obj.status.health");
        report.hold(restored, &id, "no health of Applications: waves between them order nothing");
        report.hold(data("admin.enabled") == "false", &id, "the local admin may sign in");
        report.hold(data("url").starts_with("https://"), &id, "no url: sign-in leads nowhere");
        let sign_in = yaml::values(data("oidc.config").as_bytes()).unwrap_or_default();
        let sign_in = sign_in.first().unwrap_or(&Value::Null);
        for field in ["issuer", "clientID", "clientSecret"] {
            report.hold(
                !text(sign_in, &format!("/{field}")).is_empty(),
                &id,
                format!("oidc.config without {field}"),
            );
        }
        let by_reference = text(sign_in, "/clientSecret").starts_with('$');
        report.hold(by_reference, &id, "oidc.config holds a secret itself");
        let scopes = list(sign_in, "/requestedScopes");
        report.hold(
            scopes.iter().any(|one| one == "openid"),
            &id,
            "oidc.config does not ask for openid",
        );
    }
    for map in world.of_kind("ConfigMap").filter(|one| one.name() == "argocd-rbac-cm") {
        let policy = text(&map.value, "/data/policy.csv");
        for line in
            policy.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'))
        {
            let fields = line.split(',').count();
            let read = match line.split(',').next().map(str::trim) {
                Some("p") => fields == 6,
                Some("g") => fields == 3,
                _ => false,
            };
            report.hold(read, map.id(), format!("no line of a policy: {line}"));
        }
        let default = text(&map.value, "/data/policy.default");
        report.hold(!default.contains("admin"), map.id(), "everybody is an admin");
    }
}
