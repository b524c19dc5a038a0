//! The kinds that are handled: one file and one line each.

use krm::Resource;

use crate::Route;

mod dns_endpoint;
mod gateway;
mod gateway_route;
mod ingress;
mod ingress_route;
mod openshift_route;
mod service;

/// A kind of object that makes something reachable.
#[derive(Debug, Clone, Copy)]
pub struct Kind {
    /// Its API groups: the version does not count.
    pub groups: &'static [&'static str],
    /// Its kind.
    pub kind: &'static str,
    /// Reads an object of it into a route of which item and id are filled in. What it cannot read as meant goes into
    /// `problems`.
    pub read: fn(&Resource, &mut Route),
}

/// Every kind that is handled.
pub const KINDS: &[Kind] = &[
    ingress::INGRESS,
    ingress_route::INGRESS_ROUTE,
    ingress_route::INGRESS_ROUTE_TCP,
    ingress_route::INGRESS_ROUTE_UDP,
    gateway::GATEWAY,
    gateway::LISTENER_SET,
    gateway_route::HTTP_ROUTE,
    gateway_route::GRPC_ROUTE,
    gateway_route::TLS_ROUTE,
    gateway_route::TCP_ROUTE,
    gateway_route::UDP_ROUTE,
    openshift_route::ROUTE,
    service::SERVICE,
    dns_endpoint::DNS_ENDPOINT,
];
