//! Which files are looked at: those that git tracks, those that are named, and those that they depend on.
#![expect(clippy::unwrap_used, reason = "in a test an unwrap is the assertion")]

use std::path::{Path, PathBuf};

use check::Report;
use test_support::{Scratch, machine};

const SECRET: &str =
    "apiVersion: v1\nkind: Secret\nmetadata:\n  name: app\nstringData:\n  password: hunter2\n";
const KUSTOMIZATION: &str = "secretGenerator:\n- name: app\n  envs: [app.env]\n";

fn git(scratch: &Scratch, arguments: &[&str]) {
    let output = scratch
        .command(machine("git"))
        .args(["-c", "user.name=test", "-c", "user.email=test@localhost"])
        .args(arguments)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "git {arguments:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
}

/// A repository in `tree/` of the scratch folder, everything added to git.
fn repository(files: &[(&str, &str)]) -> Scratch {
    let scratch = Scratch::new();
    for (path, content) in files {
        scratch.write(Path::new("tree").join(path), content);
    }
    git(&scratch, &["init", "tree"]);
    git(&scratch, &["-C", "tree", "add", "--all"]);
    scratch
}

fn look(scratch: &Scratch, arguments: &[&str]) -> Report {
    let arguments: Vec<PathBuf> = arguments.iter().map(PathBuf::from).collect();
    check::secrets(&scratch.join("tree"), &arguments).unwrap()
}

fn said(scratch: &Scratch, arguments: &[&str]) -> String {
    look(scratch, arguments).to_string()
}

#[test]
fn a_file_that_git_ignores_is_not_looked_at_until_it_is_named() {
    let scratch = repository(&[(".gitignore", "local.yaml\n"), ("local.yaml", SECRET)]);
    assert!(look(&scratch, &[]).passed());
    assert!(!look(&scratch, &["local.yaml"]).passed());
}

#[test]
fn a_file_that_is_added_to_git_and_not_yet_committed_is_looked_at() {
    assert!(!look(&repository(&[("secret.yaml", SECRET)]), &[]).passed());
}

#[test]
fn a_generator_input_is_refused_when_only_the_input_is_named() {
    let scratch =
        repository(&[("a/kustomization.yaml", KUSTOMIZATION), ("a/app.env", "P=hunter2\n")]);
    let expected = "error: a/app.env: not encrypted, and secretGenerator[0].envs[0] of \
                    a/kustomization.yaml:3 makes a Secret from it\n";
    assert!(said(&scratch, &["a/app.env"]).starts_with(expected));
    assert!(said(&scratch, &["a/kustomization.yaml"]).starts_with(expected));
}

#[test]
fn a_generator_input_that_git_ignores_is_not_committed_and_passes() {
    let scratch = repository(&[
        (".gitignore", "*.env\n"),
        ("a/kustomization.yaml", KUSTOMIZATION),
        ("a/app.env", "P=hunter2\n"),
    ]);
    assert!(look(&scratch, &[]).passed());
}

#[test]
fn a_changed_sops_config_looks_at_every_file_below_it_again() {
    let config = "creation_rules:\n- path_regex: ^values\n  age: age1x\n";
    let scratch = repository(&[
        ("team/.sops.yaml", config),
        ("team/values.yaml", "password: hunter2\n"),
        ("other/secret.yaml", SECRET),
    ]);
    let report = look(&scratch, &["team/.sops.yaml"]);
    assert_eq!((report.files, report.findings.len()), (2, 1), "{report}");
}

#[test]
fn a_folder_that_is_named_stands_for_what_is_below_it() {
    let scratch = repository(&[("a/b/secret.yaml", SECRET), ("c/secret.yaml", SECRET)]);
    assert_eq!(look(&scratch, &["a"]).files, 1);
    let report = check::secrets(&scratch.join("tree/a/b"), &[PathBuf::from("../../c/secret.yaml")]);
    assert_eq!(report.unwrap().findings[0].file, Some((PathBuf::from("c/secret.yaml"), Some(6))));
}

#[test]
fn a_symlink_is_not_followed() {
    let scratch = Scratch::new();
    scratch.write("outside.yaml", SECRET);
    scratch.dir("tree");
    std::os::unix::fs::symlink("../outside.yaml", scratch.join("tree/secret.yaml")).unwrap();
    assert_eq!(look(&scratch, &[]).files, 0);
    assert_eq!(look(&scratch, &["secret.yaml"]).files, 0);
}

#[test]
fn a_file_outside_the_repository_is_an_error() {
    let scratch = repository(&[]);
    scratch.write("secret.yaml", SECRET);
    let error = check::secrets(&scratch.join("tree"), &[PathBuf::from("../secret.yaml")]);
    assert!(
        error
            .unwrap_err()
            .to_string()
            .starts_with("error: ../secret.yaml: outside the repository\n")
    );
}

#[test]
fn a_file_that_is_not_there_is_an_error() {
    let scratch = repository(&[]);
    let error = check::secrets(&scratch.join("tree"), &[PathBuf::from("secret.yaml")]).unwrap_err();
    assert!(error.to_string().starts_with("error: secret.yaml: cannot be read: "), "{error}");
}

#[test]
fn a_file_above_the_limit_is_refused_and_not_passed_over() {
    let scratch = repository(&[]);
    let large = format!("{SECRET}{}", "# filler\n".repeat(2 * 1024 * 1024));
    scratch.write("tree/large.yaml", large);
    assert_eq!(
        said(&scratch, &["large.yaml"]),
        "error: large.yaml: not checked: larger than 16 MiB\nhint: split it\n\
         1 file checked, 0 encrypted: 1 error\n"
    );
}

#[test]
fn an_alias_bomb_ends_in_an_error_and_not_in_memory() {
    let level = |level: usize| {
        let item = format!("*a{}", level - 1);
        format!("a{level}: &a{level} [{}]\n", vec![item; 10].join(", "))
    };
    let start = "kind: Secret\na0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    let bomb = (1..12).map(level).fold(start, |bomb, level| bomb + &level);
    let scratch = repository(&[("secret.yaml", &bomb)]);
    assert!(said(&scratch, &[]).starts_with("error: secret.yaml:"));
}

#[test]
fn a_thousand_files_are_looked_at_in_an_instant() {
    let manifest = "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: app\nspec:\n"
        .to_owned()
        + &"  # a line like many others, as long as they are\n".repeat(60);
    let scratch = Scratch::new();
    for n in 0..1000 {
        let secrets = if n % 10 == 0 { "  secretName: app\n" } else { "" };
        scratch.write(format!("tree/apps/{}/{n}.yaml", n % 100), format!("{manifest}{secrets}"));
    }
    git(&scratch, &["init", "tree"]);
    git(&scratch, &["-C", "tree", "add", "--all"]);
    let start = std::time::Instant::now();
    let report = look(&scratch, &[]);
    println!("secrets: {} files in {:.1} ms", report.files, start.elapsed().as_secs_f64() * 1000.0);
    assert_eq!(report.files, 1000);
    assert!(report.passed(), "{report}");
}
