//! Argo CD's cache of manifests knows no key: what it holds goes on until the hard refresh of `argocd/rotation.md`.

use std::process::Stdio;

use argocd::{Argo, Form, Options};

use crate::failures::shown;
use crate::tree;

/// The loop of the page, for the Applications of this Argo CD alone: others of the test run share the cluster.
fn refresh_everything(argo: &Argo) {
    let page = String::from_utf8(tree::file("argocd/rotation.md")).expect("text");
    let (_, after) = page.split_once("```console\nkubectl get applications").expect("the loop");
    let (text, _) = after.split_once("```").expect("its end");
    let (all, own) = ("--all-namespaces", format!("--namespace {}", argo.namespace()));
    assert!(text.contains(all));
    let script = format!("set -e\nkubectl get applications{}", text.replace(all, &own));
    let kubectl = argo.plane().kubectl(&[]);
    let folder = std::path::Path::new(kubectl.get_program()).parent().expect("a folder").to_owned();
    let mut shell = std::process::Command::new("sh");
    shell.env("PATH", format!("{}:/usr/bin:/bin", folder.display()));
    shell.env("KUBECONFIG", argo.plane().kubeconfig());
    let status = shell.args(["-c", &script]).stdin(Stdio::null()).status();
    assert!(status.is_ok_and(|status| status.success()), "{script}");
}

#[test]
#[ignore = "tier 3: make test-argocd"]
fn a_key_that_is_taken_away_is_noticed_with_the_hard_refresh_and_not_before() {
    let argo = Argo::start(&Options::default());
    let key = argo.folder().join("keys/throw-away-age.txt");
    let (own, stranger) =
        (tree::file("tests/keys/throw-away-age.txt"), "throw-away-age-stranger.txt");
    let secret = argocd::encrypted(&test_support::Scratch::new(), "cached", &[("user", "web")]);
    let repository = argo.repository();
    repository.write("app/secret.enc.yaml", secret);
    repository.write(
        "app/secrets.yaml",
        "apiVersion: pleach.dev/v1alpha1\nkind: SopsDecrypt\nmetadata: {name: s}\nspec: {files: [secret.enc.yaml]}\n",
    );
    repository.write("app/kustomization.yaml", "generators: [secrets.yaml]\n");
    let commit = repository.push("a secret");
    let application = argo.application("cached", "app", Form::Kustomize);
    application.synced(&commit);

    tree::write(&key, tree::file(&format!("tests/keys/{stranger}")));
    application.refresh(false);
    application.refreshed();
    // From the cache, by the key that is no longer there.
    application.synced(&commit);

    refresh_everything(&argo);
    let said = shown(&application, &argo);
    assert!(said.contains("app/secret.enc.yaml: no key opens the file"), "{said}");

    // And back.
    tree::write(&key, own);
    refresh_everything(&argo);
    application.status("without a condition", |status| {
        let whole = status["conditions"].as_array().is_none_or(Vec::is_empty);
        (whole && status["sync"]["status"] == "Synced").then_some(())
    });
}
