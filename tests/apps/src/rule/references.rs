//! Every reference resolves: the walker's table over every built object.

use super::Report;
use crate::World;
use crate::walk::dangling;

pub(super) fn check(world: &World, report: &mut Report) {
    let (missing, seen) = dangling(world);
    report.looked = seen;
    for one in missing {
        let name = format!("{}: {}", one.who, one.what);
        report.refuse_unless_excepted(
            world,
            "references",
            &name,
            format!("{} {}", one.who, one.at),
            one.what,
        );
    }
    report.refuse_idle_exceptions(world, "references");
}
