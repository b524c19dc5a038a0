//! The process: environment, exit status, signals, and what is left when somebody kills it.

use std::io::Write as _;
use std::os::unix::process::ExitStatusExt;
use std::time::{Duration, Instant};

use super::*;

/// Runs a build whose kustomize is this script.
fn build(script: &str, variables: &[(&str, &str)]) -> Output {
    let wrapped = Wrapped::new();
    wrapped.write("kustomization.yaml", "namePrefix: a-\n");
    run(&wrapped, script, variables)
}

fn run(wrapped: &Wrapped, script: &str, variables: &[(&str, &str)]) -> Output {
    let real = wrapped.stand_in(script);
    let mut command = wrapped.wrapper();
    command.arg("build").envs(variables.iter().copied()).env("PLEACH_KUSTOMIZE", real);
    command.output().unwrap()
}

/// What Argo CD 3.5.7 has in the environment of a build, with a marker in each value.
const HOST: [&str; 12] = [
    "REDIS_PASSWORD",
    "REDIS_USERNAME",
    "REDIS_SENTINEL_PASSWORD",
    "REDIS_CREDS_DIR_PATH",
    "ARGOCD_AUTH_TOKEN",
    "ARGOCD_REPO_SERVER_OTLP_HEADERS",
    "ARGOCD_GIT_ASKPASS_NONCE",
    "ARGOCD_ASK_PASS_SOCK",
    "ARGOCD_GIT_AUTH_HEADER",
    "ARGOCD_GIT_BEARER_AUTH_HEADER",
    "GIT_ASKPASS",
    "GIT_SSH_COMMAND",
];

#[test]
fn attack_argo_cds_own_secrets_do_not_reach_what_kustomize_starts() {
    let host = HOST.map(|name| (name, "marker-of-the-host"));
    let mut variables = host.to_vec();
    variables.extend([("ARGOCD_APP_NAME", "app"), ("HTTPS_PROXY", "proxy")]);
    let seen = built(&build("env", &variables));
    assert!(!seen.contains("marker-of-the-host"), "{seen}");
    for kept in ["ARGOCD_APP_NAME=app", "HTTPS_PROXY=proxy", "KUSTOMIZE_PLUGIN_HOME=", "PATH="] {
        assert!(seen.contains(kept), "{kept}: {seen}");
    }
    // The real kustomize hands all of it on.
    let wrapped = Wrapped::new();
    let real = wrapped.stand_in("env");
    let open = wrapped.command(real).envs(variables).output().unwrap();
    assert_eq!(built(&open).matches("marker-of-the-host").count(), HOST.len());
}

#[test]
fn a_remote_base_is_fetched_with_gits_credentials_and_nothing_else() {
    let wrapped = Wrapped::new();
    wrapped.write("kustomization.yaml", "resources: [https://example.com/a//b]\n");
    let host = HOST.map(|name| (name, "marker-of-the-host"));
    let seen = built(&run(&wrapped, "env", &host));
    let mut kept: Vec<&str> =
        seen.lines().filter_map(|line| line.strip_suffix("=marker-of-the-host")).collect();
    kept.sort_unstable();
    insta::assert_debug_snapshot!(kept, @r#"
    [
        "ARGOCD_ASK_PASS_SOCK",
        "ARGOCD_GIT_ASKPASS_NONCE",
        "ARGOCD_GIT_AUTH_HEADER",
        "ARGOCD_GIT_BEARER_AUTH_HEADER",
        "GIT_ASKPASS",
        "GIT_SSH_COMMAND",
    ]
    "#);
}

#[test]
fn go_collects_less_often_unless_the_operator_says_how_often() {
    let gogc = |variables: &[(&str, &str)]| built(&build("echo \"$GOGC\"", variables));
    assert_eq!(gogc(&[]), "400\n");
    assert_eq!(gogc(&[("GOGC", "70")]), "70\n");
}

#[test]
fn the_exit_status_and_standard_error_are_kustomizes() {
    let output = build("echo half; echo why >&2; exit 7", &[]);
    assert_eq!((output.status.code(), said(&output).as_str()), (Some(7), "why\n"));
    assert!(output.stdout.is_empty(), "nothing of a failed build goes out");
    let output = build("kill -TERM $$", &[]);
    assert_eq!(output.status.signal(), Some(15), "{}", output.status);
}

#[test]
fn arguments_and_standard_input_are_handed_on() {
    let wrapped = Wrapped::new();
    wrapped.write("kustomization.yaml", "namePrefix: a-\n");
    let real = wrapped.stand_in("printf '%s|' \"$@\"; cat");
    let mut command = wrapped.wrapper();
    command.args(["build", "--enable-helm", "", "a b"]).env("PLEACH_KUSTOMIZE", real);
    let pipes = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = pipes.spawn().unwrap();
    child.stdin.take().unwrap().write_all(b"from stdin").unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(built(&output), "build|--enable-helm||a b|from stdin");
}

/// Whether a process runs; a zombie does not.
fn runs(pid: &str) -> bool {
    let stat = fs::read_to_string(format!("/proc/{}/stat", pid.trim())).unwrap_or_default();
    stat.rsplit_once(") ").is_some_and(|(_, rest)| !rest.starts_with('Z'))
}

/// Waits for something to be so, twenty seconds at most.
pub(super) fn until(mut is_so: impl FnMut() -> bool) -> bool {
    let end = Instant::now() + Duration::from_secs(20);
    while Instant::now() < end {
        if is_so() {
            return true;
        }
        std::thread::park_timeout(Duration::from_millis(5));
    }
    false
}

#[test]
fn attack_the_wrapper_killed_leaves_no_kustomize_behind() {
    use rustix::process::{Pid, Signal, kill_process};
    for signal in [Signal::KILL, Signal::TERM, Signal::INT] {
        let wrapped = Wrapped::new();
        wrapped.write("kustomization.yaml", "namePrefix: a-\n");
        let file = wrapped.builder.scratch.join("pid");
        let real = wrapped.stand_in(&format!("echo $$ > {}\nexec sleep 1000", file.display()));
        // Whoever starts the tests in the background has them ignore an interrupt.
        let mut command = wrapped.command("env");
        let mut child = command
            .arg("--default-signal=INT")
            .arg(wrapped.wrapper().get_program())
            .arg("build")
            .env("PLEACH_KUSTOMIZE", real)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let written = || fs::read_to_string(&file).unwrap_or_default();
        assert!(until(|| written().ends_with('\n')), "kustomize starts");
        let kustomize = written();
        assert!(runs(&kustomize));
        let pid = Pid::from_raw(i32::try_from(child.id()).unwrap()).unwrap();
        kill_process(pid, signal).unwrap();
        // Never a wait without an end: a wrapper that outlives the signal fails the test.
        let mut ended = None;
        let over = until(|| {
            ended = child.try_wait().unwrap();
            ended.is_some()
        });
        let gone = until(|| !runs(&kustomize));
        // What is left would hold the test's own output open.
        let _ = child.kill();
        let _ =
            kill_process(Pid::from_raw(kustomize.trim().parse().unwrap()).unwrap(), Signal::KILL);
        assert!(over, "the wrapper runs on after {signal:?}");
        assert!(ended.is_some_and(|status| !status.success()), "{signal:?}: {ended:?}");
        assert!(gone, "kustomize runs on after {signal:?}");
    }
}

#[test]
fn a_wrapper_that_is_gone_before_kustomize_starts_leaves_none() {
    let wrapped = Wrapped::new();
    let file = wrapped.builder.scratch.join("ran");
    let real = wrapped.stand_in(&format!("touch {}", file.display()));
    // As after a kill between fork and exec: the parent that it was started by is not its parent.
    let mut under =
        std::os::unix::process::CommandExt::arg0(&mut wrapped.command(PLEACH), "pleach-under")
            .arg("1")
            .args([&real, &real])
            .spawn()
            .unwrap();
    assert!(!under.wait().unwrap().success());
    assert!(!file.exists());
}
