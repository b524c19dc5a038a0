//! A file that should have been looked into, and could not be.

use krm::Finding;

use crate::rule::{Rule, Subject};

pub(crate) const RULE: Rule = Rule {
    id: "unreadable-document",
    page: "The file has a name that says YAML or JSON, speaks of secrets or is covered by a creation rule, and cannot be \
        read: nothing can be said about it, so it does not pass. With template markup (`{{ ... }}`) in it, it is not \
        YAML until it is rendered: that is a warning, and what it renders to is not looked at. The same goes for a file \
        above 16 MiB that a rule should have looked into.\n\n\
        Helm values are looked into like every YAML file, but a password in them is no Secret and is not found.",
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let source = subject.source;
    let Some(error) = &source.broken else { return Vec::new() };
    let holds = |words: &[&str]| {
        words.iter().any(|word| {
            source.bytes.windows(word.len()).any(|part| part.eq_ignore_ascii_case(word.as_bytes()))
        })
    };
    let is_text = std::str::from_utf8(&source.bytes).is_ok() && !source.bytes.contains(&0);
    if is_text && !holds(&["secret", "sops", "ENC["]) && !subject.must_be_sealed() {
        return Vec::new();
    }
    let line = error.position.map_or(1, |at| at.line);
    let finding = if holds(&["{{"]) && !subject.must_be_sealed() {
        Finding::warning(RULE.id, "not checked: it is a template, and no YAML until it is rendered")
            .hint("check what it renders to: kustomize build or helm template into a file, and pleach secrets on that")
    } else {
        Finding::error(RULE.id, format!("not checked: {}", error.problem))
            .hint("mend the file; what cannot be read may hold anything")
    };
    vec![finding.line(&source.path, line)]
}
