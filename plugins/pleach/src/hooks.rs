//! `.pre-commit-hooks.yaml`, derived: the hooks that a repository can take from here.

/// (id, language, what one needs for it). pre-commit builds `rust` from source, once per version.
const HOOKS: [(&str, &str, &str); 2] = [
    ("pleach-secrets", "rust", "Builds pleach from source, once per version."),
    ("pleach-secrets-system", "system", "Runs the pleach that is on PATH."),
];

/// The file's text.
pub fn pre_commit_hooks() -> String {
    let start = "# Derived: `make update` rewrites it.\n".to_owned();
    HOOKS.iter().fold(start, |text, (id, language, needs)| {
        text + &format!(
            "- id: {id}\n  name: no secret in the clear\n  description: \
             Every file that .sops.yaml says is encrypted is, and no Secret stands in the clear in any form. {needs}\n  \
             entry: pleach secrets\n  language: {language}\n  types: [file]\n  require_serial: true\n"
        )
    })
}
