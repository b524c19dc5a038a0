//! A key program that never answers, in the sidecar: the timeouts and kills of the stream form, and what they leave behind.

use std::sync::OnceLock;
use std::time::Duration;

use argocd::{Argo, First, Form, Options, root};
use cluster::{Process, until, zombies};

use crate::failures::shown;
use crate::hangs::{hanging, kill};
use crate::left;

/// An Argo CD with the sidecar of `argocd/cmp`, whose gpg hangs.
fn with_sidecar(more: &[(&'static str, &'static str)], patience: Option<u32>) -> Options {
    let plugin = std::fs::read_to_string(root().join("argocd/cmp/plugin.yaml"));
    let sidecar = Some(plugin.expect("the plugin of the component"));
    Options { sidecar, patience, ..hanging(more) }
}

/// One Argo CD for the tests in which somebody else ends the run: the controller waits twelve seconds.
fn argo() -> &'static Argo {
    static ARGO: OnceLock<Argo> = OnceLock::new();
    ARGO.get_or_init(|| Argo::kept(|| with_sidecar(&[], Some(12))))
}

/// A folder whose Pipeline reads a file that only gpg opens.
fn folder(argo: &Argo, name: &str) {
    let repository = argo.repository();
    let file = std::fs::read(root().join("examples/quickstart/secrets/settings.enc.env"));
    repository.write(&format!("{name}/settings.enc.env"), file.expect("the file of the example"));
    repository.write(
        &format!("{name}/pipeline.yaml"),
        "apiVersion: pleach.dev/v1alpha1\nkind: Pipeline\nmetadata: {name: secrets}\nspec:\n  functions:\n  \
         - apiVersion: pleach.dev/v1alpha1\n    kind: SopsDecrypt\n    metadata: {name: secrets}\n    \
         spec: {secrets: [{name: settings, envs: [settings.enc.env]}]}\n",
    );
    repository.write(&format!("{name}/kustomization.yaml"), "resources: [pipeline.yaml]\n");
    repository.push(name);
}

/// What a user sees of the Application of a folder, and that nothing is left: no process, no file.
fn seen(argo: &Argo, name: &str, meanwhile: impl FnOnce()) -> String {
    folder(argo, name);
    let application = argo.application(name, name, Form::Plugin("pleach-v1"));
    meanwhile();
    let shown = shown(&application, argo);
    left::no_process(argo);
    let only = |expected: &str| left::in_the_sidecar(argo).iter().eq([expected]);
    let gone = until(Duration::from_secs(10), || only("_cmp_server").then_some(()));
    assert!(gone.is_some(), "{:?}", left::in_the_sidecar(argo));
    shown
}

/// The stage of the one build that hangs, and its gpg.
fn caught(argo: &Argo) -> [Process; 2] {
    let caught = until(Duration::from_mins(1), || {
        let all = argo.leftovers();
        let gpg = all.iter().find(|process| process.command.contains("sleep 1000"))?;
        let stage = all.iter().find(|process| process.pid == gpg.parent)?;
        Some([stage.clone(), gpg.clone()])
    });
    caught.unwrap_or_else(|| panic!("no build hangs: {:#?}", argo.leftovers()))
}

#[test]
#[ignore = "tier 3: make test-argocd"]
fn the_deadline_of_a_run_in_the_sidecar_says_why() {
    let argo = Argo::start(&with_sidecar(&[("PLEACH_DEADLINE", "2")], None));
    insta::assert_snapshot!(seen(&argo, "deadline", || {}), @r#"
    Failed to load target state: failed to generate manifest for source 1 of 1: rpc error: code = Unknown desc = CMP processing failed for application "deadline": error generating manifests in cmp: rpc error: code = Unknown desc = error generating manifests: `bash -o pipefail -c "kustomize build --enable-alpha-plugins . | pleach run"` failed exit status 1: error: no result after 2 s
    hint: something that a key needs does not answer: a gpg agent, an age plugin, a key command
    "#);
}

/// What a user sees when the time of the caller is over. Two clocks run out within a tenth of a second, that of the
/// controller and that of the sidecar, which sends two signals: which one is first, is chance.
const LATE: [&str; 3] = [
    "rpc error: code = DeadlineExceeded desc = context deadline exceeded",
    "rpc error: code = Unknown desc = CMP processing failed for application \"timeout\": error generating manifests in cmp: rpc error: code = Unknown desc = error generating manifests: `bash -o pipefail -c \"kustomize build --enable-alpha-plugins . | pleach run\"` failed signal: killed",
    "rpc error: code = Unknown desc = CMP processing failed for application \"timeout\": error generating manifests in cmp: rpc error: code = Unknown desc = error generating manifests: `bash -o pipefail -c \"kustomize build --enable-alpha-plugins . | pleach run\"` failed signal: terminated",
];

/// One after the other: the kill looks for the one build that hangs.
#[test]
#[ignore = "tier 3: make test-argocd"]
fn a_kill_and_the_timeout_of_argo_cd_leave_nothing_in_the_sidecar() {
    let argo = argo();
    let killed = seen(argo, "killed", || kill(&caught(argo)[0]));
    insta::assert_snapshot!(killed, @r#"
    Failed to load target state: failed to generate manifest for source 1 of 1: rpc error: code = Unknown desc = CMP processing failed for application "killed": error generating manifests in cmp: rpc error: code = Unknown desc = error generating manifests: `bash -o pipefail -c "kustomize build --enable-alpha-plugins . | pleach run"` failed exit status 137: bash: line 1: NUMBER Done kustomize build --enable-alpha-plugins .
    NUMBER Killed | pleach run
    "#);
    let late = seen(argo, "timeout", || {});
    let head =
        "Failed to load target state: failed to generate manifest for source 1 of 1: ".to_owned();
    assert!(LATE.iter().any(|text| late == head.clone() + text), "{late}");
}

/// Stands in for a gpg that starts an agent: what it leaves behind ends a little later, and says so.
const STARTS_AN_AGENT: &str = "#!/bin/sh\nsetsid sh -c 'sleep 1; touch \"$GNUPGHOME/ended\"' </dev/null >/dev/null 2>&1 &\nexit 2\n";

/// How many processes have ended in the sidecar, once the agent has, and are still in its process list.
fn unreaped(first: First) -> usize {
    let mut options = Options { first, ..with_sidecar(&[], None) };
    options.files = vec![("operator/gpg", STARTS_AN_AGENT.to_owned())];
    let argo = Argo::start(&options);
    folder(&argo, "agent");
    let application = argo.application("agent", "agent", Form::Plugin("pleach-v1"));
    assert!(shown(&application, &argo).contains("no secret key opens it"));
    let ended = argo.folder().join("gnupg/ended");
    let agent = until(Duration::from_secs(30), || ended.exists().then_some(()));
    assert!(agent.is_some(), "the agent does not end: {:#?}", argo.leftovers());
    let first_process = argo.first().expect("a process list of its own");
    let left = || Some(zombies(first_process)).filter(|left| !left.is_empty());
    // What ends is a zombie for a moment; what nobody waits for stays one.
    if until(Duration::from_secs(5), left).is_none() {
        return 0;
    }
    let gone = until(Duration::from_secs(5), || left().is_none().then_some(()));
    if gone.is_some() { 0 } else { left().unwrap_or_default().len() }
}

#[test]
#[ignore = "tier 3: make test-argocd"]
fn the_init_of_the_sidecar_reaps_what_argocd_cmp_server_as_process_1_does_not() {
    assert_eq!(unreaped(First::Init), 0);
    assert!(unreaped(First::Server) > 0, "then no init is needed");
}
