//! A file that a creation rule says is encrypted, and that is not.

use krm::Finding;

use crate::format::Format;
use crate::rule::unsealed_value::clear_leaves;
use crate::rule::{Rule, Subject};

pub(crate) const RULE: Rule = Rule {
    id: "unsealed-file",
    page: "A creation rule of `.sops.yaml` matches the file by its `path_regex`, and the file carries no sops metadata.\n\n\
        A creation rule says *how* a file is encrypted, and by its `path_regex` *which*. A rule without `path_regex`, or \
        with one that also matches a kustomization of the tree (`.*\\.yaml`), says only how: kustomize reads no encrypted \
        kustomization, so such a rule cannot mean every file. Under it a Secret must be encrypted, another file need not \
        be. A file in which the rule would encrypt nothing (no values, or none that `encrypted_regex` covers) is fine.",
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let source = subject.source;
    let Some((_, rule)) = subject.creation.filter(|_| subject.must_be_sealed()) else {
        return Vec::new();
    };
    if source.is_sealed() || source.is_empty() || source.broken.is_some() {
        return Vec::new();
    }
    let structured = source.format != Format::Binary;
    if structured && clear_leaves(source, &rule.selection).is_empty() {
        return Vec::new();
    }
    vec![
        Finding::error(
            RULE.id,
            format!("must be encrypted by {}, and is not", subject.creation_name()),
        )
        .file(&source.path)
        .hint(format!("sops encrypt --in-place {}", source.path.display())),
    ]
}
