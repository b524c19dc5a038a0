//! The cluster's own values stand in `apps/_cluster` alone: who forks the tree changes that, and nothing else.

use super::Report;
use super::template_free::is_of_the_tree;
use crate::World;
use crate::world::CLUSTER;

pub(super) fn check(world: &World, report: &mut Report) {
    let folder = format!("{CLUSTER}/");
    for (name, values) in world.cluster() {
        for value in values.split(',').map(str::trim).filter(|value| !value.is_empty()) {
            report.look();
            let elsewhere = world.files.iter().filter(|(path, _)| {
                (path.starts_with("apps/") || is_of_the_tree(path)) && !path.starts_with(&folder)
            });
            for (path, text) in elsewhere {
                for (number, _) in text.lines().enumerate().filter(|(_, line)| holds(line, value)) {
                    let place = format!("{path}:{}", number + 1);
                    let key = format!("{name} in {path}");
                    report.refuse_unless_excepted(
                        world,
                        "cluster-values",
                        &key,
                        place,
                        format!("holds {name}"),
                    );
                }
            }
        }
    }
    report.refuse_idle_exceptions(world, "cluster-values");
}

/// Whether a line holds a value as a word of its own.
fn holds(line: &str, value: &str) -> bool {
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    line.match_indices(value).any(|(at, _)| {
        let before = line.get(..at).and_then(|text| text.chars().next_back());
        let after = line.get(at + value.len()..).and_then(|text| text.chars().next());
        !before.is_some_and(is_word) && !after.is_some_and(is_word)
    })
}
