//! The values that a matcher takes.

use std::net::IpAddr;

use super::error::Problem;
use super::matcher::Matcher as M;
use super::{Syntax, pattern, template};

pub(super) fn refuse(matcher: M, value: &str, reason: impl Into<String>) -> Problem {
    let (value, reason) = (value.to_owned(), reason.into());
    Problem::Value { matcher: matcher.name(), value, reason, instead: None }
}

pub(super) fn check(matcher: M, values: &[String], syntax: Syntax) -> Result<(), Problem> {
    let pairs = syntax == Syntax::V2 && matches!(matcher, M::Headers | M::HeadersRegexp);
    if pairs && !values.len().is_multiple_of(2) {
        let reason = "it takes pairs of a name and a value";
        return Err(refuse(matcher, &values[values.len() - 1], reason));
    }
    if syntax == Syntax::V2 && matcher == M::Query {
        return queries(values).map_err(|(value, reason)| refuse(matcher, value, reason));
    }
    for (at, value) in values.iter().enumerate() {
        let problem = match (matcher, syntax) {
            (M::Host | M::HostHeader, _) => ascii(value).filter(|_| value != "*"),
            (M::HostRegexp | M::HostSniRegexp, Syntax::V3) => {
                ascii(value).or_else(|| pattern::problem(value))
            }
            (M::PathRegexp, _) => pattern::problem(value),
            // Behind a name.
            (M::HeaderRegexp | M::HeadersRegexp | M::QueryRegexp, _) if at % 2 == 1 => {
                pattern::problem(value)
            }
            (M::HostRegexp, Syntax::V2) => ascii(value).or_else(|| template::problem(value)),
            (M::Path | M::PathPrefix, _) if !value.starts_with('/') => {
                Some("a path starts with `/`".to_owned())
            }
            (M::Path | M::PathPrefix | M::HostSniRegexp, Syntax::V2) => template::problem(value),
            (M::ClientIp, _) => {
                (!address(value)).then(|| "neither an address nor a CIDR".to_owned())
            }
            // lego's `tlsalpn01.ACMETLS1Protocol`.
            (M::Alpn, _) => (value == "acme-tls/1").then(|| "Traefik answers it itself".to_owned()),
            (M::HostSni, _) => (!sni(value, syntax)).then(|| "no host name".to_owned()),
            _ => None,
        };
        if let Some(reason) = problem {
            return Err(refuse(matcher, value, reason));
        }
    }
    Ok(())
}

fn ascii(value: &str) -> Option<String> {
    (!value.is_ascii()).then(|| "write it in ASCII (a host in Punycode, `xn--...`)".to_owned())
}

/// `net.ParseIP` or `net.ParseCIDR` of Go.
fn address(value: &str) -> bool {
    let Some((address, bits)) = value.split_once('/') else {
        return value.parse::<IpAddr>().is_ok();
    };
    let most = match address.parse::<IpAddr>() {
        Ok(IpAddr::V4(_)) => 32,
        Ok(IpAddr::V6(_)) => 128,
        Err(_) => return false,
    };
    bits.bytes().all(|digit| digit.is_ascii_digit())
        && bits.parse::<u32>().is_ok_and(|bits| bits <= most)
}

/// `hostOrIP` of `pkg/muxer/tcp/matcher.go`, and the same of `matcher_v2.go`.
fn sni(value: &str, syntax: Syntax) -> bool {
    if value == "*" {
        return true;
    }
    let name = match syntax {
        Syntax::V3 => value.strip_prefix("*.").unwrap_or(value),
        Syntax::V2 => value,
    };
    let word = |c: u8| c.is_ascii_alphanumeric() || matches!(c, b'_' | b'.' | b'-' | b':');
    !name.is_empty() && name.bytes().all(word)
}

/// v2 splits each value at its first `=`, and then takes pairs.
fn queries(values: &[String]) -> Result<(), (&str, String)> {
    let parts: Vec<&str> = values.iter().flat_map(|value| value.splitn(2, '=')).collect();
    if !parts.len().is_multiple_of(2) {
        return Err((&values[values.len() - 1], "it takes `name=value`".to_owned()));
    }
    let mut names = Vec::new();
    for pair in parts.chunks(2) {
        let both = pair.join("=");
        let parsed = template::parse(&both).map_err(|reason| (pair[0], reason))?;
        for variable in parsed.variables() {
            if names.contains(&variable) {
                return Err((pair[0], format!("the variable `{variable}` stands twice")));
            }
        }
        names.extend(parsed.variables());
    }
    Ok(())
}
