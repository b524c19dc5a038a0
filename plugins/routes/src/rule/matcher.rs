//! The matchers, by router and syntax, and what each accepts (Traefik v3.7.9: `pkg/muxer/http/matcher.go`,
//! `matcher_v2.go`, `pkg/muxer/tcp/matcher.go`, `matcher_v2.go`).

use super::error::Problem;
use super::{Protocol, Syntax, value};

/// What a leaf of a rule looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is called as Traefik calls it")]
pub enum Matcher {
    Host,
    HostHeader,
    HostRegexp,
    Path,
    PathPrefix,
    PathRegexp,
    Method,
    Header,
    HeaderRegexp,
    Headers,
    HeadersRegexp,
    Query,
    QueryRegexp,
    ClientIp,
    HostSni,
    HostSniRegexp,
    Alpn,
}

use Matcher as M;

const HTTP_V3: &[Matcher] = &[
    M::Host,
    M::HostRegexp,
    M::Path,
    M::PathPrefix,
    M::PathRegexp,
    M::Method,
    M::Header,
    M::HeaderRegexp,
    M::Query,
    M::QueryRegexp,
    M::ClientIp,
];
const HTTP_V2: &[Matcher] = &[
    M::Host,
    M::HostHeader,
    M::HostRegexp,
    M::Path,
    M::PathPrefix,
    M::Method,
    M::Headers,
    M::HeadersRegexp,
    M::Query,
    M::ClientIp,
];
const TCP: &[Matcher] = &[M::HostSni, M::HostSniRegexp, M::ClientIp, M::Alpn];

impl Matcher {
    /// The name as Traefik documents it.
    pub fn name(self) -> &'static str {
        match self {
            M::Host => "Host",
            M::HostHeader => "HostHeader",
            M::HostRegexp => "HostRegexp",
            M::Path => "Path",
            M::PathPrefix => "PathPrefix",
            M::PathRegexp => "PathRegexp",
            M::Method => "Method",
            M::Header => "Header",
            M::HeaderRegexp => "HeaderRegexp",
            M::Headers => "Headers",
            M::HeadersRegexp => "HeadersRegexp",
            M::Query => "Query",
            M::QueryRegexp => "QueryRegexp",
            M::ClientIp => "ClientIP",
            M::HostSni => "HostSNI",
            M::HostSniRegexp => "HostSNIRegexp",
            M::Alpn => "ALPN",
        }
    }

    fn all(protocol: Protocol, syntax: Syntax) -> &'static [Self] {
        match (protocol, syntax) {
            (Protocol::Http, Syntax::V3) => HTTP_V3,
            (Protocol::Http, Syntax::V2) => HTTP_V2,
            (Protocol::Tcp, _) => TCP,
        }
    }

    /// The matcher of a name. Traefik also takes it in lower case, in upper case and with the first letter alone in
    /// upper case (`pkg/rules/parser.go`).
    pub(super) fn find(name: &str, protocol: Protocol, syntax: Syntax) -> Result<Self, Problem> {
        let lower = |text: &str| text.bytes().all(|c| c.is_ascii_lowercase());
        let upper = |text: &str| text.bytes().all(|c| c.is_ascii_uppercase());
        let spelt = |matcher: &&Self| {
            let known = matcher.name();
            known.eq_ignore_ascii_case(name)
                && (name == known
                    || lower(name)
                    || upper(name)
                    || (upper(&name[..1]) && lower(&name[1..])))
        };
        Self::all(protocol, syntax).iter().find(spelt).copied().ok_or_else(|| {
            Problem::UnknownMatcher {
                name: name.to_owned(),
                of: match (protocol, syntax) {
                    (Protocol::Http, Syntax::V3) => "of HTTP routers in syntax v3",
                    (Protocol::Http, Syntax::V2) => "of HTTP routers in syntax v2",
                    (Protocol::Tcp, _) => "of TCP routers",
                },
                instead: instead(name, protocol, syntax),
            }
        })
    }

    /// Refuses what Traefik refuses once the text is parsed.
    pub(super) fn check(self, values: &[String], syntax: Syntax) -> Result<(), Problem> {
        let count = |takes, instead| Problem::Count {
            matcher: self.name(),
            takes,
            found: values.len(),
            syntax,
            instead,
        };
        let (fewest, most, takes) = match (self, syntax) {
            (_, Syntax::V2) => (1, usize::MAX, "at least one value"),
            (M::Header | M::HeaderRegexp, Syntax::V3) => (2, 2, "two values"),
            (M::Query | M::QueryRegexp, Syntax::V3) => (1, 2, "one or two values"),
            (_, Syntax::V3) => (1, 1, "one value"),
        };
        if values.len() > most && most == 1 {
            let each: Vec<_> = values.iter().map(|v| format!("{}(`{v}`)", self.name())).collect();
            let instead = format!("write {}, or set `syntax: v2` on the route", each.join(" || "));
            return Err(count(takes, Some(instead)));
        }
        if values.len() < fewest || values.len() > most {
            return Err(count(takes, None));
        }
        if values.iter().any(String::is_empty) {
            return Err(value::refuse(self, "", "a value may not be empty"));
        }
        value::check(self, values, syntax)
    }
}

/// What an unknown name probably means.
fn instead(name: &str, protocol: Protocol, syntax: Syntax) -> Option<String> {
    let folded = name.to_ascii_lowercase();
    let v2_name = match folded.as_str() {
        "headers" => Some("Header"),
        "headersregexp" => Some("HeaderRegexp"),
        "hostheader" => Some("Host"),
        _ => None,
    };
    if let (Some(v3_name), Protocol::Http, Syntax::V3) = (v2_name, protocol, syntax) {
        return Some(format!("write `{v3_name}`, or set `syntax: v2` on the route"));
    }
    let is = |matchers: &[Matcher]| matchers.iter().any(|m| m.name().eq_ignore_ascii_case(name));
    if protocol == Protocol::Http && syntax == Syntax::V2 && is(HTTP_V3) {
        return Some("it is a matcher of syntax v3: set `syntax: v3` on the route".to_owned());
    }
    let here = Matcher::all(protocol, syntax);
    if protocol == Protocol::Http && is(TCP) && !is(here) {
        return Some("it is a matcher of TCP routers: write an IngressRouteTCP".to_owned());
    }
    if protocol == Protocol::Tcp && is(HTTP_V3) {
        return Some("it is a matcher of HTTP routers: write an IngressRoute".to_owned());
    }
    krm::nearest(name, here.iter().map(|matcher| matcher.name()))
        .map(|nearest| format!("write `{nearest}`"))
}
