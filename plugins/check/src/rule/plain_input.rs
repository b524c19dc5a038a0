//! A generator that makes a Secret from what stands in the clear.

use krm::Finding;
use yaml::{Data, Node};

use crate::node::{entries, get, get_str, items, text};
use crate::rule::plain_patch::targets_secrets;
use crate::rule::{Rule, Subject, plain_secret};
use crate::source::{Source, is_kustomization, is_kustomize_kind};
use crate::token::is_token;

pub(crate) const RULE: Rule = Rule {
    id: "plain-input",
    page: "A `secretGenerator` holds a value among its `literals`, or names a file in the clear under `files` or `envs` \
        that the repository keeps; a `SopsDecrypt`, `ksops` or `ksops-exec` config names a file that is not encrypted; \
        or a patch whose target is a Secret stands in a file with its values in the clear. A file that git does not \
        keep is not looked at: it is not committed.\n\n\
        Encrypt the file with sops, and let `SopsDecrypt` make the Secret from it.",
    check,
};

/// What stands in the file itself. Files that it names are another step: [`references`].
fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let source = subject.source;
    let mut findings = Vec::new();
    for root in kustomizations(source) {
        let generators = get(root, "secretGenerator").map(items).unwrap_or_default();
        for (index, generator) in generators.iter().enumerate() {
            let literals = get(generator, "literals").map(items).unwrap_or_default();
            for (at, literal) in literals.iter().enumerate() {
                let text = text(literal);
                let (key, value) = text.split_once('=').unwrap_or((&text, ""));
                let value = value.trim_matches(['"', '\'']);
                if !value.is_empty() && !is_token(value) {
                    findings.push(
                        Finding::error(
                            RULE.id,
                            format!("the value of {key:?} stands in the clear"),
                        )
                        .line(&source.path, literal.position.line)
                        .field(format!("secretGenerator[{index}].literals[{at}]"))
                        .hint(plain_secret::hint(subject)),
                    );
                }
            }
        }
    }
    findings
}

/// What a config does with a file that it names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Use {
    /// Its bytes become a Secret's value: it may not stand in the clear.
    Value,
    /// It is decrypted: it must be encrypted.
    Decrypted,
    /// It is a patch on Secrets.
    Patch,
}

/// A file that a config names.
#[derive(Debug)]
pub(crate) struct Reference {
    /// As written: a path, or for [`Use::Decrypted`] a glob.
    pub(crate) target: String,
    pub(crate) line: u32,
    pub(crate) field: String,
    pub(crate) used: Use,
}

/// Whether a file of these bytes is worth reading for its references alone.
pub(crate) fn may_refer(path: &std::path::Path, bytes: &[u8]) -> bool {
    let holds = |word: &[u8]| bytes.windows(word.len()).any(|part| part == word);
    is_kustomization(path) || holds(b"viaduct.ai/") || holds(b"SopsDecrypt")
}

/// The files that `source` names for a Secret.
pub(crate) fn references(source: &Source) -> Vec<Reference> {
    let mut found = Vec::new();
    for root in kustomizations(source) {
        let generators = get(root, "secretGenerator").map(items).unwrap_or_default();
        for (index, generator) in generators.iter().enumerate() {
            let field = format!("secretGenerator[{index}]");
            for list in ["files", "envs", "env"] {
                named(generator, list, &field, list == "files", Use::Value, &mut found);
            }
        }
        for list in ["patches", "patchesJson6902"] {
            let patches = get(root, list).map(items).unwrap_or_default();
            for (index, patch) in
                patches.iter().enumerate().filter(|(_, patch)| targets_secrets(patch))
            {
                named(patch, "path", &format!("{list}[{index}]"), false, Use::Patch, &mut found);
            }
        }
    }
    for document in &source.documents {
        decryptors(&document.root, "", 0, &mut found);
    }
    found
}

fn kustomizations(source: &Source) -> impl Iterator<Item = &Node> {
    let by_name = is_kustomization(&source.path);
    source
        .documents
        .iter()
        .map(|document| &document.root)
        .filter(move |root| by_name || is_kustomize_kind(root))
}

/// Configs of ours and of KSOPS, wherever they stand: a file, an inline generator, a Pipeline.
fn decryptors(node: &Node, path: &str, depth: usize, found: &mut Vec<Reference>) {
    let dot = if path.is_empty() { "" } else { "." };
    match &node.data {
        Data::Scalar(_) => {
            let text = text(node);
            if depth < 2 && (text.contains("SopsDecrypt") || text.contains("viaduct.ai/")) {
                let from = found.len();
                for document in yaml::documents(text.as_bytes()).unwrap_or_default() {
                    decryptors(&document.root, path, depth + 1, found);
                }
                found[from..].iter_mut().for_each(|reference| reference.line = node.position.line);
            }
        }
        Data::Sequence(items) => {
            for (index, item) in items.iter().enumerate() {
                decryptors(item, &format!("{path}[{index}]"), depth, found);
            }
        }
        Data::Mapping(_) => {
            let group = get_str(node, "apiVersion").unwrap_or_default();
            let kind = get_str(node, "kind").unwrap_or_default();
            match (group.split('/').next().unwrap_or_default(), kind.as_str()) {
                ("pleach.dev", "SopsDecrypt") => {
                    if let Some(spec) = get(node, "spec") {
                        decryptor(spec, "secrets", &format!("{path}{dot}spec."), found);
                    }
                }
                ("viaduct.ai", "ksops" | "ksops-exec") => {
                    decryptor(node, "secretFrom", &format!("{path}{dot}"), found);
                }
                _ => {
                    for entry in entries(node) {
                        decryptors(entry.value, &format!("{path}{dot}{}", entry.key), depth, found);
                    }
                }
            }
        }
    }
}

fn decryptor(spec: &Node, secrets: &str, path: &str, found: &mut Vec<Reference>) {
    let from = found.len();
    named(spec, "files", "", false, Use::Decrypted, found);
    for (index, secret) in get(spec, secrets).map(items).unwrap_or_default().iter().enumerate() {
        for list in ["files", "binaryFiles", "envs"] {
            named(secret, list, &format!("{secrets}[{index}]"), true, Use::Decrypted, found);
        }
    }
    found[from..].iter_mut().for_each(|reference| {
        reference.field = format!("{path}{}", reference.field.trim_start_matches('.'));
    });
}

fn named(node: &Node, list: &str, field: &str, keyed: bool, used: Use, found: &mut Vec<Reference>) {
    let Some(value) = get(node, list) else { return };
    let one = std::slice::from_ref(value);
    let (entries, is_list) =
        if matches!(value.data, Data::Sequence(_)) { (items(value), true) } else { (one, false) };
    for (index, entry) in entries.iter().enumerate() {
        let written = text(entry);
        // `key=path`
        let target =
            written.split_once('=').filter(|_| keyed).map_or(written.as_str(), |(_, path)| path);
        if !target.is_empty() {
            let item = if is_list { format!("[{index}]") } else { String::new() };
            found.push(Reference {
                target: target.to_owned(),
                line: entry.position.line,
                field: format!("{field}.{list}{item}"),
                used,
            });
        }
    }
}
