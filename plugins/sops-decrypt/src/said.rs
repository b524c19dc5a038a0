//! Errors of the SOPS library become findings.

use krm::{Finding, Identity};

/// Why a file was not opened: the file, what the library says, and what to do.
pub(crate) fn refused(error: &sops::Error, file: &str) -> Box<Finding> {
    let (id, hint) = match error {
        sops::Error::NotEncrypted => (
            "sops-not-encrypted",
            Some(format!(
                "encrypt it: `sops encrypt --in-place {file}`; what is no secret belongs under `resources:`"
            )),
        ),
        _ => ("sops-refused", error.hint()),
    };
    let mut finding = Finding::error(id, error.to_string()).file(file);
    finding.hint = hint;
    Box::new(finding)
}

/// A document under `files` that is no manifest.
pub(crate) fn not_a_manifest(file: &str, why: &str) -> Box<Finding> {
    Box::new(
        Finding::error("not-a-manifest", format!("the decrypted file is not a Kubernetes manifest: {why}"))
            .file(file)
            .hint("list files of plain values where a Secret is made from them: `secrets` (ksops: `secretFrom`)"),
    )
}

/// The warning about a value that left `stringData`.
pub(crate) fn moved(secret: &Identity, key: &str, what: &str) -> Finding {
    Finding::warning(
        "value-moved",
        format!("the value holds {what}, which kustomize damages: it stands in `data` instead"),
    )
    .on(secret.clone())
    .field(format!("stringData.{key}"))
    .hint("nothing is lost; list the file under `binaryFiles`, or the value under `data`, to say so yourself")
}
