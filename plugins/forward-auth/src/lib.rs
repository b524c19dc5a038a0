//! Puts sign-in in front of every route: `ForwardAuth`.
//!
//! Data flows one way: the objects become [cases](self) (what is due on each rule, and what stays open and why), the cases
//! become changes, middlewares to add and routers to the sign-in service, and then what is left open is looked at from
//! the other side: which router would answer for a protected host without asking. Everything is done, or nothing.
#![cfg_attr(not(test), warn(clippy::disallowed_methods))]

mod around;
mod attach;
mod case;
mod chain;
mod chains;
mod config;
mod dialect;
pub mod explanation;
mod hidden;
mod id;
mod inherit;
mod known;
mod place;
mod reference;
mod report;
mod sign_in_route;
mod state;
mod unwoven;
mod version;
mod weaker;
mod weave;

pub use config::{
    Allow, Authelia, Authentik, Custom, CustomMiddleware, Dialect, ForwardAuth, MiddlewareName,
    MiddlewareOptions, Mode, Nginx, Oauth2Proxy, Order, QualifiedName, Recipe, Service, Settings,
    SignIn, SignInRoutes, Tls, TraefikForwardAuth,
};

use krm::{Definition, Finding, Function, Loader, ResourceList, Role};

/// The functions of this crate.
pub const FUNCTIONS: &[Definition] = &[Definition::of::<ForwardAuth>()];

impl Function for ForwardAuth {
    const KINDS: &'static [(&'static str, &'static str)] =
        &[("pleach.dev/v1alpha1", "ForwardAuth")];
    const ROLE: Role = Role::Transformer;
    const FILE_FIELDS: &'static [&'static str] = &["facts"];
    const EXAMPLE: Option<(&'static str, &'static str)> = Some((
        include_str!("../../../tests/cases/forward-auth/basic/input.yaml"),
        include_str!("../../../tests/cases/forward-auth/basic/expected.yaml"),
    ));

    fn schema() -> serde_json::Value {
        krm::schema::embedded(include_str!("../schema.json"))
    }

    fn run(self, list: &mut ResourceList, loader: &Loader) -> Result<(), Box<Finding>> {
        self.weave(routes::KINDS, list, loader)
    }
}
