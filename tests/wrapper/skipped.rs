//! Exec functions that kustomize would skip in silence, wherever they stand in the local graph.

use super::*;

const FUNCTION: &str = "apiVersion: example.com/v1\nkind: Maker\nmetadata:\n  name: made\n  annotations:\n    config.kubernetes.io/function: |\n      exec: {path: ./make}\n";

/// A function that makes a ConfigMap, so that it can be seen whether it ran.
const MAKE: &str = "#!/bin/sh\ncat > /dev/null\necho '{\"apiVersion\": \"config.kubernetes.io/v1\", \"kind\": \"ResourceList\", \"items\": [{\"apiVersion\": \"v1\", \"kind\": \"ConfigMap\", \"metadata\": {\"name\": \"ran\"}}]}'\n";

/// Every place of the local graph: files, the kind of the config last.
const PLACES: &[(&str, &[(&str, &str)])] = &[
    ("a file", &[("kustomization.yaml", "generators: [f.yaml]\n"), ("f.yaml", FUNCTION)]),
    (
        "a later document",
        &[
            ("kustomization.yaml", "generators: [f.yaml]\n"),
            (
                "f.yaml",
                "apiVersion: builtin\nkind: ConfigMapGenerator\nmetadata: {name: x}\nliterals: [a=b]\n---\napiVersion: example.com/v1\nkind: Maker\nmetadata:\n  name: made\n  annotations:\n    config.kubernetes.io/function: |\n      exec: {path: ./make}\n",
            ),
        ],
    ),
    (
        "inline",
        &[(
            "kustomization.yaml",
            "generators:\n- |-\n  apiVersion: example.com/v1\n  kind: Maker\n  metadata:\n    name: made\n    annotations:\n      config.kubernetes.io/function: |\n        exec: {path: ./make}\n",
        )],
    ),
    (
        "a folder of configs",
        &[
            ("kustomization.yaml", "generators: [configs]\n"),
            ("configs/kustomization.yaml", "resources: [f.yaml]\n"),
            ("configs/f.yaml", FUNCTION),
        ],
    ),
    (
        "a folder of configs whose patch adds it",
        &[
            ("kustomization.yaml", "generators: [configs]\n"),
            ("configs/kustomization.yaml", "resources: [f.yaml]\npatches: [{path: p.yaml}]\n"),
            ("configs/f.yaml", "apiVersion: example.com/v1\nkind: Maker\nmetadata: {name: made}\n"),
            ("configs/p.yaml", FUNCTION),
        ],
    ),
    (
        "a folder of configs whose annotations add it",
        &[
            ("kustomization.yaml", "generators: [configs]\n"),
            (
                "configs/kustomization.yaml",
                "resources: [f.yaml]\ncommonAnnotations: {config.kubernetes.io/function: 'exec: {path: ./make}'}\n",
            ),
            ("configs/f.yaml", "apiVersion: example.com/v1\nkind: Maker\nmetadata: {name: made}\n"),
        ],
    ),
    (
        "a base",
        &[
            ("kustomization.yaml", "resources: [base]\n"),
            ("base/kustomization.yaml", "generators: [f.yaml]\n"),
            ("base/f.yaml", FUNCTION),
        ],
    ),
    (
        "a component",
        &[
            ("kustomization.yaml", "components: [part]\n"),
            (
                "part/kustomization.yaml",
                "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\ngenerators: [f.yaml]\n",
            ),
            ("part/f.yaml", FUNCTION),
        ],
    ),
    (
        "the older annotation",
        &[
            ("kustomization.yaml", "generators: [f.yaml]\n"),
            (
                "f.yaml",
                "apiVersion: example.com/v1\nkind: Maker\nmetadata:\n  name: made\n  annotations:\n    config.k8s.io/function: |\n      exec: {path: ./make}\n",
            ),
        ],
    ),
    (
        "an escaped annotation",
        &[
            ("kustomization.yaml", "generators: [f.yaml]\n"),
            (
                "f.yaml",
                "apiVersion: example.com/v1\nkind: Maker\nmetadata:\n  name: made\n  annotations:\n    \"config.kubernetes.io\\x2ffunction\": |\n      exec: {path: ./make}\n",
            ),
        ],
    ),
    (
        "Kustomization, by its other name",
        &[("Kustomization", "generators: [f.yaml]\n"), ("f.yaml", FUNCTION)],
    ),
];

#[test]
fn an_exec_function_that_kustomize_would_skip_is_refused_wherever_it_stands() {
    for (place, files) in PLACES {
        let wrapped = Wrapped::new();
        for (file, text) in *files {
            wrapped.write(file, text);
        }
        for folder in ["", "base", "part"] {
            let make = wrapped.tree.join(folder).join("make");
            if make.parent().unwrap().is_dir() {
                fs::write(&make, MAKE).unwrap();
                fs::set_permissions(&make, fs::Permissions::from_mode(0o755)).unwrap();
            }
        }
        // The real kustomize leaves it out, says nothing and is content: that is the trap.
        let silent = wrapped.real(&["build", "--enable-alpha-plugins"]);
        assert!(!built(&silent).contains("name: ran") && said(&silent).is_empty(), "{place}");
        let refused = wrapped.refused(&["build", "--enable-alpha-plugins"]);
        assert!(
            refused.starts_with(
                "error: exec functions are disabled, and kustomize would skip them in silence: "
            ),
            "{place}: {refused}"
        );
        assert_eq!(refused.lines().count(), 2, "{place}: {refused}");
        // Enabled, it runs as ever.
        let enabled = ["build", "--enable-alpha-plugins", "--enable-exec"];
        assert!(built(&wrapped.run(&enabled)).contains("name: ran"), "{place}");
        assert_eq!(built(&wrapped.run(&enabled)), built(&wrapped.real(&enabled)), "{place}");
    }
}

#[test]
fn transformers_and_validators_are_looked_at_too() {
    for field in ["transformers", "validators"] {
        let wrapped = Wrapped::new();
        wrapped.write("kustomization.yaml", &format!("resources: [c.yaml]\n{field}: [f.yaml]\n"));
        wrapped.write("c.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n");
        wrapped.write("f.yaml", FUNCTION);
        let refused = wrapped.refused(&["build", "--enable-alpha-plugins", "."]);
        assert!(refused.contains("in silence: f.yaml\n"), "{field}: {refused}");
    }
}

#[test]
fn what_is_refused_is_said_by_name() {
    let wrapped = Wrapped::new();
    let inline = "|-\n  {apiVersion: a/v1, kind: B, metadata: {name: c, annotations: {config.kubernetes.io/function: 'exec: {path: x}'}}}";
    wrapped.write(
        "app/kustomization.yaml",
        &format!("resources: [../base]\ngenerators:\n- f.yaml\n- {inline}\n"),
    );
    wrapped.write("app/f.yaml", FUNCTION);
    wrapped.write("base/kustomization.yaml", "transformers: [g.yaml]\n");
    wrapped.write("base/g.yaml", FUNCTION);
    insta::assert_snapshot!(wrapped.refused(&["build", "--enable-alpha-plugins", "app"]), @r"
    error: exec functions are disabled, and kustomize would skip them in silence: ../base/g.yaml, B c (inline in .), f.yaml
    hint: take the function annotation off, so that a config runs as a plugin; or give kustomize --enable-exec, which lets every commit run any program
    ");
}

#[test]
fn a_resource_with_the_annotation_and_other_functions_are_no_matter() {
    let wrapped = Wrapped::new();
    wrapped.write("kustomization.yaml", "resources: [f.yaml]\n");
    wrapped.write("f.yaml", FUNCTION);
    let arguments = ["build", "--enable-alpha-plugins"];
    assert_eq!(built(&wrapped.run(&arguments)), built(&wrapped.real(&arguments)));
}

#[test]
fn a_tree_that_lists_itself_ends() {
    let wrapped = Wrapped::new();
    wrapped.write("kustomization.yaml", "resources: [a]\n");
    wrapped.write("a/kustomization.yaml", "resources: [../b]\n");
    wrapped.write("b/kustomization.yaml", "resources: [../a]\n");
    assert!(wrapped.refused(&["build"]).contains("cycle"));
}

#[test]
fn what_is_remote_cannot_be_seen_and_that_is_said() {
    let wrapped = Wrapped::new();
    // The stand-in fetches nothing.
    let real = wrapped.stand_in("echo 'kind: ConfigMap'");
    wrapped.write(
        "kustomization.yaml",
        "resources:\n- https://user:hunter2@example.com/a.yaml\n- github.com/a/b?ref=v1\n",
    );
    let output = wrapped.wrapper().arg("build").env("PLEACH_KUSTOMIZE", real).output().unwrap();
    assert_eq!(built(&output), "kind: ConfigMap\n");
    insta::assert_snapshot!(said(&output), @"warning: not looked into for skipped exec functions: github.com/a/b?ref=v1, https://example.com/a.yaml");
}
