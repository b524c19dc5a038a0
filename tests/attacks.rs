//! What a tenant who writes a tree can try, against the real kustomize: each attack, and that it works without the guard.
//!
//! Those that need a project stand in `projects.rs`, those on the loader alone in `plugins/krm/tests/loader.rs`.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod files;
mod size;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Output;

use crate::build::{Builder, built, root, said};

/// A tenant's repository.
struct Tenant {
    builder: Builder,
    repo: PathBuf,
}

impl Tenant {
    fn new() -> Self {
        let builder = Builder::new();
        builder.scratch.write("repo/.git/HEAD", "");
        let repo = builder.scratch.dir("repo");
        Self { builder, repo }
    }

    fn write(&self, path: &str, text: impl AsRef<[u8]>) -> PathBuf {
        self.builder.scratch.write(Path::new("repo").join(path), text)
    }

    fn script(&self, path: &str, text: &str) {
        let script = self.write(path, format!("#!/bin/sh\n{text}\n"));
        fs::set_permissions(script, fs::Permissions::from_mode(0o755)).unwrap();
    }

    /// A config with these fields, listed as a generator.
    fn config(&self, spec: &str) {
        self.write("kustomization.yaml", "generators: [secrets.yaml]\n");
        self.write(
            "secrets.yaml",
            format!("apiVersion: pleach.dev/v1alpha1\nkind: SopsDecrypt\nmetadata: {{name: s}}\nspec: {spec}\n"),
        );
    }

    fn plugin(&self) -> Output {
        self.builder.plugin(&self.repo)
    }

    /// Standard error of a build that is refused, without the name of this test's folder.
    fn refused(&self, output: &Output) -> String {
        assert!(!output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
        assert!(output.stdout.is_empty());
        said(output).replace(&self.builder.scratch.path().display().to_string(), "DIR")
    }
}

/// A Secret as sops wrote it.
fn encrypted() -> Vec<u8> {
    fs::read(root().join("examples/quickstart/secrets/database.enc.yaml")).unwrap()
}

/// An answer that kustomize takes from a function.
const ANSWER: &str =
    "cat > /dev/null; echo '{apiVersion: config.kubernetes.io/v1, kind: ResourceList, items: []}'";

#[test]
fn attack_exec_function_in_a_tenants_tree() {
    for path in ["./evil", "REPO/evil", "../repo/evil"] {
        let tenant = Tenant::new();
        tenant.script("evil", &format!("touch ran; {ANSWER}"));
        let path = path.replace("REPO", &tenant.repo.display().to_string());
        tenant.write("kustomization.yaml", "generators: [evil.yaml]\n");
        tenant.write(
            "evil.yaml",
            format!("apiVersion: a/v1\nkind: Evil\nmetadata:\n  name: e\n  annotations:\n    config.kubernetes.io/function: |\n      exec: {{path: {path}}}\n"),
        );
        let ran = tenant.repo.join("ran");
        // What our component tells Argo CD to pass: no program of the tree runs.
        tenant.plugin();
        assert!(!ran.exists(), "{path}");
        // With --enable-exec, which we do not ask for, it does.
        built(&tenant.builder.function(&tenant.repo));
        assert!(ran.exists(), "{path}");
    }
}

#[test]
fn attack_a_plugin_inside_the_repository() {
    let tenant = Tenant::new();
    tenant.script("plugins/a/v1/evil/Evil", "touch ran");
    tenant.write("kustomization.yaml", "generators: [evil.yaml]\n");
    tenant.write("evil.yaml", "apiVersion: a/v1\nkind: Evil\nmetadata: {name: e}\n");
    let ran = tenant.repo.join("ran");
    // The plugin home is the operator's variable, and a tree sets no variable.
    let refused = tenant.refused(&tenant.plugin());
    assert!(!ran.exists() && !refused.is_empty(), "{refused}");
    let mut open = tenant.builder.command(test_support::kustomize());
    open.args(["build", "--enable-alpha-plugins"]).arg(&tenant.repo);
    open.env("KUSTOMIZE_PLUGIN_HOME", tenant.repo.join("plugins")).output().unwrap();
    assert!(ran.exists());
}

#[test]
fn attack_arguments_that_would_widen_the_scope() {
    for (name, argument) in [("argsOneLiner", "'--scope /'"), ("argsFromFile", "args.txt")] {
        let tenant = Tenant::new();
        tenant.write("args.txt", "--scope\n/\n");
        tenant.write("db.enc.yaml", encrypted());
        tenant.config("{files: [db.enc.yaml]}");
        assert!(tenant.plugin().status.success());
        let config = fs::read_to_string(tenant.repo.join("secrets.yaml")).unwrap();
        tenant.write("secrets.yaml", format!("{config}{name}: {argument}\n"));
        let refused = tenant.refused(&tenant.plugin());
        assert!(refused.contains("error: called as a function, it takes no argument"), "{refused}");
        // kustomize hands them on: another plugin gets them.
        let home = tenant.builder.scratch.dir("other/pleach.dev/v1alpha1/sopsdecrypt");
        let script = "#!/bin/sh\nshift; printf 'apiVersion: v1\\nkind: ConfigMap\\nmetadata: {name: got}\\ndata: {args: \"%s\"}\\n' \"$*\"\n";
        fs::write(home.join("SopsDecrypt"), script).unwrap();
        fs::set_permissions(home.join("SopsDecrypt"), fs::Permissions::from_mode(0o755)).unwrap();
        let mut open = tenant.builder.command(test_support::kustomize());
        open.args(["build", "--enable-alpha-plugins"]).arg(&tenant.repo);
        open.env("KUSTOMIZE_PLUGIN_HOME", tenant.builder.scratch.join("other"));
        assert!(built(&open.output().unwrap()).contains("args: --scope /"), "{name}");
    }
}

#[test]
fn attack_variables_of_a_tree_that_would_choose_keys_or_programs() {
    for variable in [
        "PLEACH_PGP_KEY_FILE",
        "PLEACH_SOPS",
        "SOPS_AGE_KEY_CMD",
        "SOPS_GPG_EXEC",
        "GNUPGHOME",
        "PATH",
        "HOME",
        "LD_PRELOAD",
        "ARGOCD_APP_PROJECT_NAME",
    ] {
        let tenant = Tenant::new();
        tenant.write("db.enc.yaml", encrypted());
        tenant.config("{files: [db.enc.yaml]}");
        let config = fs::read_to_string(tenant.repo.join("secrets.yaml")).unwrap();
        let function = |path: &str| {
            config.replace(
                "{name: s}",
                &format!("\n  name: s\n  annotations:\n    config.kubernetes.io/function: |\n      exec: {{path: {path}, envs: [{variable}=of-the-tree]}}"),
            )
        };
        tenant.write("secrets.yaml", function("pleach"));
        let output = tenant.builder.function(&tenant.repo);
        assert!(!output.status.success(), "{variable}");
        // A changed PATH or LD_PRELOAD can keep the binary from starting at all.
        let told = said(&output);
        let by_name =
            told.contains(&format!("the tree sets {variable}, which only the operator may set"));
        assert!(by_name, "{variable}: {told}");
        // kustomize hands it on: another function sees it.
        tenant.script("see", &format!("cat > /dev/null; echo \"{{apiVersion: config.kubernetes.io/v1, kind: ResourceList, items: [{{apiVersion: v1, kind: ConfigMap, metadata: {{name: c}}, data: {{got: '${variable}'}}}}]}}\""));
        tenant.write("secrets.yaml", function(&tenant.repo.join("see").display().to_string()));
        let open = tenant.builder.function(&tenant.repo);
        let sees = built_or_said(&open);
        assert!(sees.contains("got: of-the-tree") || variable == "PATH", "{variable}: {sees}");
    }
}

fn built_or_said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &said(output)
}
