//! What is reachable, and the slots where a DNS target, a certificate and sign-in attach to it.
//!
//! # Add a route kind
//!
//! One file below `kind/` that reads an object of it into a [`Route`], and one line in [`KINDS`]. Functions match on
//! the slots of a route ([`DnsSlot`], [`TlsSlot`], [`AuthSlot`]) and never on kinds, so nothing else changes; a slot
//! of a new form is a compile error in exactly the functions that must answer it.
//!
//! # What a function does with it
//!
//! * [`Routes::read`] reads the routes of a list once; [`Routes::hosts`] and [`Routes::ancestors`] resolve parents.
//! * [`Facts::gather`] says what is known of controllers, issuers, middlewares and Gateways, from the tree and from one
//!   committed file; what neither holds is [`facts::Known::Unknown`], and a function says so.
//! * [`spec!`] declares its options once: as defaults, and in each rule's `set`; [`select::Select`] chooses.
//! * [`opt_out::reason`] tells which objects an author leaves out; [`added`] names and places what is added;
//!   [`final_name`] refuses what outer levels would still rename.
//! * [`foreign::findings`] reports the kinds that nobody here handles.
#![cfg_attr(not(test), warn(clippy::disallowed_methods))]

pub mod added;
pub mod explanation;
pub mod facts;
pub mod final_name;
pub mod foreign;
pub mod keys;
mod kind;
pub mod middleware_id;
pub mod opt_out;
mod read;
mod route;
mod routes;
pub mod rule;
pub mod rules;
pub mod select;
mod slot;

pub use facts::{ClusterFacts, Facts};
pub use kind::{KINDS, Kind};
pub use middleware_id::MiddlewareId;
pub use route::{Backend, Host, MiddlewareUse, ParentRef, Path, PathMatch, Route, Rule};
pub use routes::{Parent, Routes};
pub use slot::{
    AuthSlot, DnsKeys, DnsRecord, DnsSlot, HostsFrom, Listener, RouterTls, TargetFrom, TlsBlock,
    TlsSlot,
};
