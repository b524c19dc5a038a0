//! What a run leaves behind: processes, files, and secrets in them.

use std::collections::BTreeSet;
use std::time::Duration;

use argocd::RepoServer;
use cluster::until;
use test_support::Marker;

/// How long what was killed may take to be gone. Shorter than the deadline of a run, 45 s.
const GONE: Duration = Duration::from_secs(30);

/// Expects that nothing runs on behalf of this Argo CD but its servers, as soon as what was killed is gone.
pub(crate) fn no_process(argo: &RepoServer) {
    let left = until(GONE, || argo.leftovers().is_empty().then_some(()));
    assert!(left.is_some(), "still running: {:#?}", argo.leftovers());
}

/// Expects that no file that a server could have written, a log included, holds one of these. The API server's store and
/// Redis, which hold Secrets by design, are elsewhere.
pub(crate) fn no_secret(argo: &RepoServer, markers: &[&Marker]) {
    let files = argo.files();
    assert!(files.len() > 20, "the search sees {} files", files.len());
    for (path, content) in files {
        for marker in markers {
            let found = marker.found_in(&content);
            let path = path.strip_prefix(argo.folder()).unwrap_or(&path).display();
            assert!(found.is_none(), "{} stands in {path} ({found:?})", marker.name);
        }
    }
}

/// Every file and folder that the sidecar's folder of temporary files holds.
pub(crate) fn in_the_sidecar(argo: &RepoServer) -> BTreeSet<String> {
    let (top, mut names) = (argo.folder().join("cmp/tmp"), BTreeSet::new());
    let mut folders = vec![top.clone()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            names.insert(path.strip_prefix(&top).unwrap_or(&path).display().to_string());
            folders.extend(path.is_dir().then_some(path));
        }
    }
    names
}

/// What lies in the folder of temporary files, each name up to the part that is random.
pub(crate) fn temporary(argo: &RepoServer) -> BTreeSet<String> {
    let entries = std::fs::read_dir(argo.temporary()).expect("the temporary files").flatten();
    let name = |entry: std::fs::DirEntry| entry.file_name().to_string_lossy().into_owned();
    entries
        .map(name)
        .map(|name| name.trim_end_matches(|c: char| c.is_ascii_digit()).to_owned())
        .collect()
}
