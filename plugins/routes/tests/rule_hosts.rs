//! Hosts of Traefik rules: each row of the table, the algebra of `&&`, `||` and `!`, and what ExternalDNS makes of it.
#![expect(clippy::unwrap_used, reason = "tests")]

use routes::rule::{Hosts, Problem, Rule, Syntax, external_dns_hosts};

fn v3(text: &str) -> Rule {
    Rule::parse(text, Syntax::V3).unwrap()
}

fn v2(text: &str) -> Rule {
    Rule::parse(text, Syntax::V2).unwrap()
}

fn only(exact: &[&str]) -> Hosts {
    Hosts { exact: exact.iter().map(ToString::to_string).collect(), ..Hosts::default() }
}

#[test]
fn row_a_host_and_a_path_prefix_is_that_host() {
    let text = "Host(`a.x`) && PathPrefix(`/x`)";
    assert_eq!(*v3(text).hosts(), only(&["a.x"]));
    assert_eq!(external_dns_hosts(text), ["a.x"]);
}

#[test]
fn row_two_hosts_with_or_are_both() {
    let text = "Host(`a.x`) || Host(`b.x`)";
    assert_eq!(*v3(text).hosts(), only(&["a.x", "b.x"]));
    assert_eq!(external_dns_hosts(text), ["a.x", "b.x"]);
}

#[test]
fn row_two_values_are_refused_in_v3_and_both_hosts_in_v2() {
    let text = "Host(`a.x`,`b.x`)";
    let error = Rule::parse(text, Syntax::V3).unwrap_err();
    assert_eq!(error.to_string(), "character 1: `Host` takes one value in syntax v3, found 2");
    assert_eq!(
        error.hint().unwrap(),
        "write Host(`a.x`) || Host(`b.x`), or set `syntax: v2` on the route"
    );
    assert_eq!(*v2(text).hosts(), only(&["a.x", "b.x"]));
    assert_eq!(external_dns_hosts(text), ["a.x", "b.x"]);
}

#[test]
fn row_a_double_quoted_host_is_a_host_that_external_dns_does_not_publish() {
    let text = "Host(\"a.x\")";
    let expected = Hosts { unpublished: vec!["a.x".to_owned()], ..only(&["a.x"]) };
    assert_eq!(*v3(text).hosts(), expected);
    assert!(external_dns_hosts(text).is_empty());
}

#[test]
fn row_a_negated_host_is_no_host_and_external_dns_publishes_it() {
    let text = "!Host(`a.x`)";
    let expected = Hosts { negated: vec!["a.x".to_owned()], unknown: true, ..Hosts::default() };
    assert_eq!(*v3(text).hosts(), expected);
    assert_eq!(external_dns_hosts(text), ["a.x"]);
    assert!(!v3(text).may_match_host("a.x"));
    assert!(v3(text).may_match_host("b.x"));
}

#[test]
fn row_a_host_regexp_names_no_host_and_leaves_it_unknown() {
    let text = "HostRegexp(`^.+\\.a\\.x$`)";
    let expected =
        Hosts { patterns: vec!["^.+\\.a\\.x$".to_owned()], unknown: true, ..Hosts::default() };
    assert_eq!(*v3(text).hosts(), expected);
    assert!(external_dns_hosts(text).is_empty());
    assert!(v3(text).may_match_host("b.a.x"));
    assert!(!v3(text).may_match_host("b.c.x"));
}

#[test]
fn row_a_wildcard_is_marked_and_covers_one_label() {
    let text = "Host(`*.a.x`)";
    let expected = Hosts { wildcards: vec!["*.a.x".to_owned()], ..Hosts::default() };
    assert_eq!(*v3(text).hosts(), expected);
    assert_eq!(external_dns_hosts(text), ["*.a.x"]);
    assert!(v3(text).may_match_host("b.a.x"));
    assert!(!v3(text).may_match_host("a.x"));
    assert!(!v3(text).may_match_host("c.b.a.x"));
}

#[test]
fn row_a_host_sni_of_everything_names_no_host() {
    let text = "HostSNI(`*`)";
    let rule = Rule::parse_tcp(text, Syntax::V3).unwrap();
    assert_eq!(*rule.hosts(), Hosts { catch_all: true, ..Hosts::default() });
    assert!(external_dns_hosts(text).is_empty());
    assert!(rule.may_match_host("a.x"));
    assert_eq!(rule.priority(), -1);
}

#[test]
fn row_a_child_without_a_host_has_the_hosts_of_its_parent() {
    let child = v3("PathPrefix(`/admin`)");
    assert_eq!(*child.hosts(), Hosts { unknown: true, ..Hosts::default() });
    let parent = v3("Host(`a.x`) || Host(`b.x`)");
    let both = child.below(&parent);
    // The text is the child's, and ExternalDNS reads nothing else.
    let unpublished = vec!["a.x".to_owned(), "b.x".to_owned()];
    assert_eq!(*both.hosts(), Hosts { unpublished, ..only(&["a.x", "b.x"]) });
    assert_eq!(both.priority(), child.priority());
    assert!(!both.may_match_host("c.x"));
}

#[test]
fn two_hosts_with_and_match_nothing() {
    let rule = v3("Host(`a.x`) && Host(`b.x`)");
    assert_eq!(*rule.hosts(), Hosts::default());
    assert!(!rule.may_match_host("a.x") && !rule.may_match_host("b.x"));
}

#[test]
fn a_host_and_not_another_is_the_first() {
    let rule = v3("Host(`a.x`) && !Host(`b.x`)");
    assert_eq!(*rule.hosts(), Hosts { negated: vec!["b.x".to_owned()], ..only(&["a.x"]) });
}

#[test]
fn a_negation_goes_into_brackets() {
    let rule = v3("!(!Host(`a.x`) || PathPrefix(`/x`))");
    assert_eq!(*rule.hosts(), only(&["a.x"]));
    let neither = v3("!(Host(`a.x`) || Host(`b.x`))");
    assert!(!neither.may_match_host("a.x") && !neither.may_match_host("b.x"));
    assert!(neither.may_match_host("c.x"));
}

#[test]
fn a_host_beside_an_open_condition_stays_named() {
    let rule = v3("Host(`a.x`) || PathPrefix(`/x`)");
    assert_eq!(*rule.hosts(), Hosts { unknown: true, ..only(&["a.x"]) });
}

#[test]
fn a_wildcard_without_one_of_its_hosts_does_not_name_that() {
    let rule = v3("Host(`*.x`) && !Host(`a.x`) && (Host(`a.x`) || Host(`b.x`))");
    assert_eq!(rule.hosts().exact, ["b.x"]);
    assert!(!rule.may_match_host("a.x"));
}

#[test]
fn a_wildcard_of_nothing_names_no_host_with_a_dot() {
    let rule = v3("Host(`*.`) && (Host(`a.x`) || Host(`x`))");
    let hosts = rule.hosts();
    assert_eq!((hosts.exact.as_slice(), hosts.unknown), (&["x".to_owned()][..], false));
    assert!(v3("!Host(`*.`)").may_match_host("a.x") && !v3("Host(`*.`)").may_match_host("a.x"));
}

#[test]
fn names_are_in_lower_case_without_the_final_dot_each_once_and_in_order() {
    let rule = v3("Host(`C.x`) || Host(`a.x.`) || Host(`c.X`)");
    assert_eq!(*rule.hosts(), only(&["c.x", "a.x"]));
}

#[test]
fn v2_knows_host_header_and_no_wildcard() {
    assert_eq!(*v2("HostHeader(`a.x`)").hosts(), only(&["a.x"]));
    let wildcard = v2("Host(`*.x`)");
    assert_eq!(*wildcard.hosts(), Hosts { invalid: vec!["*.x".to_owned()], ..Hosts::default() });
    assert!(!wildcard.may_match_host("a.x"));
}

#[test]
fn v2_templates_stand_in_host_regexp_alone() {
    let host = v2("Host(`{sub:[a-z]+}.x`)");
    assert_eq!(host.hosts().invalid, ["{sub:[a-z]+}.x"]);
    let regexp = v2("HostRegexp(`{sub:[a-z]+}.x`)");
    assert!(regexp.hosts().unknown);
    assert!(regexp.may_match_host("ab.x"));
    assert!(!regexp.may_match_host("a1.x"));
}

#[test]
fn a_host_with_a_port_or_a_scheme_is_no_name() {
    let rule = v3("Host(`a.x:443`) || Host(`https://b.x`) || Host(`c x`)");
    assert_eq!(rule.hosts().invalid, ["a.x:443", "https://b.x", "c x"]);
    assert!(rule.hosts().exact.is_empty());
}

#[test]
fn an_attacker_may_send_the_host_that_is_no_name() {
    assert!(v2("Host(`{sub}.x`)").may_match_host("{sub}.x"));
}

#[test]
fn a_regexp_that_matches_nothing_at_all_matches_every_host() {
    let rule = v3("HostRegexp(`^(www\\.x)?$`)");
    assert!(rule.may_match_host("evil.example"));
}

#[test]
fn a_regexp_that_go_reads_otherwise_may_match() {
    for pattern in ["[a&&b]", "[a[b]]", "\\Qa.b\\E", "a{,2}", "\\<a"] {
        let rule = v3(&format!("HostRegexp(`{pattern}`)"));
        assert!(rule.may_match_host("zz"), "{pattern}");
    }
}

#[test]
fn a_matcher_name_in_another_case_is_not_published() {
    for name in ["host", "HOST"] {
        let rule = v3(&format!("{name}(`a.x`)"));
        let hosts = rule.hosts();
        assert_eq!(hosts.exact, ["a.x"]);
        assert_eq!(hosts.unpublished, ["a.x"]);
    }
    assert!(matches!(
        Rule::parse("hOst(`a.x`)", Syntax::V3).unwrap_err().problem,
        Problem::UnknownMatcher { .. }
    ));
}

#[test]
fn a_question_about_a_wildcard_asks_for_any_of_its_hosts() {
    assert!(v3("Host(`a.x`)").may_match_host("*.x"));
    assert!(!v3("Host(`a.y`)").may_match_host("*.x"));
    assert!(v3("!Host(`a.x`)").may_match_host("*.x"));
    assert!(!v3("!Host(`*.x`)").may_match_host("*.x"));
}
