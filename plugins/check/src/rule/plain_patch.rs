//! A patch in a kustomization that writes a value in the clear into a Secret.

use krm::Finding;
use yaml::{Data, Node};

use crate::manifests::{DATA, values_of};
use crate::node::{get, get_str, is_null, items, text};
use crate::rule::{Rule, Subject, plain_secret};
use crate::source::is_kustomize_kind;
use crate::token::is_token;

pub(crate) const RULE: Rule = Rule {
    id: "plain-patch",
    page: "A patch whose target is a Secret brings a value in the clear: a JSON patch that writes below `/data` or \
        `/stringData`, or a merge patch with such a field. The patch itself need not be of kind Secret: kustomize goes \
        by the target.\n\n\
        Encrypt the value in the Secret that is patched, and drop the patch.",
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let source = subject.source;
    let mut findings = Vec::new();
    for document in source.documents.iter().filter(|document| {
        crate::source::is_kustomization(&source.path) || is_kustomize_kind(&document.root)
    }) {
        for list in ["patches", "patchesJson6902"] {
            let patches = get(&document.root, list).map(items).unwrap_or_default();
            for (index, patch) in patches.iter().enumerate() {
                let Some(text) = get(patch, "patch").filter(|_| targets_secrets(patch)) else {
                    continue;
                };
                for (field, _) in written(text) {
                    findings.push(
                        Finding::error(RULE.id, "writes a value in the clear into a Secret")
                            .line(&source.path, text.position.line)
                            .field(format!("{list}[{index}].patch: {field}"))
                            .hint(plain_secret::hint(subject)),
                    );
                }
            }
        }
    }
    findings
}

/// Whether the patch is applied to Secrets: its target's kind is a regular expression, and none means any kind.
pub(crate) fn targets_secrets(patch: &Node) -> bool {
    let Some(target) = get(patch, "target").filter(|node| !is_null(node)) else { return false };
    match get_str(target, "kind") {
        None => true,
        Some(kind) => {
            regex::Regex::new(&format!("^(?:{kind})$")).is_ok_and(|regex| regex.is_match("Secret"))
        }
    }
}

/// The values in the clear that a patch (its text, or its nodes) writes into a Secret.
pub(crate) fn written(patch: &Node) -> Vec<(String, u32)> {
    let own = text(patch);
    if own.is_empty() {
        return Vec::new();
    }
    let Ok(documents) = yaml::documents(own.as_bytes()) else { return Vec::new() };
    documents.iter().flat_map(|document| writes(&document.root)).collect()
}

/// The values in the clear that one parsed patch writes into a Secret: (path, line).
pub(crate) fn writes(root: &Node) -> Vec<(String, u32)> {
    let Data::Sequence(operations) = &root.data else {
        // What says that it is a Secret itself is found as one.
        let named =
            get_str(root, "kind").is_some_and(|kind| kind.trim().eq_ignore_ascii_case("Secret"));
        return values_of(root, "", None)
            .filter(|_| !named)
            .map(|secret| secret.plain)
            .unwrap_or_default();
    };
    let mut found = Vec::new();
    for operation in operations {
        let path = get_str(operation, "path").unwrap_or_default();
        let writes = matches!(get_str(operation, "op").as_deref(), Some("add" | "replace"));
        let below = path.split('/').nth(1).is_some_and(|field| DATA.contains(&field));
        let value = get(operation, "value").map(leaves).unwrap_or_default();
        if writes && below && value.iter().any(|text| !text.is_empty() && !is_token(text)) {
            found.push((path.trim_start_matches('/').replace('/', "."), operation.position.line));
        }
    }
    found
}

fn leaves(node: &Node) -> Vec<String> {
    match &node.data {
        Data::Scalar(_) => vec![text(node)],
        Data::Sequence(items) => items.iter().flat_map(leaves).collect(),
        Data::Mapping(pairs) => pairs.iter().flat_map(|(_, value)| leaves(value)).collect(),
    }
}
