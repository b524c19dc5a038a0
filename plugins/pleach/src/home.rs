//! kustomize's plugin home: where it looks for one, and what stands in ours.
//!
//! The committed `exec-wrappers/` is such a home, of wrappers that find the binary on `PATH`.
//! What `pleach install` lays out are links to the binary itself: an image may have no shell.

use std::path::PathBuf;

use krm::{Definition, Environment, pipeline};

/// A wrapper of a plugin home: the kind is in the config that it passes on.
pub const WRAPPER: &str = "#!/bin/sh\nexec pleach \"$@\"\n";

/// Where kustomize looks for its plugin home, in its order; the first folder that exists is it
/// (kustomize 5.8.2, `api/konfig/plugins.go`). With the variable that decides each.
pub fn places(environment: &Environment) -> Vec<(&'static str, PathBuf)> {
    let below = |name: &'static str, rest: &str| {
        let value = environment.get(name).filter(|value| !value.is_empty())?;
        let folder = PathBuf::from(value);
        Some((name, if rest.is_empty() { folder } else { folder.join(rest) }))
    };
    [
        below("KUSTOMIZE_PLUGIN_HOME", ""),
        below("XDG_CONFIG_HOME", "kustomize/plugin"),
        below("HOME", ".config/kustomize/plugin"),
        below("HOME", "kustomize/plugin"),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The files of a home: `<group>/<version>/<lower kind>/<Kind>` for each kind, that of a Pipeline too, sorted.
pub fn files(definitions: &[Definition]) -> Vec<PathBuf> {
    let kinds = definitions.iter().flat_map(|definition| definition.kinds);
    let mut files: Vec<PathBuf> = kinds
        .chain(&[(pipeline::API_VERSION, pipeline::KIND)])
        .map(|(api_version, kind)| PathBuf::from(api_version).join(kind.to_lowercase()).join(kind))
        .collect();
    files.sort();
    files
}
