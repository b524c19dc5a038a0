//! Whether a rule may match: never "no" where Traefik says "yes".

use super::host::{self, Host};
use super::{Leaf, Matcher, Protocol, Rule, Syntax, Tree, paths, template};

/// The requests that a question is about.
#[derive(Debug, Clone, Copy)]
pub(super) struct Question<'q> {
    /// With this host, in lower case; `*.` and a name for any host with one label more; any host.
    host: Option<&'q str>,
    /// With a path that starts so; any path.
    below: Option<&'q str>,
}

/// What a matcher may say to some request of the question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Answer {
    pub(super) yes: bool,
    pub(super) no: bool,
}

impl Answer {
    const EITHER: Self = Self { yes: true, no: true };

    fn known(yes: bool) -> Self {
        Self { yes, no: !yes }
    }
}

impl Rule {
    /// Whether some request with this host may match: a sound answer, "yes" where it is not decided (`HostRegexp` that
    /// two dialects read differently, conditions on something else). `*.a.example` asks for any host of that wildcard.
    /// CNAME flattening, which is off by default, is not looked at.
    pub fn may_match_host(&self, host: &str) -> bool {
        self.may_match(Some(host), None)
    }

    /// Whether some request with this host and a path that starts with `below` may match; nothing given is anything.
    /// As sound as [`Rule::may_match_host`].
    pub fn may_match(&self, host: Option<&str>, below: Option<&str>) -> bool {
        let host = host.map(str::to_ascii_lowercase);
        let question = Question { host: host.as_deref(), below };
        self.may(&self.tree, question)
    }

    fn may(&self, tree: &Tree, question: Question<'_>) -> bool {
        match tree {
            Tree::All(terms) => terms.iter().all(|term| self.may(term, question)),
            Tree::Any(terms) => terms.iter().any(|term| self.may(term, question)),
            Tree::Leaf(leaf) => {
                let answer = self.ask(leaf, question);
                if leaf.negated { answer.no } else { answer.yes }
            }
        }
    }

    fn ask(&self, leaf: &Leaf, question: Question<'_>) -> Answer {
        match (leaf.matcher, question.host, question.below) {
            (Matcher::Host | Matcher::HostHeader | Matcher::HostSni, Some(host), _) => {
                self.host(leaf, host)
            }
            (Matcher::HostRegexp | Matcher::HostSniRegexp, Some(host), _) => {
                self.host_regexp(leaf, host)
            }
            (Matcher::Path | Matcher::PathPrefix | Matcher::PathRegexp, _, Some(below)) => {
                paths::ask(leaf, self.syntax, below)
            }
            _ => Answer::EITHER,
        }
    }

    fn host(&self, leaf: &Leaf, host: &str) -> Answer {
        if let Some(rest) = host.strip_prefix("*.") {
            let mut answer = Answer { yes: false, no: true };
            for value in &leaf.values {
                let (some, all) = match Host::of(value, self.protocol, self.syntax) {
                    Host::Any => (true, true),
                    Host::OneLabel => (true, false),
                    Host::Exact(name) => (host::parent(&name) == Some(rest), false),
                    Host::Wildcard(other) => (other == rest, other == rest),
                };
                answer.yes |= some;
                answer.no &= !all;
            }
            return answer;
        }
        // A server name never ends in a dot, and what Traefik does then depends on the spelling of the rule. Of other
        // letters than ASCII's, Go folds some into those.
        if !host.is_ascii() || (host.ends_with('.') && self.protocol == Protocol::Tcp) {
            return Answer::EITHER;
        }
        Answer::known(leaf.values.iter().any(|value| {
            host::matches(&value.to_ascii_lowercase(), host, self.protocol, self.syntax)
        }))
    }

    fn host_regexp(&self, leaf: &Leaf, host: &str) -> Answer {
        if host.starts_with("*.") || host.ends_with('.') || !host.is_ascii() {
            return Answer::EITHER;
        }
        let compiled = leaf.compiled.get(|| match self.syntax {
            Syntax::V2 => leaf.values.iter().map(|value| template::host_pattern(value)).collect(),
            Syntax::V3 => leaf.values.clone(),
        });
        // Traefik also asks whether the flattened name matches, which is empty without CNAME flattening: an expression
        // that matches the empty text matches every host.
        let empty = self.protocol == Protocol::Http && self.syntax == Syntax::V3;
        let mut decided = true;
        for pattern in compiled {
            match pattern {
                Some(regex) if regex.is_match(host.as_bytes()) => return Answer::known(true),
                Some(regex) if empty && regex.is_match(b"") => return Answer::known(true),
                Some(_) => {}
                None => decided = false,
            }
        }
        if decided { Answer::known(false) } else { Answer::EITHER }
    }
}
