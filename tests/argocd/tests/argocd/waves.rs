//! A stream stage that somebody forgot: the Pipeline reaches Argo CD as an object, and its sync wave stops the sync
//! before any route is published.

use std::sync::OnceLock;

use argocd::{Argo, Form, Options};

/// A route that is not woven yet: it must not be served without its sign-in.
const INGRESS: &str = "
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: admin}
spec:
  rules:
  - host: admin.example.org
    http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: admin, port: {number: 80}}}}]}
";

/// The Pipeline of our examples.
const PIPELINE: &str = "
apiVersion: pleach.dev/v1alpha1
kind: Pipeline
metadata:
  name: weave
  annotations: {argocd.argoproj.io/sync-wave: '-1000'}
spec:
  functions:
  - {apiVersion: pleach.dev/v1alpha1, kind: SopsDecrypt, metadata: {name: s}, spec: {files: [s.enc.yaml]}}
";

fn argo() -> &'static Argo {
    static ARGO: OnceLock<Argo> = OnceLock::new();
    ARGO.get_or_init(|| Argo::kept(Options::default))
}

/// An Application whose Ingress has a name of its own, and what its sync came to.
fn synced(name: &str, pipeline: Option<&str>, options: &str) -> (String, String) {
    let argo = argo();
    let repository = argo.repository();
    repository.write(&format!("{name}/ingress.yaml"), INGRESS.replace("admin", name));
    let mut kustomization = "resources:\n- ingress.yaml\n".to_owned();
    if let Some(pipeline) = pipeline {
        repository.write(&format!("{name}/pipeline.yaml"), pipeline);
        kustomization.push_str("- pipeline.yaml\n");
    }
    repository.write(&format!("{name}/kustomization.yaml"), kustomization);
    repository.push(name);
    let application = argo.application_with(name, name, Form::Kustomize, options);
    application.status("an ended sync", |status| {
        let state = &status["operationState"];
        let text = |value: &serde_json::Value| value.as_str().map(str::to_owned);
        // The message says what failed, once nothing runs any more.
        let ended = matches!(state["phase"].as_str(), Some("Succeeded" | "Failed" | "Error"));
        if ended { Some((text(&state["phase"])?, text(&state["message"])?)) } else { None }
    })
}

fn published(name: &str) -> bool {
    argo().plane().get("ingresses.networking.k8s.io", argo().target(), name).is_some()
}

#[test]
#[ignore = "tier 3: make test-argocd"]
fn a_forgotten_stream_stage_stops_the_sync_before_a_route_is_published() {
    let (phase, message) = synced("forgotten", Some(PIPELINE), "");
    insta::assert_snapshot!(format!("{phase}: {message}"), @"Failed: one or more synchronization tasks are not valid: failed to discover server resources for group version pleach.dev/v1alpha1: the server could not find the requested resource");
    assert!(!published("forgotten"));
}

/// Argo CD asks the API server first and refuses the whole sync. Where an Application turns that off, the wave does it.
#[test]
#[ignore = "tier 3: make test-argocd"]
fn a_forgotten_stream_stage_stops_the_sync_without_the_dry_run_too() {
    let skip = "SkipDryRunOnMissingResource=true";
    let (phase, message) = synced("without-dry-run", Some(PIPELINE), skip);
    assert_eq!(phase, "Failed");
    // The message holds the name of a temporary file.
    assert!(message.starts_with("one or more objects failed to apply"), "{message}");
    assert!(message.contains("no matches for kind \"Pipeline\""), "{message}");
    assert!(!published("without-dry-run"));
}

/// What the wave is for: without it, and without the dry run, the route is out before the sync fails.
#[test]
#[ignore = "tier 3: make test-argocd"]
fn without_its_wave_a_forgotten_stream_stage_publishes_the_route() {
    let no_wave = PIPELINE.replace("  annotations: {argocd.argoproj.io/sync-wave: '-1000'}\n", "");
    assert_ne!(no_wave, PIPELINE);
    let skip = "SkipDryRunOnMissingResource=true";
    let (phase, _) = synced("without-wave", Some(&no_wave), skip);
    assert_eq!(phase, "Failed");
    assert!(published("without-wave"));
}

#[test]
#[ignore = "tier 3: make test-argocd"]
fn without_a_pipeline_the_route_is_published() {
    let (phase, _) = synced("plain", None, "");
    assert_eq!(phase, "Succeeded");
    assert!(published("plain"));
}
