//! The paths of a rule.
#![expect(clippy::unwrap_used, reason = "tests")]

use routes::rule::{PathKind, PathMatch, Rule, Syntax};

fn v3(text: &str) -> Rule {
    Rule::parse(text, Syntax::V3).unwrap()
}

#[test]
fn paths_are_listed_in_order_and_negations_marked() {
    let path = |kind, value: &str, negated| PathMatch { kind, value: value.to_owned(), negated };
    let rule = v3("Host(`a.x`) && (Path(`/a`) || PathPrefix(`/b/`)) && !PathRegexp(`^/b/c`)");
    assert_eq!(
        rule.paths(),
        [
            path(PathKind::Exact, "/a", false),
            path(PathKind::Prefix, "/b/", false),
            path(PathKind::Regexp, "^/b/c", true)
        ]
    );
    let rule = Rule::parse("PathPrefix(`/a`, `/b/{id}`)", Syntax::V2).unwrap();
    let expected = [path(PathKind::Prefix, "/a", false), path(PathKind::Regexp, "/b/{id}", false)];
    assert_eq!(rule.paths(), expected);
}

#[test]
fn sign_in_and_acme_routes_are_told_from_those_that_serve_more() {
    let v2 = |text| Rule::parse(text, Syntax::V2).unwrap();
    for rule in [
        v3("Host(`a.x`) && PathPrefix(`/oauth2/`)"),
        v3("PathPrefix(`/oauth2/`) && !Host(`a.x`)"),
        v3("Path(`/oauth2/auth`) || PathPrefix(`/oauth2/static`)"),
        v3("PathRegexp(`^/oauth2/(start|auth)$`) && PathPrefix(`/oauth2/`)"),
        v3("PathRegexp(`^\\/oauth2/.*`)"),
        v2("PathPrefix(`/oauth2/{rest:.*}`)"),
    ] {
        assert!(rule.only_below("/oauth2/"), "{}", rule.text());
    }
    for rule in [
        v3("Host(`a.x`)"),
        // A prefix is no folder.
        v3("PathPrefix(`/oauth2`)"),
        v3("PathPrefix(`/oauth2/`) || PathPrefix(`/`)"),
        v3("!PathPrefix(`/oauth2/`)"),
        v3("PathRegexp(`/oauth2/`)"),
        v3("PathRegexp(`^/oauth2/|^/`)"),
        v3("PathRegexp(`^/oauth2/?`)"),
        v2("PathPrefix(`/oauth2/`, `/`)"),
        v2("PathPrefix(`/{any:.*}`)"),
    ] {
        assert!(!rule.only_below("/oauth2/"), "{}", rule.text());
    }
}

#[test]
fn paths_below_a_prefix_are_told() {
    let may = |rule: &str, below| v3(rule).may_match(None, Some(below));
    assert!(may("PathPrefix(`/oauth2/`)", "/oauth2/auth"));
    assert!(may("PathPrefix(`/`)", "/oauth2/"));
    assert!(!may("PathPrefix(`/admin`)", "/oauth2/"));
    assert!(!may("Path(`/`)", "/oauth2/"));
    assert!(!may("!PathPrefix(`/`)", "/oauth2/"));
    assert!(may("!PathPrefix(`/oauth2/auth`)", "/oauth2/"));
    assert!(!may("PathRegexp(`^/x`)", "/oauth2/"));
    assert!(may("PathRegexp(`^/x`)", "/x/y") && may("PathRegexp(`^/x/y`)", "/x"));
    assert!(may("PathRegexp(`/x`)", "/oauth2/") && may("!PathRegexp(`^/`)", "/x"));
}
