//! The three transformers in trees that the real kustomize builds.

use std::path::PathBuf;

use serde_json::Value;
use test_support::crds;

use crate::build::{Builder, assert_golden, built, objects, root, said};

fn tree(name: &str) -> PathBuf {
    root().join("tests/builds/weave").join(name)
}

fn plugin(name: &str) -> String {
    built(&Builder::new().plugin(&tree(name)))
}

#[test]
fn bare_routes_come_out_with_dns_certificate_and_sign_in_and_nothing_of_an_author_is_lost() {
    assert_golden("tests/builds/weave/want.yaml", &plugin("plugin"));
}

#[test]
fn plugin_and_exec_function_and_stream_give_equal_objects_under_a_namespace_and_a_prefix() {
    let builder = Builder::new();
    let plugin = objects(&plugin("plugin"));
    let function = objects(&built(&builder.function(&tree("exec"))));
    assert_eq!(function, plugin, "the exec function");
    let stream = built(&builder.kustomize(&tree("stream"), &[]));
    let stream = objects(&built(&builder.pleach(&tree("stream"), &["run"], stream.as_bytes())));
    assert_eq!(stream, plugin, "the stream");
}

#[test]
fn one_config_serves_a_base_a_component_and_an_overlay_above_each_other() {
    let once = objects(&plugin("shared/base"));
    assert_eq!(objects(&plugin("shared/overlay")), once);
}

#[test]
fn every_document_that_the_transformers_do_not_touch_comes_out_of_the_stream_byte_for_byte() {
    let builder = Builder::new();
    let stream = built(&builder.kustomize(&tree("stream"), &[]));
    let woven = built(&builder.pleach(&tree("stream"), &["run"], stream.as_bytes()));
    let untouched: Vec<&str> = stream
        .split("---\n")
        .filter(|document| {
            ["kind: Deployment", "kind: Service\n", "kind: ConfigMap\n"]
                .iter()
                .any(|kind| document.contains(kind))
        })
        .collect();
    assert_eq!(untouched.len(), 3);
    for document in untouched {
        assert!(woven.contains(document), "{document}");
    }
    assert!(!woven.contains("kind: Pipeline"));
}

#[test]
fn the_overlay_of_patches_gives_the_same_objects_without_us() {
    let builder = Builder::new();
    let plain = built(&builder.kustomize(&tree("plain"), &[]));
    let input = builder.scratch.write("plain.yaml", &plain);
    let config = tree("config").join("pipeline.yaml");
    let (config, input) = (config.to_str().expect("text"), input.to_str().expect("text"));
    let patches = built(&builder.pleach(
        &tree("plain"),
        &["diff", "--format", "patches", config, input],
        b"",
    ));
    let (kustomization, added) = patches.split_once("---\n# added.yaml\n").expect("two files");
    builder.scratch.write("build/patched/kustomization.yaml", kustomization);
    builder.scratch.write("build/patched/added.yaml", added);
    crate::build::copy(&tree("base"), &builder.scratch.join("build/base"));
    crate::build::copy(&tree("plain"), &builder.scratch.join("build/original"));
    let overlay = objects(&built(&builder.kustomize(&builder.scratch.join("build/patched"), &[])));
    assert_eq!(overlay, objects(&plugin("plugin")));
}

#[test]
fn crds_of_traefik_cert_manager_and_the_gateway_api_come_out_unchanged() {
    let builder = Builder::new();
    let scratch = &builder.scratch;
    let mut files = Vec::new();
    for file in std::fs::read_dir(crds()).expect("the CRDs").flatten() {
        let name = file.file_name().to_string_lossy().into_owned();
        std::fs::copy(file.path(), scratch.dir("build/tree").join(&name)).expect("a copy");
        files.push(name);
    }
    files.sort();
    crate::build::copy(&tree("base"), &scratch.join("build/base"));
    crate::build::copy(&tree("config"), &scratch.join("build/config"));
    let resources = format!("resources: [../base, {}]\nnamespace: media\n", files.join(", "));
    let kustomization = "build/tree/kustomization.yaml";
    let built_with = |rest: &str| {
        scratch.write(kustomization, format!("{resources}{rest}"));
        objects(&built(&builder.plugin(&scratch.join("build/tree"))))
    };
    let only = |objects: Vec<Value>| -> Vec<Value> {
        objects.into_iter().filter(|one| one["kind"] == "CustomResourceDefinition").collect()
    };
    let (plain, woven) = (only(built_with("")), only(built_with("transformers: [../config]\n")));
    println!("CRDs: {}", plain.len());
    assert!(plain.len() >= 22, "{} CRDs", plain.len());
    assert_eq!(woven, plain);
}

#[test]
fn a_transformer_whose_namespace_is_not_known_yet_names_the_two_ways_out() {
    let builder = Builder::new();
    let scratch = &builder.scratch;
    crate::build::copy(&tree("base"), &scratch.join("build/base"));
    crate::build::copy(&tree("config"), &scratch.join("build/config"));
    scratch.write(
        "build/tree/kustomization.yaml",
        "resources: [../base]\ntransformers: [../config]\n",
    );
    let output = builder.plugin(&scratch.join("build/tree"));
    assert!(!output.status.success() && output.stdout.is_empty());
    let said = said(&output);
    assert!(said.contains("outermost kustomization") && said.contains("pleach run"), "{said}");
}

#[test]
fn the_example_gives_equal_objects_as_plugin_and_as_stream_and_its_facts_are_current() {
    let builder = Builder::new();
    let example = root().join("examples/weave");
    let plugin = built(&builder.plugin(&example));
    assert_golden("tests/builds/weave/example.yaml", &plugin);
    let stream = built(&builder.kustomize(&example.join("stream"), &[]));
    assert!(stream.contains("argocd.argoproj.io/sync-wave: \"-1000\""), "{stream}");
    let stream = built(&builder.pleach(&example, &["run"], stream.as_bytes()));
    assert_eq!(objects(&stream), objects(&plugin));

    let facts = ["facts", "--check", "examples/weave/facts.yaml", "examples/weave/cluster"];
    let builder = builder.env("PLEACH_KUSTOMIZE", test_support::kustomize());
    built(&builder.pleach(root(), &facts, b""));
}
