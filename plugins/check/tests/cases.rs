//! Every form in which a secret leaks: `tests/cases/secrets/<form>/`, input files and the `expected.txt` that is said.
//!
//! A folder whose name begins with `clean-` or `allowed` (alone) passes, one with `warned-` passes with a warning, any
//! other is refused. `UPDATE=1` rewrites what is said; it never changes what passes.
#![expect(clippy::unwrap_used, reason = "in a test an unwrap is the assertion")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use test_support::Scratch;

/// As many forms as the folder holds; a form that gets lost is noticed.
const FORMS: usize = 132;

fn forms() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/cases/secrets");
    let mut forms: Vec<PathBuf> = std::fs::read_dir(root)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
        .collect();
    forms.sort();
    forms
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap();
        if path.is_dir() {
            copy(&path, &to.join(name));
        } else if name != "expected.txt" {
            std::fs::copy(&path, to.join(name)).unwrap();
        }
    }
}

#[test]
fn every_leak_form_is_refused_and_every_clean_one_passes() {
    let update = std::env::var_os("UPDATE").is_some();
    let forms = forms();
    let (mut refused, mut passed, mut wrong) = (0, 0, Vec::new());
    let mut found = BTreeSet::new();
    for form in &forms {
        let name = form.file_name().unwrap().to_string_lossy().into_owned();
        // Outside git, so that the folder alone is the tree.
        let scratch = Scratch::new();
        let tree = scratch.dir("tree");
        copy(form, &tree);
        let report = check::secrets(&tree, &[]).unwrap();
        found.extend(report.findings.iter().map(|finding| finding.id));
        let said = report.to_string();
        for secret in ["hunter", "aHVudGVy", "AGE-SECRET-KEY-1", "b3BlbnNzaC1rZXk"] {
            assert!(!said.contains(secret), "{name} repeats a value:\n{said}");
        }
        let clean = name.starts_with("clean-") || name.starts_with("warned-") || name == "allowed";
        if clean {
            passed += 1;
        } else {
            refused += 1;
        }
        if report.passed() != clean {
            wrong.push(format!("{name}: passes: {}\n{said}", report.passed()));
            continue;
        }
        let expected = form.join("expected.txt");
        if update {
            std::fs::write(&expected, &said).unwrap();
        }
        let expected = std::fs::read_to_string(&expected).unwrap_or_default();
        if said != expected {
            wrong.push(format!("{name}: expected\n{expected}\nbut it says\n{said}"));
        }
    }
    println!(
        "secrets: {} forms, {refused} refused, {passed} pass, {} wrong",
        forms.len(),
        wrong.len()
    );
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let ids: BTreeSet<&str> = check::EXPLANATIONS.iter().map(|(id, _)| *id).collect();
    assert_eq!(found, ids, "every finding has a page and a form that shows it");
    assert_eq!(check::EXPLANATIONS.len(), ids.len(), "an id stands twice");
    assert_eq!(forms.len(), FORMS, "forms of leaks below tests/cases/secrets");
}
