//! Whether gpg is there, for keys that only its agent holds.

use std::ffi::OsStr;

use krm::Environment;

use super::{Line, State};

pub(super) fn look(environment: &Environment) -> Line {
    let program = environment.get("SOPS_GPG_EXEC").unwrap_or(OsStr::new("gpg"));
    let path = environment.get("PATH").unwrap_or_default();
    let found = std::env::split_paths(path).map(|dir| dir.join(program)).find(|gpg| gpg.is_file());
    match found {
        Some(gpg) => Line::new(State::Ok, "gpg", gpg.display().to_string()),
        None => {
            Line::new(State::Ok, "gpg", "not on PATH: PGP keys come from PLEACH_PGP_KEY_FILE alone")
        }
    }
}
