//! What a rule costs, an ordinary one and a hostile one.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use routes::rule::{Problem, Rule, Syntax};

fn v3(text: &str) -> Rule {
    Rule::parse(text, Syntax::V3).unwrap()
}

fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let made = work();
    (made, start.elapsed())
}

#[test]
fn a_thousand_ordinary_rules_are_read_in_five_milliseconds() {
    let rules: Vec<_> = (0..1_000)
        .map(|at| match at % 4 {
            0 => format!("Host(`app-{at}.example.org`)"),
            1 => format!("Host(`app-{at}.example.org`) && PathPrefix(`/api`)"),
            2 => format!("(Host(`app-{at}.example.org`) || Host(`www.app-{at}.example.org`)) && !PathPrefix(`/metrics`)"),
            _ => format!("Host(`app-{at}.example.org`) && (PathPrefix(`/`) || Header(`X-A`, `b`)) && ClientIP(`10.0.0.0/8`)"),
        })
        .collect();
    // The fastest of some runs: others share the machine.
    let read = || rules.iter().map(|rule| v3(rule).priority()).sum::<i64>();
    let fastest = (0..20).map(|_| timed(read).1).min().unwrap();
    eprintln!("1,000 ordinary rules: {fastest:?}");
    // The optimised build is the one that runs; ten times as much is the other's share.
    let limit = if cfg!(debug_assertions) { 50 } else { 5 };
    assert!(fastest < Duration::from_millis(limit), "{fastest:?}");
}

#[test]
fn an_attack_with_deep_brackets_is_refused() {
    let deep = |levels| format!("{}Host(`a.x`){}", "(".repeat(levels), ")".repeat(levels));
    assert_eq!(v3(&deep(200)).hosts().exact, ["a.x"]);
    for levels in [201, 30_000] {
        let error = Rule::parse(&deep(levels), Syntax::V3).unwrap_err();
        assert_eq!(error.problem, Problem::Limit { what: "brackets in each other", limit: 200 });
    }
}

#[test]
fn an_attack_with_a_long_rule_is_refused() {
    let error = Rule::parse(&" ".repeat(64 * 1024 + 1), Syntax::V3).unwrap_err();
    assert_eq!(error.to_string(), "character 1: the rule exceeds the limit of 65536 bytes");
}

#[test]
fn an_attack_with_many_negations_costs_no_stack() {
    let rule = v3(&format!("{}Host(`a.x`)", "!".repeat(60_000)));
    assert_eq!(rule.hosts().exact, ["a.x"]);
    let rule = v3(&format!("{}Host(`a.x`)", "!".repeat(60_001)));
    assert_eq!(rule.hosts().negated, ["a.x"]);
}

#[test]
fn attacks_as_long_as_a_rule_may_be_cost_little() {
    let fill = |piece: &dyn Fn(usize) -> String, join: &str| {
        let mut rule = String::new();
        for at in 0.. {
            let next = piece(at);
            if rule.len() + next.len() + join.len() > 64 * 1024 {
                break;
            }
            if at > 0 {
                rule.push_str(join);
            }
            rule.push_str(&next);
        }
        rule
    };
    let half = |text: &str| text[..text[..32 * 1024].rfind("||").unwrap()].to_owned();
    let many = fill(&|at| format!("Host(`h{at}.x`)"), "||");
    let mut costs = BTreeMap::new();
    let not = fill(&|at| format!("!Host(`h{at}.x`)"), "&&");
    for (name, rule) in [
        ("many hosts", many.clone()),
        ("many exceptions", not.clone()),
        (
            "exceptions and wildcards",
            fill(&|at| format!("Host(`*.{at}.x`)&&!Host(`h{at}.x`)"), "||"),
        ),
        ("hosts, then hosts", format!("({})&&({})", half(&many), half(&many))),
        (
            "wildcards upon hosts",
            format!(
                "({})&&{}",
                half(&many),
                fill(&|_| "Host(`*.x`)".to_owned(), "&&")[..32_000].rsplit_once("&&").unwrap().0
            ),
        ),
        (
            "exceptions in a union",
            fill(&|at| format!("!Host(`*.x`)||!Host(`h{at}.x`)&&!Host(`i{at}.x`)"), "||"),
        ),
        (
            "patterns and hosts",
            fill(&|at| format!("HostRegexp(`^(a|b|c){{1,90}}{at}$`)||Host(`h{at}.x`)"), "&&"),
        ),
        ("brackets", fill(&|_| format!("{}Path(`/`){}", "(".repeat(199), ")".repeat(199)), "||")),
    ] {
        let ((rule, parsed), listed) = (0..3)
            .map(|_| {
                let read = timed(|| v3(&rule));
                let listed = timed(|| read.0.hosts().exact.len()).1;
                (read, listed)
            })
            .min_by_key(|(_, listed)| *listed)
            .unwrap();
        let hosts = rule.hosts();
        let (open, asked) = timed(|| rule.may_match_host("evil.example"));
        let count = hosts.exact.len();
        eprintln!(
            "{name}: parse {parsed:?}, {count} hosts {listed:?}, may match: {open} {asked:?}"
        );
        // In a debug build on a busy machine; a release build takes a small part of it.
        assert!((parsed + listed + asked).as_secs() < 20, "{name}");
        costs.insert(name, listed);
    }
    // Not each name by each condition: thousands of conditions cost what one of as many names does.
    assert!(costs["wildcards upon hosts"] < 5 * costs["hosts, then hosts"], "{costs:?}");
}
