//! Each app's README: about ten lines that say what it is, why, what it needs, its secrets, and how to try it.

use super::Report;
use crate::World;

/// What it says, in this order.
const SAYS: [&str; 5] = ["| what |", "| why |", "| needs |", "| secrets |", "Try it:"];

/// Lines, blank ones included.
const LINES: std::ops::RangeInclusive<usize> = 8..=16;

pub(super) fn check(world: &World, report: &mut Report) {
    let mut apps: Vec<&str> = world
        .builds
        .keys()
        .filter_map(|overlay| overlay.strip_prefix("apps/")?.split('/').next())
        .collect();
    apps.dedup();
    let list = world.files.get("apps/README.md").map(String::as_str).unwrap_or_default();
    for app in apps {
        let path = format!("apps/{app}/README.md");
        report.hold(
            list.contains(&format!("]({app}/)")),
            "apps/README.md",
            format!("no row for {app}"),
        );
        let Some(text) = world.files.get(&path) else {
            report.refuse(&path, "is missing");
            continue;
        };
        report.hold(text.starts_with(&format!("# {app}\n")), &path, "its title is not the app");
        let mut from = 0;
        for what in SAYS {
            let at = text.get(from..).and_then(|rest| rest.find(what));
            report.hold(at.is_some(), &path, format!("no `{what}` in its place"));
            from += at.map_or(0, |at| at + what.len());
        }
        let lines = text.lines().count();
        report.hold(LINES.contains(&lines), &path, format!("{lines} lines, not about ten"));
    }
}
