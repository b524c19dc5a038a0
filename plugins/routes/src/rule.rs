//! Rules of Traefik's routers: read as Traefik reads them, and asked what they match.
//!
//! A rule is a Go expression (`github.com/vulcand/predicate` reads it): calls of matchers, `&&`, `||`, `!`, brackets,
//! values in backquotes or double quotes, comments, and Go's rule that a line break behind a complete expression ends
//! it. Facts are those of Traefik v3.7.9; `tests/tools/traefik-oracle` holds them against its own parser and muxers.
//!
//! ```
//! use routes::rule::{Rule, Syntax};
//!
//! let rule = Rule::parse("Host(`a.example`) && !PathPrefix(`/metrics`)", Syntax::V3)?;
//! assert_eq!(rule.hosts().exact, ["a.example"]);
//! assert!(rule.may_match_host("A.example"));
//! assert!(!rule.may_match_host("b.example"));
//! # Ok::<(), routes::rule::RuleError>(())
//! ```

mod error;
mod external_dns;
mod host;
mod host_set;
mod hosts;
mod literal;
mod matcher;
mod memo;
mod parse;
mod paths;
mod pattern;
mod reach;
mod scan;
mod template;
mod tree;
mod value;

pub use error::{Problem, RuleError};
pub use external_dns::external_dns_hosts;
pub use hosts::Hosts;
pub use matcher::Matcher;
pub use paths::{PathKind, PathMatch};
pub use tree::{Leaf, Tree};

use hosts::Found;

/// `spec.routes[].syntax` of an `IngressRoute` (`ruleSyntax` of its router), or Traefik's `core.defaultRuleSyntax`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Syntax {
    /// Many values per matcher, `{name:regexp}` templates.
    V2,
    /// One value per matcher, plain regular expressions, wildcards in hosts.
    #[default]
    V3,
}

impl Syntax {
    /// The syntax that Traefik takes for a name: everything that is not `v2` is `v3`.
    pub fn named(name: &str) -> Self {
        if name == "v2" { Self::V2 } else { Self::V3 }
    }
}

impl std::fmt::Display for Syntax {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::V2 => "v2",
            Self::V3 => "v3",
        })
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Protocol {
    Http,
    Tcp,
}

/// A rule of a router.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    text: String,
    tree: Tree,
    protocol: Protocol,
    syntax: Syntax,
    /// Found when they are first asked for.
    hosts: Found,
}

impl Rule {
    /// Reads the rule of an HTTP router.
    pub fn parse(text: &str, syntax: Syntax) -> Result<Self, RuleError> {
        Self::read(text, Protocol::Http, syntax)
    }

    /// Reads the rule of a TCP router.
    pub fn parse_tcp(text: &str, syntax: Syntax) -> Result<Self, RuleError> {
        Self::read(text, Protocol::Tcp, syntax)
    }

    fn read(text: &str, protocol: Protocol, syntax: Syntax) -> Result<Self, RuleError> {
        let tree = parse::parse(text, protocol, syntax)?;
        Ok(Self { text: text.to_owned(), tree, protocol, syntax, hosts: Found::default() })
    }

    /// The rule as its author wrote it.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The syntax in which it was read.
    pub fn syntax(&self) -> Syntax {
        self.syntax
    }

    /// Its conditions.
    pub fn tree(&self) -> &Tree {
        &self.tree
    }

    /// The priority that Traefik gives a router without one: the bytes of the rule; -1 for a TCP rule that is nothing but
    /// `HostSNI("*")` (`GetRulePriority` of `pkg/muxer/http/mux.go` and `pkg/muxer/tcp/mux.go`).
    pub fn priority(&self) -> i64 {
        let catch_all = match &self.tree {
            Tree::Leaf(leaf) => leaf.matcher == Matcher::HostSni && leaf.values == ["*"],
            _ => false,
        };
        if catch_all { -1 } else { i64::try_from(self.text.len()).unwrap_or(i64::MAX) }
    }

    /// What a child router matches below its parent (`spec.parentRefs` of a multi-layer IngressRoute): what both match.
    /// Text and priority stay those of the child. Both must be HTTP rules.
    #[must_use]
    pub fn below(&self, parent: &Self) -> Self {
        let tree = Tree::all(vec![parent.tree.clone(), self.tree.clone()]);
        Self { tree, hosts: Found::default(), ..self.clone() }
    }
}
