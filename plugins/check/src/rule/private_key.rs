//! A private key that is committed: whoever reads the repository opens every secret in it.

use std::sync::LazyLock;

use krm::Finding;
use regex::bytes::Regex;

use crate::rule::{Rule, Subject};

pub(crate) const RULE: Rule = Rule {
    id: "private-key",
    page: "An age identity, or a PGP, SSH or TLS private key stands in the file. A bare header, as in documentation and \
        source code, is not one.\n\n\
        Take the key out, make a new one, and let `sops updatekeys` and `sops rotate` give every file to it: the old \
        key stays in the history. A throw-away key of a test goes into the allow-list of `.pleach.yaml`, with a reason.",
    check,
};

/// (what, pattern). A key body must follow the header; line ends may be escaped, as in JSON.
static KEYS: LazyLock<Vec<(&'static str, Regex)>> = LazyLock::new(|| {
    let age = r"(?i)AGE-SECRET-KEY-(?:PQ-)?1[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{50}";
    let plugin = r"(?i)AGE-PLUGIN-[A-Z0-9+._-]+-1[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{30}";
    let pem = r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----(?:\s|\\[nr])+(?:[A-Za-z-]+: [^\n\\]*(?:\s|\\[nr])+)*[A-Za-z0-9+/=]{16}";
    [("an age identity", age), ("an identity of an age plugin", plugin), ("a private key", pem)]
        .into_iter()
        .filter_map(|(what, pattern)| Regex::new(pattern).ok().map(|regex| (what, regex)))
        .collect()
});

fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let source = subject.source;
    let mut findings = Vec::new();
    for (what, regex) in KEYS.iter() {
        for found in regex.find_iter(&source.bytes) {
            // A key under a passphrase of its own opens nothing by itself.
            if found.as_bytes().starts_with(b"-----BEGIN ENCRYPTED ") {
                continue;
            }
            let line = source.bytes[..found.start()].split(|byte| *byte == b'\n').count();
            findings.push(
                Finding::error(RULE.id, format!("holds {what}"))
                    .line(&source.path, u32::try_from(line).unwrap_or(u32::MAX))
                    .hint("take it out and make a new one: this one stays in the history"),
            );
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_pattern_compiles() {
        assert_eq!(super::KEYS.len(), 3);
    }
}
