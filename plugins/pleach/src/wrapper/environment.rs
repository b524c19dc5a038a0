//! What kustomize, and what kustomize starts, inherit: not Argo CD's own secrets.

use std::ffi::OsString;

use krm::Environment;

use super::memory;
use super::real::Real;

/// Taken away always; a trailing `*` stands for any ending. Names as argo-cd 3.5.7 sets them.
///
/// `REDIS_*`: whoever reads the cache reads every manifest in plain text. `ARGOCD_*`: tokens of its
/// API and of its telemetry (`ARGOCD_AUTH_TOKEN`, `ARGOCD_REPO_SERVER_OTLP_HEADERS`), and settings that
/// are nobody else's business.
const SECRETS: [&str; 2] = ["REDIS*", "ARGOCD_*"];

/// Kept of these: what Argo CD says to the build itself.
const TOLD: [&str; 2] = ["ARGOCD_APP_*", "ARGOCD_ENV_*"];

/// What git needs to fetch a remote base (`util/git/creds.go`, `util/askpass`): the askpass program, its nonce and its
/// socket, header tokens, client certificates, the ssh command with its key. Taken away when the tree names nothing
/// remote, since each is a credential of the repository, and some of a whole organisation.
const GIT: [&str; 9] = [
    "GIT_ASKPASS",
    "GIT_SSH_COMMAND",
    "GIT_SSL_CERT",
    "GIT_SSL_KEY",
    "SSH_AUTH_SOCK",
    "ARGOCD_GIT_ASKPASS_NONCE",
    "ARGOCD_ASK_PASS_SOCK",
    "ARGOCD_GIT_AUTH_HEADER",
    "ARGOCD_GIT_BEARER_AUTH_HEADER",
];

/// The environment of the real kustomize. `local`: nothing remote is fetched.
pub(super) fn children(
    environment: &Environment,
    real: &Real,
    local: bool,
) -> Vec<(OsString, OsString)> {
    let passed = environment.all().filter(|(name, _)| passes(&name.to_string_lossy(), local));
    let mut all: Vec<(OsString, OsString)> =
        passed.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    all.extend(memory::variables(environment));
    let (name, value) = real.mark();
    all.retain(|(other, _)| *other != name);
    all.push((name, value));
    all
}

fn passes(name: &str, local: bool) -> bool {
    if GIT.contains(&name) {
        return !local;
    }
    !matches(name, &SECRETS) || matches(name, &TOLD)
}

fn matches(name: &str, patterns: &[&str]) -> bool {
    patterns.iter().any(|pattern| match pattern.strip_suffix('*') {
        Some(start) => name.starts_with(start),
        None => name == *pattern,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn argo_cds_own_secrets_do_not_pass() {
        for name in [
            "REDIS_PASSWORD",
            "REDIS_USERNAME",
            "REDIS_SENTINEL_PASSWORD",
            "REDIS_CREDS_DIR_PATH",
            "ARGOCD_AUTH_TOKEN",
            "ARGOCD_REPO_SERVER_OTLP_HEADERS",
        ] {
            assert!(!passes(name, true) && !passes(name, false), "{name}");
        }
        for name in ["PATH", "ARGOCD_APP_PROJECT_NAME", "KUSTOMIZE_PLUGIN_HOME", "HTTPS_PROXY"] {
            assert!(passes(name, true), "{name}");
        }
    }

    #[test]
    fn what_git_needs_passes_only_when_something_is_fetched() {
        for name in GIT {
            assert!(passes(name, false) && !passes(name, true), "{name}");
        }
    }
}
