//! Questions to the oracle, all of a batch in one process.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Command, Stdio};

use routes::rule::Syntax;
use serde_json::{Value, json};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Protocol {
    Http,
    Tcp,
}

#[derive(Debug, Clone)]
pub(crate) struct Question {
    pub(crate) rule: String,
    pub(crate) protocol: Protocol,
    pub(crate) syntax: Syntax,
}

/// The hosts and paths that each router is asked for, each with each.
pub(crate) const HOSTS: &[&str] = &[
    "a.x",
    "B.X",
    "c.a.x",
    "x",
    "a.x.",
    "evil.example",
    "a1.x",
    "xn--a.x",
    "1.2.3.4",
    "*.a.x",
    "{sub}.x",
];
pub(crate) const PATHS: &[&str] =
    &["/", "/x", "/x/y", "/oauth2", "/oauth2/start", "/.well-known/acme-challenge/t"];

/// One answer per question, in order.
pub(crate) fn ask(questions: &[Question]) -> Vec<Value> {
    let pairs: Vec<_> = HOSTS
        .iter()
        .flat_map(|host| PATHS.iter().map(move |path| json!({"host": host, "path": path})))
        .collect();
    let oracle = test_support::tool("traefik-oracle", "traefik-oracle");
    let mut child =
        Command::new(oracle).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let stdout = child.stdout.take().unwrap();
    let answers: Vec<Value> = std::thread::scope(|scope| {
        scope.spawn(move || {
            for Question { rule, protocol, syntax } in questions {
                let protocol = if *protocol == Protocol::Http { "http" } else { "tcp" };
                let question = json!({
                    "rule": rule,
                    "protocol": protocol,
                    "syntax": syntax.to_string(),
                    "requests": pairs,
                });
                writeln!(stdin, "{question}").unwrap();
            }
        });
        let lines = BufReader::new(stdout).lines();
        lines.map(|line| serde_json::from_str(&line.unwrap()).unwrap()).collect()
    });
    assert!(child.wait().unwrap().success());
    assert_eq!(answers.len(), questions.len(), "one answer for each question");
    answers
}
