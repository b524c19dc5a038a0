//! Sign-in: on every route unless it is listed as public, and never on the one that leads to it.

use super::Report;
use super::routes::{asked, backends, is_route, middlewares};
use crate::World;
use crate::walk::Index;

pub(super) fn check(world: &World, report: &mut Report) {
    let index = Index::new(world);
    let asked: Vec<(String, String)> = world.of_kind("Middleware").filter_map(asked).collect();
    for route in world.objects().filter(|one| is_route(one)) {
        let leads = backends(&index, route)
            .iter()
            .any(|(one, _)| asked.contains(&(one.namespace().to_owned(), one.name().to_owned())));
        for passed in middlewares(&index, route) {
            let gated = passed.iter().any(|one| one.value.pointer("/spec/forwardAuth").is_some());
            report.look();
            if gated && leads {
                report.refuse(route.id(), "sign-in stands before sign-in: nobody comes in");
            } else if !gated {
                report.refuse_unless_excepted(
                    world,
                    "public-routes",
                    &route.id(),
                    route.id(),
                    "anybody may open it",
                );
                let reason = route.annotation("pleach.dev/forward-auth-reason").unwrap_or_default();
                report.hold(
                    !reason.is_empty(),
                    route.id(),
                    "its author gives no reason for no sign-in",
                );
            }
        }
    }
    report.refuse_idle_exceptions(world, "public-routes");
}
