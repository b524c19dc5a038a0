//! What is reachable and how.
//!
//! [`rule`] parses the rules of Traefik's routers, [`middleware_id`] names Traefik's middlewares.
#![cfg_attr(not(test), warn(clippy::disallowed_methods))]

pub mod middleware_id;
pub mod rule;
