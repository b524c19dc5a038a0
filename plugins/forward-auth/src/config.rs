//! The documented config: `ForwardAuth`.

use routes::select::{Glob, Select};
use schemars::JsonSchema;
use serde::Deserialize;

mod order;
mod preset;

pub use order::{MiddlewareName, Order, QualifiedName};
pub use preset::{
    Authelia, Authentik, Custom, CustomMiddleware, MiddlewareOptions, Nginx, Oauth2Proxy, Recipe,
    Service, SignIn, SignInRoutes, Tls, TraefikForwardAuth,
};

routes::spec! {
    /// Puts sign-in in front of every route.
    ///
    /// A middleware, or a chain of them, is attached to every rule of an object: an Ingress that lacks it on one path, or
    /// an IngressRoute that lacks it on one route, is an open page. What the author attached stays, in its order.
    ///
    /// With `mode: require`, the default, every route gets sign-in, and what cannot get it (TCP, UDP, TLS that is passed
    /// on, load balancers, unknown ingress controllers, kinds that nobody here handles) fails the build, unless the
    /// operator's `allow` names it or its author opts out with a reason. So does a route that would answer for a protected
    /// host without asking: a catch-all, a `HostRegexp`, a wildcard, the same host on another entry point. With `mode:
    /// opt-in` sign-in comes to the objects that ask for it: by the label or annotation `pleach.dev/forward-auth:
    /// required`, or by the middleware `pleach-unwoven`.
    ///
    /// **Not woven means not served.** An author may put `pleach-unwoven@kubernetescrd` where sign-in is due (a filter of a
    /// Gateway route names `pleach-unwoven`). Traefik builds no router for a middleware that is not there, so a forgotten
    /// build stage gives a 404, never an open page. This value, and only this, is replaced; where it cannot be replaced the
    /// build fails.
    ///
    /// Sign-in is never attached to the sign-in service, to its paths, to `/.well-known/acme-challenge/`, and to routes
    /// below a protected parent. One Ingress has one annotation for all its paths: where some of them must stay open, it
    /// has to be split, and the build says so.
    ///
    /// The middlewares of a preset are added by this build, in the namespace of each object that needs one: a Gateway
    /// route can name no other, an IngressRoute only where `allowCrossNamespace` is on. Where the facts show that it is,
    /// and the one beside the sign-in service is known to be there, that one is named instead.
    pub struct ForwardAuth {
        /// The file of ClusterFacts, relative to the kustomization: which controller serves a class, whether references
        /// to other namespaces are allowed, which middlewares there are.
        #[serde(default)]
        pub facts: Option<String>,
        /// Hosts and objects that stay open although sign-in is required, each with a reason.
        #[serde(default)]
        pub allow: Vec<Allow>,
        /// Middlewares that count as sign-in beside the one that is attached, as `namespace-name@kubernetescrd`,
        /// `name@file`, ... Those of the tree and of the facts are known by what they do.
        #[serde(default)]
        pub accept: Vec<QualifiedName>,
    }
    /// What is set for some of the objects.
    pub struct Settings {
        /// Whether sign-in is due everywhere or where it is asked for. Default: `require`.
        pub mode: Mode,
        /// Who signs in, and how.
        pub sign_in: SignIn,
        /// Where the middlewares go among those of the author. Default: `before`.
        pub order: Order,
        /// In whose words an Ingress is written. Default: `auto`, by the controller of its class.
        pub dialect: Dialect,
    }
}

/// Whether sign-in is due everywhere or where it is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// Objects that say `pleach.dev/forward-auth: required`, or that hold `pleach-unwoven`, get sign-in.
    OptIn,
    /// Everything that is reachable gets sign-in, and what cannot get it fails the build.
    Require,
}

/// In whose words the annotations of an Ingress are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Dialect {
    /// Those of the controller that serves its class, as the tree or the facts say. An unknown one is an error: sign-in in
    /// the words of another controller is no sign-in.
    Auto,
    /// Traefik's.
    Traefik,
    /// Those of ingress-nginx.
    Nginx,
}

/// What stays open, and why.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Allow {
    /// Hosts, as globs; `*` stands for any text, dots too. A rule is open when it names hosts, and all of them are such.
    #[serde(default)]
    pub hosts: Vec<Glob>,
    /// Objects; hosts and zones stand beside it, not in it.
    #[serde(default)]
    pub select: Option<Select>,
    /// Why.
    pub reason: String,
}
