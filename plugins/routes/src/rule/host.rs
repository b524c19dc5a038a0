//! One host of a matcher: what it is, and which requests it matches.

use super::{Leaf, Matcher, Protocol, Syntax};

/// What a value of `Host`, `HostHeader` or `HostSNI` stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Host {
    /// Every host.
    Any,
    /// `*.`, which Traefik reads as every host of one label.
    OneLabel,
    /// This one, in lower case, without the dot of a full name.
    Exact(String),
    /// `*.` and this: one label more.
    Wildcard(String),
}

impl Host {
    /// Only v3 knows wildcards; in v2 `*` is a host name that nobody has, except in `HostSNI`.
    pub(super) fn of(value: &str, protocol: Protocol, syntax: Syntax) -> Self {
        if value == "*" && (syntax == Syntax::V3 || protocol == Protocol::Tcp) {
            return Self::Any;
        }
        let lower = value.to_ascii_lowercase();
        let name = lower.strip_suffix('.').unwrap_or(&lower);
        match (syntax, name.strip_prefix('*')) {
            (Syntax::V3, Some("" | ".")) => Self::OneLabel,
            (Syntax::V3, Some(rest)) if rest.starts_with('.') => {
                Self::Wildcard(rest[1..].to_owned())
            }
            _ => Self::Exact(name.to_owned()),
        }
    }

    /// What it is written as.
    pub(super) fn text(&self) -> String {
        match self {
            Self::Any => "*".to_owned(),
            Self::OneLabel => "*.".to_owned(),
            Self::Exact(name) => name.clone(),
            Self::Wildcard(rest) => format!("*.{rest}"),
        }
    }
}

/// Whether this matcher's values are hosts.
pub(super) fn names_hosts(leaf: &Leaf) -> bool {
    matches!(leaf.matcher, Matcher::Host | Matcher::HostHeader | Matcher::HostSni)
}

/// What stands behind the first label.
pub(super) fn parent(name: &str) -> Option<&str> {
    name.split_once('.').map(|(_, rest)| rest)
}

/// Whether a client can ask for it: the syntax of a DNS name, underscores allowed, or an address.
pub(super) fn is_name(name: &str) -> bool {
    let label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && label.bytes().all(|c| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'_'))
    };
    name.parse::<std::net::IpAddr>().is_ok() || (name.len() <= 253 && name.split('.').all(label))
}

/// `Host` for one value and one request, both in lower case: `host` of `pkg/muxer/http/matcher.go`, `hostV2` of
/// `matcher_v2.go`, without CNAME flattening (off by default).
pub(super) fn matches(value: &str, request: &str, protocol: Protocol, syntax: Syntax) -> bool {
    if value == "*" && (syntax == Syntax::V3 || protocol == Protocol::Tcp) {
        return true;
    }
    let same = |request: &str, value: &str| match (syntax, value.starts_with('*')) {
        (Syntax::V3, true) => match parent(request) {
            Some(rest) => value.strip_prefix("*.") == Some(rest),
            None => value == "*",
        },
        _ => request == value,
    };
    same(request, value)
        || value.strip_suffix('.').is_some_and(|value| same(request, value))
        || request.strip_suffix('.').is_some_and(|request| same(request, value))
}
