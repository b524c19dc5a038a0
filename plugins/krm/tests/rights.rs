//! What a run gives up. Each case runs in a thread of its own: rights are given up by thread.
#![cfg(all(target_os = "linux", not(pleach_portable)))]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fs;
use std::net::TcpStream;
use std::process::Command;

use krm::rights::{self, Enforced, Need};
use krm::{
    Definition, Environment, Finding, Function, Loader, Needs, Reads, ResourceList, Role, serve,
};
use schemars::JsonSchema;
use serde::Deserialize;
use test_support::Scratch;

/// Reads keys, and runs a program.
#[derive(Deserialize, JsonSchema)]
struct Keeper {}

impl Function for Keeper {
    const KINDS: &'static [(&'static str, &'static str)] = &[("test/v1", "Keeper")];
    const ROLE: Role = Role::Generator;
    const READS_SECRETS: bool = true;
    const NEEDS: Option<Needs> = Some(|environment| {
        let path = |name| environment.get(name).map(Into::into);
        [
            path("KEYS").map(Need::Read),
            path("HOME").map(Need::Write),
            path("PROGRAM").map(Need::Run),
            path("COMMAND").map(|_: std::path::PathBuf| Need::Anything),
        ]
        .into_iter()
        .flatten()
        .collect()
    });

    fn run(self, _: &mut ResourceList, _: &Loader) -> Result<(), Box<Finding>> {
        Ok(())
    }
}

struct Tree {
    scratch: Scratch,
}

impl Tree {
    fn new() -> Self {
        assert_ne!(
            rights::kernel(),
            Enforced::Not,
            "this test needs Landlock: Linux 5.13 or later"
        );
        let scratch = Scratch::new();
        scratch.write("tree/.git/HEAD", "");
        scratch.write("tree/a.yaml", "a");
        scratch.write("keys/age.txt", "key");
        scratch.write("outside.txt", "outside");
        Self { scratch }
    }

    /// What `attempt` says after confinement with this environment.
    fn confined<T: Send>(&self, names: &[(&str, &str)], attempt: impl Fn() -> T + Sync) -> T {
        let variables = names.iter().map(|(name, path)| {
            let path = if path.starts_with('/') { path.into() } else { self.scratch.join(path) };
            ((*name).into(), path.into_os_string())
        });
        let environment: Environment = variables.collect();
        let run = || {
            let loader = Loader::new(environment.clone(), &self.scratch.join("tree")).unwrap();
            let definitions = [Definition::of::<Keeper>()];
            rights::confine(&definitions, &environment, &loader);
            attempt()
        };
        std::thread::scope(|scope| scope.spawn(run).join().unwrap())
    }

    fn readable(&self, path: &str) -> bool {
        fs::read(self.scratch.join(path)).is_ok()
    }

    fn writable(&self, path: &str) -> bool {
        fs::write(self.scratch.join(path), "x").is_ok()
    }
}

fn runs(program: &str) -> bool {
    Command::new(program).status().is_ok_and(|status| status.success())
}

#[test]
fn the_scope_and_the_keys_can_be_read_and_nothing_else() {
    let tree = Tree::new();
    let read = tree.confined(&[("KEYS", "keys")], || {
        ["tree/a.yaml", "keys/age.txt", "outside.txt"].map(|path| tree.readable(path))
    });
    assert_eq!(read, [true, true, false]);
    assert!(tree.readable("outside.txt"), "the other threads keep their rights");
}

#[test]
fn nothing_can_be_written_but_what_a_child_needs() {
    let tree = Tree::new();
    let paths = ["home/lock", "tree/new", "tree/a.yaml", "outside.txt", "new"];
    let write = tree.confined(&[("HOME", "home")], || paths.map(|path| tree.writable(path)));
    assert_eq!(write, [true, false, false, false, false]);
}

#[test]
fn without_a_program_to_run_none_runs() {
    let tree = Tree::new();
    let program = test_support::machine("true").display().to_string();
    assert!(!tree.confined(&[], || runs(&program)));
    assert!(tree.confined(&[("PROGRAM", &program)], || runs(&program)));
}

#[test]
fn a_folder_of_programs_allows_nothing_beside_it() {
    let tree = Tree::new();
    tree.scratch.write("bin/tool", "");
    let read = tree.confined(&[("PROGRAM", "bin")], || {
        ["bin/tool", "outside.txt"].map(|path| tree.readable(path))
    });
    assert_eq!(read, [true, false]);
}

#[test]
fn a_command_of_the_operator_keeps_every_right() {
    let tree = Tree::new();
    assert!(tree.confined(&[("COMMAND", "/anything")], || tree.readable("outside.txt")));
}

#[test]
fn what_a_run_does_not_read_it_cannot_read_and_the_network_goes_with_it() {
    let tree = Tree::new();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let attempt = |reads: Reads| {
        tree.confined(&[("HOME", "home")], || {
            let loader = Loader::new(Environment::default(), &tree.scratch.join("tree")).unwrap();
            serve::dispatched(reads, &loader).unwrap();
            let tree_file = tree.readable("tree/a.yaml");
            (tree_file, tree.writable("home/lock"), TcpStream::connect(address).is_ok())
        })
    };
    assert_eq!(attempt(Reads::Secrets), (true, true, true));
    assert_eq!(attempt(Reads::Files), (true, false, false));
    assert_eq!(attempt(Reads::Nothing), (false, false, false));
}
