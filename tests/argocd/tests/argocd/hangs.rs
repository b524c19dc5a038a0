//! A key program that never answers: the timeouts, and what a kill leaves behind.

use std::collections::BTreeSet;
use std::process::Command;
use std::sync::OnceLock;
use std::time::Duration;

use argocd::{Argo, Form, Options, root};
use cluster::{Process, until};

use crate::failures::shown;
use crate::left;

/// Stands in for a gpg whose agent never answers.
const HANGS: &str = "#!/bin/sh\nexec sleep 1000\n";

/// An Argo CD whose gpg hangs.
pub(crate) fn hanging(more: &[(&'static str, &'static str)]) -> Options {
    let mut variables = vec![
        ("PLEACH_PGP_KEY_FILE", ""),
        ("SOPS_GPG_EXEC", "FOLDER/operator/gpg"),
        ("GNUPGHOME", "FOLDER/gnupg"),
    ];
    variables.extend(more);
    Options {
        files: vec![("operator/gpg", HANGS.to_owned())],
        folders: vec!["gnupg"],
        variables,
        ..Options::default()
    }
}

/// One Argo CD for the tests in which somebody else ends the run: a build may take twelve seconds.
fn argo() -> &'static Argo {
    static ARGO: OnceLock<Argo> = OnceLock::new();
    ARGO.get_or_init(|| Argo::kept(|| hanging(&[("ARGOCD_EXEC_TIMEOUT", "12s")])))
}

/// A folder whose one file only gpg opens.
fn folder(argo: &Argo, name: &str) {
    let repository = argo.repository();
    let file = std::fs::read(root().join("examples/quickstart/secrets/settings.enc.env"));
    repository.write(&format!("{name}/settings.enc.env"), file.expect("the file of the example"));
    repository.write(
        &format!("{name}/secrets.yaml"),
        "apiVersion: pleach.dev/v1alpha1\nkind: SopsDecrypt\nmetadata: {name: secrets}\n\
         spec: {secrets: [{name: settings, envs: [settings.enc.env]}]}\n",
    );
    repository.write(&format!("{name}/kustomization.yaml"), "generators: [secrets.yaml]\n");
    repository.push(name);
}

/// The processes of the build of `name`, once its gpg hangs: kustomize, pleach, gpg.
fn caught(argo: &Argo, name: &str) -> [Process; 3] {
    let caught = until(Duration::from_mins(1), || {
        let all = argo.leftovers();
        let of = |parent: &Process, word: &str| {
            let mut children = all.iter().filter(|child| child.parent == parent.pid);
            children.find(|child| child.command.contains(word)).cloned()
        };
        let kustomize = all.iter().find(|process| {
            process.command.contains("kustomize build")
                && process.command.contains(&format!("/{name} "))
        })?;
        let pleach = of(kustomize, "SopsDecrypt")?;
        let gpg = of(&pleach, "sleep 1000")?;
        Some([kustomize.clone(), pleach, gpg])
    });
    caught.unwrap_or_else(|| panic!("the build of {name} does not hang: {:#?}", argo.leftovers()))
}

pub(crate) fn kill(process: &Process) {
    let killed = Command::new("kill").args(["-KILL", &process.pid.to_string()]).status();
    assert!(killed.is_ok_and(|status| status.success()), "kill {process:?}");
}

#[test]
#[ignore = "tier 3: make test-argocd"]
fn the_deadline_of_a_run_ends_it_before_that_of_argo_cd_and_says_why() {
    let argo = Argo::start(&hanging(&[("PLEACH_DEADLINE", "2")]));
    folder(&argo, "deadline");
    let application = argo.application("deadline", "deadline", Form::Kustomize);
    insta::assert_snapshot!(shown(&application, &argo), @r"
    Failed to load target state: failed to generate manifest for source 1 of 1: rpc error: code = Unknown desc = `kustomize build <path to cached source>/deadline --enable-alpha-plugins` failed exit status 1: Error: error: no result after 2 s
    hint: something that a key needs does not answer: a gpg agent, an age plugin, a key command
    : failure in plugin configured via FOLDER/tmp/kust-plugin-config-NUMBER; exit status 1
    ");
    left::no_process(&argo);
}

#[test]
#[ignore = "tier 3: make test-argocd"]
fn the_timeout_of_argo_cd_leaves_nothing_running() {
    let argo = argo();
    folder(argo, "timeout");
    let application = argo.application("timeout", "timeout", Form::Kustomize);
    insta::assert_snapshot!(shown(&application, argo), @"Failed to load target state: failed to generate manifest for source 1 of 1: rpc error: code = Unknown desc = `kustomize build <path to cached source>/timeout --enable-alpha-plugins` failed timeout after 12s");
    left::no_process(argo);
    // The last is kustomize's own copy of a config, which it removes only when it ends by itself.
    let expected = ["_argocd-repo", "argocd-git-wrapper-", "ask-pass.sock", "kust-plugin-config-"];
    assert_eq!(left::temporary(argo), BTreeSet::from(expected.map(str::to_owned)));
}

#[test]
#[ignore = "tier 3: make test-argocd"]
fn a_kill_of_kustomize_leaves_nothing_running() {
    let argo = argo();
    folder(argo, "kustomize-killed");
    let application = argo.application("kustomize-killed", "kustomize-killed", Form::Kustomize);
    kill(&caught(argo, "kustomize-killed")[0]);
    insta::assert_snapshot!(shown(&application, argo), @"Failed to load target state: failed to generate manifest for source 1 of 1: rpc error: code = Unknown desc = `kustomize build <path to cached source>/kustomize-killed --enable-alpha-plugins` failed signal: killed");
    left::no_process(argo);
}

/// Nobody but the kernel can end what a killed process has started.
#[test]
#[ignore = "tier 3: make test-argocd"]
fn a_kill_of_pleach_itself_leaves_nothing_running() {
    let argo = argo();
    folder(argo, "pleach-killed");
    let application = argo.application("pleach-killed", "pleach-killed", Form::Kustomize);
    kill(&caught(argo, "pleach-killed")[1]);
    insta::assert_snapshot!(shown(&application, argo), @"Failed to load target state: failed to generate manifest for source 1 of 1: rpc error: code = Unknown desc = `kustomize build <path to cached source>/pleach-killed --enable-alpha-plugins` failed exit status 1: Error: failure in plugin configured via FOLDER/tmp/kust-plugin-config-NUMBER; signal: killed");
    left::no_process(argo);
}
