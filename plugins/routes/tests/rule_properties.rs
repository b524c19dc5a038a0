//! Laws of the Boolean operators, as they show in the hosts of a rule.
#![expect(clippy::unwrap_used, reason = "tests")]

use proptest::prelude::*;
use routes::rule::{Hosts, Rule, Syntax};

const NAMES: &[&str] = &["a.x", "b.x", "c.a.x", "x"];

fn leaf() -> impl Strategy<Value = String> {
    let host = proptest::sample::select(vec!["a.x", "b.x", "c.a.x", "x", "*.x", "*.a.x", "*"]);
    prop_oneof![
        6 => host.prop_map(|host| format!("Host(`{host}`)")),
        1 => Just("PathPrefix(`/x`)".to_owned()),
        1 => Just("HostRegexp(`^b\\.x$`)".to_owned()),
    ]
}

fn rule() -> impl Strategy<Value = String> {
    leaf().prop_recursive(4, 24, 3, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a} && {b})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a} || {b})")),
            inner.prop_map(|a| format!("!({a})")),
        ]
    })
}

fn read(text: &str) -> Rule {
    Rule::parse(text, Syntax::V3).unwrap()
}

/// What does not depend on the order of the text.
fn sorted(mut hosts: Hosts) -> Hosts {
    for list in [
        &mut hosts.exact,
        &mut hosts.wildcards,
        &mut hosts.negated,
        &mut hosts.patterns,
        &mut hosts.unpublished,
    ] {
        list.sort();
    }
    hosts
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_double_negation_changes_nothing(rule in rule()) {
        let twice = read(&format!("!(!{rule})"));
        let once = read(&rule);
        prop_assert_eq!(twice.hosts(), once.hosts());
        prop_assert_eq!(twice.paths(), once.paths());
    }

    #[test]
    fn either_order_gives_the_same_hosts(first in rule(), second in rule()) {
        for operator in ["||", "&&"] {
            let (one, other) = (format!("{first} {operator} {second}"), format!("{second} {operator} {first}"));
            prop_assert_eq!(sorted(read(&one).hosts().clone()), sorted(read(&other).hosts().clone()));
        }
    }

    #[test]
    fn a_rule_or_its_negation_matches_each_host(rule in rule()) {
        let (plain, negated) = (read(&rule), read(&format!("!{rule}")));
        for name in NAMES {
            prop_assert!(plain.may_match_host(name) || negated.may_match_host(name), "{}", name);
        }
    }

    #[test]
    fn what_may_match_is_named_or_left_open(rule in rule()) {
        let rule = read(&rule);
        let hosts = rule.hosts();
        for name in NAMES {
            let wildcard = name.split_once('.').map(|(_, rest)| format!("*.{rest}")).unwrap_or_default();
            let named = hosts.exact.iter().any(|host| host == name) || hosts.wildcards.contains(&wildcard);
            prop_assert!(!rule.may_match_host(name) || named || hosts.unknown || hosts.catch_all, "{}", name);
        }
        for name in hosts.exact.iter().chain(&hosts.wildcards) {
            prop_assert!(rule.may_match_host(name), "{}", name);
        }
    }

    #[test]
    fn no_text_makes_the_parser_panic(text in "[Host(`\"a.x|&!),\\\\ \n/*é]{0,60}") {
        for syntax in [Syntax::V2, Syntax::V3] {
            let _ = Rule::parse(&text, syntax).map(|rule| (rule.hosts().clone(), rule.paths()));
            let _ = Rule::parse_tcp(&text, syntax).map(|rule| rule.hosts().clone());
        }
    }
}
