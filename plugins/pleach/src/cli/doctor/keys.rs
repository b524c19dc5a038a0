//! Which keys are at hand: by recipient or fingerprint, never by content.

use krm::Environment;

use super::{Line, State};

pub(super) fn look(environment: &Environment) -> Vec<Line> {
    let found = sops::Keyring::unattended(environment.lookup()).found();
    if found.is_empty() {
        let hint = "set SOPS_AGE_KEY_FILE or PLEACH_PGP_KEY_FILE, or import a key into gpg";
        return vec![Line::new(State::Error, "keys", "none").hint(hint)];
    }
    let line = |key: &sops::key::Found| {
        let found = format!("{} {}, {}", key.service, key.recipient, key.place);
        Line::new(State::Ok, "key", found)
    };
    found.iter().map(line).collect()
}
