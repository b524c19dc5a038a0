//! What must hold in the tree: one rule a file, and one line in [`RULES`].

use crate::World;

/// One rule.
#[derive(Clone, Copy)]
pub struct Rule {
    /// Its id, which names its cases.
    pub id: &'static str,
    /// What must hold, as one sentence.
    pub says: &'static str,
    /// Looks at a tree.
    pub check: fn(&World, &mut Report),
}

/// What a rule found.
#[derive(Debug, Default)]
pub struct Report {
    /// How many things it looked at.
    pub looked: usize,
    /// What does not hold: where, and what is wrong.
    pub broken: Vec<String>,
    used: Vec<String>,
}

impl Report {
    /// One more thing was looked at.
    pub(crate) fn look(&mut self) {
        self.looked += 1;
    }

    /// Something does not hold.
    pub(crate) fn refuse(&mut self, place: impl std::fmt::Display, what: impl std::fmt::Display) {
        self.broken.push(format!("{place}: {what}"));
    }

    /// Looks at one thing that must hold.
    pub(crate) fn hold(
        &mut self,
        holds: bool,
        place: impl std::fmt::Display,
        what: impl std::fmt::Display,
    ) {
        self.look();
        if !holds {
            self.refuse(place, what);
        }
    }

    /// Refuses `what`, unless the list of exceptions names it.
    pub(crate) fn refuse_unless_excepted(
        &mut self,
        world: &World,
        list: &str,
        name: &str,
        place: impl std::fmt::Display,
        what: impl std::fmt::Display,
    ) {
        if world.excepted(list).iter().any(|one| one.what == name) {
            self.used.push(name.to_owned());
        } else {
            self.refuse(place, what);
        }
    }

    /// Refuses what the list names and nothing needs, and what it gives no reason for.
    pub(crate) fn refuse_idle_exceptions(&mut self, world: &World, list: &str) {
        for one in world.excepted(list) {
            if !self.used.contains(&one.what) {
                self.refuse(format!("{list}: {}", one.what), "excepts nothing");
            }
            if one.reason.is_empty() {
                self.refuse(format!("{list}: {}", one.what), "has no reason");
            }
        }
    }
}

/// Lists the rules: their file, and what each says. The `mod` lines stand apart, where rustfmt finds the files.
macro_rules! rules {
    ($($(#[doc = $says:literal])+ $file:ident),* $(,)?) => {
        /// Every rule, in the order in which they are printed.
        pub const RULES: &[Rule] = &[$(Rule {
            id: stringify!($file),
            says: concat!($($says),+).trim_ascii(),
            check: $file::check,
        }),*];
    };
}

mod applications;
mod argo_cd;
mod by_hand;
mod cert_manager;
mod cluster_values;
mod cookie_secret;
mod dns;
mod encrypted;
mod external_dns;
mod fixed_ips;
mod hardening;
mod kustomizations;
mod large_crds;
mod lock;
mod namespaces;
mod open_networks;
mod projects;
mod reachable;
mod readmes;
mod references;
mod refresh;
mod routes;
mod secrets;
mod selectors;
mod sign_in;
mod skip_dry_run;
mod template_free;
mod traefik;
mod urls;
mod walked;
mod waves;

pub(crate) use by_hand::WOVEN;
pub(crate) use dns::PREFIXES;
pub(crate) use routes::{hosts, is_route, middlewares};
pub(crate) use urls::of_upstream;

rules! {
    /// every reference resolves inside the tree or in the locked upstream
    references,
    /// what looks like a reference is in the walker's table
    walked,
    /// a selector selects a pod, and a workload's selector its own template
    selectors,
    /// a URL of a kustomization stands in upstream/ alone, pinned by a tag, with a renovate line
    urls,
    /// no template, no Helm chart
    template_free,
    /// one Application for each overlay, and back
    applications,
    /// each Application is built anew when anything changes that it reads
    refresh,
    /// what an Application makes, its project allows
    projects,
    /// what is used comes in an earlier wave than what uses it, or in the same by Argo CD's order of kinds
    waves,
    /// a fixed IP lies inside a pool, no two Services share one, no pools overlap
    fixed_ips,
    /// an app with a CRD over 262,144 bytes is applied by the server
    large_crds,
    /// SkipDryRunOnMissingResource stands on single objects, never on an Application
    skip_dry_run,
    /// namespace never beside a component, no name prefix or suffix, transformers in ours/ alone
    kustomizations,
    /// the cluster's own values stand in apps/_cluster alone
    cluster_values,
    /// each namespace denies by default and says its Pod Security level
    namespaces,
    /// a network policy is open to all on a listed place alone
    open_networks,
    /// the policies of both sides let Traefik reach what is behind each route, and who is asked for sign-in
    reachable,
    /// each container has probes, resources, no root, a read-only root and no capability
    hardening,
    /// each route has sign-in unless it is listed as public, and the one that leads to sign-in never has
    sign_in,
    /// no wildcard host, and each route carries the target under both prefixes of ExternalDNS
    dns,
    /// Traefik: no certificatesResolvers, TLS 1.2 at least, HSTS on websecure
    traefik,
    /// oauth2-proxy: a cookie secret of 16, 24 or 32 bytes
    cookie_secret,
    /// ExternalDNS: policy, owner id, registry and a prefix that the tree writes
    external_dns,
    /// cert-manager: staging and production of Let's Encrypt, by DNS-01, in the only version
    cert_manager,
    /// Argo CD: plugins without exec, the health of Applications, sign-in whose references resolve
    argo_cd,
    /// every Secret that an app needs is there with its keys
    secrets,
    /// a Secret stands encrypted below secrets/ for whom .sops.yaml says, and nowhere else
    encrypted,
    /// nobody writes a DNS target, an issuer, a tls block or a middleware reference by hand
    by_hand,
    /// each app has a README of about ten lines: what, why, needs, secrets, how to try it
    readmes,
    /// the lock has an entry for each URL of upstream/, of the same tag
    lock,
}
