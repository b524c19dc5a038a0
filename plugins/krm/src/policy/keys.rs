//! The keys of one project, as the environment in which a key is looked for.
//!
//! A folder of files with fixed names, as a mounted Secret gives them. Whoever looks for keys sees
//! them through the variables that name a key file, and no other key of the machine: no home, no
//! agent, no command, no program on `PATH`.

use std::path::Path;

use crate::Environment;

/// A file of the folder, and the variable that names it.
const FILES: [(&str, &str); 3] = [
    ("age.txt", "SOPS_AGE_KEY_FILE"),
    ("age.passphrase", "PLEACH_AGE_PASSPHRASE_FILE"),
    ("pgp.passphrase", "PLEACH_PGP_PASSPHRASE_FILE"),
];

/// The variable that names a folder of exported PGP keys.
const PGP: &str = "PLEACH_PGP_KEY_FILE";

/// The endings of exported PGP keys.
const PGP_ENDINGS: [&str; 4] = ["asc", "gpg", "pgp", "key"];

/// What stays of the operator's variables: none of them names a key, a program or a folder.
const KEPT: [&str; 3] = ["PLEACH_SOPS", "SOPS_DECRYPTION_ORDER", "KSOPS_CONCURRENCY_LIMIT"];

/// The environment with the keys of `folder` and no other; without a folder, with none.
pub(super) fn only(environment: &Environment, folder: Option<&Path>) -> Environment {
    let kept = KEPT.iter().filter_map(|name| Some(((*name).into(), environment.get(name)?.into())));
    let mut own: Vec<_> = kept.collect();
    if let Some(folder) = folder {
        let named = FILES.iter().map(|(file, variable)| (folder.join(file), *variable));
        let there = named.filter(|(file, _)| file.is_file());
        own.extend(there.map(|(file, variable)| (variable.into(), file.into())));
        if holds_pgp(folder) {
            own.push((PGP.into(), folder.into()));
        }
    }
    own.into_iter().collect()
}

fn holds_pgp(folder: &Path) -> bool {
    let entries = folder.read_dir().into_iter().flatten().flatten();
    let mut endings = entries.filter_map(|entry| entry.path().extension().map(ToOwned::to_owned));
    endings.any(|ending| PGP_ENDINGS.iter().any(|known| ending == *known))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attack_no_key_of_the_machine_is_seen_by_a_project() {
        let dir = test_support::Scratch::new();
        dir.write("keys/age.txt", "");
        dir.write("keys/owner.asc", "");
        let machine: Environment = [
            "SOPS_AGE_KEY",
            "SOPS_AGE_KEY_FILE",
            "SOPS_AGE_KEY_CMD",
            "SOPS_AGE_SSH_PRIVATE_KEY_FILE",
            "SOPS_AGE_SSH_PRIVATE_KEY_CMD",
            "PLEACH_PGP_KEY_FILE",
            "SOPS_GPG_EXEC",
            "GNUPGHOME",
            "HOME",
            "PATH",
            "XDG_CONFIG_HOME",
            "SSH_AUTH_SOCK",
            "PLEACH_SOPS",
        ]
        .into_iter()
        .map(|name| (name.into(), "of-the-machine".into()))
        .collect();
        let own = only(&machine, Some(&dir.join("keys")));
        insta::assert_debug_snapshot!(own, @r#"
        {
            "PLEACH_PGP_KEY_FILE",
            "PLEACH_SOPS",
            "SOPS_AGE_KEY_FILE",
        }
        "#);
        assert_eq!(own.get("SOPS_AGE_KEY_FILE"), Some(dir.join("keys/age.txt").as_os_str()));
        assert_eq!(own.get(PGP), Some(dir.join("keys").as_os_str()));
        insta::assert_debug_snapshot!(only(&machine, None), @r#"
        {
            "PLEACH_SOPS",
        }
        "#);
    }
}
