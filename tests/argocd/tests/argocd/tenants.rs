//! Two teams, one repo-server, and the operator's policy: each project has its own key and its own folder.

use std::fs;
use std::path::Path;
use std::sync::OnceLock;

use argocd::{Options, RepoServer, encrypted, root};
use test_support::{Marker, Scratch};

use crate::tree;

const PLUGINS: &str = "--enable-alpha-plugins";
const EXEC: &str = "--enable-alpha-plugins --enable-exec";

const POLICY: &str = "
apiVersion: pleach.dev/v1alpha1
kind: Policy
spec:
  projects:
    team-a: {keys: FOLDER/team-keys/a, paths: [apps/team-a]}
    team-b: {keys: FOLDER/team-keys/b, paths: [apps/team-b]}
";

/// What team a keeps, and a repo-server that knows both teams.
struct Teams {
    argo: RepoServer,
    secret: Marker,
}

fn teams() -> &'static Teams {
    static TEAMS: OnceLock<Teams> = OnceLock::new();
    TEAMS.get_or_init(|| {
        let key = |name: &str| {
            fs::read_to_string(root().join("tests/keys").join(name)).expect("a throw-away key")
        };
        let (a, b) = (key("throw-away-age.txt"), key("throw-away-age-stranger.txt"));
        let argo = RepoServer::kept(move || Options {
            policy: Some(POLICY),
            files: vec![("team-keys/a/age.txt", a), ("team-keys/b/age.txt", b)],
            ..Options::default()
        });
        let secret = Marker::word("the secret of team a");
        let file = encrypted(&Scratch::new(), "team-a", &[("password", &secret.text)]);
        let work = argo.repository().work();
        decrypts(&work.join("apps/team-a"), &file, "secret.enc.yaml", "");
        // Its own copy of the other team's file, and a path to it.
        decrypts(&work.join("apps/team-b/copy"), &file, "secret.enc.yaml", "");
        decrypts(&work.join("apps/team-b/path"), &file, "../../team-a/secret.enc.yaml", "");
        // An exec function whose config says whose project it is.
        let forged = "  annotations:\n    config.kubernetes.io/function: |\n      \
                      exec: {path: pleach, envs: [ARGOCD_APP_PROJECT_NAME=team-a]}\n";
        decrypts(&work.join("apps/team-b/forged"), &file, "secret.enc.yaml", forged);
        // One that says nothing of it: whoever wrote the tree could have had it set by another function.
        let exec =
            "  annotations:\n    config.kubernetes.io/function: |\n      exec: {path: pleach}\n";
        decrypts(&work.join("apps/team-b/exec"), &file, "secret.enc.yaml", exec);
        argo.repository().push("two teams");
        Teams { argo, secret }
    })
}

fn decrypts(folder: &Path, secret: &str, file: &str, annotations: &str) {
    tree::write(&folder.join("secret.enc.yaml"), secret);
    let head = "apiVersion: pleach.dev/v1alpha1\nkind: SopsDecrypt\nmetadata:\n  name: secrets\n";
    let config = format!("{head}{annotations}spec: {{files: [{file}]}}\n");
    tree::write(&folder.join("secrets.yaml"), config);
    tree::write(&folder.join("kustomization.yaml"), "generators: [secrets.yaml]\n");
}

/// What a build says, without what changes from run to run.
fn refused(teams: &Teams, project: &str, path: &str, options: &str) -> String {
    let built = teams.argo.generate_for(project, path, options);
    let said = built.expect_err("a build that the policy forbids");
    assert!(teams.secret.found_in(said.as_bytes()).is_none(), "{said}");
    let said = said.replace(&teams.argo.folder().display().to_string(), "FOLDER");
    let lines: Vec<&str> = said.lines().filter(|line| !line.starts_with(": failure in")).collect();
    lines.join("\n")
}

#[test]
#[ignore = "tier 3: make test-argocd"]
fn a_project_decrypts_its_own_files_with_its_own_key() {
    let teams = teams();
    let built = teams.argo.generate_for("team-a", "apps/team-a", PLUGINS).expect("a build");
    let text = serde_json::to_vec(&built).expect("JSON");
    assert!(teams.secret.found_in(&text).is_some());
}

#[test]
#[ignore = "tier 3: make test-argocd"]
fn attack_another_projects_file_with_another_projects_key() {
    insta::assert_snapshot!(refused(teams(), "team-b", "apps/team-b/copy", PLUGINS), @r"
    rpc error: code = Unknown desc = `kustomize build <path to cached source>/apps/team-b/copy --enable-alpha-plugins` failed exit status 1: Error: error: apps/team-b/copy/secret.enc.yaml: no key opens the file
    age age1xhmvntqaejl9dr4a4cfakangz7fwxlhslelg08mfk7swe8k8wvhsg0v9vt: no identity opens it: SOPS_AGE_KEY_FILE=FOLDER/team-keys/b/age.txt: 1 identity, which does not match; not set: SOPS_AGE_SSH_PRIVATE_KEY_FILE, SOPS_AGE_SSH_PRIVATE_KEY_CMD, SOPS_AGE_KEY, SOPS_AGE_KEY_CMD
    hint: put the identity of the recipient into a file and name it in SOPS_AGE_KEY_FILE; the policy gives project `team-b` the keys in FOLDER/team-keys/b, and no other
    ");
}

#[test]
#[ignore = "tier 3: make test-argocd"]
fn attack_a_path_to_another_projects_file() {
    insta::assert_snapshot!(refused(teams(), "team-b", "apps/team-b/path", PLUGINS), @r"
    rpc error: code = Unknown desc = `kustomize build <path to cached source>/apps/team-b/path --enable-alpha-plugins` failed exit status 1: Error: error: ../../team-a/secret.enc.yaml: spec.files[0]: `..` leads outside the scope, decided by the operator's policy /etc/pleach/policy.yaml for project `team-b`
    hint: move the file below one of the policy's scopes
    ");
}

/// In plugin form nothing that a tree says reaches the environment; the annotation makes it an exec function, and that
/// kustomize leaves out. Where exec functions run, the policy refuses them: the name would be the tree's.
#[test]
#[ignore = "tier 3: make test-argocd"]
fn attack_a_forged_project_name() {
    let teams = teams();
    let left_out = teams.argo.generate_for("team-b", "apps/team-b/forged", PLUGINS);
    assert_eq!(left_out.expect("a build"), Vec::<serde_json::Value>::new());
    insta::assert_snapshot!(refused(teams, "team-b", "apps/team-b/forged", EXEC), @r#"
    rpc error: code = Unknown desc = `kustomize build <path to cached source>/apps/team-b/forged --enable-alpha-plugins --enable-exec` failed exit status 1: error: SopsDecrypt secrets: metadata.annotations["config.kubernetes.io/function"]: the tree sets ARGOCD_APP_PROJECT_NAME, which only the operator may set
    hint: take it out of exec.envs, and set it in the environment of kustomize
    Error: couldn't execute function: exit status 1
    "#);
}

#[test]
#[ignore = "tier 3: make test-argocd"]
fn attack_an_exec_function_where_the_policy_tells_projects_apart() {
    insta::assert_snapshot!(refused(teams(), "team-b", "apps/team-b/exec", EXEC), @r"
    rpc error: code = Unknown desc = `kustomize build <path to cached source>/apps/team-b/exec --enable-alpha-plugins --enable-exec` failed exit status 1: error: the policy has several projects, and an exec function's config can set ARGOCD_APP_PROJECT_NAME (exec.envs) to any of them
    hint: take the function annotation off the config: as a plugin it runs with --enable-alpha-plugins alone
    Error: couldn't execute function: exit status 1
    ");
}

/// Without the refusal the name would be believed: it reaches a function as the tree says it.
#[test]
#[ignore = "tier 3: make test-argocd"]
fn a_forged_project_name_reaches_an_exec_function() {
    let teams = teams();
    let (folder, seen) =
        (teams.argo.repository().work().join("forger"), teams.argo.temporary().join("seen"));
    let script = format!(
        "#!/bin/sh\necho $ARGOCD_APP_PROJECT_NAME > {}\necho 'kind: ResourceList\nitems: []'\n",
        seen.display()
    );
    tree::write(&folder.join("forger.sh"), script);
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    fs::set_permissions(folder.join("forger.sh"), mode).expect("a mode");
    tree::write(
        &folder.join("forger.yaml"),
        "apiVersion: v1\nkind: Forger\nmetadata:\n  name: forger\n  annotations:\n    config.kubernetes.io/function: |\n      \
         exec: {path: ./forger.sh, envs: [ARGOCD_APP_PROJECT_NAME=team-a]}\n",
    );
    tree::write(&folder.join("kustomization.yaml"), "generators: [forger.yaml]\n");
    teams.argo.repository().push("a forger");
    teams.argo.generate_for("team-b", "forger", EXEC).expect("a build");
    assert_eq!(fs::read_to_string(seen).expect("what it saw"), "team-a\n");
}
