//! The hosts of a rule.

use std::collections::HashSet;
use std::sync::OnceLock;

use super::host::{self, Host};
use super::host_set::{HostSet, Why};
use super::{Leaf, Matcher, Rule, Tree, external_dns_hosts};

/// Which hosts a rule matches. Names are in lower case, without the dot of a full name, each once, in the order of the
/// rule. Requests whose host ends in that dot are not looked at apart from those without.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hosts {
    /// Hosts that the rule names and matches.
    pub exact: Vec<String>,
    /// Wildcards (`*.a.example`: one label more) that the rule names and matches.
    pub wildcards: Vec<String>,
    /// What stands below a negation, wildcards too: no host of the rule, though ExternalDNS publishes it.
    pub negated: Vec<String>,
    /// What stands where a host would, and is none that a client asks for: with a port, a scheme, a blank or a
    /// `{variable}` that `Host` does not know, or a wildcard that the syntax does not have.
    pub invalid: Vec<String>,
    /// Patterns of `HostRegexp` and `HostSNIRegexp` that are not negated.
    pub patterns: Vec<String>,
    /// Whether it also matches hosts that are not listed: for a pattern, for a negation, or because no host matcher
    /// constrains it.
    pub unknown: bool,
    /// Whether `*` makes it match every host.
    pub catch_all: bool,
    /// Those of `exact` and `wildcards` for which ExternalDNS publishes nothing: written in double quotes, below a
    /// matcher name in another case, or spread over what its regular expression does not follow.
    pub unpublished: Vec<String>,
}

/// The hosts of a rule, and what ExternalDNS publishes for it, once they are known.
#[derive(Debug, Clone, Default)]
pub(super) struct Found(OnceLock<(Hosts, Vec<String>)>);

/// It follows from the rule.
impl PartialEq for Found {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Found {}

/// How often patterns are asked about names; a rule that would ask more keeps the names that a pattern excludes.
const MOST_QUESTIONS: usize = 10_000;

impl Rule {
    /// Which hosts the rule matches. None of `exact` and `wildcards` is one that it cannot match, as far as
    /// [`Rule::may_match_host`] knows; a rule of many names and many patterns, or of more than 512 exceptions, may list
    /// more.
    pub fn hosts(&self) -> &Hosts {
        &self.found().0
    }

    /// What ExternalDNS publishes for the rule ([`external_dns_hosts`]), right or wrong.
    pub fn published(&self) -> &[String] {
        &self.found().1
    }

    fn found(&self) -> &(Hosts, Vec<String>) {
        self.hosts.0.get_or_init(|| {
            let published = external_dns_hosts(&self.text);
            (self.find(&published), published)
        })
    }

    fn find(&self, published: &[String]) -> Hosts {
        let mut order = 0;
        let set = self.set(&self.tree, &mut order);
        let leaves = self.tree.leaves();
        // The set knows no patterns, and makes every host of those with one label.
        let vague = |leaf: &&&Leaf| match leaf.matcher {
            Matcher::HostRegexp | Matcher::HostSniRegexp => true,
            _ => host::names_hosts(leaf) && leaf.values.iter().any(|value| value == "*."),
        };
        let vague = leaves.iter().filter(vague).count();
        let ask = vague > 0 && order * vague <= MOST_QUESTIONS;
        let may = |name: &str| !ask || self.may_match_host(name);
        let mut hosts = Hosts {
            unknown: set.open.is_some_and(Why::unknown),
            catch_all: set.open.is_some_and(|why| why.catch_all),
            ..Hosts::default()
        };
        for name in set.exact().into_iter().filter(|name| may(name)) {
            let valid = host::is_name(name);
            if valid { &mut hosts.exact } else { &mut hosts.invalid }.push(name.to_owned());
        }
        for rest in set.wildcards() {
            let valid = host::is_name(rest);
            let list = if valid { &mut hosts.wildcards } else { &mut hosts.invalid };
            list.push(format!("*.{rest}"));
        }
        let (mut patterns, mut negated) = (HashSet::new(), HashSet::new());
        for leaf in leaves {
            let (list, seen) = match leaf.matcher {
                Matcher::HostRegexp | Matcher::HostSniRegexp if !leaf.negated => {
                    (&mut hosts.patterns, &mut patterns)
                }
                _ if leaf.negated && host::names_hosts(leaf) => (&mut hosts.negated, &mut negated),
                _ => continue,
            };
            for value in &leaf.values {
                let text = if leaf.negated {
                    Host::of(value, self.protocol, self.syntax).text()
                } else {
                    value.clone()
                };
                if seen.insert(text.clone()) {
                    list.push(text);
                }
            }
        }
        let lower = |name: &String| name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase();
        let published: HashSet<String> = published.iter().map(lower).collect();
        let named = hosts.exact.iter().chain(&hosts.wildcards);
        hosts.unpublished = named.filter(|name| !published.contains(*name)).cloned().collect();
        hosts
    }

    fn set(&self, tree: &Tree, order: &mut usize) -> HostSet {
        match tree {
            Tree::All(terms) => {
                HostSet::intersection(terms.iter().map(|term| self.set(term, order)).collect())
            }
            Tree::Any(terms) => {
                HostSet::union(terms.iter().map(|term| self.set(term, order)).collect())
            }
            Tree::Leaf(leaf) => self.leaf(leaf, order),
        }
    }

    fn leaf(&self, leaf: &Leaf, order: &mut usize) -> HostSet {
        match leaf.matcher {
            Matcher::HostRegexp | Matcher::HostSniRegexp => HostSet::any(Why::CONDITION),
            _ if !host::names_hosts(leaf) => HostSet::any(Why::UNCONSTRAINED),
            _ => {
                let mut values = Vec::new();
                for value in &leaf.values {
                    values.push((*order, Host::of(value, self.protocol, self.syntax)));
                    *order += 1;
                }
                if leaf.negated { HostSet::except(values) } else { HostSet::only(values) }
            }
        }
    }
}
