//! The lock: an entry for each URL of `upstream/`, of the same tag, and none for another.

use super::Report;
use super::urls::of_upstream;
use crate::World;
use crate::object::text;
use crate::world::LOCK;

pub(super) fn check(world: &World, report: &mut Report) {
    let entries = world.lock();
    let urls = of_upstream(world);
    for (app, url, tag) in &urls {
        let entry = entries.iter().find(|entry| text(entry, "/url") == url);
        report.hold(entry.is_some(), LOCK, format!("no entry for {url}: `make lock` writes it"));
        if let Some(entry) = entry {
            report.hold(text(entry, "/tag") == tag, LOCK, format!("another tag than {url}"));
            report.hold(text(entry, "/app") == app, LOCK, format!("{url} belongs to {app}"));
            let locked = !text(entry, "/sha256").is_empty();
            let why = text(entry, "/unlocked");
            report.hold(
                locked || !why.is_empty(),
                LOCK,
                format!("{url}: no digest, and no reason"),
            );
        }
    }
    for entry in &entries {
        let url = text(entry, "/url");
        let used = urls.iter().any(|(_, one, _)| one == url);
        report.hold(used, LOCK, format!("{url} is no URL of the tree"));
    }
}
