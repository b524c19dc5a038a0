//! What a rule may look like, and what is said of one that Traefik refuses.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::fmt::Write as _;

use routes::rule::{Matcher, Rule, RuleError, Syntax};

fn v3(text: &str) -> Rule {
    Rule::parse(text, Syntax::V3).unwrap()
}

/// The refusals of some rules, one below the other.
fn refusals(
    parse: fn(&str, Syntax) -> Result<Rule, RuleError>,
    syntax: Syntax,
    rules: &[&str],
) -> String {
    let mut all = String::new();
    for rule in rules {
        let error = parse(rule, syntax).unwrap_err();
        writeln!(all, "{}\n  error: {error}", rule.escape_debug()).unwrap();
        if let Some(hint) = error.hint() {
            writeln!(all, "  hint: {hint}").unwrap();
        }
    }
    all
}

#[test]
fn what_is_no_expression_is_refused_with_its_place() {
    let rules = [
        "",
        " // nothing\n",
        "Host(`a.x`) &&",
        "Host(`a.x`",
        "Host(`a.x",
        "Host(\"a.x",
        "Host(\"a\\.x\")",
        "Host('a.x')",
        "Host(a.x)",
        "Host(‘a.x’)",
        "Host(`a.x`)\u{a0}&& Host(`b.x`)",
        "Host",
        "`a.x`",
        "Host(`a.x`) & Host(`b.x`)",
        "Host(`a.x`) AND Host(`b.x`)",
        "Host(`a.x`) | Host(`b.x`)",
        "not Host(`a.x`)",
        "Host(`a.x`) == Host(`b.x`)",
        "Host(`a.x`) Host(`b.x`)",
        "Host(`a.x`))",
        "Host(1)",
        "Host(`a.x`) /* open",
        "Host(`a.x`)\0",
    ];
    insta::assert_snapshot!(refusals(Rule::parse, Syntax::V3, &rules), @r#"

      error: character 1: the rule is empty
     // nothing\n
      error: line 2, character 1: the rule is empty
    Host(`a.x`) &&
      error: character 15: expected a matcher, as in Host(`a.example`), found the end of the rule
    Host(`a.x`
      error: character 11: expected `,` or `)`, found the end of the rule
    Host(`a.x
      error: character 6: the value that starts here has no closing `
    Host(\"a.x
      error: character 6: the value that starts here has no closing "
    Host(\"a\\.x\")
      error: character 8: no escape that Go knows
      hint: write the value in backquotes, which know no escapes
    Host(\'a.x\')
      error: character 6: single quotes hold no value
      hint: write `value` in backquotes, or "value"
    Host(a.x)
      error: character 6: expected a value in quotes, found `a`
      hint: write the value in backquotes, as in Host(`a.example`)
    Host(‘a.x’)
      error: character 6: unexpected character '‘'
      hint: typographic quotes are no quotes: write `value` in backquotes, or "value"
    Host(`a.x`)\u{a0}&& Host(`b.x`)
      error: character 12: unexpected character '\u{a0}'
      hint: this is a non-breaking space: write an ordinary one
    Host
      error: character 5: expected `(` with the values of the matcher, found the end of the rule
    `a.x`
      error: character 1: expected a matcher, as in Host(`a.example`), found a quoted value
    Host(`a.x`) & Host(`b.x`)
      error: character 13: `&` is no operator of a rule
      hint: write `&&`
    Host(`a.x`) AND Host(`b.x`)
      error: character 13: `AND` is no operator of a rule
      hint: write `&&`
    Host(`a.x`) | Host(`b.x`)
      error: character 13: `|` is no operator of a rule
      hint: write `||`
    not Host(`a.x`)
      error: character 1: `not` is no operator of a rule
      hint: write `!`
    Host(`a.x`) == Host(`b.x`)
      error: character 13: `==` is no operator of a rule
      hint: a rule knows `&&`, `||` and `!`
    Host(`a.x`) Host(`b.x`)
      error: character 13: expected `&&`, `||` or the end of the rule, found `Host`
      hint: write `&&` or `||` between two matchers
    Host(`a.x`))
      error: character 12: expected `&&`, `||` or the end of the rule, found `)`
      hint: it closes no bracket
    Host(1)
      error: character 6: expected a value in quotes, found `1`
      hint: write the value in backquotes, as in Host(`a.example`)
    Host(`a.x`) /* open
      error: character 13: the comment that starts here has no end
    Host(`a.x`)\0
      error: character 12: unexpected character '\0'
    "#);
}

#[test]
fn a_line_that_starts_with_an_operator_is_refused() {
    let rules =
        ["Host(`a.x`)\n  && PathPrefix(`/x`)", "(Host(`a.x`)\n|| Host(`b.x`))", "Host(\n`a.x`\n)"];
    insta::assert_snapshot!(refusals(Rule::parse, Syntax::V3, &rules), @r#"
    Host(`a.x`)\n  && PathPrefix(`/x`)
      error: line 2, character 3: the expression ends at the line break, as a statement of Go does
      hint: let `&&` or `||` end the line instead of starting the next, or fold the lines with `>`
    (Host(`a.x`)\n|| Host(`b.x`))
      error: character 13: the expression ends at the line break, as a statement of Go does
      hint: let `&&` or `||` end the line instead of starting the next, or fold the lines with `>`
    Host(\n`a.x`\n)
      error: line 2, character 6: the list of values ends at the line break, as a statement of Go does
      hint: write `)` behind the last value, or a comma
    "#);
    assert_eq!(v3("Host(`a.x`) &&\n  PathPrefix(`/x`)\n").hosts().exact, ["a.x"]);
}

#[test]
fn a_matcher_of_another_syntax_or_router_says_so() {
    let rules = [
        "Headers(`a`, `b`)",
        "HeadersRegexp(`a`, `b`)",
        "HostHeader(`a.x`)",
        "HostSNI(`a.x`)",
        "Hots(`a.x`)",
        "Cookie(`a`)",
    ]; // a typo
    insta::assert_snapshot!(refusals(Rule::parse, Syntax::V3, &rules), @r#"
    Headers(`a`, `b`)
      error: character 1: `Headers` is no matcher of HTTP routers in syntax v3
      hint: write `Header`, or set `syntax: v2` on the route
    HeadersRegexp(`a`, `b`)
      error: character 1: `HeadersRegexp` is no matcher of HTTP routers in syntax v3
      hint: write `HeaderRegexp`, or set `syntax: v2` on the route
    HostHeader(`a.x`)
      error: character 1: `HostHeader` is no matcher of HTTP routers in syntax v3
      hint: write `Host`, or set `syntax: v2` on the route
    HostSNI(`a.x`)
      error: character 1: `HostSNI` is no matcher of HTTP routers in syntax v3
      hint: it is a matcher of TCP routers: write an IngressRouteTCP
    Hots(`a.x`)
      error: character 1: `Hots` is no matcher of HTTP routers in syntax v3
      hint: write `Host`
    Cookie(`a`)
      error: character 1: `Cookie` is no matcher of HTTP routers in syntax v3
    "#);
    let rules = ["Header(`a`, `b`)", "PathRegexp(`a`)", "QueryRegexp(`a`)"];
    insta::assert_snapshot!(refusals(Rule::parse, Syntax::V2, &rules), @r#"
    Header(`a`, `b`)
      error: character 1: `Header` is no matcher of HTTP routers in syntax v2
      hint: it is a matcher of syntax v3: set `syntax: v3` on the route
    PathRegexp(`a`)
      error: character 1: `PathRegexp` is no matcher of HTTP routers in syntax v2
      hint: it is a matcher of syntax v3: set `syntax: v3` on the route
    QueryRegexp(`a`)
      error: character 1: `QueryRegexp` is no matcher of HTTP routers in syntax v2
      hint: it is a matcher of syntax v3: set `syntax: v3` on the route
    "#);
    insta::assert_snapshot!(refusals(Rule::parse_tcp, Syntax::V3, &["Host(`a.x`)", "HostSni(`a.x`)"]), @r#"
    Host(`a.x`)
      error: character 1: `Host` is no matcher of TCP routers
      hint: it is a matcher of HTTP routers: write an IngressRoute
    HostSni(`a.x`)
      error: character 1: `HostSni` is no matcher of TCP routers
      hint: write `HostSNI`
    "#);
}

#[test]
fn values_that_traefik_refuses_are_refused() {
    let rules = [
        "Host()",
        "Host(``)",
        "Host(`a.x`, `b.x`)",
        "Host(`ä.x`)",
        "Path(`x`)",
        "PathRegexp(`(`)",
        "HostRegexp(`^(?!a)`)",
        "Header(`a`)",
        "Query(`a`, `b`, `c`)",
        "ClientIP(`10.0.0.0/33`)",
    ];
    insta::assert_snapshot!(refusals(Rule::parse, Syntax::V3, &rules), @r#"
    Host()
      error: character 1: `Host` takes one value in syntax v3, found 0
    Host(``)
      error: character 1: `Host` does not take "": a value may not be empty
    Host(`a.x`, `b.x`)
      error: character 1: `Host` takes one value in syntax v3, found 2
      hint: write Host(`a.x`) || Host(`b.x`), or set `syntax: v2` on the route
    Host(`ä.x`)
      error: character 1: `Host` does not take "ä.x": write it in ASCII (a host in Punycode, `xn--...`)
    Path(`x`)
      error: character 1: `Path` does not take "x": a path starts with `/`
    PathRegexp(`(`)
      error: character 1: `PathRegexp` does not take "(": no regular expression of Go: a group has no closing `)`
    HostRegexp(`^(?!a)`)
      error: character 1: `HostRegexp` does not take "^(?!a)": no regular expression of Go: Go knows no look-around, as `(?=` and `(?!`
    Header(`a`)
      error: character 1: `Header` takes two values in syntax v3, found 1
    Query(`a`, `b`, `c`)
      error: character 1: `Query` takes one or two values in syntax v3, found 3
    ClientIP(`10.0.0.0/33`)
      error: character 1: `ClientIP` does not take "10.0.0.0/33": neither an address nor a CIDR
    "#);
    let rules = [
        "HostRegexp(`{sub.x`)",
        "HostRegexp(`{:a}.x`)",
        "Path(`/{a:(}`)",
        "Headers(`a`)",
        "Query(`a`)",
        "Query(`a={v}`, `b={v}`)",
    ];
    insta::assert_snapshot!(refusals(Rule::parse, Syntax::V2, &rules), @r#"
    HostRegexp(`{sub.x`)
      error: character 1: `HostRegexp` does not take "{sub.x": its braces are not balanced
    HostRegexp(`{:a}.x`)
      error: character 1: `HostRegexp` does not take "{:a}.x": `{:a}` lacks its name or its pattern
    Path(`/{a:(}`)
      error: character 1: `Path` does not take "/{a:(}": no regular expression of Go: a group has no closing `)`
    Headers(`a`)
      error: character 1: `Headers` does not take "a": it takes pairs of a name and a value
    Query(`a`)
      error: character 1: `Query` does not take "a": it takes `name=value`
    Query(`a={v}`, `b={v}`)
      error: character 1: `Query` does not take "b": the variable `v` stands twice
    "#);
    let rules = ["HostSNI(`a b`)", "ALPN(`acme-tls/1`)", "HostSNI(`a`, `b`)"];
    insta::assert_snapshot!(refusals(Rule::parse_tcp, Syntax::V3, &rules), @r#"
    HostSNI(`a b`)
      error: character 1: `HostSNI` does not take "a b": no host name
    ALPN(`acme-tls/1`)
      error: character 1: `ALPN` does not take "acme-tls/1": Traefik answers it itself
    HostSNI(`a`, `b`)
      error: character 1: `HostSNI` takes one value in syntax v3, found 2
      hint: write HostSNI(`a`) || HostSNI(`b`), or set `syntax: v2` on the route
    "#);
    let rules = ["HostSNI(`*.x`)"];
    insta::assert_snapshot!(refusals(Rule::parse_tcp, Syntax::V2, &rules), @r#"
    HostSNI(`*.x`)
      error: character 1: `HostSNI` does not take "*.x": no host name
    "#);
}

#[test]
fn values_are_read_as_go_literals() {
    let rule = v3("Path(\"/\\x61\\142\\u00e9\\U0001f600\\t\\\"\") || Path(`/\r\\n`)");
    let values: Vec<_> = rule.tree().leaves().iter().map(|leaf| leaf.values[0].clone()).collect();
    assert_eq!(values, ["/abé😀\t\"", "/\\n"]);
}

#[test]
fn negation_binds_before_and_and_and_before_or() {
    let rule = v3("Host(`a.x`) || !Host(`b.x`) && PathPrefix(`/x`)");
    assert_eq!(rule, v3("Host(`a.x`) || !Host(`b.x`) && PathPrefix(`/x`)"));
    assert!(rule.may_match(Some("a.x"), Some("/y")));
    assert!(!rule.may_match(Some("b.x"), None));
    assert!(rule.may_match(Some("c.x"), Some("/x")) && !rule.may_match(Some("c.x"), Some("/y")));
}

#[test]
fn the_priority_is_the_length_in_bytes() {
    assert_eq!(v3("PathPrefix(`/é`)").priority(), 17);
    let tcp = |text| Rule::parse_tcp(text, Syntax::V3).unwrap().priority();
    assert_eq!(
        (tcp("HostSNI(`*`)"), tcp("!hostsni(\"*\")"), tcp("HostSNI(`*`) && ALPN(`h2`)")),
        (-1, -1, 26)
    );
}

#[test]
fn everything_but_v2_is_v3() {
    assert_eq!(
        ["v2", "v3", "V2", ""].map(Syntax::named),
        [Syntax::V2, Syntax::V3, Syntax::V3, Syntax::V3]
    );
}

#[test]
fn leaves_say_where_they_stand() {
    let rule = v3("Host(`a.x`) && !Path(`/x`)");
    let places: Vec<_> =
        rule.tree().leaves().iter().map(|l| (l.matcher, l.offset, l.negated)).collect();
    assert_eq!(places, [(Matcher::Host, 0, false), (Matcher::Path, 16, true)]);
}
