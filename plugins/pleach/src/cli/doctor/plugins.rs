//! Whether kustomize finds a plugin home, and every kind in it.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use krm::{Definition, Environment};

use super::{Line, State};
use crate::home;

pub(super) fn look(environment: &Environment, definitions: &[Definition]) -> Line {
    let what = "plugin home";
    let places = home::places(environment);
    let Some((variable, dir)) = places.iter().find(|(_, dir)| dir.is_dir()) else {
        let tried: Vec<String> = places.iter().map(|(_, dir)| dir.display().to_string()).collect();
        let found = format!("none, kustomize looks in {}", tried.join(", "));
        return Line::new(State::Error, what, found)
            .hint("pleach install DIR --plugins HOME, and set KUSTOMIZE_PLUGIN_HOME=HOME");
    };
    let files = home::files(definitions);
    let missing: Vec<String> = files
        .iter()
        .filter(|file| !executable(&dir.join(file)))
        .map(|file| file.display().to_string())
        .collect();
    let place = format!("{} (by {variable})", dir.display());
    if missing.is_empty() {
        return Line::new(State::Ok, what, format!("{place}, {} kinds", files.len()));
    }
    Line::new(State::Error, what, format!("{place} lacks {}", missing.join(", ")))
        .hint(format!("pleach install DIR --plugins {}", dir.display()))
}

fn executable(file: &Path) -> bool {
    file.metadata().is_ok_and(|file| file.is_file() && file.permissions().mode() & 0o111 != 0)
}
