//! Who signs in: the presets, and a middleware of one's own.

use routes::select::Zone;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Who signs in, and how.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum SignIn {
    /// oauth2-proxy. It runs with `--reverse-proxy=true`, and trusts forwarded headers of Traefik alone
    /// (`--trusted-proxy-ip`).
    Oauth2Proxy(Oauth2Proxy),
    /// Authelia 4.38 or later.
    Authelia(Authelia),
    /// An outpost of authentik.
    Authentik(Authentik),
    /// thomseddon/traefik-forward-auth: no release since 2024.
    TraefikForwardAuth(TraefikForwardAuth),
    /// Middlewares that stand already, or an address of your own.
    Custom(Custom),
}

/// How oauth2-proxy is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Recipe {
    /// Two middlewares: `errors` shows the sign-in page where `forwardAuth` on `/oauth2/auth` says 401. The first names the
    /// Service, so it works in other namespaces only where Traefik allows references to them.
    Errors,
    /// One middleware on `/`: oauth2-proxy runs with `--upstream=static://202` and redirects by itself.
    Static,
    /// One middleware on `/oauth2/auth` with `authSigninURL`: Traefik 3.7 or later.
    Signin,
}

/// In which form the router is added that leads to the sign-in service, on each protected host.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum SignInRoutes {
    /// An IngressRoute in the namespace of the sign-in service; an Ingress where the host is served by ingress-nginx.
    #[default]
    IngressRoute,
    /// An Ingress there.
    Ingress,
    /// None: something else leads there.
    None,
}

/// A Service.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Service {
    /// Its namespace.
    pub namespace: String,
    /// Its name; that of the preset when none is given.
    #[serde(default)]
    pub name: Option<String>,
    /// Its port; that of the preset when none is given.
    #[serde(default)]
    pub port: Option<u16>,
}

/// oauth2-proxy.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Oauth2Proxy {
    /// How it is asked.
    pub recipe: Recipe,
    /// Its Service. Default name `oauth2-proxy`, port 4180.
    pub service: Service,
    /// `--proxy-prefix`. Default: `/oauth2`.
    #[serde(default)]
    pub prefix: Option<String>,
    /// The one host where everybody signs in, with `--cookie-domain` above the protected ones. Without it each protected
    /// host gets a router of its own for `/oauth2/`.
    #[serde(default)]
    pub auth_host: Option<Zone>,
    /// In which form that router is added.
    #[serde(default)]
    pub sign_in_routes: SignInRoutes,
    /// What the names of its middlewares end in, where two sign-ins are configured. Default: `oauth2-proxy`.
    #[serde(default)]
    pub name: Option<String>,
    /// Options of the forwardAuth middleware.
    #[serde(default)]
    pub forward_auth: MiddlewareOptions,
}

/// Authelia.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Authelia {
    /// Its Service. Default name `authelia`, port 80.
    pub service: Service,
    /// Its portal, the host where everybody signs in.
    pub auth_host: Zone,
    /// What the names of its middlewares end in, where two sign-ins are configured. Default: `authelia`.
    #[serde(default)]
    pub name: Option<String>,
    /// Options of the forwardAuth middleware.
    #[serde(default)]
    pub forward_auth: MiddlewareOptions,
}

/// authentik.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Authentik {
    /// The Service of its outpost. Default name `authentik-server`, port 80: the embedded one.
    pub service: Service,
    /// The one host where everybody signs in: a provider at domain level. Without it each protected host gets a router
    /// of its own for `/outpost.goauthentik.io/`.
    #[serde(default)]
    pub auth_host: Option<Zone>,
    /// In which form that router is added.
    #[serde(default)]
    pub sign_in_routes: SignInRoutes,
    /// What the names of its middlewares end in, where two sign-ins are configured. Default: `authentik`.
    #[serde(default)]
    pub name: Option<String>,
    /// Options of the forwardAuth middleware.
    #[serde(default)]
    pub forward_auth: MiddlewareOptions,
}

/// thomseddon/traefik-forward-auth.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct TraefikForwardAuth {
    /// Its Service. Default name `traefik-forward-auth`, port 4181.
    pub service: Service,
    /// `AUTH_HOST`, the one host where everybody signs in.
    #[serde(default)]
    pub auth_host: Option<Zone>,
    /// What the names of its middlewares end in, where two sign-ins are configured. Default: `traefik-forward-auth`.
    #[serde(default)]
    pub name: Option<String>,
    /// Options of the forwardAuth middleware.
    #[serde(default)]
    pub forward_auth: MiddlewareOptions,
}

/// Middlewares that stand already, or a forwardAuth of your own: one of `middlewares` and `address`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Custom {
    /// Middlewares that stand already, in the order in which they run.
    #[serde(default)]
    pub middlewares: Vec<CustomMiddleware>,
    /// The address that is asked (`https://auth.example.org/verify`): a middleware is added for it.
    #[serde(default)]
    pub address: Option<String>,
    /// Options of that middleware.
    #[serde(default)]
    pub forward_auth: MiddlewareOptions,
    /// The Service that signs in: routes to it are left alone.
    #[serde(default)]
    pub service: Option<Service>,
    /// Its path on each protected host (`/oauth2`): routes below it are left alone.
    #[serde(default)]
    pub prefix: Option<String>,
    /// The host where everybody signs in: routes of it are left alone.
    #[serde(default)]
    pub auth_host: Option<Zone>,
    /// The annotations of ingress-nginx.
    #[serde(default)]
    pub nginx: Option<Nginx>,
    /// What the names of its middlewares end in, where two sign-ins are configured. Default: `auth`.
    #[serde(default)]
    pub name: Option<String>,
}

/// A middleware that stands already.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct CustomMiddleware {
    /// Its name; `name@provider` for one that is no object.
    pub name: String,
    /// Its namespace; that of the object when none is given.
    #[serde(default)]
    pub namespace: Option<String>,
}

/// The annotations of ingress-nginx.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Nginx {
    /// `auth-url`: the address that is asked.
    pub url: String,
    /// `auth-signin`: where a browser is sent to sign in.
    #[serde(default)]
    pub signin: Option<String>,
    /// `auth-response-headers`
    #[serde(default)]
    pub response_headers: Vec<String>,
}

/// Options of a forwardAuth middleware (`traefik.io/v1alpha1`, Traefik 3.7); what is not given is set by the preset, or
/// left to Traefik.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub struct MiddlewareOptions {
    /// Whether `X-Forwarded-*` headers of the request are passed on as they came. Always written, `false` where nothing is
    /// given: with `true`, and an entry point without trusted senders, a client chooses what the sign-in service sees.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trust_forward_header: Option<bool>,
    /// Headers of the answer that the application gets; those that a client sent are removed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auth_response_headers: Option<Vec<String>>,
    /// The same, as a regular expression.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auth_response_headers_regex: Option<String>,
    /// Headers of the request that are passed on; all of them where nothing is given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auth_request_headers: Option<Vec<String>>,
    /// Cookies of the answer that the browser gets.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub add_auth_cookies_to_response: Option<Vec<String>>,
    /// The header of the answer that names the user in the access log.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub header_field: Option<String>,
    /// Whether the body of the request is passed on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub forward_body: Option<bool>,
    /// The largest body of a request that is passed on, in bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_body_size: Option<u64>,
    /// The largest answer that is read, in bytes; a larger one is a refusal. Default: 1048576, Traefik's own is no limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_response_body_size: Option<u64>,
    /// Whether `Location` of the answer is passed on as it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub preserve_location_header: Option<bool>,
    /// Whether the method of the request is kept; `GET` where nothing is given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub preserve_request_method: Option<bool>,
    /// How the sign-in service is spoken to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tls: Option<Tls>,
}

/// TLS towards the sign-in service. The Secrets stand in the namespace of the middleware, so it cannot be copied.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub struct Tls {
    /// The Secret with the authority that signed its certificate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ca_secret: Option<String>,
    /// The Secret with a certificate of our own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cert_secret: Option<String>,
    /// Whether its certificate is not checked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub insecure_skip_verify: Option<bool>,
}
