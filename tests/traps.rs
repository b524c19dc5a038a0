//! The ten traps of the contract with kustomize: for each, that the user is protected, or that the form that cannot
//! work fails loudly. Everything runs with the real kustomize and our real binary.
//!
//! A config that cannot be read is the canary: a build that passes with it did not run us.

use std::path::PathBuf;
use std::process::{Output, Stdio};

use crate::build::{Builder, PLEACH, built, said};

const PLUGINS: &str = "--enable-alpha-plugins";
const EXEC: &str = "--enable-exec";

/// A Pipeline, with what comes below its `functions:`.
fn pipeline(functions: &str) -> String {
    format!(
        "apiVersion: pleach.dev/v1alpha1\nkind: Pipeline\nmetadata:\n  name: p\nspec:\n  functions: {functions}\n"
    )
}

/// The same config as an exec function.
fn exec(config: &str, more: &str) -> String {
    let annotation = format!("exec: {{path: {PLEACH}{more}}}");
    config.replace(
        "  name: p\n",
        &format!("  name: p\n  annotations:\n    config.kubernetes.io/function: '{annotation}'\n"),
    )
}

/// A config that is refused.
fn canary() -> String {
    pipeline("[]").replace("functions", "function")
}

/// A folder with a ConfigMap and what the kustomization says more.
fn tree(builder: &Builder, name: &str, config: &str, kustomization: &str) -> PathBuf {
    let folder = builder.scratch.dir(name);
    builder.scratch.write(
        folder.join("map.yaml"),
        "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: map\ndata:\n  a: b\n",
    );
    builder.scratch.write(folder.join("p.yaml"), config);
    builder.scratch.write(
        folder.join("kustomization.yaml"),
        format!("resources: [map.yaml]\n{kustomization}\n"),
    );
    folder
}

fn builder() -> Builder {
    Builder::without_keys()
}

fn refused(output: &Output, text: &str) {
    assert!(!output.status.success(), "it passed: {}", String::from_utf8_lossy(&output.stdout));
    assert!(output.stdout.is_empty(), "something came out");
    assert!(said(output).contains(text), "{}", said(output));
}

#[test]
fn trap_01_a_plugin_is_never_skipped_silently_as_an_exec_function_is() {
    let builder = builder();
    let function = tree(&builder, "function", &exec(&canary(), ""), "transformers: [p.yaml]");
    let plugin = tree(&builder, "plugin", &canary(), "transformers: [p.yaml]");
    // What kustomize does to an exec function without its flag: it passes, and we did not run.
    built(&builder.kustomize(&function, &[PLUGINS]));
    refused(&builder.kustomize(&function, &[PLUGINS, EXEC]), "unknown field `function`");
    refused(&builder.kustomize(&plugin, &[PLUGINS]), "unknown field `function`");
    refused(&builder.kustomize(&plugin, &[]), "external plugins disabled");
    let without_home = builder
        .command(test_support::kustomize())
        .env("KUSTOMIZE_PLUGIN_HOME", builder.scratch.dir("empty"))
        .args(["build", PLUGINS])
        .arg(&plugin)
        .output()
        .expect("kustomize starts");
    refused(&without_home, "Error: ");
}

#[test]
fn trap_02_a_finding_is_said_on_standard_error_for_kustomize_shows_no_results() {
    let builder = builder();
    let function = tree(&builder, "function", &exec(&canary(), ""), "generators: [p.yaml]");
    let output = builder.function(&function);
    refused(
        &output,
        "error: Pipeline p: spec.function: unknown field `function`, expected one of `order`, `scope`, `functions`\nhint: did you mean `functions`?\n",
    );
    assert!(said(&output).contains("exit status 1"), "{}", said(&output));
}

#[test]
fn trap_03_a_failure_leaves_nothing_on_standard_output_that_would_hide_it() {
    let builder = builder();
    for place in ["generators", "transformers"] {
        let function = tree(&builder, place, &exec(&canary(), ""), &format!("{place}: [p.yaml]"));
        let output = builder.function(&function);
        refused(&output, "couldn't execute function: exit status 1");
        assert!(!said(&output).contains("MalformedYAML"), "{}", said(&output));
    }
    for broken in ["kind: [", "", "kind: ResourceList\nitems: 1\n", "- 1\n"] {
        refused(&builder.pleach(builder.scratch.path(), &[], broken.as_bytes()), "error: ");
    }
}

#[test]
fn trap_04_a_transformer_cannot_delete_and_no_success_without_a_full_write() {
    let builder = builder();
    let plugin = tree(&builder, "plugin", &pipeline("[]"), "transformers: [p.yaml]");
    let function = tree(&builder, "function", &exec(&pipeline("[]"), ""), "transformers: [p.yaml]");
    for output in [builder.plugin(&plugin), builder.function(&function)] {
        assert!(built(&output).contains("name: map"));
    }
    let full = std::fs::File::create("/dev/full").expect("a full device");
    let mut child = builder
        .command(PLEACH)
        .arg(plugin.join("p.yaml"))
        .stdin(std::fs::File::open(plugin.join("map.yaml")).expect("a file"))
        .stdout(Stdio::from(full))
        .stderr(Stdio::piped())
        .spawn()
        .expect("pleach starts");
    assert!(!child.wait().expect("pleach ends").success(), "exit 0 without having written");
}

#[test]
fn trap_05_an_empty_list_is_a_list_and_no_resource() {
    let builder = builder();
    let bare = built(&builder.kustomize(&tree(&builder, "bare", "", ""), &[]));
    let plugin = tree(&builder, "plugin", &pipeline("[]"), "generators: [p.yaml]");
    let function = tree(&builder, "function", &exec(&pipeline("[]"), ""), "generators: [p.yaml]");
    assert_eq!(built(&builder.plugin(&plugin)), bare);
    assert_eq!(built(&builder.function(&function)), bare);
    let list = br#"{"kind": "ResourceList", "functionConfig": {"apiVersion": "pleach.dev/v1alpha1", "kind": "Pipeline", "spec": {"functions": []}}}"#;
    assert!(built(&builder.pleach(builder.scratch.path(), &[], list)).contains(r#""items":[]"#));
}

#[test]
fn trap_06_under_validators_both_forms_fail_loudly() {
    let builder = builder();
    // kustomize compares the nodes of what comes back, their style and their path annotations too.
    let plugin = tree(&builder, "plugin", &pipeline("[]"), "validators: [p.yaml]");
    refused(&builder.plugin(&plugin), "validator shouldn't modify the resource map");
    let function = tree(&builder, "function", &exec(&pipeline("[]"), ""), "validators: [p.yaml]");
    refused(&builder.function(&function), "validator shouldn't modify the resource map");
}

#[test]
fn trap_07_hashes_and_references_survive_for_every_annotation_is_kept() {
    let builder = builder();
    let pod = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: pod\n  annotations: null\nspec:\n  containers:\n  - name: c\n    image: i\n    envFrom:\n    - configMapRef:\n        name: made\n";
    let kustomization =
        "configMapGenerator:\n- name: made\n  literals: [a=b]\nnamePrefix: x-\nnameSuffix: -y\n";
    let folder = |name: &str, config: &str, more: &str| {
        let folder = tree(&builder, name, config, &format!("{kustomization}{more}"));
        builder.scratch.write(folder.join("map.yaml"), pod);
        folder
    };
    let bare = built(&builder.kustomize(&folder("bare", "", ""), &[]));
    assert!(bare.matches("x-made-y-").count() == 2, "the hash and the reference to it: {bare}");
    let plugin = folder("plugin", &pipeline("[]"), "transformers: [p.yaml]");
    assert_eq!(built(&builder.plugin(&plugin)), bare);
    let function = folder("function", &exec(&pipeline("[]"), ""), "transformers: [p.yaml]");
    assert_eq!(built(&builder.function(&function)), bare);
}

#[test]
fn trap_08_a_variable_of_exec_envs_is_no_way_to_set_an_option() {
    let builder = builder();
    // kustomize drops the second one silently, since its value holds an equals sign; we read what was meant.
    for variable in ["PLEACH_SOPS=redact", "SOPS_AGE_KEY=a=b"] {
        let config = exec(&pipeline("[]"), &format!(", envs: [{variable}]"));
        let function = tree(&builder, "function", &config, "transformers: [p.yaml]");
        refused(&builder.function(&function), "which only the operator may set");
    }
}

#[test]
fn trap_09_no_string_changes_its_type_or_its_text() {
    let builder = builder();
    let awkward = [
        "2012-10-17",
        "2024-01-02T03:04:05Z",
        "1_000",
        "0644",
        "0o17",
        "0x1F",
        "0b1_0",
        "1e3",
        "1e400",
        ".5",
        "+7",
        "yes",
        "No",
        "on",
        "y",
        "~",
        "null",
        "true",
        "=",
        "22:22",
        "",
        " lead",
        "trail ",
        "a: b",
        "# c",
        "tab\\there",
        "nul\\u0000",
        "esc\\e",
        "line\\nline\\n",
        "\\u00e9",
        "\\U0001F511",
        "- x",
        "{",
        "[",
        "'",
        "\\\"",
    ];
    let data: String = awkward
        .iter()
        .enumerate()
        .fold(String::new(), |data, (i, text)| data + &format!("  k{i:02}: \"{text}\"\n"));
    let manifest =
        format!("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: map\ndata:\n{data}");
    let folder = |name: &str, config: &str, more: &str| {
        let folder = tree(&builder, name, config, more);
        builder.scratch.write(folder.join("map.yaml"), &manifest);
        folder
    };
    let bare = built(&builder.kustomize(&folder("bare", "", ""), &[]));
    let plugin = folder("plugin", &pipeline("[]"), "transformers: [p.yaml]");
    assert_eq!(built(&builder.plugin(&plugin)), bare);
    let function = folder("function", &exec(&pipeline("[]"), ""), "transformers: [p.yaml]");
    assert_eq!(built(&builder.function(&function)), bare);
}

#[test]
fn trap_10_an_argument_of_the_tree_is_refused_and_no_option_needs_one() {
    let builder = builder();
    for argument in ["--redact", "run", "p.yaml", "version", "install"] {
        let config = exec(&pipeline("[]"), &format!(", args: [{argument}]"));
        let function = tree(&builder, "function", &config, "transformers: [p.yaml]");
        let output = builder.function(&function);
        assert!(
            !output.status.success(),
            "{argument}: {}",
            String::from_utf8_lossy(&output.stdout)
        );
        assert!(output.stdout.is_empty(), "{argument}");
        assert!(said(&output).contains("error: "), "{argument}: {}", said(&output));
    }
    let plugin = tree(
        &builder,
        "plugin",
        &format!("{}argsOneLiner: --redact\n", pipeline("[]")),
        "transformers: [p.yaml]",
    );
    refused(&builder.plugin(&plugin), "takes no argument");
}
