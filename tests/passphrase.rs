//! A passphrase that a person types: the question stands on the terminal, the answer nowhere.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::os::fd::OwnedFd;
use std::process::{Output, Stdio};
use std::time::{Duration, Instant};

use rustix::fs::{Mode, OFlags};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{LocalModes, tcgetattr};
use test_support::{Scratch, age, age_keygen, machine, sops};

use crate::build::{PLEACH, built, said};

const PASSPHRASE: &str = "correct horse battery staple";
const QUESTION: &str = "pleach: passphrase for ";

/// A tree of two encrypted Secrets whose age identity a passphrase protects.
fn tree() -> Scratch {
    let scratch = Scratch::new();
    let clear = scratch.join("clear.txt");
    built(&scratch.command(age_keygen()).arg("-o").arg(&clear).output().unwrap());
    let recipient = scratch.command(age_keygen()).arg("-y").arg(&clear).output().unwrap();
    let recipient = String::from_utf8(recipient.stdout).unwrap();
    let programs = age().parent().unwrap().to_owned();
    let mut protect = scratch.command(age());
    protect.args(["-e", "-j", "batchpass", "-a", "-o", "protected.age"]).arg(&clear);
    // The least work factor that is not refused: the real one costs a second.
    protect.env("PATH", programs).env("AGE_PASSPHRASE", PASSPHRASE);
    built(&protect.env("AGE_PASSPHRASE_WORK_FACTOR", "12").output().unwrap());
    std::fs::remove_file(clear).unwrap();
    for name in ["one", "two"] {
        let file = format!("{name}.enc.yaml");
        let secret = format!(
            "apiVersion: v1\nkind: Secret\nmetadata:\n  name: {name}\nstringData:\n  a: plain-{name}\n"
        );
        scratch.write(&file, secret);
        let mut encrypt = scratch.command(sops());
        encrypt.args(["encrypt", "--in-place", "--encrypted-regex", "^stringData$"]);
        built(&encrypt.args(["--age", recipient.trim(), &file]).output().unwrap());
    }
    scratch.write("kustomization.yaml", "");
    scratch.write(
        "config.yaml",
        "apiVersion: pleach.dev/v1alpha1\nkind: SopsDecrypt\nmetadata: {name: s}\n\
         spec: {files: [one.enc.yaml, two.enc.yaml]}\n",
    );
    scratch
}

/// Runs the config at a terminal of its own, where a person types one line at each question. What is left, and
/// everything that stood on the terminal.
fn typed(tree: &Scratch, line: &str) -> (Output, String) {
    let terminal = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC).unwrap();
    grantpt(&terminal).unwrap();
    unlockpt(&terminal).unwrap();
    let name = ptsname(&terminal, Vec::new()).unwrap();
    let flags = OFlags::RDWR | OFlags::NOCTTY | OFlags::CLOEXEC;
    let stdin: OwnedFd = rustix::fs::open(name.as_c_str(), flags, Mode::empty()).unwrap();
    // It makes what stands on standard input the controlling terminal.
    let mut command = tree.command(machine("setsid"));
    command.args(["--ctty", "--wait", PLEACH, "run", "config.yaml"]);
    command.env("SOPS_AGE_KEY_FILE", tree.join("protected.age"));
    command.stdin(stdin).stdout(Stdio::piped()).stderr(Stdio::piped());
    let child = command.spawn().unwrap();
    // The last copy of the other end is the child's now: when that ends, reading ends.
    drop(command);

    let mut terminal = File::from(terminal);
    let (mut shown, mut answered) = (Vec::new(), 0);
    let mut chunk = [0; 1024];
    while let Ok(read @ 1..) = terminal.read(&mut chunk) {
        shown.extend_from_slice(&chunk[..read]);
        let asked = String::from_utf8_lossy(&shown).matches(QUESTION).count();
        if asked > answered && shown.ends_with(b": ") {
            // The question stands there a moment before echo is off. Nobody types that fast.
            until_hidden(&terminal);
            terminal.write_all(format!("{line}\n").as_bytes()).unwrap();
            answered = asked;
        }
    }
    (child.wait_with_output().unwrap(), String::from_utf8(shown).unwrap())
}

/// Waits until what is typed is not shown.
fn until_hidden(terminal: &File) {
    let end = Instant::now() + Duration::from_secs(20);
    while tcgetattr(terminal).unwrap().local_modes.contains(LocalModes::ECHO) {
        assert!(Instant::now() < end, "what is typed is shown");
        std::thread::yield_now();
    }
}

#[test]
fn it_is_asked_once_for_all_files_and_not_shown() {
    let tree = tree();
    let (output, shown) = typed(&tree, PASSPHRASE);
    built(&output);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("name: one") && text.contains("name: two"), "{text}");
    let place = tree.join("protected.age").display().to_string();
    let expected = format!("{QUESTION}SOPS_AGE_KEY_FILE={place}: \r\n");
    assert_eq!(shown, expected);
    assert!(!shown.contains(PASSPHRASE));
}

#[test]
fn a_wrong_one_is_said_and_neither_shown_nor_repeated() {
    let tree = tree();
    let (output, shown) = typed(&tree, "hunter2-marker");
    assert!(!output.status.success());
    assert!(output.stdout.is_empty());
    let text = said(&output);
    assert!(text.contains("the passphrase is wrong"), "{text}");
    assert!(!text.contains("hunter2-marker") && !shown.contains("hunter2-marker"));
    assert_eq!(shown.matches(QUESTION).count(), 1, "{shown}");
}
