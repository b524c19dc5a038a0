//! Running a process and collecting every place where something of it can be read: what it says, the process list, the
//! environment of its children, and the files that it leaves.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use test_support::{Marker, Scratch};

/// What could be read.
pub(crate) struct Places {
    /// Whether it ended with exit code 0.
    pub(crate) success: bool,
    /// Name of the place, and what stands there.
    heaps: Vec<(String, Vec<u8>)>,
    /// The limit on core files, as the kernel gives it.
    pub(crate) core_limit: Option<String>,
}

/// A signal that ends the process once it has a child with this among its arguments.
pub(crate) type Kill = Option<(&'static str, &'static str)>;

impl Places {
    /// Runs `program` in `tree/` of the scratch folder, with core files allowed, and `input` on standard input.
    pub(crate) fn of(
        scratch: &Scratch,
        program: &Path,
        arguments: &[String],
        env: &[(String, String)],
        input: &[u8],
        kill: Kill,
    ) -> Self {
        let tmp = scratch.dir("tmp");
        let before = files(scratch.path());
        let mut child = Command::new("sh")
            .args(["-c", "ulimit -c unlimited; exec \"$0\" \"$@\""])
            .arg(program)
            .args(arguments)
            .current_dir(scratch.dir("tree"))
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", scratch.join("home"))
            .env("TMPDIR", tmp)
            .envs(env.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("sh starts");
        let pid = child.id();
        let (mut stdout, mut stderr) =
            (child.stdout.take().expect("stdout"), child.stderr.take().expect("stderr"));
        let mut stdin = child.stdin.take().expect("stdin");
        let mut seen = Seen::default();
        let (success, said, complained) = std::thread::scope(|scope| {
            let said = scope.spawn(move || read(&mut stdout));
            let complained = scope.spawn(move || read(&mut stderr));
            // Before its input arrives it waits for it, with its whole environment in its hands.
            let start = Instant::now();
            while !Seen::is_running(pid, program)
                && start.elapsed() < Duration::from_secs(1)
                && !matches!(child.try_wait(), Ok(Some(_)))
            {
                std::thread::yield_now();
            }
            seen.look(pid);
            scope.spawn(move || stdin.write_all(input));
            let mut killed = false;
            let status = loop {
                if let Some(status) = child.try_wait().expect("its status") {
                    break status;
                }
                seen.look(pid);
                if let Some((signal, _)) =
                    kill.filter(|(_, word)| !killed && seen.has_child(pid, word))
                {
                    let sent = Command::new("kill").args([signal, &pid.to_string()]).status();
                    assert!(sent.is_ok_and(|status| status.success()), "kill {signal}");
                    killed = true;
                }
                std::thread::sleep(Duration::from_micros(200));
            };
            // What it left running holds the pipes open.
            for orphan in seen.arguments.keys().filter(|other| **other != pid) {
                let _ = Command::new("kill")
                    .args(["-KILL", &orphan.to_string()])
                    .stderr(Stdio::null())
                    .status();
            }
            (status.success(), said.join().expect("stdout"), complained.join().expect("stderr"))
        });
        let mut heaps = vec![("stdout".to_owned(), said), ("stderr".to_owned(), complained)];
        heaps.extend(
            seen.arguments
                .into_iter()
                .map(|(pid, bytes)| (format!("the arguments of process {pid}"), bytes)),
        );
        heaps.extend(
            seen.environments
                .into_iter()
                .map(|(pid, bytes)| (format!("the environment of child {pid}"), bytes)),
        );
        for (file, content) in files(scratch.path()) {
            if before.get(&file) != Some(&content) {
                heaps.push((
                    format!(
                        "the file {}",
                        file.strip_prefix(scratch.path()).unwrap_or(&file).display()
                    ),
                    content,
                ));
            }
        }
        Self { success, heaps, core_limit: seen.core_limit }
    }

    /// Where a marker can be read, and how it is written there.
    pub(crate) fn leaks(&self, markers: &[&Marker]) -> Vec<String> {
        let mut leaks = Vec::new();
        for (place, heap) in &self.heaps {
            for marker in markers {
                if let Some(encoding) = marker.found_in(heap) {
                    leaks.push(format!("{} in {place} ({encoding})", marker.name));
                }
            }
        }
        leaks
    }

    /// What stands in a place.
    pub(crate) fn at(&self, place: &str) -> String {
        let heap = self.heaps.iter().find(|(name, _)| name == place);
        heap.map(|(_, heap)| String::from_utf8_lossy(heap).into_owned()).unwrap_or_default()
    }
}

/// What the process list showed while it ran.
#[derive(Default)]
struct Seen {
    arguments: BTreeMap<u32, Vec<u8>>,
    environments: BTreeMap<u32, Vec<u8>>,
    core_limit: Option<String>,
}

impl Seen {
    fn has_child(&self, pid: u32, word: &str) -> bool {
        let mut others = self.arguments.iter().filter(|(other, _)| **other != pid);
        others.any(|(_, arguments)| {
            arguments.split(|byte| *byte == 0).any(|argument| argument == word.as_bytes())
        })
    }

    fn is_running(pid: u32, program: &Path) -> bool {
        let arguments = std::fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
        arguments.split(|byte| *byte == 0).next() == Some(program.as_os_str().as_encoded_bytes())
    }

    /// The process and everything below it. The environment of the process itself is what its host gave it.
    fn look(&mut self, pid: u32) {
        self.arguments_of(pid);
        if let Ok(limits) = std::fs::read_to_string(format!("/proc/{pid}/limits"))
            && let Some(line) = limits.lines().find(|line| line.starts_with("Max core file size"))
        {
            self.core_limit = line.split_whitespace().nth(4).map(str::to_owned);
        }
        let mut parents = vec![pid];
        while let Some(parent) = parents.pop() {
            let tasks =
                std::fs::read_dir(format!("/proc/{parent}/task")).into_iter().flatten().flatten();
            for task in tasks {
                let children =
                    std::fs::read_to_string(task.path().join("children")).unwrap_or_default();
                for child in children.split_whitespace().filter_map(|child| child.parse().ok()) {
                    self.arguments_of(child);
                    // Until a child has become its program it is a copy of its parent.
                    let own = std::fs::read_link(format!("/proc/{child}/exe")).ok();
                    if own.is_some()
                        && own != std::fs::read_link(format!("/proc/{parent}/exe")).ok()
                        && let Ok(environment) = std::fs::read(format!("/proc/{child}/environ"))
                    {
                        self.environments.insert(child, environment);
                    }
                    parents.push(child);
                }
            }
        }
    }

    fn arguments_of(&mut self, pid: u32) {
        if let Ok(arguments) = std::fs::read(format!("/proc/{pid}/cmdline"))
            && !arguments.is_empty()
        {
            self.arguments.insert(pid, arguments);
        }
    }
}

fn read(from: &mut impl Read) -> Vec<u8> {
    let mut bytes = Vec::new();
    let _ = from.read_to_end(&mut bytes);
    bytes
}

/// Every file below a folder.
fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => folders.push(entry.path()),
                Ok(kind) if kind.is_file() => {
                    found.insert(entry.path(), std::fs::read(entry.path()).unwrap_or_default());
                }
                _ => {}
            }
        }
    }
    found
}

/// The harness works: what a careless program leaves in each place is found there.
#[test]
fn a_careless_program_is_caught_in_every_place() {
    let marker = Marker::word("the secret");
    let scratch = Scratch::new();
    let careless = "echo $SECRET; echo $SECRET >&2; echo $SECRET > $TMPDIR/left; echo $SECRET > left; \
                    sh -c 'read nothing; sleep 0.3; :' $SECRET; kill -SEGV $$";
    let env = [("SECRET".to_owned(), marker.text.clone())];
    let arguments = ["-c".to_owned(), careless.to_owned()];
    // The child reads from standard input, so it is there to be looked at.
    let places = Places::of(&scratch, &test_support::machine("sh"), &arguments, &env, b"\n", None);
    let leaks = places.leaks(&[&marker]).join("\n");
    let mut expected = vec![
        "in stdout",
        "in stderr",
        "in the arguments of process",
        "in the environment of child",
        "in the file tmp/left",
        "in the file tree/left",
    ];
    let pattern = std::fs::read_to_string("/proc/sys/kernel/core_pattern").unwrap_or_default();
    // Where the machine hands cores to a program, the limit alone tells.
    if pattern.starts_with("core") {
        expected.push("in the file tree/core");
    }
    println!("leaks: core_pattern {}", pattern.trim());
    assert_eq!(places.core_limit.as_deref(), Some("unlimited"));
    for place in expected {
        assert!(leaks.contains(place), "{place}:\n{leaks}");
    }
}
