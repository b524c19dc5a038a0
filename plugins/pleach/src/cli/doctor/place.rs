//! The operator's policy, and the scope of a build in this folder.

use std::path::Path;

use krm::policy::{PATH, Policy};
use krm::{Environment, Loader};

use super::{Line, State};

pub(super) fn look(environment: &Environment) -> Vec<Line> {
    let policy = match Policy::read(Path::new(PATH)) {
        Ok(None) => Line::new(State::Ok, "policy", format!("none at {PATH}")),
        Ok(Some(policy)) => Line::new(
            State::Ok,
            "policy",
            format!("{PATH}, {} scopes", policy.scopes().map_or(0, <[_]>::len)),
        ),
        // The scope's line would say the same again.
        Err(finding) => return vec![refused("policy", &finding)],
    };
    let scope = match Loader::new(environment.clone(), Path::new(".")) {
        Ok(loader) => {
            let roots: Vec<String> =
                loader.scope().roots().iter().map(|root| root.display().to_string()).collect();
            let found = format!("{}, by {}", roots.join(", "), loader.scope().decided());
            Line::new(State::Ok, "scope", found)
        }
        Err(finding) => refused("scope", &finding),
    };
    vec![policy, scope]
}

fn refused(what: &'static str, finding: &krm::Finding) -> Line {
    let line = Line::new(State::Error, what, finding.message.clone());
    match &finding.hint {
        Some(hint) => line.hint(hint.clone()),
        None => line,
    }
}
