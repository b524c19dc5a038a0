//! The command line: what it prints, what it puts in place, what the doctor finds.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use test_support::{Scratch, kustomize};

use crate::build::{PLEACH, built, root, said};

fn run(scratch: &Scratch, arguments: &[&str]) -> Output {
    scratch.command(PLEACH).args(arguments).stdin(Stdio::null()).output().unwrap()
}

fn printed(arguments: &[&str]) -> String {
    built(&run(&Scratch::new(), arguments))
}

fn refused(arguments: &[&str]) -> String {
    let output = run(&Scratch::new(), arguments);
    assert!(!output.status.success() && output.stdout.is_empty(), "{arguments:?}");
    said(&output)
}

#[test]
fn help_names_every_command() {
    insta::assert_snapshot!(printed(&["--help"]), @r"
    Weaves secrets into a plain kustomize tree while it is built.

    kustomize and kpt call it as a function: a ResourceList on standard input, or the config file of an exec plugin as the only argument. A stream that holds its Pipeline goes through `kustomize build DIR | pleach run`.

    Usage: pleach <COMMAND>

    Commands:
      run          Run a config, or the Pipelines that stand in the stream on standard input
      diff         Show what a run would change and why; a secret's value is never shown
      list         List the functions and the kinds that they answer to
      schema       Print the JSON Schema of a kind's config, for editors and validators
      docs         Print the reference page of a function, or what a finding means
      install      Copy the binary into DIR and link the functions' names beside it
      facts        Print what functions must know of a cluster: controllers, issuers, middlewares, Gateways
      secrets      Refuse secrets that stand in the clear
      doctor       Say what would stop a build in this folder: plugin home, kustomize, keys, policy, scope, kernel
      exec-env     Run a command with the values of an encrypted file in its environment
      version      Print the version
      completions  Print the completions of a shell
      man          Print the manual page

    Options:
      -h, --help
              Print help (see a summary with '-h')

      -V, --version
              Print version
    ");
}

#[test]
fn version_is_one_line() {
    assert_eq!(printed(&["version"]), format!("pleach {}\n", env!("CARGO_PKG_VERSION")));
    assert_eq!(printed(&["--version"]), printed(&["version"]));
}

#[test]
fn list_names_functions_and_kinds() {
    insta::assert_snapshot!(printed(&["list"]), @r"
    sops-decrypt: Generates Secrets from files that SOPS encrypted.
      pleach.dev/v1alpha1 SopsDecrypt
    ksops: Decrypts what a KSOPS generator lists, into the objects that KSOPS gives.
      viaduct.ai/v1 ksops
      viaduct.ai/v1 ksops-exec
    external-dns: Writes DNS targets and record settings for ExternalDNS onto everything that is reachable by a name.
      pleach.dev/v1alpha1 ExternalDNS
    cert-manager: Gives every route its certificate by cert-manager.
      pleach.dev/v1alpha1 CertManager
    forward-auth: Puts sign-in in front of every route.
      pleach.dev/v1alpha1 ForwardAuth
    ");
}

#[test]
fn schemas_and_pages_are_those_that_are_committed() {
    let file =
        |path: &str| fs::read_to_string(root().join("plugins/sops-decrypt").join(path)).unwrap();
    assert_eq!(printed(&["schema", "SopsDecrypt"]), file("schema.json"));
    assert_eq!(printed(&["schema", "ksops"]), file("ksops.schema.json"));
    assert_eq!(printed(&["docs", "sops-decrypt"]), file("README.md"));
}

#[test]
fn the_page_of_a_finding_is_found_by_its_id() {
    assert!(printed(&["docs", "outside-scope"]).starts_with("# outside-scope\n\nA config names"));
    assert!(printed(&["docs"]).contains("\n  outside-scope\n"));
}

#[test]
fn a_typo_is_answered_with_the_nearest_name() {
    insta::assert_snapshot!(refused(&["schema", "SopsDecript"]), @r"
    error: no kind `SopsDecript`
    hint: did you mean `SopsDecrypt`?
    ");
    insta::assert_snapshot!(refused(&["docs", "outside-scop"]), @r"
    error: no page `outside-scop`
    hint: did you mean `outside-scope`?
    ");
    insta::assert_snapshot!(refused(&["docs", "xyzzy"]), @r"
    error: no page `xyzzy`
    hint: pleach docs lists all pages
    ");
    insta::assert_snapshot!(refused(&["instal", "x"]), @r"
    error: unrecognized subcommand 'instal'

      tip: some similar subcommands exist: 'list', 'install'

    Usage: pleach <COMMAND>

    For more information, try '--help'.
    ");
}

#[test]
fn completions_and_manual_page_name_the_commands() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        assert!(printed(&["completions", shell]).contains("doctor"), "{shell}");
    }
    let page = printed(&["man"]);
    assert!(page.starts_with(".ie") && page.contains("doctor"), "{page}");
}

#[test]
fn a_config_that_is_not_there_is_named() {
    insta::assert_snapshot!(refused(&["run", "no-such-config.yaml"]), @r"error: no-such-config.yaml: No such file or directory (os error 2)");
}

/// Builds the quickstart with a plugin home.
fn quickstart(scratch: &Scratch, home: &Path, path: &Path) -> Output {
    let mut command = scratch.command(kustomize());
    command.args(["build", "--enable-alpha-plugins"]).arg(root().join("examples/quickstart"));
    let programs = std::env::var("PATH").unwrap_or_default();
    command
        .env("PATH", format!("{}:{programs}", path.display()))
        .env("KUSTOMIZE_PLUGIN_HOME", home)
        .env("SOPS_AGE_KEY_FILE", root().join("tests/keys/throw-away-age.txt"))
        .env("PLEACH_PGP_KEY_FILE", root().join("tests/keys/throw-away-cv25519.asc"))
        .output()
        .unwrap()
}

#[test]
fn installed_links_and_committed_wrappers_build_the_same() {
    let scratch = Scratch::new();
    let (dir, home) = (scratch.join("bin"), scratch.join("home/plugins"));
    let text = built(&run(&scratch, &["install", "bin", "--plugins", "home/plugins"]));
    insta::assert_snapshot!(text, @r"
    bin/pleach
    bin/cert-manager
    bin/external-dns
    bin/forward-auth
    bin/ksops
    bin/ksops-exec
    bin/sops-decrypt
    home/plugins/pleach.dev/v1alpha1/certmanager/CertManager
    home/plugins/pleach.dev/v1alpha1/externaldns/ExternalDNS
    home/plugins/pleach.dev/v1alpha1/forwardauth/ForwardAuth
    home/plugins/pleach.dev/v1alpha1/pipeline/Pipeline
    home/plugins/pleach.dev/v1alpha1/sopsdecrypt/SopsDecrypt
    home/plugins/viaduct.ai/v1/ksops/ksops
    home/plugins/viaduct.ai/v1/ksops-exec/ksops-exec
    hint: KUSTOMIZE_PLUGIN_HOME=home/plugins kustomize build --enable-alpha-plugins DIR
    ");
    // The links need no pleach on PATH; the wrappers need nothing else.
    let links = built(&quickstart(&scratch, &home, Path::new("/nowhere")));
    let wrappers = built(&quickstart(&scratch, &root().join("exec-wrappers"), &dir));
    assert!(links.contains("kind: Secret"));
    assert_eq!(links, wrappers);
}

#[test]
fn the_committed_wrappers_are_what_install_writes() {
    let scratch = Scratch::new();
    built(&run(&scratch, &["install", "bin", "--plugins", "plugins", "--wrappers"]));
    let (written, mut committed) =
        (tree(&scratch.join("plugins")), tree(&root().join("exec-wrappers")));
    // `bin/` is no part of the plugin home.
    committed.retain(|(file, ..)| !file.starts_with("bin"));
    assert!(!written.is_empty());
    assert_eq!(written, committed);
}

/// The files of a folder, with what they hold and whether they can be run.
fn tree(folder: &Path) -> Vec<(PathBuf, String, bool)> {
    fn walk(folder: &Path, below: &Path, found: &mut Vec<(PathBuf, String, bool)>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, below, found);
                continue;
            }
            let executable = path.metadata().unwrap().permissions().mode() & 0o111 == 0o111;
            let name = path.strip_prefix(below).unwrap().to_owned();
            found.push((name, fs::read_to_string(&path).unwrap(), executable));
        }
    }
    let mut found = Vec::new();
    walk(folder, folder, &mut found);
    found.sort();
    found
}

#[test]
fn an_install_replaces_an_older_one_and_leaves_nothing_else_behind() {
    let scratch = Scratch::new();
    scratch.write("bin/pleach", "old");
    scratch.write("bin/ksops", "old");
    for _ in 0..2 {
        built(&run(&scratch, &["install", "bin", "--plugins", "bin/plugins"]));
    }
    let mut names: Vec<_> = fs::read_dir(scratch.join("bin"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(
        names,
        [
            "cert-manager",
            "external-dns",
            "forward-auth",
            "ksops",
            "ksops-exec",
            "pleach",
            "plugins",
            "sops-decrypt"
        ]
    );
    let (own, copied) = (fs::read(PLEACH).unwrap(), fs::read(scratch.join("bin/ksops")).unwrap());
    assert!(own == copied, "the link holds the binary");
}

#[test]
fn across_file_systems_install_links_by_relative_symlinks() {
    let scratch = Scratch::new();
    let other = Path::new("/dev/shm").join(format!("pleach-{}", std::process::id()));
    let plugins = other.join("plugins").display().to_string();
    built(&run(&scratch, &["install", "bin", "--plugins", &plugins]));
    let link = other.join("plugins/viaduct.ai/v1/ksops/ksops");
    let (target, resolved) = (fs::read_link(&link), link.canonicalize());
    let _ = fs::remove_dir_all(&other);
    assert!(target.unwrap().is_relative());
    assert_eq!(resolved.unwrap(), scratch.join("bin/pleach").canonicalize().unwrap());
}

#[test]
fn what_cannot_be_installed_says_where() {
    let scratch = Scratch::new();
    scratch.write("file", "");
    let output = run(&scratch, &["install", "file/bin"]);
    insta::assert_snapshot!(said(&output), @r"
    error: file/bin/pleach: not a directory
    hint: name a folder that this user can write
    ");
    assert_eq!(output.status.code(), Some(1));
}

/// A machine for the doctor: a plugin home, a kustomize, a key and a repository, or not.
fn doctor(scratch: &Scratch, with: &[&str]) -> (i32, String) {
    scratch.write("tree/.git/HEAD", "");
    let mut command: Command = scratch.command(PLEACH);
    command.current_dir(scratch.join("tree")).arg("doctor").env("PATH", scratch.join("programs"));
    for what in with {
        match *what {
            "home" => {
                built(&run(scratch, &["install", "bin", "--plugins", "plugins"]));
                command.env("KUSTOMIZE_PLUGIN_HOME", scratch.join("plugins"));
            }
            "kustomize" => {
                let program = scratch.write("programs/kustomize", "#!/bin/sh\necho v5.8.2\n");
                fs::set_permissions(program, fs::Permissions::from_mode(0o755)).unwrap();
            }
            "old kustomize" => {
                let program = scratch.write("programs/kustomize", "#!/bin/sh\necho v5.4.0\n");
                fs::set_permissions(program, fs::Permissions::from_mode(0o755)).unwrap();
            }
            "key" => {
                command.env("SOPS_AGE_KEY_FILE", root().join("tests/keys/throw-away-age.txt"));
            }
            _ => panic!("{what}"),
        }
    }
    let output = command.stdin(Stdio::null()).output().unwrap();
    let text = format!("{}{}", String::from_utf8_lossy(&output.stdout), said(&output));
    let text = text.replace(&scratch.path().canonicalize().unwrap().display().to_string(), "HERE");
    let text = text.replace(&root().display().to_string(), "REPOSITORY");
    // What the kernel has is another machine's business.
    let text = text.split("ok      openat2").next().unwrap().to_owned()
        + text.split_once("its rights\n").map_or("", |(_, rest)| rest);
    (output.status.code().unwrap(), text)
}

#[test]
fn the_doctor_finds_nothing_that_stops_a_build() {
    let (code, text) = doctor(&Scratch::new(), &["home", "kustomize", "key"]);
    insta::assert_snapshot!(text, @r"
    ok      plugin home: HERE/plugins (by KUSTOMIZE_PLUGIN_HOME), 7 kinds
    ok      kustomize: v5.8.2
    ok      key: age age1xhmvntqaejl9dr4a4cfakangz7fwxlhslelg08mfk7swe8k8wvhsg0v9vt, SOPS_AGE_KEY_FILE=REPOSITORY/tests/keys/throw-away-age.txt
    ok      gpg: not on PATH: PGP keys come from PLEACH_PGP_KEY_FILE alone
    ok      policy: none at /etc/pleach/policy.yaml
    ok      scope: HERE/tree, by the git repository of the kustomization
    ");
    assert_eq!(code, 0);
}

#[test]
fn the_doctor_names_everything_that_stops_a_build() {
    let (code, text) = doctor(&Scratch::new(), &[]);
    insta::assert_snapshot!(text, @r"
    error   plugin home: none, kustomize looks in HERE/home/.config/kustomize/plugin, HERE/home/kustomize/plugin
       hint pleach install DIR --plugins HOME, and set KUSTOMIZE_PLUGIN_HOME=HOME
    error   kustomize: not on PATH
       hint install kustomize 5.8.2 or later
    error   keys: none
       hint set SOPS_AGE_KEY_FILE or PLEACH_PGP_KEY_FILE, or import a key into gpg
    ok      gpg: not on PATH: PGP keys come from PLEACH_PGP_KEY_FILE alone
    ok      policy: none at /etc/pleach/policy.yaml
    ok      scope: HERE/tree, by the git repository of the kustomization
    error: 3 things would stop a build here
    ");
    assert_eq!(code, 1);
}

#[test]
fn the_doctor_warns_of_what_is_older_than_tested_and_misses_single_kinds() {
    let scratch = Scratch::new();
    built(&run(&scratch, &["install", "bin", "--plugins", "home/kustomize/plugin"]));
    fs::remove_file(scratch.join("home/kustomize/plugin/viaduct.ai/v1/ksops/ksops")).unwrap();
    let (code, text) = doctor(&scratch, &["old kustomize", "key"]);
    insta::assert_snapshot!(text, @r"
    error   plugin home: HERE/home/kustomize/plugin (by HOME) lacks viaduct.ai/v1/ksops/ksops
       hint pleach install DIR --plugins HERE/home/kustomize/plugin
    warning kustomize: v5.4.0, older than what is tested
       hint install kustomize 5.8.2 or later
    ok      key: age age1xhmvntqaejl9dr4a4cfakangz7fwxlhslelg08mfk7swe8k8wvhsg0v9vt, SOPS_AGE_KEY_FILE=REPOSITORY/tests/keys/throw-away-age.txt
    ok      gpg: not on PATH: PGP keys come from PLEACH_PGP_KEY_FILE alone
    ok      policy: none at /etc/pleach/policy.yaml
    ok      scope: HERE/tree, by the git repository of the kustomization
    error: one thing would stop a build here
    ");
    assert_eq!(code, 1);
}
