//! Ours against Traefik's own parser and muxers: the same rules are refused, the same trees read, and no request that
//! Traefik serves is one that a rule "cannot match".
#![expect(clippy::unwrap_used, clippy::print_stderr, reason = "tests")]

#[path = "oracle/ask.rs"]
mod ask;
#[path = "oracle/compare.rs"]
mod compare;
#[path = "oracle/corpus.rs"]
mod corpus;
#[path = "oracle/generate.rs"]
mod generate;

use ask::{Protocol, Question, ask};
use compare::{Tally, compare};
use generate::Generator;
use routes::rule::Syntax;

#[test]
fn committed_rules_are_read_as_traefik_reads_them() {
    let texts = corpus::texts();
    assert!(texts.len() >= 60, "{} rules", texts.len());
    let tally = check(&every_way(&texts));
    eprintln!("oracle: {} committed rules, each in 4 ways: {tally}", texts.len());
    assert!(tally.accepted >= 40, "{tally}");
}

#[test]
fn generated_rules_are_read_as_traefik_reads_them() {
    let seed = generate::seed();
    let mut generator = Generator::new(seed);
    let mut ordinary = Vec::new();
    for (protocol, syntax, count) in [
        (Protocol::Http, Syntax::V3, 3_000),
        (Protocol::Http, Syntax::V2, 1_500),
        (Protocol::Tcp, Syntax::V3, 1_000),
        (Protocol::Tcp, Syntax::V2, 500),
    ] {
        for _ in 0..count {
            let rule = generator.rule(protocol, syntax);
            ordinary.push(Question { rule, protocol, syntax });
        }
    }
    let damaged: Vec<_> = ordinary
        .iter()
        .take(4_000)
        .map(|question| Question { rule: generator.damage(&question.rule), ..question.clone() })
        .collect();
    let (first, second) = (check(&ordinary), check(&damaged));
    eprintln!("oracle: seed {seed}");
    eprintln!("oracle: {} generated rules, {first}", ordinary.len());
    eprintln!("oracle: {} damaged rules, {second}", damaged.len());
    assert!(ordinary.len() + damaged.len() >= 2_000);
    // A parser that refuses everything agrees too often.
    assert!(first.accepted >= 4_000, "ordinary rules are mostly valid: {first}");
    assert!(first.served >= 5_000 && first.exact >= 1_000, "questions are answered: {first}");
    assert!(second.accepted >= 300 && second.refused >= 2_000, "damage does both: {second}");
    // What Go's regular expressions refuse and ours do not know to be wrong.
    assert!(first.go_regexp + second.go_regexp <= 100, "{first}; {second}");
}

#[test]
fn generated_patterns_match_at_least_what_go_matches() {
    let seed = generate::seed();
    let mut generator = Generator::new(seed);
    let pattern =
        |_| Question { rule: generator.pattern(), protocol: Protocol::Http, syntax: Syntax::V3 };
    let patterns: Vec<_> = (0..4_000).map(pattern).collect();
    let tally = check(&patterns);
    eprintln!("oracle: seed {seed}, {} generated patterns, {tally}", patterns.len());
    assert!(tally.accepted >= 1_000 && tally.refused >= 500, "{tally}");
    assert!(tally.served >= 10_000, "{tally}");
}

fn every_way(texts: &[String]) -> Vec<Question> {
    let ways = [
        (Protocol::Http, Syntax::V3),
        (Protocol::Http, Syntax::V2),
        (Protocol::Tcp, Syntax::V3),
        (Protocol::Tcp, Syntax::V2),
    ];
    let all = |rule: &String| {
        ways.map(|(protocol, syntax)| Question { rule: rule.clone(), protocol, syntax })
    };
    texts.iter().flat_map(all).collect()
}

/// Compares all of them, and shows the shortest of those that differ.
fn check(questions: &[Question]) -> Tally {
    let mut tally = Tally::default();
    let mut differing = Vec::new();
    for (question, answer) in questions.iter().zip(ask(questions)) {
        if let Err(difference) = compare(question, &answer, &mut tally) {
            differing.push((question, difference));
        }
    }
    differing.sort_by_key(|(question, _)| question.rule.len());
    for (question, difference) in differing.iter().take(12) {
        eprintln!("{question:?}: {difference}");
    }
    assert!(differing.is_empty(), "{} of {} differ", differing.len(), questions.len());
    tally
}
