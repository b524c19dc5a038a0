//! From `git push` to the decrypted Secret and the woven Ingress in the API server, in each form, for age and for PGP.

use std::collections::BTreeSet;
use std::time::Instant;

use argocd::{Application, Argo, Form, Options, root};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use test_support::Marker;

use crate::failures::shown;
use crate::woven::{self, Runs};
use crate::{left, tree};

/// A value of a Secret in the target namespace.
fn value(argo: &Argo, secret: &str, key: &str) -> String {
    let found = argo.plane().get("secrets", argo.target(), secret);
    let found = found.unwrap_or_else(|| panic!("no Secret {secret}"));
    let bytes = STANDARD.decode(found["data"][key].as_str().expect("a value")).expect("base64");
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The Secrets of the example are in the cluster soon, those for age and the one for PGP, and nothing of them is anywhere else.
#[expect(clippy::print_stdout, reason = "a figure of the run, for the report")]
fn decrypted(argo: &Argo, application: &Application<'_>, commit: &str) {
    let began = Instant::now();
    application.synced(commit);
    println!(
        "argocd: Synced and Healthy {:.1} s after the Application",
        began.elapsed().as_secs_f64()
    );
    let names = argo.plane().names("secrets", argo.target());
    let secrets = ["guestbook-database", "guestbook-settings", "guestbook-signing"];
    assert_eq!(names, secrets.map(|name| format!("secret/{name}")));
    assert_eq!(argo.plane().names("services", argo.target()), ["service/guestbook"]);
    let (age, pgp) = ("not-a-real-password", "not-a-real-password-either");
    assert_eq!(value(argo, "guestbook-database", "password"), age);
    assert_eq!(value(argo, "guestbook-settings", "SMTP_PASSWORD"), pgp);
    left::no_process(argo);
    left::no_secret(argo, &[&Marker::of("the password", age)]);
}

#[test]
#[ignore = "tier 3: make test-argocd"]
fn a_pushed_commit_becomes_the_decrypted_secrets_and_the_woven_ingress_as_plugin() {
    let argo = Argo::start(&Options::default());
    tree::as_plugin(&argo.repository().work().join("app"));
    let commit = woven::commit(&argo, Runs::Plugin);
    let application = argo.application("guestbook", "app", Form::Kustomize);
    decrypted(&argo, &application, &commit);
    woven::deployed(&argo, Form::Kustomize);
    left::no_process(&argo);
    let expected = ["_argocd-repo", "argocd-git-wrapper-", "ask-pass.sock"];
    assert_eq!(left::temporary(&argo), BTreeSet::from(expected.map(str::to_owned)));

    // What a commit takes out goes away.
    let file = argo.repository().work().join("app/kustomization.yaml");
    tree::write(&file, "resources: [app]\n");
    let commit = argo.repository().push("without secrets");
    application.refresh(false);
    application.synced(&commit);
    assert!(argo.plane().names("secrets", argo.target()).is_empty());
}

#[test]
#[ignore = "tier 3: make test-argocd"]
fn a_pushed_commit_becomes_the_decrypted_secrets_and_the_woven_ingress_as_exec_function() {
    let build_options = "--enable-alpha-plugins --enable-exec";
    let argo = Argo::start(&Options { build_options, ..Options::default() });
    tree::as_function(&argo.repository().work().join("app"));
    let commit = woven::commit(&argo, Runs::Function);
    let application = argo.application("guestbook", "app", Form::Kustomize);
    decrypted(&argo, &application, &commit);
    woven::deployed(&argo, Form::Kustomize);
}

#[test]
#[ignore = "tier 3: make test-argocd"]
fn a_pushed_commit_becomes_the_decrypted_secrets_and_the_woven_ingress_as_stream_in_the_sidecar() {
    let argo = {
        let plugin = std::fs::read_to_string(root().join("argocd/cmp/plugin.yaml"));
        let sidecar = Some(plugin.expect("the plugin of the component"));
        Argo::start(&Options { sidecar, ..Options::default() })
    };
    tree::as_stream(&argo.repository().work().join("app"));
    let commit = woven::commit(&argo, Runs::Stream);
    let application = argo.application("guestbook", "app", Form::Plugin("pleach-v1"));
    decrypted(&argo, &application, &commit);
    woven::deployed(&argo, Form::Plugin("pleach-v1"));

    // What fails is said there as well, and the sync keeps what was deployed.
    let file = "app/secrets/settings.enc.env";
    let text = std::fs::read_to_string(argo.repository().work().join(file)).expect("the env file");
    argo.repository().write(file, text.replace("SMTP_PASSWORD=", "PASSWORD="));
    argo.repository().push("a renamed value");
    application.refresh(false);
    insta::assert_snapshot!(shown(&application, &argo), @r#"
    Failed to load target state: failed to generate manifest for source 1 of 1: rpc error: code = Unknown desc = CMP processing failed for application "guestbook": error generating manifests in cmp: rpc error: code = Unknown desc = error generating manifests: `bash -o pipefail -c "kustomize build --enable-alpha-plugins . | pleach run"` failed exit status 1: error: app/secrets/settings.enc.env: `PASSWORD` does not open with the file's key: it was altered, or its key was renamed
    hint: take the file from version control again, and change it with `sops edit` only
    "#);
    left::no_process(&argo);
    assert_eq!(value(&argo, "guestbook-settings", "SMTP_PASSWORD"), "not-a-real-password-either");
}
