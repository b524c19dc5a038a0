//! `examples/bootstrap`, end to end: an operator's own key, a copy of the tree given to it, and both installed into a real
//! API server.
#![expect(clippy::panic, reason = "a test that cannot go on fails")]

use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Output;

use apps::lock::Mirror;
use apps::{Checkout, Plugins};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use cluster::ControlPlane;
use test_support::Scratch;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

struct Operator {
    checkout: Checkout,
    scratch: Scratch,
    plugins: Plugins,
    server: ControlPlane,
}

impl Operator {
    fn new() -> Self {
        let pleach = std::env::var_os("PLEACH").map(|path| root().join(path));
        let pleach = pleach.unwrap_or_else(|| panic!("PLEACH names the binary: `make test-apps`"));
        let (scratch, server) = (Scratch::new(), ControlPlane::start());
        let kubectl = PathBuf::from(server.kubectl(&[]).get_program());
        let tools =
            [test_support::sops(), test_support::age_keygen(), test_support::kustomize(), kubectl];
        for tool in &tools {
            symlink(tool, scratch.dir("bin").join(tool.file_name().expect("a name")))
                .expect("a link");
        }
        let (checkout, real) = Checkout::with_upstream(&root(), &Mirror::at_hand());
        assert!(real.iter().any(|app| app == "argocd"), "the real Argo CD is not at hand");
        Self { checkout, scratch, plugins: Plugins::install(&pleach), server }
    }

    fn run(&self, key: &Path, arguments: &[&str]) -> Output {
        let path = std::env::var("PATH").unwrap_or_default();
        let mut command = self.scratch.command(root().join("examples/bootstrap/bootstrap"));
        command
            .args(arguments)
            .current_dir(self.checkout.root())
            .env("PATH", format!("{}:{path}", self.scratch.join("bin").display()))
            .env("KUSTOMIZE_PLUGIN_HOME", self.plugins.home())
            .env("KUBECONFIG", self.server.kubeconfig())
            .env("SOPS_AGE_KEY_FILE", key);
        command.output().expect("the script starts")
    }
}

fn out(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

#[test]
#[ignore = "needs kube-apiserver: make test-apps"]
fn a_fork_is_given_to_an_own_key_and_installed_with_it_and_the_key_in_the_cluster_opens_the_tree() {
    let operator = Operator::new();
    let published = apps::key_file(&root());
    let keys = operator.scratch.join("own keys");
    let own = keys.join("age.txt");
    let folder = keys.display().to_string();
    let recipient = out(&operator.run(&published, &["key", "age", &folder]));
    out(&operator.run(&published, &["rekey", &recipient]));

    let empty = operator.scratch.dir("empty").display().to_string();
    let nothing = operator.run(&own, &["install", &empty]);
    let said = String::from_utf8_lossy(&nothing.stderr).into_owned();
    assert!(!nothing.status.success() && said.contains("bootstrap key makes one"), "{said}");

    // The published key opens nothing any more, and nothing is applied with it.
    let refused = operator.run(&published, &["install", &folder]);
    assert!(!refused.status.success() && refused.stdout.is_empty());
    assert!(operator.server.get("namespaces", "", "argocd").is_none());

    let applied = out(&operator.run(&own, &["install", &folder]));
    println!(
        "applied: {} objects",
        applied.lines().filter(|line| line.contains("serverside-applied")).count()
    );

    let secret = operator.server.get("secrets", "argocd", "pleach-keys").expect("the keys");
    let in_cluster =
        STANDARD.decode(secret["data"]["age.txt"].as_str().expect("a key")).expect("base64");
    assert_eq!(in_cluster, std::fs::read(&own).expect("a key"));
    let argocd = operator.server.get("secrets", "argocd", "argocd-secret").expect("a Secret");
    assert!(!argocd["data"]["webhook.gitlab.secret"].is_null(), "the Secret was merged");
    let applications = operator.server.names("applications.argoproj.io", "argocd");
    println!("Applications: {}", applications.join(", "));
    assert!(applications.len() >= 9, "{applications:?}");
    assert!(operator.server.get("deployments", "argocd", "argocd-repo-server").is_some());

    // What the repo-server will mount opens every overlay of the fork.
    let mounted = operator.scratch.write("mounted/age.txt", in_cluster);
    for overlay in operator.checkout.overlays() {
        let tree = operator.checkout.root();
        let made = operator.plugins.build_with_key(&tree, &overlay, "SOPS_AGE_KEY_FILE", &mounted);
        assert!(made.success, "{overlay}: {}", made.said);
    }

    // Again changes nothing.
    let version = |kind: &str, name: &str| {
        let object = operator.server.get(kind, "argocd", name).expect("an object");
        object["metadata"]["resourceVersion"].to_string()
    };
    let before = [version("secrets", "pleach-keys"), version("deployments", "argocd-repo-server")];
    out(&operator.run(&own, &["install", &folder]));
    assert_eq!(
        before,
        [version("secrets", "pleach-keys"), version("deployments", "argocd-repo-server")]
    );
}
