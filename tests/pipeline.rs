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

/// An app with bare routes of its own, and the three transformers for its namespace alone, which its target shows.
fn woven_app(builder: &Builder, app: &str, pipeline: bool) {
    let example = |file: &str| {
        std::fs::read_to_string(root().join("examples/weave").join(file)).expect("the example")
    };
    let scratch = &builder.scratch;
    scratch.write("facts.yaml", example("facts.yaml"));
    scratch.write(format!("{app}/service.yaml"), example("app/service.yaml"));
    let own = |text: String| {
        text.replace(".qt.rs`", &format!("-{app}.qt.rs`"))
            .replace(".qt.rs\n", &format!("-{app}.qt.rs\n"))
    };
    scratch.write(format!("{app}/routes.yaml"), own(example("app/routes.yaml")));
    let scope = format!("  scope: {{namespace: {app}}}\n  functions:");
    let weave = example("weave/pipeline.yaml")
        .replace("  name: weave\n", &format!("  name: {app}\n"))
        .replace("  functions:", &scope)
        .replace("target: k8s.qt.rs", &format!("target: {app}.qt.rs"));
    scratch.write(format!("{app}/weave.yaml"), weave);
    let last = if pipeline { ", weave.yaml" } else { "" };
    scratch.write(
        format!("{app}/kustomization.yaml"),
        format!("namespace: {app}\nresources: [routes.yaml, service.yaml{last}]\n"),
    );
}

/// The stream of a folder, and what `pleach run` makes of it.
fn woven(builder: &Builder, folder: &str) -> (String, String) {
    let stream = built(&builder.kustomize(&builder.scratch.join(folder), &[]));
    let woven = built(&run(builder, &stream));
    (stream, woven)
}

#[test]
fn an_umbrella_comes_out_as_its_apps_do_one_by_one_and_an_app_without_pipeline_stays_as_it_is() {
    let builder = Builder::new();
    for app in APPS {
        woven_app(&builder, app, true);
    }
    woven_app(&builder, "plain", false);
    let apps = format!("resources: [../{}, ../plain]\n", APPS.join(", ../"));
    builder.scratch.write("all/kustomization.yaml", apps);
    let (_, all) = woven(&builder, "all");
    let plain = built(&builder.kustomize(&builder.scratch.join("plain"), &[]));
    let mut one_by_one = plain.clone();
    for app in APPS {
        let (_, own) = woven(&builder, app);
        assert!(
            own.contains(&format!("external-dns.alpha.kubernetes.io/target: {app}.qt.rs\n")),
            "{own}"
        );
        assert!(
            own.contains(&format!("traefik.ingress.kubernetes.io/router.middlewares: {app}-auth")),
            "{own}"
        );
        assert!(own.contains("kind: Certificate\n"), "{own}");
        one_by_one.push_str("---\n");
        one_by_one.push_str(&own);
    }
    let sorted = |stream: &str| {
        let mut objects: Vec<String> = objects(stream).iter().map(ToString::to_string).collect();
        objects.sort();
        objects
    };
    assert_eq!(sorted(&all), sorted(&one_by_one));
    let untouched: Vec<&str> = plain.split("---\n").collect();
    assert_eq!(untouched.len(), 4);
    for document in untouched {
        assert!(all.contains(document), "{document}");
    }
}

#[test]
fn a_second_run_of_an_umbrella_changes_nothing() {
    let builder = Builder::new();
    for app in APPS {
        woven_app(&builder, app, true);
    }
    builder
        .scratch
        .write("all/kustomization.yaml", format!("resources: [../{}]\n", APPS.join(", ../")));
    let (_, once) = woven(&builder, "all");
    let pipelines: Vec<String> = APPS
        .iter()
        .map(|app| {
            std::fs::read_to_string(builder.scratch.join(format!("{app}/weave.yaml")))
                .expect("a file")
        })
        .collect();
    let twice = built(&run(&builder, &format!("{once}---\n{}", pipelines.join("---\n"))));
    assert_eq!(twice, once);
}
