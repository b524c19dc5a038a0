//! Trees of KSOPS users: what the real KSOPS 4.5 built from them, both forms build here.
//!
//! Each folder of `tests/builds/ksops/` is such a tree; its `want.yaml` is what kustomize 5.8.2 printed with KSOPS as
//! plugin and as function (the two never differed).

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use test_support::Scratch;

use crate::build::{Builder, built, copy, root, said};

fn cases() -> Vec<PathBuf> {
    let folder = root().join("tests/builds/ksops");
    let entries = std::fs::read_dir(folder).expect("the cases");
    let mut cases: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    cases.sort();
    cases
}

fn case(name: &str) -> PathBuf {
    root().join("tests/builds/ksops").join(name)
}

/// The case with the function annotation in its config: the one difference between the two forms.
fn as_function(scratch: &Scratch, case: &Path) -> PathBuf {
    let folder = scratch.join(case.file_name().expect("a name"));
    copy(case, &folder);
    let config = folder.join("generate-resources.yaml");
    let text = std::fs::read_to_string(&config).expect("a config");
    let annotation =
        "-generator\n  annotations:\n    config.kubernetes.io/function: 'exec: {path: ksops}'\n";
    let text = text.replacen("-generator\n", annotation, 1);
    assert!(text.contains("exec:"), "{}", case.display());
    std::fs::write(config, text).expect("a config");
    folder
}

#[test]
fn ksops_trees_build_the_same_here_in_both_forms() {
    let builder = Builder::new();
    let cases = cases();
    for case in &cases {
        let want = std::fs::read_to_string(case.join("want.yaml")).expect("want.yaml");
        assert_eq!(built(&builder.plugin(case)), want, "plugin: {}", case.display());
        let function = as_function(&builder.scratch, case);
        assert_eq!(built(&builder.function(&function)), want, "function: {}", case.display());
    }
    println!("ksops: {} trees, both forms equal to KSOPS", cases.len());
    assert!(cases.len() >= 13, "{} trees", cases.len());
}

#[test]
fn the_hash_suffix_is_that_of_ksops() {
    let output = built(&Builder::new().plugin(&case("suffixes")));
    for name in ["s-c4fh4465f9", "s-d9hkckkhcc", "s-6g4f655459"] {
        assert!(output.contains(&format!("name: {name}\n")), "{name} is not in\n{output}");
    }
}

#[test]
fn a_merge_without_a_type_gets_the_one_that_kustomize_would_lose() {
    let builder = Builder::new();
    let folder = builder.scratch.join("case");
    copy(&case("behavior-merge"), &folder);
    std::fs::write(
        folder.join("generate-resources.yaml"),
        "apiVersion: viaduct.ai/v1\nkind: ksops\nmetadata: {name: g}\nsecretFrom:\n- metadata:\n    name: db\n    \
         annotations: {kustomize.config.k8s.io/behavior: merge}\n  binaryFiles: [k=secret.enc.yaml]\n",
    )
    .expect("a config");
    let output = built(&builder.plugin(&folder));
    assert!(output.contains("type: Opaque"), "{output}");
    assert!(output.contains("from-base:") && output.contains("  k: "), "{output}");
}

#[test]
fn a_typo_in_a_ksops_config_is_named_instead_of_ignored() {
    let builder = Builder::new();
    let folder = builder.scratch.join("case");
    copy(&case("envs"), &folder);
    std::fs::write(
        folder.join("generate-resources.yaml"),
        "apiVersion: viaduct.ai/v1\nkind: ksops\nmetadata: {name: g}\nsecretFrom:\n- metadata: {name: a}\n  \
         env: [secret.enc.env]\n",
    )
    .expect("a config");
    let output = builder.plugin(&folder);
    assert!(!output.status.success());
    assert!(said(&output).contains("secretFrom[0].env"), "{}", said(&output));
    assert!(said(&output).contains("envs"), "{}", said(&output));
}

#[test]
fn the_concurrency_limit_of_ksops_is_honoured() {
    for limit in ["1", "7"] {
        let builder = Builder::new().env("KSOPS_CONCURRENCY_LIMIT", limit);
        built(&builder.plugin(&case("multiple")));
    }
    for limit in ["0", "-1", "many"] {
        let builder = Builder::new().env("KSOPS_CONCURRENCY_LIMIT", limit);
        let output = builder.plugin(&case("multiple"));
        assert!(!output.status.success(), "{limit}");
        assert!(said(&output).contains("KSOPS_CONCURRENCY_LIMIT"), "{}", said(&output));
    }
}

/// KSOPS fails on many RSA files at its default limit, for the agent of GnuPG runs out of locked memory.
#[test]
fn many_rsa_files_open_at_the_default_limit_and_in_order() {
    let builder = Builder::without_keys()
        .env("PLEACH_PGP_KEY_FILE", root().join("tests/keys/throw-away-rsa4096.asc"));
    let values = ["even", "odd"].map(|parity| {
        let file = root().join(format!("tests/builds/rsa/{parity}.enc"));
        (parity, std::fs::read(file).expect("a file"))
    });
    let mut config = "apiVersion: viaduct.ai/v1\nkind: ksops\nmetadata: {name: g}\nsecretFrom:\n- \
                      metadata: {name: many}\n  files:\n"
        .to_owned();
    let mut want =
        "apiVersion: v1\nkind: Secret\nmetadata:\n  name: many\nstringData:\n".to_owned();
    for (i, (parity, value)) in values.iter().cycle().enumerate().take(100) {
        builder.scratch.write(format!("rsa/v{i:03}.enc"), value);
        writeln!(config, "  - k{i:03}=v{i:03}.enc").expect("a string");
        writeln!(want, "  k{i:03}: 'opened with RSA: {parity}'").expect("a string");
    }
    builder.scratch.write("rsa/g.yaml", config);
    builder.scratch.write("rsa/kustomization.yaml", "generators: [g.yaml]\n");
    assert_eq!(built(&builder.plugin(&builder.scratch.join("rsa"))), want);
    let one = builder.env("KSOPS_CONCURRENCY_LIMIT", "1");
    assert_eq!(built(&one.plugin(&one.scratch.join("rsa"))), want);
}
