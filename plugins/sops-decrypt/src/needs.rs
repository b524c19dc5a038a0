//! What decryption needs beside the scope: keys to read, and programs that hold keys.

use std::ffi::OsStr;

use krm::Environment;
use krm::rights::Need;
use sops::Keyring;
use sops::key::Needed;

/// Commands of the operator that print a key: nobody knows what they read.
const COMMANDS: [&str; 2] = ["SOPS_AGE_KEY_CMD", "SOPS_AGE_SSH_PRIVATE_KEY_CMD"];

/// Read from the environment alone: no key is touched.
pub(crate) fn needs(environment: &Environment) -> Vec<Need> {
    if COMMANDS.iter().any(|name| environment.get(name).is_some_and(|command| !command.is_empty()))
    {
        return vec![Need::Anything];
    }
    let at_start = environment.clone();
    let keys = Keyring::new(move |name| at_start.get(name).map(OsStr::to_owned));
    let need = |needed| match needed {
        Needed::Read(path) => Need::Read(path),
        Needed::Write(path) => Need::Write(path),
        Needed::Run(path) => Need::Run(path),
    };
    keys.needs().into_iter().map(need).collect()
}
