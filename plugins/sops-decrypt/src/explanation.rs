//! What each finding of this crate means: the pages behind the ids.

/// (id, page): `pleach docs ID` prints the page. Every id that the crate uses stands here; a test compares.
pub const EXPLANATIONS: &[(&str, &str)] = &[
    (
        "bad-entry",
        "An entry of `files` or `binaryFiles` is a path, whose base name becomes the key, or `key=path`. \
         Neither the key nor the path may hold a `=`, as in kustomize's own secretGenerator.",
    ),
    (
        "bad-key",
        "A key of a Secret holds letters, digits, `-`, `_` and `.`, at most 253 of them. An API server refuses \
         any other. The base name of a file may not be one: write `key=path`.",
    ),
    (
        "concurrency-limit",
        "KSOPS_CONCURRENCY_LIMIT, the variable of KSOPS, says how many files are opened at once. It must be a \
         number above 0.",
    ),
    (
        "data-not-base64",
        "What stands under `data` of a Secret is base64. Plain text belongs under `stringData`, also in the \
         encrypted file.",
    ),
    (
        "env-file",
        "An env file holds one `KEY=value` per line. SopsDecrypt reads it as kustomize's secretGenerator does: \
         the value is everything behind the first `=`, quotes included. ksops reads it as the Go library \
         godotenv does: quotes are stripped, `$NAME` is expanded, ` #` starts a comment.",
    ),
    (
        "identity-encrypted",
        "With PLEACH_SOPS=redact no key is used, and an object whose apiVersion, kind, name or namespace is \
         encrypted, or an env file whose names are, cannot be told. Encrypt values only.",
    ),
    (
        "key-twice",
        "Two entries of one Secret have the same key. SopsDecrypt refuses that, as kustomize does; ksops takes \
         the later value, as KSOPS does, and says so.",
    ),
    (
        "more-failures",
        "More than twenty files or entries failed. Twenty are said one by one, the rest is counted; a key that is \
         missing fails every file that it should open.",
    ),
    ("no-name", "Every object needs a `metadata.name`, and every Secret to be made a `name`."),
    (
        "not-a-manifest",
        "Under `files` stand whole Kubernetes manifests: apiVersion, kind and metadata.name in every document. \
         Files of plain values are listed where a Secret is made from them.",
    ),
    (
        "nothing-to-decrypt",
        "The config lists no file. A build without its Secrets would delete them from the cluster.",
    ),
    (
        "same-resource-twice",
        "Two files or entries of one config give the same object: same group, kind, namespace and name. \
         kustomize would refuse the second without saying where it comes from.",
    ),
    (
        "sops-mode",
        "PLEACH_SOPS is `redact` (placeholders, no keys) or not set (values). It comes from the operator's \
         environment; a tree cannot set it.",
    ),
    (
        "sops-not-encrypted",
        "A file that should be encrypted is not: a plain Secret in the tree. Encrypt it, and change the value \
         if it was ever pushed. Plain manifests belong under `resources:`.",
    ),
    (
        "sops-refused",
        "A file was found and not opened: no key, a changed file, or one that sops did not write. The message \
         names the place; where a key is missing it lists every place where one was looked for.",
    ),
    (
        "sops-token-left",
        "After decryption a value is a SOPS token again: it was encrypted twice, or pasted from another file. \
         The application would get the token as its password.",
    ),
    (
        "stream-mac",
        "A manifest in a stream has been rewritten by kustomize, so that a MAC over all its values cannot be \
         checked on it. Encrypt it with `mac_only_encrypted: true` in .sops.yaml and sorted keys, or let kustomize name the \
         source file (`buildMetadata: [originAnnotations]`), which is then checked instead.",
    ),
    (
        "stream-source",
        "A manifest in a stream holds an encrypted value that its source file does not: a patch put it there. \
         Encrypted values change in the encrypted file only.",
    ),
    (
        "value-moved",
        "kustomize damages some characters on their way from a generator to the output: U+0085 becomes a space, \
         U+2028 and U+2029 gather blanks, U+007F to U+009F, U+FFFE and U+FFFF fail the build, bytes that are not \
         UTF-8 are lost. A ksops value that holds one stands in `data` instead of `stringData`.",
    ),
    (
        "value-not-text",
        "A value under `stringData` is a number, a truth value, a list or a map. An API server takes text \
         alone: put it in quotes.",
    ),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::EXPLANATIONS;

    /// The ids in the sources: what stands in quotes behind `Finding::error(` and `Finding::warning(`.
    fn used() -> BTreeSet<String> {
        let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let mut used = BTreeSet::from(["sops-not-encrypted".to_owned(), "sops-refused".to_owned()]);
        for entry in std::fs::read_dir(sources).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_none_or(|extension| extension != "rs") {
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap();
            let text = text.split("#[cfg(test)]").next().unwrap_or_default();
            for call in ["Finding::error(", "Finding::warning("] {
                for behind in text.split(call).skip(1) {
                    let id =
                        behind.trim_start().strip_prefix('"').and_then(|id| id.split('"').next());
                    used.extend(id.map(str::to_owned));
                }
            }
        }
        used
    }

    #[test]
    fn every_id_has_its_page_and_every_page_its_id() {
        let pages: BTreeSet<String> = EXPLANATIONS.iter().map(|(id, _)| (*id).to_owned()).collect();
        assert_eq!(used(), pages);
        assert_eq!(pages.len(), EXPLANATIONS.len());
    }
}
