//! Pipelines in use, with the real kustomize: an umbrella of apps, each with its own; from a file; under
//! `transformers:` as plugin and as exec function.

use std::path::PathBuf;
use std::process::Output;

use crate::build::{Builder, PLEACH, built, objects, root, said};

const APPS: [&str; 3] = ["media", "blog", "wiki"];

/// A Pipeline that makes a Secret in a namespace, for the objects of that namespace alone.
fn pipeline(name: &str, namespace: &str) -> String {
    format!(
        "apiVersion: pleach.dev/v1alpha1
kind: Pipeline
metadata:
  name: {name}
  annotations:
    argocd.argoproj.io/sync-wave: \"-1000\"
spec:
  scope: {{namespace: {namespace}}}
  functions:
  - apiVersion: pleach.dev/v1alpha1
    kind: SopsDecrypt
    metadata:
      name: settings
    spec:
      secrets:
      - name: {namespace}-settings
        namespace: {namespace}
        envs: [settings.enc.env]
        options: {{disableNameSuffixHash: true}}
"
    )
}

/// An umbrella over three apps, each a kustomization with its own namespace and its own Pipeline; `name` gives the
/// Pipeline of an app its name.
fn umbrella(builder: &Builder, name: impl Fn(&str) -> String) -> PathBuf {
    let scratch = &builder.scratch;
    let settings = std::fs::read(root().join("examples/quickstart/secrets/settings.enc.env"));
    scratch.write("settings.enc.env", settings.expect("a file"));
    for app in APPS {
        scratch.write(format!("{app}/pipeline.yaml"), pipeline(&name(app), app));
        scratch.write(
            format!("{app}/service.yaml"),
            format!("apiVersion: v1\nkind: Service\nmetadata:\n  name: {app}\nspec:\n  ports:\n  - port: 80\n"),
        );
        scratch.write(
            format!("{app}/kustomization.yaml"),
            format!("namespace: {app}\nresources: [service.yaml, pipeline.yaml]\n"),
        );
    }
    scratch.write("all/kustomization.yaml", format!("resources: [../{}]\n", APPS.join(", ../")));
    scratch.join("all")
}

fn run(builder: &Builder, stream: &str) -> Output {
    builder.pleach(builder.scratch.path(), &["run"], stream.as_bytes())
}

fn names(stream: &str) -> Vec<String> {
    let name = |object: serde_json::Value| {
        let text = |pointer: &str| {
            object.pointer(pointer).and_then(|text| text.as_str()).unwrap_or_default().to_owned()
        };
        format!("{} {}/{}", text("/kind"), text("/metadata/namespace"), text("/metadata/name"))
    };
    objects(stream).into_iter().map(name).collect()
}

const ALL: [&str; 6] = [
    "Secret blog/blog-settings",
    "Secret media/media-settings",
    "Secret wiki/wiki-settings",
    "Service blog/blog",
    "Service media/media",
    "Service wiki/wiki",
];

#[test]
fn an_umbrella_of_apps_with_a_pipeline_each_goes_through_one_run() {
    let builder = Builder::new();
    let all = umbrella(&builder, str::to_owned);
    let stream = built(&builder.kustomize(&all, &[]));
    assert_eq!(stream.matches("kind: Pipeline").count(), 3, "{stream}");
    assert_eq!(names(&built(&run(&builder, &stream))), ALL);
}

#[test]
fn two_pipelines_of_one_id_break_the_build_of_kustomize() {
    let builder = Builder::new();
    let all = umbrella(&builder, |_| "pleach".to_owned());
    // Each app's `namespace:` tells them apart; without one they are the same object.
    for app in APPS {
        let kustomization = "resources: [service.yaml, pipeline.yaml]\n";
        builder.scratch.write(format!("{app}/kustomization.yaml"), kustomization);
    }
    let output = builder.kustomize(&all, &[]);
    assert!(!output.status.success());
    let said = said(&output);
    assert!(said.contains("may not add resource with an already registered id: Pipeline.v1alpha1.pleach.dev/pleach"), "{said}");
}

#[test]
fn the_namespace_of_kustomize_rewrites_that_of_a_pipeline_and_not_its_scope() {
    let builder = Builder::new();
    umbrella(&builder, str::to_owned);
    builder.scratch.write(
        "media/kustomization.yaml",
        "namespace: prod\nresources: [service.yaml, pipeline.yaml]\n",
    );
    let stream = built(&builder.kustomize(&builder.scratch.join("media"), &[]));
    let output = run(&builder, &stream);
    assert!(!output.status.success() && output.stdout.is_empty());
    assert!(
        said(&output).starts_with(
            "error: Pipeline prod/media: spec.scope: no object has the namespace `media`\nhint: "
        ),
        "{}",
        said(&output)
    );
}

#[test]
fn the_same_spec_under_several_names_runs_once() {
    let builder = Builder::new();
    umbrella(&builder, str::to_owned);
    let stream = built(&builder.kustomize(&builder.scratch.join("media"), &[]));
    // A shared component gives every app the same Pipeline; run twice it would add the Secret twice.
    let again = pipeline("again", "media");
    let output = run(&builder, &format!("{stream}---\n{again}"));
    assert_eq!(names(&built(&output)), ["Secret media/media-settings", "Service media/media"]);
}

#[test]
fn a_pipeline_from_a_file_serves_a_stream_that_holds_none() {
    let builder = Builder::new();
    umbrella(&builder, str::to_owned);
    let (scratch, app) = (&builder.scratch, builder.scratch.join("media"));
    scratch.write("media/kustomization.yaml", "namespace: media\nresources: [service.yaml]\n");
    let stream = built(&builder.kustomize(&app, &[]));
    // Paths are relative to the nearest kustomization above the file, here that of the app, wherever it is called.
    std::fs::rename(scratch.join("settings.enc.env"), app.join("settings.enc.env")).expect("moves");
    let run = |arguments: &[&str]| builder.pleach(scratch.path(), arguments, stream.as_bytes());
    let output = run(&["run", "--pipeline", "media/pipeline.yaml"]);
    assert_eq!(names(&built(&output)), ["Secret media/media-settings", "Service media/media"]);
    let without = run(&["run"]);
    assert!(said(&without).contains("name one: pleach run --pipeline FILE"), "{}", said(&without));
    let both = run(&["run", "--pipeline", "media/pipeline.yaml", "media/pipeline.yaml"]);
    assert_eq!(both.status.code(), Some(2), "a config and a file of Pipelines are two ways");
}

#[test]
fn under_transformers_one_entry_gives_the_same_as_plugin_and_as_function() {
    let builder = Builder::new();
    umbrella(&builder, str::to_owned);
    let (scratch, app) = (&builder.scratch, builder.scratch.join("media"));
    std::fs::rename(scratch.join("settings.enc.env"), app.join("settings.enc.env")).expect("moves");
    scratch.write(
        "media/kustomization.yaml",
        "namespace: media\nresources: [service.yaml]\ntransformers: [pipeline.yaml]\n",
    );
    let plugin = built(&builder.plugin(&app));
    assert_eq!(names(&plugin), ["Secret media/media-settings", "Service media/media"]);
    let annotation =
        format!("annotations:\n    config.kubernetes.io/function: 'exec: {{path: {PLEACH}}}'\n");
    let function = pipeline("media", "media").replace("annotations:\n", &annotation);
    scratch.write("media/pipeline.yaml", function);
    assert_eq!(built(&builder.function(&app)), plugin);
}

#[test]
fn the_committed_plugin_home_answers_for_a_pipeline() {
    let builder = Builder::new();
    umbrella(&builder, str::to_owned);
    let (scratch, app) = (&builder.scratch, builder.scratch.join("media"));
    std::fs::rename(scratch.join("settings.enc.env"), app.join("settings.enc.env")).expect("moves");
    scratch.write(
        "media/kustomization.yaml",
        "namespace: media\nresources: [service.yaml]\ntransformers: [pipeline.yaml]\n",
    );
    for home in [root().join("exec-wrappers"), installed(&builder)] {
        let builder = builder
            .command(test_support::kustomize())
            .env("KUSTOMIZE_PLUGIN_HOME", &home)
            .args(["build", "--enable-alpha-plugins"])
            .arg(&app)
            .output();
        let stream = built(&builder.expect("kustomize starts"));
        assert_eq!(
            names(&stream),
            ["Secret media/media-settings", "Service media/media"],
            "{}",
            home.display()
        );
    }
}

/// The home that `pleach install` lays out.
fn installed(builder: &Builder) -> PathBuf {
    let home = builder.scratch.join("home-of-plugins");
    let mut command = builder.command(PLEACH);
    command.arg("install").arg(builder.scratch.join("programs")).arg("--plugins").arg(&home);
    built(&command.output().expect("pleach starts"));
    assert!(home.join("pleach.dev/v1alpha1/pipeline/Pipeline").is_file());
    home
}
