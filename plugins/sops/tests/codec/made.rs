//! Files made and opened by the real sops, and many at a time.

use std::path::{Path, PathBuf};
use std::process::Output;
use std::sync::atomic::{AtomicUsize, Ordering};

use sops::{Format, Sealed};
use test_support::Scratch;

use crate::keys::KeyColumn;

/// A folder with one age key in it: enough for every test that is not about keys.
pub fn age() -> (Scratch, KeyColumn) {
    static TOOL: std::sync::OnceLock<PathBuf> = std::sync::OnceLock::new();
    let scratch = Scratch::new();
    let output =
        scratch.command(TOOL.get_or_init(test_support::age_keygen)).output().expect("age-keygen");
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    let recipient =
        text.lines().find_map(|line| line.strip_prefix("# public key: ")).expect("a recipient");
    let env = vec![("SOPS_AGE_KEY_FILE", scratch.write("age.txt", &text).into_os_string())];
    let args = vec!["--age".to_owned(), recipient.to_owned()];
    (scratch, KeyColumn { name: "age", args, sops: env.clone(), ours: env })
}

/// Runs sops over a file of `scratch`, for the keys of a column.
pub fn sops(scratch: &Scratch, column: &KeyColumn, args: &[&str], file: &Path) -> Output {
    // The place of the tool is asked for once: each question starts a shell.
    static TOOL: std::sync::OnceLock<PathBuf> = std::sync::OnceLock::new();
    let mut command = scratch.command(TOOL.get_or_init(test_support::sops));
    column.prepare(&mut command);
    command.args(args).arg(file).output().unwrap_or_else(|error| panic!("sops: {error}"))
}

/// Encrypts a plain file. `rule` is one of the rules with its value, and switches.
pub fn encrypt(scratch: &Scratch, column: &KeyColumn, rule: &[&str], file: &Path) -> Vec<u8> {
    let config = config(scratch, column, rule).display().to_string();
    let output = sops(scratch, column, &["--config", &config, "encrypt"], file);
    assert!(output.status.success(), "sops encrypt {}: {}", file.display(), stderr(&output));
    output.stdout
}

/// A configuration with one creation rule. The rules over comments have no option of their own.
fn config(scratch: &Scratch, column: &KeyColumn, rule: &[&str]) -> PathBuf {
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    let [flag, value] = column.args.as_slice() else {
        panic!("{}: {:?}", column.name, column.args)
    };
    let mut text = match flag.as_str() {
        "--config" => {
            std::fs::read_to_string(value).unwrap_or_else(|error| panic!("{value}: {error}"))
        }
        flag => format!("creation_rules:\n  - {}: \"{value}\"\n", flag.trim_start_matches("--")),
    };
    let mut words = rule.iter();
    while let Some(word) = words.next() {
        match *word {
            "mac_only_encrypted" => text.push_str("    mac_only_encrypted: true\n"),
            name => {
                let value = words.next().expect("a value");
                text.extend(["    ", name, ": '", value, "'\n"]);
            }
        }
    }
    scratch.write(format!("rule-{}.sops.yaml", COUNT.fetch_add(1, Ordering::Relaxed)), text)
}

/// What sops prints for an encrypted file.
pub fn decrypt(scratch: &Scratch, column: &KeyColumn, file: &Path) -> Vec<u8> {
    let output = sops(scratch, column, &["decrypt"], file);
    assert!(output.status.success(), "sops decrypt {}: {}", file.display(), stderr(&output));
    output.stdout
}

/// What sops says on stderr.
pub fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// What we print for an encrypted file, or what we say about it.
pub fn ours(column: &KeyColumn, file: &Path) -> Result<Vec<u8>, String> {
    let bytes = std::fs::read(file).expect("a file");
    let opened = Sealed::parse(&bytes, Format::of_path(file))
        .and_then(|sealed| sealed.open(&column.keyring()));
    opened.map(|plain| plain.to_bytes().to_vec()).map_err(|error| error.to_string())
}

/// Runs jobs on a few threads, and gathers what they answer in their order.
pub fn all<J: Sync, A: Send>(jobs: &[J], work: impl Fn(&J) -> A + Sync) -> Vec<A> {
    let next = AtomicUsize::new(0);
    let threads = std::thread::available_parallelism().map_or(2, usize::from);
    let mut answers: Vec<(usize, A)> = std::thread::scope(|scope| {
        let run = || {
            let mut answers = Vec::new();
            loop {
                let at = next.fetch_add(1, Ordering::Relaxed);
                let Some(job) = jobs.get(at) else { return answers };
                answers.push((at, work(job)));
            }
        };
        let threads: Vec<_> = (0..threads).map(|_| scope.spawn(run)).collect();
        threads.into_iter().flat_map(|thread| thread.join().expect("a thread")).collect()
    });
    answers.sort_by_key(|(at, _)| *at);
    answers.into_iter().map(|(_, answer)| answer).collect()
}
