//! Routes lead somewhere: the policies of both sides let the pods of Traefik reach those behind each route, and those that
//! are asked for sign-in.

use serde_json::Value;

use super::Report;
use super::routes::{asked, backends, is_route};
use crate::network::{Pod, behind, reaches, targets};
use crate::object::text;
use crate::walk::Index;
use crate::{Object, World};

pub(super) fn check(world: &World, report: &mut Report) {
    let index = Index::new(world);
    let ingress: Vec<Pod<'_>> = world
        .of_kind("Service")
        .filter(|one| text(&one.value, "/spec/type") == "LoadBalancer")
        .flat_map(|one| behind(&index, one))
        .collect();
    let mut lead = |who: &Object, service: &Object, port: Option<&Value>| {
        for (from, to) in ingress
            .iter()
            .flat_map(|from| behind(&index, service).into_iter().map(move |to| (from, to)))
        {
            for number in targets(service, &to, port) {
                let reached = reaches(world, from, &to, number);
                let what =
                    format!("{} does not reach {} at {number}", from.maker.id(), to.maker.id());
                report.hold(
                    reached.is_ok(),
                    who.id(),
                    format!("{what}: {}", reached.err().unwrap_or_default()),
                );
            }
        }
    };
    for route in world.objects().filter(|one| is_route(one)) {
        for (service, port) in backends(&index, route) {
            lead(route, service, port.as_ref());
        }
    }
    for middleware in world.of_kind("Middleware") {
        let Some((namespace, name)) = asked(middleware) else { continue };
        for service in index.find("Service", &namespace, &name) {
            lead(middleware, service, None);
        }
    }
}
