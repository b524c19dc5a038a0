//! A rule of a Traefik router, in both syntaxes and for both protocols: parsed, and asked everything. No listed host is
//! one that the rule cannot match, and what it may match is listed or left open.
#![no_main]

use libfuzzer_sys::fuzz_target;
use routes::middleware_id::{MiddlewareId, diagnose, normalize};
use routes::rule::{Rule, Syntax, external_dns_hosts};

const KNOWN: &[(&str, &str)] = &[("auth", "sign-in"), ("a-b", "c"), ("auth", "auth.v1")];

fuzz_target!(|text: &str| {
    for syntax in [Syntax::V2, Syntax::V3] {
        for rule in [Rule::parse(text, syntax), Rule::parse_tcp(text, syntax)] {
            match rule {
                Ok(rule) => ask(&rule),
                Err(error) => {
                    assert!(text.is_char_boundary(error.offset));
                    let _ = (error.to_string(), error.hint());
                }
            }
        }
    }
    let _ = external_dns_hosts(text);
    for id in MiddlewareId::of_annotation(text) {
        let _ = diagnose(&id.to_string(), KNOWN);
    }
    let normal = normalize(text);
    assert_eq!(normalize(&normal), normal);
});

fn ask(rule: &Rule) {
    let hosts = rule.hosts();
    for name in hosts.exact.iter().chain(&hosts.wildcards) {
        assert!(rule.may_match_host(name), "{name} is listed and cannot match");
        assert!(rule.may_match(None, None));
    }
    for name in ["a.x", "b.a.x", "x"] {
        let wildcard = name.split_once('.').map(|(_, rest)| format!("*.{rest}"));
        let listed = hosts.exact.iter().any(|host| host == name)
            || wildcard.is_some_and(|wildcard| hosts.wildcards.contains(&wildcard));
        let open = hosts.unknown || hosts.catch_all;
        assert!(!rule.may_match_host(name) || listed || open, "{name} may match");
        // What matches below a path matches at all.
        assert!(!rule.may_match(Some(name), Some("/oauth2/")) || rule.may_match_host(name));
    }
    if rule.only_below("/oauth2/") {
        assert!(!rule.may_match(None, Some("/admin/")), "a path elsewhere may match");
    }
    let below = rule.below(rule);
    let _ = (rule.paths(), rule.priority(), below.hosts());
}
