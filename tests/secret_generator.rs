//! `SopsDecrypt` beside kustomize's own `secretGenerator`: the same values give the same bytes, hash suffix included.

use test_support::sops;

use crate::build::{Builder, built, root};

const FILES: [(&str, &[u8]); 4] = [
    ("note.txt", b"a line\nanother: 012 yes\n"),
    ("blob.bin", &[0, 1, 0xFF, 0xFE, b'\n', 0x85, 0xE2, 0x80, 0xA8]),
    ("app.env", b"# a comment\nUSER=ada\nQUOTED=\"kept\"\nEMPTY=\nDATE=2012-10-17\nWITH=a=b # c\n"),
    ("more.env", b"OTHER=1_000\n"),
];

/// Entries as `secretGenerator` takes them; `secrets` takes the same text.
const ENTRIES: &str = "\
- name: whole
  namespace: web
  files: [note.txt, renamed.bin=blob.bin]
  envs: [app.env, more.env]
- name: typed
  type: example.org/custom
  files: [note.txt]
  options:
    labels: {app: web, tier: '1'}
    annotations: {example.org/note: 'yes'}
    immutable: true
- name: unhashed
  envs: [more.env]
  options: {disableNameSuffixHash: true}
- name: standing
  behavior: merge
  files: [note.txt]
- name: replaced
  behavior: replace
  files: [note.txt]
- name: created
  behavior: create
  files: [blob.bin]
";

/// Secrets that stand in the tree, and a Pod whose references follow the hashes.
const BASE: &str = "\
apiVersion: v1
kind: Secret
metadata: {name: standing}
type: Opaque
data: {old: b2xk}
---
apiVersion: v1
kind: Secret
metadata: {name: replaced}
type: Opaque
data: {old: b2xk}
---
apiVersion: v1
kind: Pod
metadata: {name: p}
spec:
  containers:
  - name: c
    image: example.org/c
    envFrom:
    - secretRef: {name: whole}
    - secretRef: {name: created}
";

fn indented(text: &str) -> String {
    text.lines().flat_map(|line| ["  ", line, "\n"]).collect()
}

#[test]
fn the_same_values_give_the_bytes_of_kustomize_s_own_generator() {
    let builder = Builder::new();
    let scratch = &builder.scratch;
    let key = std::fs::read_to_string(root().join("tests/keys/throw-away-age.txt")).expect("a key");
    let recipient = key.lines().find_map(|line| line.strip_prefix("# public key: "));
    for (name, content) in FILES {
        scratch.write(format!("plain/{name}"), content);
        let file = scratch.write(format!("ours/{name}"), content);
        let mut encrypt = builder.command(sops());
        encrypt.args(["encrypt", "-i", "--age", recipient.expect("a recipient")]).arg(file);
        built(&encrypt.output().expect("sops starts"));
    }
    for folder in ["plain", "ours"] {
        scratch.write(format!("{folder}/base/all.yaml"), BASE);
        scratch.write(format!("{folder}/base/kustomization.yaml"), "resources: [all.yaml]\n");
    }
    scratch.write(
        "plain/kustomization.yaml",
        format!("resources: [base]\nnamePrefix: a-\nsecretGenerator:\n{ENTRIES}"),
    );
    scratch.write(
        "ours/kustomization.yaml",
        "resources: [base]\nnamePrefix: a-\ngenerators: [secrets.yaml]\n",
    );
    let config = |annotation: &str| {
        format!(
            "apiVersion: pleach.dev/v1alpha1\nkind: SopsDecrypt\nmetadata:\n  name: g\n{annotation}spec:\n  \
             secrets:\n{}",
            indented(ENTRIES)
        )
    };
    let want = built(&builder.kustomize(&scratch.join("plain"), &[]));
    assert_eq!(want.matches("kind: Secret").count(), 6, "{want}");

    scratch.write("ours/secrets.yaml", config(""));
    assert_eq!(built(&builder.plugin(&scratch.join("ours"))), want, "plugin");
    let annotation = "  annotations: {config.kubernetes.io/function: 'exec: {path: pleach}'}\n";
    scratch.write("ours/secrets.yaml", config(annotation));
    assert_eq!(built(&builder.function(&scratch.join("ours"))), want, "function");
}
