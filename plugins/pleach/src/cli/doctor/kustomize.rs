//! Whether a kustomize is on `PATH`, and which.

use std::process::{Command, Stdio};

use krm::Environment;

use super::{Line, State};

/// The oldest version that this release is tested with.
const TESTED: (u32, u32, u32) = (5, 8, 2);

pub(super) fn look(environment: &Environment) -> Line {
    let what = "kustomize";
    let mut command = Command::new("kustomize");
    if let Some(path) = environment.get("PATH") {
        command.env("PATH", path);
    }
    let Ok(output) = command.arg("version").stdin(Stdio::null()).output() else {
        return Line::new(State::Error, what, "not on PATH")
            .hint("install kustomize 5.8.2 or later");
    };
    let said = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    match version(&said) {
        Some(version) if version >= TESTED => Line::new(State::Ok, what, said),
        Some(_) => Line::new(State::Warning, what, format!("{said}, older than what is tested"))
            .hint("install kustomize 5.8.2 or later"),
        None => Line::new(State::Warning, what, "says no version that can be read"),
    }
}

fn version(text: &str) -> Option<(u32, u32, u32)> {
    let mut parts = text.strip_prefix('v')?.splitn(3, '.');
    let patch = |part: &str| part.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok();
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?, patch(parts.next()?)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_three_numbers() {
        assert_eq!(version("v5.8.2"), Some((5, 8, 2)));
        assert_eq!(version("v5.10.0-rc1"), Some((5, 10, 0)));
        assert_eq!(version("(devel)"), None);
        assert!(version("v5.10.0") > version("v5.8.2"));
    }
}
