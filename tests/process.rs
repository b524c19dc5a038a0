//! The process around a run: what it leaves behind, what it inherits, what it may touch.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

use std::fs;
use std::io::{Read as _, Write as _};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use test_support::kustomize;

use crate::build::{Builder, PLEACH, root, said};

/// A tree whose one file is opened by a program that a test provides.
struct Tree {
    builder: Builder,
    folder: PathBuf,
    program: PathBuf,
}

impl Tree {
    /// `script` is what stands in for gpg.
    fn new(script: &str) -> Self {
        let tree = Self::with("gpg", script, "secrets: [{name: s, envs: [settings.enc.env]}]");
        let builder = tree.builder.env("SOPS_GPG_EXEC", &tree.program);
        Self { builder, ..tree }
    }

    /// `script` is what stands in for an age plugin.
    fn with_age_plugin(script: &str) -> Self {
        let tree = Self::with("age-plugin-hangs", script, "files: [database.enc.yaml]");
        let path = std::env::var("PATH").unwrap();
        let path = format!("{}:{path}", tree.program.parent().unwrap().display());
        let keys = tree.builder.scratch.write("keys.txt", "AGE-PLUGIN-HANGS-1QQQQ6PVJ34\n");
        let builder = tree.builder.env("PATH", path).env("SOPS_AGE_KEY_FILE", keys);
        Self { builder, ..tree }
    }

    /// `script` is what stands in for a command that prints a key.
    fn with_key_command(script: &str) -> Self {
        let tree = Self::with("key-command", script, "files: [database.enc.yaml]");
        let builder = tree.builder.env("SOPS_AGE_KEY_CMD", &tree.program);
        Self { builder, ..tree }
    }

    fn with(name: &str, script: &str, spec: &str) -> Self {
        let builder = Builder::without_keys();
        // The one place that a program may write to.
        builder.scratch.dir("home/.gnupg");
        let program = builder.scratch.join("programs").join(name);
        builder.scratch.write(&program, format!("#!/bin/sh\n{script}\n"));
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
        let folder = builder.scratch.dir("tree");
        for file in ["settings.enc.env", "database.enc.yaml"] {
            let from = root().join("examples/quickstart/secrets").join(file);
            fs::copy(from, folder.join(file)).unwrap();
        }
        let head = "apiVersion: pleach.dev/v1alpha1\nkind: SopsDecrypt\nmetadata: {name: s}\n";
        fs::write(folder.join("secrets.yaml"), format!("{head}spec: {{{spec}}}\n")).unwrap();
        fs::write(folder.join("kustomization.yaml"), "generators: [secrets.yaml]\n").unwrap();
        Self { builder, folder, program }
    }

    fn kustomize(&self) -> Command {
        let mut command = self.builder.command(kustomize());
        command.args(["build", "--enable-alpha-plugins"]).arg(&self.folder);
        command
    }

    /// What the stand-in for gpg wrote, as soon as it has.
    fn written(&self, name: &str) -> String {
        let file = self.builder.scratch.join("home/.gnupg").join(name);
        let found = until(|| fs::read_to_string(&file).ok().filter(|text| text.ends_with('\n')));
        found.unwrap_or_else(|| panic!("{name} was not written"))
    }
}

/// What `look` finds, within twenty seconds.
fn until<T>(look: impl Fn() -> Option<T>) -> Option<T> {
    let end = Instant::now() + Duration::from_secs(20);
    while Instant::now() < end {
        if let Some(found) = look() {
            return Some(found);
        }
        std::thread::park_timeout(Duration::from_millis(5));
    }
    None
}

/// Whether a process runs; a zombie does not.
fn runs(pid: &str) -> bool {
    let stat = fs::read_to_string(format!("/proc/{}/stat", pid.trim())).unwrap_or_default();
    stat.rsplit_once(") ").is_some_and(|(_, rest)| !rest.starts_with('Z'))
}

/// Whether a process does not end by itself. Then it is killed: what is left would hold the test's own output open.
fn left(pid: &str) -> bool {
    use rustix::process::{Pid, Signal, kill_process};
    let gone = until(|| (!runs(pid)).then_some(())).is_some();
    if !gone {
        let _ = kill_process(Pid::from_raw(pid.trim().parse().unwrap()).unwrap(), Signal::KILL);
    }
    !gone
}

/// The stand-in for gpg says who it and its parent are, and then waits for ever.
const HANGS: &str =
    "echo $PPID > $HOME/.gnupg/parent\necho $$ > $HOME/.gnupg/self\nexec sleep 1000";

fn start(command: &mut Command) -> Child {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

#[test]
fn attack_kustomize_killed_leaves_neither_pleach_nor_its_gpg_behind() {
    let tree = Tree::new(HANGS);
    let mut kustomize = start(&mut tree.kustomize());
    let (gpg, pleach) = (tree.written("self"), tree.written("parent"));
    assert!(runs(&gpg) && runs(&pleach), "both wait");
    // As Argo CD's repo-server does at its timeout: SIGKILL, to kustomize alone.
    kustomize.kill().unwrap();
    kustomize.wait().unwrap();
    let left = [gpg, pleach].map(|pid| left(&pid));
    assert_eq!(left, [false, false], "gpg, pleach");
}

#[test]
fn attack_pleach_killed_leaves_nothing_behind_that_it_had_started() {
    use rustix::process::{Pid, Signal, kill_process};
    let all = [Tree::new, Tree::with_age_plugin, Tree::with_key_command];
    for (tree, what) in all.into_iter().zip(["gpg", "an age plugin", "a key command"]) {
        let tree = tree(HANGS);
        let mut kustomize = start(&mut tree.kustomize());
        let (child, pleach) = (tree.written("self"), tree.written("parent"));
        assert!(runs(&child) && runs(&pleach), "{what}: both wait");
        // As the kernel does when memory is short: SIGKILL, to the one process.
        let pid = Pid::from_raw(pleach.trim().parse().unwrap()).unwrap();
        kill_process(pid, Signal::KILL).unwrap();
        assert!(!kustomize.wait().unwrap().success(), "{what}");
        assert!(!left(&child), "{what} runs on");
    }
}

#[test]
fn a_program_that_the_system_does_not_start_is_said() {
    let said_of = |mode: u32, script: &str| {
        let tree = Tree::new(HANGS);
        fs::write(&tree.program, script).unwrap();
        fs::set_permissions(&tree.program, fs::Permissions::from_mode(mode)).unwrap();
        let output = tree.kustomize().output().unwrap();
        assert!(!output.status.success());
        let scratch = tree.builder.scratch.path().display().to_string();
        let told = said(&output).replace(&scratch, "SCRATCH");
        let told = told.replace(&scratch.to_lowercase(), "SCRATCH");
        let line = told.lines().find(|line| line.contains("programs/gpg"));
        line.unwrap_or_else(|| panic!("{told}")).to_owned()
    };
    insta::assert_snapshot!(said_of(0o644, "#!/bin/sh\n"), @"pgp 4E084CD1357380A7CB033219BE8C99DDF038354D: no secret key opens it: SCRATCH/programs/gpg with the home ~/.gnupg: does not start: permission denied; not set: PLEACH_PGP_KEY_FILE");
    insta::assert_snapshot!(said_of(0o755, "#!/no/such/interpreter\n"), @"pgp 4E084CD1357380A7CB033219BE8C99DDF038354D: no secret key opens it: SCRATCH/programs/gpg with the home ~/.gnupg: error: SCRATCH/programs/gpg: does not start: no such file or directory; not set: PLEACH_PGP_KEY_FILE");
}

#[test]
fn a_run_that_hangs_ends_with_its_deadline_and_says_so() {
    // What gpg has started goes as well, which the kernel does not see to.
    let tree = Tree::new("sleep 1000 &\necho $! > $HOME/.gnupg/self\nwait");
    let began = Instant::now();
    let output = tree.kustomize().env("PLEACH_DEADLINE", "1").output().unwrap();
    assert!(began.elapsed() < Duration::from_secs(20));
    assert!(!output.status.success());
    assert!(output.stdout.is_empty());
    let told = said(&output);
    assert!(
        told.contains("error: no result after 1 s\nhint: something that a key needs"),
        "{told}"
    );
    let gpg = tree.written("self");
    assert!(!left(&gpg), "what gpg had started runs on");
}

#[test]
fn a_deadline_can_only_be_shortened() {
    let tree = Tree::new(HANGS);
    for deadline in ["46", "0", "-1", "1.5", "soon"] {
        let output = tree.kustomize().env("PLEACH_DEADLINE", deadline).output().unwrap();
        assert!(!output.status.success());
        assert!(said(&output).contains("PLEACH_DEADLINE is no deadline"), "{deadline}");
    }
}

#[test]
fn attack_a_secret_of_the_host_does_not_reach_gpg() {
    let tree =
        Tree::new("env > $HOME/.gnupg/environment\necho end >> $HOME/.gnupg/environment\nexit 2");
    let output = tree
        .kustomize()
        .env("REDIS_PASSWORD", "marker-of-the-host")
        .env("ARGOCD_APP_NAME", "marker-of-the-host")
        .env("LD_LIBRARY_PATH", "/marker-of-the-host")
        .output()
        .unwrap();
    assert!(!output.status.success());
    let environment = tree.written("environment");
    assert!(environment.contains("PATH=") && environment.contains("HOME="), "{environment}");
    assert!(!environment.contains("marker-of-the-host"), "{environment}");
    assert!(!environment.contains("SOPS_GPG_EXEC"), "{environment}");
}

/// gpg is started with an environment made for it; any other child inherits that of the process.
#[test]
fn attack_a_secret_of_the_host_does_not_reach_a_child_that_inherits() {
    let builder = Builder::without_keys();
    let environment = builder.scratch.join("environment");
    let script = format!("#!/bin/sh\nenv > {}\necho v5.8.2\n", environment.display());
    let program = builder.scratch.write("programs/kustomize", script);
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    let path = format!("{}:/usr/bin:/bin", builder.scratch.join("programs").display());
    let mut doctor = builder.command(PLEACH);
    doctor.arg("doctor").env("PATH", path).env("REDIS_PASSWORD", "marker-of-the-host");
    doctor.stdin(Stdio::null()).output().unwrap();
    let environment = fs::read_to_string(environment).unwrap();
    assert!(environment.contains("PATH="), "{environment}");
    assert!(!environment.contains("marker-of-the-host"), "{environment}");
}

#[test]
fn a_run_leaves_no_core_dump() {
    let tree = Tree::new(HANGS);
    let mut kustomize = start(&mut tree.kustomize());
    let pleach = tree.written("parent");
    let limits = fs::read_to_string(format!("/proc/{}/limits", pleach.trim())).unwrap();
    let core = limits.lines().find(|line| line.starts_with("Max core file size")).unwrap();
    // The hard limit: the soft one is 0 on most machines anyhow.
    assert_eq!(core.split_whitespace().nth(5), Some("0"), "{core}");
    kustomize.kill().unwrap();
    kustomize.wait().unwrap();
}

/// What a child of a run may do: the stand-in for gpg tries, and writes down what worked.
#[test]
fn a_run_gives_up_the_rights_that_decryption_does_not_need() {
    let tree = Tree::new("");
    let outside = tree.builder.scratch.write("outside", "outside\n");
    let home = tree.builder.scratch.join("home/.gnupg");
    let script = format!(
        "#!/bin/sh\nlog={0}/log\n\
         try() {{ if sh -c \"$2\" 2>/dev/null; then echo \"$1: yes\"; else echo \"$1: no\"; fi >> $log; }}\n\
         try 'read outside' 'cat {1} >/dev/null'\n\
         try 'read the tree' 'cat {2}/secrets.yaml >/dev/null'\n\
         try 'write the tree' 'echo > {2}/new'\n\
         try 'write /tmp' 'echo > {1}'\n\
         try 'write the home of gpg' 'echo > {0}/lock'\n\
         try 'discard' 'echo > /dev/null'\n\
         echo end >> $log\nexit 2\n",
        home.display(),
        outside.display(),
        tree.folder.display()
    );
    fs::write(&tree.program, script).unwrap();
    let output = tree.kustomize().output().unwrap();
    assert!(!output.status.success());
    let log = fs::read_to_string(home.join("log")).unwrap_or_else(|_| panic!("{}", said(&output)));
    insta::assert_snapshot!(log, @r"
    read outside: no
    read the tree: yes
    write the tree: no
    write /tmp: no
    write the home of gpg: yes
    discard: yes
    end
    ");
}

#[test]
fn nobody_reads_standard_output_is_a_failure_and_no_panic() {
    let builder = Builder::new();
    let mut pleach = builder.command(PLEACH);
    let config = root().join("examples/quickstart/secrets.yaml");
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let output =
        pleach.arg("run").arg(config).stdin(Stdio::null()).stdout(writer).output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    assert!(!said(&output).contains("panicked"), "{}", said(&output));
}

#[test]
fn attack_arguments_of_a_tree_reach_no_command() {
    let builder = Builder::new();
    let list = "apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems: []\n";
    let target = builder.scratch.join("installed");
    let config = root().join("examples/quickstart/secrets.yaml");
    for arguments in [
        vec![Path::new("install"), &target],
        vec![Path::new("run"), &config],
        vec![Path::new("diff"), &config],
        vec![Path::new("version")],
        vec![config.as_path()],
    ] {
        let mut pleach = builder.command(PLEACH);
        let pipes = pleach.args(&arguments).stdin(Stdio::piped());
        let mut child = pipes.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(list.as_bytes()).unwrap();
        let (mut out, mut told) = (String::new(), String::new());
        child.stdout.take().unwrap().read_to_string(&mut out).unwrap();
        child.stderr.take().unwrap().read_to_string(&mut told).unwrap();
        assert!(!child.wait().unwrap().success(), "{arguments:?}");
        assert_eq!(out, "", "{arguments:?}");
        assert!(
            told.starts_with("error: called as a function, it takes no argument"),
            "{arguments:?}: {told}"
        );
    }
    assert!(!target.exists());
}
