//! URLs of kustomizations: in `apps/<app>/upstream/` alone, pinned by a tag, each below a `# renovate:` line.

use serde_json::Value;

use super::Report;
use crate::World;
use crate::object::{everything_at, texts};

/// Where a kustomization names what it reads.
const READ: [&str; 9] = [
    "/resources/*",
    "/components/*",
    "/bases/*",
    "/crds/*",
    "/generators/*",
    "/transformers/*",
    "/validators/*",
    "/configurations/*",
    "/patches/*/path",
];

pub(super) fn check(world: &World, report: &mut Report) {
    for (path, kustomization) in world.kustomizations() {
        let upstream = path.split('/').nth(2) == Some("upstream");
        for url in READ.iter().flat_map(|at| urls(&kustomization, at)) {
            report.hold(upstream, path, format!("a URL outside of upstream/: {url}"));
            report.hold(tag(url).is_some(), path, format!("no tag pins {url}"));
            report.hold(
                renovated(world, path, url),
                path,
                format!("no `# renovate:` line above {url}"),
            );
        }
        if upstream {
            let fields = kustomization.as_object().into_iter().flatten();
            for (field, _) in fields {
                let allowed = ["apiVersion", "kind", "resources"].contains(&field.as_str());
                report.hold(allowed, path, format!("{field} beside resources"));
            }
            for (_, entry) in everything_at(&kustomization, "/resources/*") {
                let url = entry.as_str().is_some_and(is_remote);
                report.hold(url, path, format!("no URL: {entry}"));
            }
        }
    }
}

fn urls<'a>(kustomization: &'a Value, at: &str) -> Vec<&'a str> {
    let entries = everything_at(kustomization, at).into_iter().flat_map(|(_, one)| texts(one));
    entries
        .map(|(_, entry)| entry)
        .filter(|entry| !entry.contains('\n') && is_remote(entry))
        .collect()
}

/// As kustomize tells them: a scheme, a host of Git, or an address of SSH.
fn is_remote(entry: &str) -> bool {
    entry.contains("://")
        || entry.starts_with("github.com/")
        || entry.starts_with("git@")
        || entry.contains("?ref=")
}

/// The tag of a URL: its `ref`, or the part of a release or raw path that looks like a version.
pub(crate) fn tag(url: &str) -> Option<&str> {
    let versioned = |text: &&str| {
        let digits = text.strip_prefix('v').unwrap_or(text);
        digits.starts_with(|c: char| c.is_ascii_digit()) && digits.contains('.')
    };
    match url.split_once("?ref=") {
        Some((_, tag)) => Some(tag).filter(versioned),
        None => url.split('/').find(versioned),
    }
}

fn renovated(world: &World, path: &str, url: &str) -> bool {
    let lines: Vec<&str> =
        world.files.get(path).map(|text| text.lines().collect()).unwrap_or_default();
    let at = lines.iter().position(|line| line.contains(url));
    at.and_then(|at| lines.get(at.checked_sub(1)?))
        .is_some_and(|line| line.trim_start().starts_with("# renovate:"))
}

/// The URLs of an app's `upstream/`, with their tags.
pub(crate) fn of_upstream(world: &World) -> Vec<(String, String, String)> {
    let mut found = Vec::new();
    for (path, kustomization) in world.kustomizations() {
        let mut parts = path.split('/').skip(1);
        let (app, folder) = (parts.next().unwrap_or_default(), parts.next());
        if folder == Some("upstream") {
            for url in urls(&kustomization, "/resources/*") {
                found.push((
                    app.to_owned(),
                    url.to_owned(),
                    tag(url).unwrap_or_default().to_owned(),
                ));
            }
        }
    }
    found
}
