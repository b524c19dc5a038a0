//! `make lock`: writes `apps/upstream.lock.yaml`, or compares it (`verify`), and holds the skeletons against upstream.
//!
//! `UPSTREAM_MIRROR` names a folder of bare repositories that stands for GitHub; without it the network is asked.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "it is a command")]

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use apps::lock::{self, Mirror};

fn main() -> ExitCode {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let folder = std::env::var_os("UPSTREAM_MIRROR").filter(|folder| !folder.is_empty());
    let mirror = folder.map_or_else(Mirror::network, |folder| Mirror::at(&PathBuf::from(folder)));
    let wrong = match std::env::args().nth(1).as_deref() {
        Some("write") => {
            let (text, lines) = lock::written(&root, &mirror);
            print(&lines);
            lock::write(&root, &text);
            Vec::new()
        }
        Some("verify") => {
            let (lines, wrong) = lock::verified(&root, &mirror);
            print(&lines);
            wrong
        }
        _ => {
            eprintln!(
                "error: what to do is `write` or `verify`\nhint: make lock, make lock LOCK=verify"
            );
            return ExitCode::from(2);
        }
    };
    let skeletons = lock::skeletons(&root, &mirror);
    println!("{}", skeletons.line());
    let wrong: Vec<String> = wrong.into_iter().chain(skeletons.wrong).collect();
    for line in &wrong {
        eprintln!("error: {line}");
    }
    if wrong.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn print(lines: &[String]) {
    for line in lines {
        println!("{line}");
    }
}
