//! What a preset comes to: the middlewares in their order, and what belongs to the sign-in service itself.

use krm::Finding;
use serde_json::{Value, json};

use crate::config::{MiddlewareOptions, Nginx, Service, SignIn, SignInRoutes};

mod authelia;
mod authentik;
mod custom;
mod oauth2_proxy;
mod traefik_forward_auth;

/// The largest answer of a sign-in service that is read, in bytes: its page is no download.
const MAX_RESPONSE: u64 = 1024 * 1024;

/// The middlewares that sign in, and the service behind them.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Chain {
    /// What signs in, for `why`.
    pub(crate) by: String,
    /// The middlewares, in the order in which they run.
    pub(crate) members: Vec<Member>,
    /// The Service that signs in.
    pub(crate) service: Option<Backend>,
    /// Its path on each protected host, with a `/` at its end.
    pub(crate) prefix: Option<String>,
    /// The host where everybody signs in.
    pub(crate) auth_host: Option<String>,
    /// In which form each protected host gets a router to the service; `None` where it needs none.
    pub(crate) routes: SignInRoutes,
    /// The annotations of ingress-nginx, or why there are none.
    pub(crate) nginx: Result<Nginx, &'static str>,
    /// Whether its own routes may stand behind it.
    pub(crate) behind_itself: bool,
    /// The Traefik that it needs.
    pub(crate) since: Option<(u64, u64)>,
}

/// One middleware of a chain.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Member {
    /// This build adds it.
    Made {
        /// What its name ends in.
        suffix: String,
        /// Its spec.
        spec: Value,
        /// What it names in its own namespace, so that it works in no other.
        bound: Option<&'static str>,
    },
    /// It stands already.
    Existing {
        /// Its namespace; that of the object when none is given.
        namespace: Option<String>,
        /// Its name, with `@provider` where it is no object.
        name: String,
    },
}

/// A Service with everything that a config may leave out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Backend {
    pub(crate) namespace: String,
    pub(crate) name: String,
    pub(crate) port: u16,
}

impl Backend {
    fn of(service: &Service, name: &str, port: u16) -> Self {
        Self {
            namespace: service.namespace.clone(),
            name: service.name.clone().unwrap_or_else(|| name.to_owned()),
            port: service.port.unwrap_or(port),
        }
    }

    /// Its address within the cluster, below the search domain of every pod.
    fn address(&self, path: &str) -> String {
        format!("http://{}.{}.svc:{}{path}", self.name, self.namespace, self.port)
    }

    /// The same as nginx resolves it, which knows no search domains.
    fn full_address(&self, path: &str) -> String {
        format!("http://{}.{}.svc.cluster.local:{}{path}", self.name, self.namespace, self.port)
    }
}

impl Chain {
    /// What a config's sign-in comes to.
    pub(crate) fn of(sign_in: &SignIn) -> Result<Self, Box<Finding>> {
        match sign_in {
            SignIn::Oauth2Proxy(preset) => oauth2_proxy::chain(preset),
            SignIn::Authelia(preset) => Ok(authelia::chain(preset)),
            SignIn::Authentik(preset) => Ok(authentik::chain(preset)),
            SignIn::TraefikForwardAuth(preset) => Ok(traefik_forward_auth::chain(preset)),
            SignIn::Custom(preset) => custom::chain(preset),
        }
    }

    /// Whether each protected host needs a router to the service.
    pub(crate) fn needs_routes(&self) -> bool {
        self.prefix.is_some()
            && self.service.is_some()
            && self.auth_host.is_none()
            && self.routes != SignInRoutes::None
    }
}

/// A forwardAuth middleware: what the author's options leave open is set by the preset.
fn forward_auth(address: &str, headers: &[&str], options: &MiddlewareOptions) -> Value {
    let mut written = options.clone();
    written.trust_forward_header.get_or_insert(false);
    written.max_response_body_size.get_or_insert(MAX_RESPONSE);
    if !headers.is_empty() && written.auth_response_headers_regex.is_none() {
        written
            .auth_response_headers
            .get_or_insert_with(|| headers.iter().map(|&header| header.to_owned()).collect());
    }
    let mut spec = json!({"address": address});
    if let (Value::Object(spec), Ok(Value::Object(options))) =
        (&mut spec, serde_json::to_value(written))
    {
        spec.extend(options);
    }
    json!({"forwardAuth": spec})
}

/// What a forwardAuth middleware of these options names in its own namespace.
fn bound(options: &MiddlewareOptions) -> Option<&'static str> {
    let tls = options.tls.as_ref()?;
    (tls.ca_secret.is_some() || tls.cert_secret.is_some()).then_some("a Secret")
}

/// A path with a `/` at its end.
fn below(prefix: &str) -> String {
    format!("{}/", prefix.trim_end_matches('/'))
}

fn unusable(message: impl Into<String>, field: &str, hint: &str) -> Box<Finding> {
    Box::new(
        Finding::error("sign-in-config", message).field(format!("spec.signIn.{field}")).hint(hint),
    )
}
