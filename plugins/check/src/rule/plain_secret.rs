//! A Secret with values in the clear, in any form that kustomize or the API server reads as one.

use krm::Finding;

use crate::format::Format;
use crate::manifests;
use crate::rule::{Rule, Subject};

pub(crate) const RULE: Rule = Rule {
    id: "plain-secret",
    page: "A Secret stands in the file with a value that is not encrypted. It counts in every form: as any document of \
        the file, in a List, in JSON, in a text (an inline patch, a ConfigMap, the last-applied annotation), with its \
        kind in quotes or escapes, by an anchor or a merge key; in `data`, where base64 is no encryption, as in \
        `stringData`. A Secret without values, or with empty ones, is fine.\n\n\
        Encrypt the file with sops, or take the value out. What was pushed once stays in the history: change the value \
        where it is used. A Secret that holds nothing secret goes into the allow-list of `.pleach.yaml`, with a reason.",
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let source = subject.source;
    let mut findings = Vec::new();
    if matches!(source.format, Format::Dotenv | Format::Ini) {
        return findings;
    }
    for (index, document) in source.documents.iter().enumerate() {
        let sealed = source.seals[index].is_some();
        for secret in manifests::secrets(&document.root) {
            let Some((field, line)) = secret.plain.first() else { continue };
            // Of an encrypted document its rule says which values stay clear, and `unsealed-value` asks that rule; but
            // a rule that leaves all of a Secret clear is none.
            if sealed && !in_text(&document.root, field) && secret.encrypted > 0 {
                continue;
            }
            let mut place = match secret.plain.len() {
                1 => String::new(),
                more => format!(", nor {}", counted(more - 1, "more value")),
            };
            if source.documents.len() > 1 {
                place = format!("{place} (document {})", index + 1);
            }
            findings.push(
                Finding::error(RULE.id, format!("not encrypted{place}"))
                    .line(&source.path, *line)
                    .on(secret.identity)
                    .field(field)
                    .hint(hint(subject)),
            );
        }
    }
    findings
}

/// Whether the field stands in a text of the document, which sops' metadata says nothing about.
fn in_text(root: &yaml::Node, field: &str) -> bool {
    let first = field.split(['.', '[']).next().unwrap_or_default();
    !manifests::DATA.contains(&first)
        && crate::node::get(root, first).is_some_and(|node| !crate::node::is_map(node))
}

fn counted(count: usize, what: &str) -> String {
    if count == 1 { format!("{count} {what}") } else { format!("{count} {what}s") }
}

/// What to do about a secret in the clear.
pub(crate) fn hint(subject: &Subject<'_>) -> String {
    let path = subject.source.path.display();
    if subject.source.is_kustomization() {
        return "take it out of the kustomization, into a file encrypted with sops".to_owned();
    }
    let rotate = "if it was pushed before, change the value as well";
    if subject.creation.is_some() {
        format!("sops encrypt --in-place {path}; {rotate}")
    } else {
        format!(
            "no creation rule matches {path}: add one to .sops.yaml, then sops encrypt --in-place {path}; {rotate}"
        )
    }
}
