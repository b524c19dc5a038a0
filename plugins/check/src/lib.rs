//! Rules over the files of a tree; the pre-commit hook.
//!
//! [`secrets`] proves, without a key, that nothing secret stands in a repository in the clear: every file that
//! `.sops.yaml` says is encrypted is, with a MAC, for the recipients that it names, and no Secret stands in the clear in
//! any form. Each rule is one file below `rule/` and a line in the registry; each of its findings has an id, and the
//! page behind the id ([`EXPLANATIONS`]) says what it takes for what.
//!
//! What one would get wrong: without a key nobody can tell a forged token from a real one. `pleach secrets` keeps the
//! careless out, the MAC (checked whenever something is decrypted) the malicious.
//!
//! # What is looked at
//! * All files that git tracks, or those that are named; outside git every file below the folder. Their text is that of
//!   the work tree: pre-commit stashes what is not staged before it runs a hook.
//! * Files that are named are looked at with the whole tree in mind: `app.env` alone is an error when a kustomization
//!   makes a Secret from it. When `.sops.yaml` or `.pleach.yaml` is named, everything below its folder is.
//! * Symlinks and submodules are not followed: their targets are tracked as themselves, or elsewhere.
//!
//! # What is not found
//! Passwords in other places than a Secret and its inputs (Helm values, a `ConfigMap`, the text of a program): nothing
//! tells them from other text. Manifests within a Markdown page, and what a template renders to.
#![cfg_attr(not(test), warn(clippy::disallowed_methods))]

mod format;
mod manifests;
mod marker;
mod node;
mod recipient;
mod report;
mod rule;
mod seal;
mod secrets;
mod selection;
mod sops_config;
mod source;
mod token;
mod tree;

pub use report::Report;
pub use secrets::secrets;

/// (id, page) of every finding of this crate.
pub const EXPLANATIONS: &[(&str, &str)] = &{
    let mut pages = [("", ""); rule::RULES.len() + 2];
    let mut index = 0;
    while index < rule::RULES.len() {
        pages[index] = (rule::RULES[index].id, rule::RULES[index].page);
        index += 1;
    }
    pages[index] = (
        sops_config::BROKEN,
        "A `.sops.yaml` cannot be read, holds a regular expression that Go would refuse, more than one of the six rules \
         in one creation rule, or a field that sops does not know (and ignores: a typo in `encrypted_regex` encrypts \
         something else than was meant). `.sops.yml` is not read by sops at all.\n\n\
         sops looks for `.sops.yaml` upward from the working directory; `pleach secrets` looks upward from each file, up to \
         the root of the repository.",
    );
    pages[index + 1] = (
        marker::BROKEN,
        "The allow-list in a `.pleach.yaml` cannot be read, has an entry without a reason, or one that allows nothing \
         any more:\n\n    apiVersion: pleach.dev/v1alpha1\n    kind: Tree\n    spec:\n      secrets:\n        allow:\n        \
         - path: tests/keys/**\n          rules: [private-key]\n          reason: throw-away keys that open nothing but test \
         files\n\n`path` is a glob relative to the file (`*` stays within a folder, `**` does not); `rules` are ids of \
         findings, all when left out.",
    );
    pages
};
