//! Which keys are at hand, and whether each can do its work: by recipient or fingerprint, never by content.

use std::path::Path;

use krm::Environment;
use krm::policy::{OTHERS, PATH, PROJECT, Policy};
use sops::key::{Found, Health};

use super::{Line, State};

/// The keys of the environment; under a policy by project, those of each project that has a folder of keys.
pub(super) fn of_each(environment: &Environment) -> Vec<Line> {
    // What cannot be trusted or read is said by the line of the policy.
    let policy = Policy::read(Path::new(PATH)).ok().flatten().unwrap_or_default();
    if policy.projects().next().is_none() {
        return look(environment);
    }
    let with_keys = policy.projects().filter(|(_, terms)| terms.keys.is_some());
    let mut lines = Vec::new();
    for (name, _) in with_keys {
        // Nobody is called `*`: what an unlisted project gets is asked for by a name that none has.
        let claimed = if name == OTHERS { "\u{0}" } else { name };
        let claimed = environment.clone().with(PROJECT, claimed);
        let Ok(grant) = policy.grant(&claimed) else { continue };
        let own = look(&grant.environment(claimed)).into_iter();
        lines.extend(
            own.map(|line| Line { found: format!("project {name}: {}", line.found), ..line }),
        );
    }
    lines
}

/// Unlocks what is protected, asks nobody, starts nothing.
fn look(environment: &Environment) -> Vec<Line> {
    let found = sops::Keyring::unattended(environment.lookup()).found();
    let mut lines: Vec<Line> = found.iter().map(line).collect();
    let opens =
        |key: &Found| !key.recipient.is_empty() && !matches!(key.health, Health::Broken { .. });
    if !found.iter().any(opens) {
        let hint = "set SOPS_AGE_KEY_FILE or PLEACH_PGP_KEY_FILE, or import a key into gpg";
        lines.push(Line::new(State::Error, "keys", "none").hint(hint));
    }
    lines
}

fn line(key: &Found) -> Line {
    let mut found = key.service.to_owned();
    if !key.recipient.is_empty() {
        found.extend([" ", &key.recipient]);
    }
    found.extend([", ", &key.place]);
    match &key.health {
        Health::Usable { note: None } => Line::new(State::Ok, "key", found),
        Health::Usable { note: Some(note) } => {
            Line::new(State::Ok, "key", format!("{found}: {note}"))
        }
        Health::Doubtful { problem, hint } => {
            Line::new(State::Warning, "key", format!("{found}: {problem}")).hint(hint.clone())
        }
        Health::Broken { problem, hint } => {
            Line::new(State::Error, "key", format!("{found}: {problem}")).hint(hint.clone())
        }
    }
}
