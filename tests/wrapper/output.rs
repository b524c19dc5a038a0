//! What stands in the output of a build: what must not, and the Pipelines that are applied to it.

use super::*;
use crate::build::objects;
use crate::machine::Machine;

const TOKEN: &str = "ENC[AES256_GCM,data:AAAA,iv:BBBB,tag:CCCC,type:str]";

/// A folder whose build is this file.
fn of(text: &str) -> Wrapped {
    let wrapped = Wrapped::new();
    wrapped.write("kustomization.yaml", "resources: [r.yaml]\n");
    wrapped.write("r.yaml", text);
    wrapped
}

#[test]
fn attack_a_secret_that_is_still_encrypted_does_not_leave_the_build() {
    let token = format!(
        "apiVersion: v1\nkind: Secret\nmetadata: {{name: s}}\nstringData: {{a: '{TOKEN}'}}\n"
    );
    let wrapped = of(&token);
    // The real kustomize lets it pass, and an API server takes the token for the password.
    assert!(built(&wrapped.real(&["build"])).contains(TOKEN));
    insta::assert_snapshot!(wrapped.refused(&["build"]), @r"
    error: Secret s: stringData.a: the output holds a value that is still encrypted
    hint: decrypt its file by a SopsDecrypt config, not as a plain resource or generator input
    ");
    let generated = Wrapped::new();
    generated.write("kustomization.yaml", "secretGenerator: [{name: g, files: [f.txt]}]\n");
    generated.write("f.txt", TOKEN);
    assert!(built(&generated.real(&["build"])).contains("kind: Secret"));
    assert!(generated.refused(&["build"]).contains("data[\"f.txt\"]: the output holds a value"));
}

/// A manifest that sops encrypted.
fn encrypted() -> String {
    fs::read_to_string(root().join("examples/quickstart/secrets/database.enc.yaml")).unwrap()
}

#[test]
fn a_sops_block_is_refused_and_with_a_pipeline_it_is_decrypted() {
    let wrapped = of(&encrypted());
    assert!(built(&wrapped.real(&["build"])).contains("sops:"));
    let refused = wrapped.refused(&["build"]);
    assert!(
        refused.contains(": sops: the output holds a resource that is still encrypted"),
        "{refused}"
    );
    let pipeline = "---\napiVersion: pleach.dev/v1alpha1\nkind: Pipeline\nmetadata: {name: p}\nspec: {functions: []}\n";
    wrapped
        .write("kustomization.yaml", "resources: [r.yaml]\nbuildMetadata: [originAnnotations]\n");
    wrapped.write("r.yaml", &encrypted());
    wrapped.write("p.yaml", pipeline);
    wrapped.write(
        "kustomization.yaml",
        "resources: [r.yaml, p.yaml]\nbuildMetadata: [originAnnotations]\n",
    );
    let output = built(&wrapped.run(&["build"]));
    assert!(output.contains("kind: Secret") && !output.contains("sops:"), "{output}");
    assert!(!output.contains("ENC[") && !output.contains("Pipeline"), "{output}");
    // In whatever folder the wrapper is called, as Argo CD does, the tree's own folder counts.
    let mut elsewhere = wrapped.wrapper();
    elsewhere.current_dir("/").arg("build").arg(&wrapped.tree);
    assert_eq!(built(&elsewhere.output().unwrap()), output);
}

#[test]
fn attack_a_route_that_was_not_woven_does_not_leave_the_build() {
    let ingress = "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n  name: i\n  annotations:\n    traefik.ingress.kubernetes.io/router.middlewares: pleach-unwoven@kubernetescrd\n";
    let wrapped = of(ingress);
    assert!(built(&wrapped.real(&["build"])).contains("pleach-unwoven"));
    insta::assert_snapshot!(wrapped.refused(&["build"]), @r#"
    error: Ingress i: metadata.annotations["traefik.ingress.kubernetes.io/router.middlewares"]: sign-in is due here and was not woven
    hint: list a ForwardAuth config, or a Pipeline that has one
    "#);
}

#[test]
fn output_into_files_is_refused() {
    let wrapped = of("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n");
    insta::assert_snapshot!(wrapped.refused(&["build", "-o", "out.yaml"]), @r"
    error: --output hides what is built from the checks on it
    hint: redirect standard output instead, or call the real kustomize
    ");
}

const MANDATORY: &str = "apiVersion: pleach.dev/v1alpha1\nkind: Policy\nspec:\n  pipelines:\n  - {apiVersion: pleach.dev/v1alpha1, kind: Pipeline, metadata: {name: p}, spec: {functions: [{apiVersion: pleach.dev/v1alpha1, kind: SopsDecrypt, metadata: {name: m}, spec: {secrets: [{name: mandatory, files: [db.enc.yaml], options: {disableNameSuffixHash: true}}]}}]}}\n";

#[test]
fn attack_no_tree_leaves_out_the_mandatory_pipeline_of_the_policy() {
    let build = |policy: &str| {
        let machine = Machine::with_kustomize(policy);
        let scratch = &machine.scratch;
        scratch.write("repo/.git/HEAD", "");
        scratch.write("repo/app/kustomization.yaml", "resources: [c.yaml]\n");
        scratch.write("repo/app/c.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: c\n");
        scratch.write("repo/app/db.enc.yaml", encrypted());
        fs::copy(root().join("tests/keys/throw-away-age.txt"), scratch.join("age.txt")).unwrap();
        let mut command = machine.command(false, "repo", &scratch.join("bin/kustomize"));
        command.args(["build", "app"]).env("SOPS_AGE_KEY_FILE", scratch.join("age.txt"));
        built(&command.output().unwrap())
    };
    let output = build(MANDATORY);
    assert!(output.contains("name: c\n") && output.contains("name: mandatory"), "{output}");
    // Without it in the policy nothing is added, and nothing asks which project builds.
    let projects = "apiVersion: pleach.dev/v1alpha1\nkind: Policy\nspec: {projects: {a: {}}}\n";
    assert_eq!(build(projects), "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: c\n");
}

/// The example, woven by its own Pipeline and then by the same one of a policy that allows no opt-out of cert-manager.
#[test]
fn a_mandatory_pipeline_takes_the_routes_that_an_earlier_one_added() {
    let pipeline = fs::read_to_string(root().join("examples/weave/weave/pipeline.yaml")).unwrap();
    let entry = pipeline.trim_end().replace('\n', "\n    ");
    let build = |pipelines: &str| {
        let head =
            "apiVersion: pleach.dev/v1alpha1\nkind: Policy\nspec:\n  optOuts: [forward-auth]\n";
        let machine = Machine::with_kustomize(&format!("{head}{pipelines}"));
        let scratch = &machine.scratch;
        scratch.write("repo/.git/HEAD", "");
        crate::build::copy(&root().join("examples/weave"), &scratch.join("repo/weave"));
        let mut command = machine.command(false, "repo", &scratch.join("bin/kustomize"));
        command.args(["build", "--enable-alpha-plugins", "weave"]);
        command.env("KUSTOMIZE_PLUGIN_HOME", scratch.join("plugins"));
        objects(&built(&command.output().unwrap()))
    };
    let once = build("");
    assert!(once.iter().any(|one| one["metadata"]["name"] == "auth-api-qt-rs"));
    assert_eq!(build(&format!("  pipelines:\n  - {entry}\n")), once);
}
