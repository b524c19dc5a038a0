//! A selector selects a pod, a workload's selector its own template, and a named port is one of a selected pod.

use super::Report;
use crate::World;
use crate::walk::unmatched;

pub(super) fn check(world: &World, report: &mut Report) {
    let (wrong, seen) = unmatched(world);
    report.looked = seen;
    for (who, what) in wrong {
        report.refuse_unless_excepted(world, "selectors", &who, &who, &what);
    }
    report.refuse_idle_exceptions(world, "selectors");
}
