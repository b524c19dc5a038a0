//! The policy by Argo CD project: keys, scope, opt-outs and mandatory Pipelines of one are no other's.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::symlink;
use std::process::{Output, Stdio};

use crate::build::{built, root, said};
use crate::machine::Machine;

/// Two teams in one repository: team a's key opens team a's file, team b has another key.
struct Teams(Machine);

const HEAD: &str = "apiVersion: pleach.dev/v1alpha1\nkind: Policy\nspec:\n";

/// What the tests of this file start from.
const TWO: &str = "  projects:\n    team-a: {keys: DIR/keys/team-a, paths: [apps/team-a]}\n    team-b: {keys: DIR/keys/team-b, paths: [apps/team-b]}\n";

impl Teams {
    /// `spec` is that of the policy.
    fn new(spec: &str) -> Self {
        Self::with(&format!("{HEAD}{spec}"))
    }

    fn with(policy: &str) -> Self {
        let machine = Machine::with_kustomize(policy);
        let scratch = &machine.scratch;
        let keys = root().join("tests/keys");
        for (team, key) in
            [("team-a", "throw-away-age.txt"), ("team-b", "throw-away-age-stranger.txt")]
        {
            let folder = scratch.dir(format!("keys/{team}"));
            fs::copy(keys.join(key), folder.join("age.txt")).unwrap();
            let app = scratch.dir(format!("repo/apps/{team}"));
            let file = root().join("examples/quickstart/secrets/database.enc.yaml");
            fs::copy(file, app.join("db.enc.yaml")).unwrap();
            config(&machine, team, "db.enc.yaml");
            fs::write(app.join("kustomization.yaml"), "generators: [secrets.yaml]\n").unwrap();
        }
        scratch.write("repo/.git/HEAD", "");
        Self(machine)
    }

    /// `kustomize build` of a team's app in plugin form, as Argo CD calls it for an Application of `project`.
    fn build(&self, project: &str, team: &str) -> Output {
        self.kustomize(project, team, &["--enable-alpha-plugins"])
    }

    fn kustomize(&self, project: &str, team: &str, flags: &[&str]) -> Output {
        let kustomize = self.0.scratch.join("real/kustomize");
        let mut command = self.0.command(false, "repo", &kustomize);
        command.arg("build").arg(format!("apps/{team}")).args(flags);
        command.env("ARGOCD_APP_PROJECT_NAME", project).output().unwrap()
    }

    /// `pleach run` in a team's folder, with a stream.
    fn stream(&self, project: &str, team: &str, stream: &str) -> Output {
        let pleach = self.0.scratch.join("pleach");
        let mut command = self.0.command(false, &format!("repo/apps/{team}"), &pleach);
        command.arg("run").env("ARGOCD_APP_PROJECT_NAME", project).stdin(Stdio::piped());
        let pipes = command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = pipes.spawn().unwrap();
        child.stdin.take().unwrap().write_all(stream.as_bytes()).unwrap();
        child.wait_with_output().unwrap()
    }

    fn refused(&self, output: &Output) -> String {
        assert!(!output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
        assert!(output.stdout.is_empty());
        // kustomize puts a word before what a plugin says, and a line behind it.
        let told = said(output).replace(&self.0.dir(), "DIR");
        let told = told.strip_prefix("Error: ").unwrap_or(&told);
        let of_kustomize =
            |line: &&str| line.starts_with(": failure in plugin") || line.starts_with("Error: ");
        let own: Vec<&str> = told.lines().filter(|line| !of_kustomize(line)).collect();
        own.join("\n") + "\n"
    }
}

/// The config of a team's app.
fn config(machine: &Machine, team: &str, file: &str) {
    let text = format!(
        "apiVersion: pleach.dev/v1alpha1\nkind: SopsDecrypt\nmetadata: {{name: s}}\n\
         spec: {{secrets: [{{name: s, files: [{file}]}}]}}\n"
    );
    machine.scratch.write(format!("repo/apps/{team}/secrets.yaml"), text);
}

/// The same machine whose operator does not divide by project.
fn undivided() -> Teams {
    Teams::with("apiVersion: pleach.dev/v1alpha1\nkind: Policy\n")
}

fn decrypts(output: &Output) -> bool {
    output.status.success() && String::from_utf8_lossy(&output.stdout).contains("kind: Secret")
}

#[test]
fn a_project_decrypts_its_own_files_with_its_own_key() {
    assert!(decrypts(&Teams::new(TWO).build("team-a", "team-a")));
}

#[test]
fn attack_a_file_that_only_another_projects_key_opens_is_refused_by_name() {
    // Both teams hold the same file; only team a's key opens it.
    let teams = Teams::new(TWO);
    insta::assert_snapshot!(teams.refused(&teams.build("team-b", "team-b")), @r"
    error: apps/team-b/db.enc.yaml: no key opens the file
    age age1xhmvntqaejl9dr4a4cfakangz7fwxlhslelg08mfk7swe8k8wvhsg0v9vt: no identity opens it: SOPS_AGE_KEY_FILE=DIR/keys/team-b/age.txt: 1 identity, which does not match; not set: SOPS_AGE_SSH_PRIVATE_KEY_FILE, SOPS_AGE_SSH_PRIVATE_KEY_CMD, SOPS_AGE_KEY, SOPS_AGE_KEY_CMD
    hint: put the identity of the recipient into a file and name it in SOPS_AGE_KEY_FILE; the policy gives project `team-b` the keys in DIR/keys/team-b, and no other
    ");
    // Without the guard the key of the machine opens it for everybody.
    let open = undivided();
    let kustomize = open.0.scratch.join("real/kustomize");
    let mut command = open.0.command(false, "repo", &kustomize);
    command.args(["build", "apps/team-b", "--enable-alpha-plugins"]);
    command.env("SOPS_AGE_KEY_FILE", open.0.scratch.join("keys/team-a/age.txt"));
    assert!(decrypts(&command.output().unwrap()));
}

#[test]
fn attack_a_key_of_the_machine_opens_nothing_for_a_project() {
    let teams = Teams::new(TWO);
    let kustomize = teams.0.scratch.join("real/kustomize");
    let mut command = teams.0.command(false, "repo", &kustomize);
    command.args(["build", "apps/team-b", "--enable-alpha-plugins"]);
    command.env("ARGOCD_APP_PROJECT_NAME", "team-b");
    command.env("SOPS_AGE_KEY_FILE", teams.0.scratch.join("keys/team-a/age.txt"));
    let refused = teams.refused(&command.output().unwrap());
    assert!(refused.contains("no key opens the file"), "{refused}");
}

#[test]
fn attack_a_file_outside_the_projects_paths_is_refused_by_name() {
    for path in ["../team-b/db.enc.yaml", "REPO/apps/team-b/db.enc.yaml", "link.enc.yaml"] {
        let attack = |teams: &Teams| {
            let repo = teams.0.scratch.join("repo").display().to_string();
            config(&teams.0, "team-a", &path.replace("REPO", &repo));
            let link = teams.0.scratch.join("repo/apps/team-a/link.enc.yaml");
            symlink("../team-b/db.enc.yaml", link).unwrap();
        };
        let teams = Teams::new(TWO);
        attack(&teams);
        let refused = teams.refused(&teams.build("team-a", "team-a"));
        assert!(refused.contains(path.trim_start_matches("REPO/")), "{path}: {refused}");
        assert!(
            refused.contains(
                "decided by the operator's policy /etc/pleach/policy.yaml for project `team-a`"
            ),
            "{path}: {refused}"
        );
        // Without paths the repository is the scope, and team a's key opens what team b committed.
        let open = Teams::new(&TWO.replace(", paths: [apps/team-a]", ""));
        attack(&open);
        assert!(decrypts(&open.build("team-a", "team-a")), "{path}");
    }
}

#[test]
fn attack_an_application_of_one_project_on_the_path_of_another_reads_nothing() {
    let teams = Teams::new(TWO);
    let refused = teams.refused(&teams.build("team-a", "team-b"));
    assert!(refused.contains("db.enc.yaml") && refused.contains("project `team-a`"), "{refused}");
    let open = Teams::new(&TWO.replace(", paths: [apps/team-a]", ""));
    assert!(decrypts(&open.build("team-a", "team-b")));
}

#[test]
fn attack_a_team_that_makes_its_folder_a_link_to_another_is_refused() {
    let teams = Teams::new(TWO);
    let app = teams.0.scratch.join("repo/apps/team-a");
    fs::remove_dir_all(&app).unwrap();
    symlink("team-b", &app).unwrap();
    insta::assert_snapshot!(teams.refused(&teams.build("team-a", "team-a")), @r"
    error: apps/team-a: a symlink stands in a path of the policy
    hint: make it a folder of its own
    ");
}

#[test]
fn attack_a_submodule_or_marker_further_in_does_not_move_the_projects_paths() {
    let teams = Teams::new(TWO);
    // Below team a's folder a repository of its own whose `apps/team-a` is a link to team b's folder.
    let inner = teams.0.scratch.dir("repo/apps/team-a/inner");
    fs::write(inner.join(".git"), "gitdir: x\n").unwrap();
    fs::write(inner.join(".pleach.yaml"), "").unwrap();
    fs::create_dir(inner.join("apps")).unwrap();
    symlink("../../../team-b", inner.join("apps/team-a")).unwrap();
    fs::copy(
        teams.0.scratch.join("repo/apps/team-a/kustomization.yaml"),
        inner.join("kustomization.yaml"),
    )
    .unwrap();
    let text = fs::read_to_string(teams.0.scratch.join("repo/apps/team-a/secrets.yaml")).unwrap();
    fs::write(inner.join("secrets.yaml"), text.replace("db.enc", "apps/team-a/db.enc")).unwrap();
    let refused = teams.refused(&teams.build("team-a", "team-a/inner"));
    assert!(refused.contains("for project `team-a`"), "{refused}");
}

#[test]
fn attack_an_exec_function_that_forges_its_project_is_refused_with_the_reason() {
    let exec = |teams: &Teams, envs: &str| {
        let pleach = teams.0.scratch.join("pleach");
        let file = teams.0.scratch.join("repo/apps/team-b/secrets.yaml");
        let text = fs::read_to_string(&file).unwrap().replace(
            "metadata: {name: s}",
            &format!(
                "metadata:\n  name: s\n  annotations:\n    config.kubernetes.io/function: |\n      exec: {{path: {}, envs: [{envs}]}}",
                pleach.display()
            ),
        );
        fs::write(&file, text).unwrap();
        teams.kustomize("team-b", "team-b", &["--enable-alpha-plugins", "--enable-exec"])
    };
    let teams = Teams::new(TWO);
    let refused = teams.refused(&exec(&teams, "ARGOCD_APP_PROJECT_NAME=team-a"));
    assert!(
        refused.contains("the tree sets ARGOCD_APP_PROJECT_NAME, which only the operator may set"),
        "{refused}"
    );
    // A script in between sets it where nobody sees: with several projects the form itself is refused.
    let teams = Teams::new(TWO);
    insta::assert_snapshot!(teams.refused(&exec(&teams, "")), @r"
    error: the policy has several projects, and an exec function's config can set ARGOCD_APP_PROJECT_NAME (exec.envs) to any of them
    hint: take the function annotation off the config: as a plugin it runs with --enable-alpha-plugins alone
    ");
    // With one project there is nothing to forge.
    let one = Teams::new("  projects:\n    team-b: {keys: DIR/keys/team-a}\n");
    assert!(decrypts(&exec(&one, "")));
}

#[test]
fn attack_an_unlisted_project_or_none_gets_nothing() {
    let teams = Teams::new(TWO);
    let refused = teams.refused(&teams.build("team-c", "team-a"));
    assert!(refused.contains("the policy lists no project `team-c`"), "{refused}");
    let refused = teams.refused(&teams.build("", "team-a"));
    assert!(refused.contains("ARGOCD_APP_PROJECT_NAME names none"), "{refused}");
    let refused = teams.refused(&teams.build("*", "team-a"));
    assert!(refused.contains("the policy lists no project `*`"), "{refused}");
}

#[test]
fn a_project_without_keys_decrypts_nothing_and_is_told_so() {
    let teams = Teams::new("  projects:\n    team-a: {}\n    \"*\": {}\n");
    let refused = teams.refused(&teams.build("team-a", "team-a"));
    assert!(refused.contains("the policy gives project `team-a` no keys"), "{refused}");
    let refused = teams.refused(&teams.build("any", "team-a"));
    assert!(refused.contains("the policy gives project `any` no keys"), "{refused}");
}

/// The one function of this release that can stand in a Pipeline.
fn pipeline(name: &str, file: &str) -> String {
    format!(
        "{{apiVersion: pleach.dev/v1alpha1, kind: Pipeline, metadata: {{name: {name}}}, spec: {{functions: [\
         {{apiVersion: pleach.dev/v1alpha1, kind: SopsDecrypt, metadata: {{name: m}}, spec: {{secrets: [{{name: {name}, files: [{file}], options: {{disableNameSuffixHash: true}}}}]}}}}]}}}}"
    )
}

const MAP: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: kept\n";

#[test]
fn attack_no_stream_leaves_out_the_mandatory_pipeline() {
    let mandatory = pipeline("mandatory", "db.enc.yaml");
    let teams = Teams::new(&format!("  pipelines: [{mandatory}]\n{TWO}"));
    // A tree without any Pipeline gets it, and a tree's own Pipeline runs before it.
    let alone = built(&teams.stream("team-a", "team-a", MAP));
    assert!(alone.starts_with(MAP) && alone.contains("name: mandatory"), "{alone}");
    let own = pipeline("own", "db.enc.yaml");
    let both = built(&teams.stream("team-a", "team-a", &format!("{MAP}---\n{own}\n")));
    let at = |name: &str| both.find(name).unwrap_or_else(|| panic!("{name}: {both}"));
    assert!(at("name: own") < at("name: mandatory"), "{both}");
    // Without it in the policy the same stream has nothing to run.
    let open = Teams::new(TWO);
    let refused = open.refused(&open.stream("team-a", "team-a", MAP));
    assert!(refused.contains("neither a Pipeline nor anything else"), "{refused}");
}

#[test]
fn a_mandatory_pipeline_runs_on_the_streams_that_hold_something_of_its_scope() {
    let mandatory = pipeline("mandatory", "db.enc.yaml")
        .replace("spec: {functions", "spec: {scope: {namespace: media}, functions");
    let teams = Teams::new(&format!("  pipelines: [{mandatory}]\n{TWO}"));
    let other = built(&teams.stream("team-a", "team-a", MAP));
    assert_eq!(other, MAP);
    let media = MAP.replace("  name: kept\n", "  name: kept\n  namespace: media\n");
    let woven = built(&teams.stream("team-a", "team-a", &media));
    assert!(woven.starts_with(&media) && woven.contains("name: mandatory"), "{woven}");
}

#[test]
fn a_mandatory_pipeline_that_does_not_hold_is_said_of_the_policy() {
    let broken = pipeline("mandatory", "x").replace("SopsDecrypt", "SopsDecript");
    let teams = Teams::new(&format!("  pipelines: [{broken}]\n{TWO}"));
    let refused = teams.refused(&teams.stream("team-a", "team-a", MAP));
    assert!(
        refused.starts_with("error: /etc/pleach/policy.yaml: SopsDecript m: no function"),
        "{refused}"
    );
}

#[test]
fn attack_an_opt_out_that_the_policy_does_not_allow_is_refused() {
    let skip = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: c\n  annotations:\n    pleach.dev/sops-decrypt: skip\n";
    let own = pipeline("own", "db.enc.yaml");
    let stream = format!("{skip}---\n{own}\n");
    let teams = Teams::new(&format!("  optOuts: [external-dns]\n{TWO}"));
    insta::assert_snapshot!(teams.refused(&teams.stream("team-a", "team-a", &stream)), @r#"
    error: ConfigMap c: metadata.annotations["pleach.dev/sops-decrypt"]: the policy allows no opt-out of sops-decrypt
    hint: take the annotation off, or ask the operator for optOuts in the policy
    "#);
    let allowed = Teams::new(&format!("  optOuts: [sops-decrypt]\n{TWO}"));
    built(&allowed.stream("team-a", "team-a", &stream));
    built(&Teams::new(TWO).stream("team-a", "team-a", &stream));
}

#[test]
fn the_doctor_says_the_keys_of_each_project() {
    let teams = Teams::new(TWO);
    let mut doctor = teams.0.command(false, "repo", &teams.0.scratch.join("pleach"));
    let path = format!("{}:/usr/bin:/bin", teams.0.scratch.join("real").display());
    let output = doctor.arg("doctor").env("PATH", path).output().unwrap();
    let text = built(&output).replace(&teams.0.dir(), "DIR");
    let of =
        |line: &&str| ["key:", "keys:", "policy:", "scope:"].iter().any(|what| line.contains(what));
    let lines = text.lines().filter(of).collect::<Vec<_>>().join("\n");
    insta::assert_snapshot!(lines, @r"
    ok      key: project team-a: age age1xhmvntqaejl9dr4a4cfakangz7fwxlhslelg08mfk7swe8k8wvhsg0v9vt, SOPS_AGE_KEY_FILE=DIR/keys/team-a/age.txt
    ok      key: project team-b: age age1vv8msx2ntxtf5j5dqzq3j7yaatht5tjdlj9mz6c6pvq7qe5xda3sjw4w98, SOPS_AGE_KEY_FILE=DIR/keys/team-b/age.txt
    ok      policy: /etc/pleach/policy.yaml, projects team-a, team-b
    ");
}
