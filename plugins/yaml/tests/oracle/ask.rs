//! Questions to the oracle, all of a batch in one process.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Command, Stdio};

use serde_json::Value;

/// One answer per text, in order.
pub(crate) fn ask(mode: &str, texts: &[Vec<u8>]) -> Vec<Value> {
    let oracle = test_support::tool("yaml-oracle", "yaml-oracle");
    let mut child = Command::new(oracle)
        .arg(mode)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let stdout = child.stdout.take().unwrap();
    let answers: Vec<Value> = std::thread::scope(|scope| {
        scope.spawn(move || {
            for text in texts {
                writeln!(stdin, "{}", text.len()).unwrap();
                stdin.write_all(text).unwrap();
            }
        });
        let lines = BufReader::new(stdout).lines();
        lines.map(|line| serde_json::from_str(&line.unwrap()).unwrap()).collect()
    });
    assert!(child.wait().unwrap().success());
    assert_eq!(answers.len(), texts.len(), "one answer for each text");
    answers
}
