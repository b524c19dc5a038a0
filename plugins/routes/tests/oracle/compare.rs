//! One rule, ours against Traefik.

use std::fmt;

use routes::rule::{Matcher, Problem, Rule, Tree};
use serde_json::{Value, json};

use crate::ask::{HOSTS, PATHS, Protocol, Question};

/// What the rules of a batch were.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    /// Read by both.
    pub(crate) accepted: usize,
    /// Refused by both.
    pub(crate) refused: usize,
    /// Refused by Go's regular expressions alone.
    pub(crate) go_regexp: usize,
    /// Requests that Traefik served.
    pub(crate) served: usize,
    /// Rules of hosts alone, where each answer was the very one.
    pub(crate) exact: usize,
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { accepted, refused, go_regexp, served, exact } = self;
        write!(
            f,
            "{accepted} read by both, {refused} refused by both, {go_regexp} refused by Go's regexp alone, \
             {served} requests served, {exact} rules answered exactly"
        )
    }
}

pub(crate) fn compare(
    question: &Question,
    answer: &Value,
    tally: &mut Tally,
) -> Result<(), String> {
    let ours = match question.protocol {
        Protocol::Http => Rule::parse(&question.rule, question.syntax),
        Protocol::Tcp => Rule::parse_tcp(&question.rule, question.syntax),
    };
    let rule = match (ours, answer["refused"].as_str()) {
        (Err(_), Some(_)) => {
            tally.refused += 1;
            return Ok(());
        }
        (Ok(_), Some(refused)) if refused.contains("error parsing regexp") => {
            tally.go_regexp += 1;
            return Ok(());
        }
        (Ok(_), Some(refused)) => return Err(format!("Traefik alone refuses: {refused}")),
        (Err(error), None) if matches!(error.problem, Problem::Limit { .. }) => return Ok(()),
        (Err(error), None) => return Err(format!("we alone refuse: {error}")),
        (Ok(rule), None) => rule,
    };
    tally.accepted += 1;
    let tree = nested(rule.tree());
    if tree != answer["tree"] {
        return Err(format!("ours is {tree}, Traefik's {}", answer["tree"]));
    }
    if answer["priority"] != rule.priority() {
        return Err(format!("priority {} and {}", rule.priority(), answer["priority"]));
    }
    requests(&rule, answer, tally)
}

fn requests(rule: &Rule, answer: &Value, tally: &mut Tally) -> Result<(), String> {
    let hosts = rule.hosts();
    for host in hosts.exact.iter().chain(&hosts.wildcards) {
        if !rule.may_match_host(host) {
            return Err(format!("`{host}` is listed and cannot match"));
        }
    }
    let named = |host: &str| {
        let parent = host.split_once('.').map(|(_, rest)| format!("*.{rest}"));
        hosts.exact.iter().chain(&hosts.invalid).any(|name| name == host)
            || hosts.wildcards.iter().any(|name| Some(name) == parent.as_ref())
    };
    let only_hosts =
        rule.tree().leaves().iter().all(|leaf| {
            matches!(leaf.matcher, Matcher::Host | Matcher::HostHeader | Matcher::HostSni)
        });
    let mut pairs = HOSTS.iter().flat_map(|host| PATHS.iter().map(move |path| (*host, *path)));
    for served in answer["served"].as_array().ok_or("no requests were asked")? {
        let (host, path) = pairs.next().ok_or("more answers than questions")?;
        let may = rule.may_match(Some(host), Some(path));
        // To us this asks for all of a wildcard.
        let asked_exactly = !host.starts_with('*');
        if served == true {
            tally.served += 1;
            if !may || !rule.may_match_host(host) {
                return Err(format!("Traefik serves {host}{path}, and we say it cannot"));
            }
            let plain = host.to_ascii_lowercase();
            let asked_plainly = asked_exactly && !host.ends_with('.');
            if asked_plainly && !(hosts.unknown || hosts.catch_all || named(&plain)) {
                return Err(format!("Traefik serves {host}, which {hosts:?} does not name"));
            }
            for prefix in PATHS {
                if rule.only_below(prefix) && !path.starts_with(prefix) {
                    return Err(format!("Traefik serves {path}, and we say only {prefix}"));
                }
            }
        } else if only_hosts && may && asked_exactly && !host.ends_with('.') {
            return Err(format!("Traefik does not serve {host}, and we say it may"));
        }
    }
    tally.exact += usize::from(only_hosts);
    Ok(())
}

/// The tree as the oracle writes it.
fn nested(tree: &Tree) -> Value {
    let joined = |operator: &str, terms: &[Tree]| {
        let terms = terms.iter().map(nested);
        Value::Array(std::iter::once(json!(operator)).chain(terms).collect())
    };
    match tree {
        Tree::All(terms) => joined("and", terms),
        Tree::Any(terms) => joined("or", terms),
        Tree::Leaf(leaf) => {
            let not = if leaf.negated { "!" } else { "" };
            let name = json!(format!("{not}{}", leaf.matcher.name()));
            let values = leaf.values.iter().map(|value| json!(value));
            Value::Array(std::iter::once(name).chain(values).collect())
        }
    }
}
