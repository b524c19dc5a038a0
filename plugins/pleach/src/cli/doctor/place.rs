//! The operator's policy, and the scope of a build in this folder.

use std::path::Path;

use krm::policy::{PATH, Policy};
use krm::{Environment, Loader};

use super::{Line, State};

pub(super) fn look(environment: &Environment) -> Vec<Line> {
    let read = Policy::read(Path::new(PATH));
    let policy = match &read {
        Ok(None) => Line::new(State::Ok, "policy", format!("none at {PATH}")),
        Ok(Some(policy)) => Line::new(State::Ok, "policy", summary(policy)),
        // The scope's line would say the same again.
        Err(finding) => return vec![refused("policy", finding)],
    };
    // Which project builds is known when one does.
    if matches!(&read, Ok(Some(policy)) if policy.projects().next().is_some()) {
        return vec![policy];
    }
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

/// The policy in a line.
fn summary(policy: &Policy) -> String {
    let everyone = policy.everyone();
    let mut parts = vec![PATH.to_owned()];
    let scopes = everyone.scopes.as_ref().map(|scopes| format!("{} scopes", scopes.len()));
    parts.extend(scopes);
    let projects: Vec<&str> = policy.projects().map(|(name, _)| name).collect();
    if !projects.is_empty() {
        parts.push(format!("projects {}", projects.join(", ")));
    }
    if everyone.pipelines() > 0 {
        parts.push(format!("{} mandatory Pipelines", everyone.pipelines()));
    }
    parts.join(", ")
}

fn refused(what: &'static str, finding: &krm::Finding) -> Line {
    let line = Line::new(State::Error, what, finding.message.clone());
    match &finding.hint {
        Some(hint) => line.hint(hint.clone()),
        None => line,
    }
}
