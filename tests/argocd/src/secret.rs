//! Secrets that stand nowhere by chance, encrypted by the real sops.

use std::process::Stdio;

use test_support::{Scratch, sops};

/// The recipient of `tests/keys/throw-away-age.txt`.
const RECIPIENT: &str = "age1xhmvntqaejl9dr4a4cfakangz7fwxlhslelg08mfk7swe8k8wvhsg0v9vt";

/// A Secret manifest whose values sops encrypted for the throw-away age key.
#[must_use]
pub fn encrypted(scratch: &Scratch, name: &str, values: &[(&str, &str)]) -> String {
    let values: Vec<String> =
        values.iter().map(|(key, value)| format!("  {key}: {value}\n")).collect();
    let head = "apiVersion: v1\nkind: Secret\nmetadata:\n  name:";
    let manifest = format!("{head} {name}\nstringData:\n{}", values.concat());
    encrypt(scratch, &manifest, RECIPIENT)
}

/// A manifest whose `data` and `stringData` sops encrypted for an age recipient.
#[must_use]
pub fn encrypt(scratch: &Scratch, manifest: &str, recipient: &str) -> String {
    let file = scratch.write("plain.yaml", manifest);
    let output = scratch
        .command(sops())
        .args(["encrypt", "--age", recipient, "--encrypted-regex", "^(data|stringData)$"])
        .arg(&file)
        .stdin(Stdio::null())
        .output();
    let output = output.unwrap_or_else(|error| panic!("sops: {error}"));
    assert!(output.status.success(), "sops: {}", String::from_utf8_lossy(&output.stderr));
    std::fs::remove_file(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    String::from_utf8_lossy(&output.stdout).into_owned()
}
