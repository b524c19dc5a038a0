//! A file whose recorded rule is not the one that its creation rule gives.

use krm::Finding;

use crate::format::Format;
use crate::rule::{Rule, Subject};

pub(crate) const RULE: Rule = Rule {
    id: "other-rule",
    page: "sops records in each file which values it encrypts (`encrypted_regex` and its five siblings). The file records \
        another rule than the creation rule in `.sops.yaml` gives now, so it was encrypted before the rule changed, or \
        by hand. A warning: what the new rule covers and the file leaves clear is an error of its own.\n\n\
        `sops updatekeys` does not change this. Decrypt the file and encrypt it anew.",
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let source = subject.source;
    let Some((_, rule)) = subject.creation.filter(|_| source.format != Format::Binary) else {
        return Vec::new();
    };
    let Some(seal) = source.seals.iter().flatten().next() else { return Vec::new() };
    let Ok(recorded) = &seal.selection else { return Vec::new() };
    if recorded.same(&rule.selection) {
        return Vec::new();
    }
    let what = format!(
        "records {}, where {} gives {}",
        recorded.name(),
        subject.creation_name(),
        rule.selection.name()
    );
    vec![
        Finding::warning(RULE.id, what)
            .line(&source.path, seal.line)
            .hint(format!("decrypt {} and encrypt it anew", source.path.display())),
    ]
}
