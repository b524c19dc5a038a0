//! Sets of hosts: exact names, wildcards, and everything else but some. The set is
//! `exact + ((wildcards + open) - without)`, so it holds for hosts alone what Boolean algebra holds for rules.

use std::collections::{BTreeMap, BTreeSet};

use super::host::{Host, parent};

/// Why a set holds hosts that it does not name.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Why {
    /// `*` says so.
    pub(super) catch_all: bool,
    /// A pattern, or a negation.
    condition: bool,
    /// Nothing there looks at the host.
    unconstrained: bool,
}

impl Why {
    const NONE: Self = Self { catch_all: false, condition: false, unconstrained: false };
    pub(super) const CATCH_ALL: Self = Self { catch_all: true, ..Self::NONE };
    pub(super) const CONDITION: Self = Self { condition: true, ..Self::NONE };
    pub(super) const UNCONSTRAINED: Self = Self { unconstrained: true, ..Self::NONE };

    pub(super) fn unknown(self) -> bool {
        self.condition || self.unconstrained
    }

    fn or(self, other: Self) -> Self {
        Self {
            catch_all: self.catch_all || other.catch_all,
            condition: self.condition || other.condition,
            unconstrained: self.unconstrained || other.unconstrained,
        }
    }

    /// The reason that constrains most remains; a condition on something else adds none.
    fn and(self, other: Self) -> Self {
        match (self == Self::UNCONSTRAINED, other == Self::UNCONSTRAINED) {
            (true, _) => other,
            (_, true) => self,
            _ if self == Self::CATCH_ALL => other,
            _ if other == Self::CATCH_ALL => self,
            _ => Self { catch_all: self.catch_all && other.catch_all, ..self.or(other) },
        }
    }
}

/// How many exceptions a set remembers: what it forgets it holds, which is the safe side, and bounds the work.
const EXCEPTIONS: usize = 512;

/// Names with the place of their first mention.
type Names = BTreeMap<String, usize>;

#[derive(Debug, Clone, Default)]
pub(super) struct HostSet {
    exact: Names,
    wildcards: Names,
    /// Whether it holds everything that is not named, and why.
    pub(super) open: Option<Why>,
    without: BTreeSet<String>,
    without_wildcards: BTreeSet<String>,
}

impl HostSet {
    pub(super) fn any(why: Why) -> Self {
        Self { open: Some(why), ..Self::default() }
    }

    pub(super) fn only(values: Vec<(usize, Host)>) -> Self {
        let mut set = Self::default();
        for (order, value) in values {
            match value {
                Host::Any => set.open = Some(Why::CATCH_ALL),
                // More than it is.
                Host::OneLabel => set.open = set.open.or(Some(Why::CONDITION)),
                Host::Exact(name) => mention(&mut set.exact, name, order),
                Host::Wildcard(rest) => mention(&mut set.wildcards, rest, order),
            }
        }
        set
    }

    pub(super) fn except(values: Vec<(usize, Host)>) -> Self {
        let mut set = Self::any(Why::CONDITION);
        for (_, value) in values {
            match value {
                // Not everything is nothing.
                Host::Any => return Self::default(),
                Host::OneLabel => {}
                Host::Exact(name) => add(&mut set.without, name),
                Host::Wildcard(rest) => add(&mut set.without_wildcards, rest),
            }
        }
        set
    }

    pub(super) fn union(sets: Vec<Self>) -> Self {
        let join = |mut all: Self, mut set: Self| {
            // An exception holds when neither side has it. Names before wildcards: what holds a name looks at both.
            all.without.retain(|name| !set.has(name));
            set.without.retain(|name| !all.has(name));
            all.without_wildcards.retain(|rest| !set.has_wildcard(rest));
            set.without_wildcards.retain(|rest| !all.has_wildcard(rest));
            all.except_also(set.without, set.without_wildcards);
            mention_all(&mut all.exact, set.exact);
            mention_all(&mut all.wildcards, set.wildcards);
            all.open = match (all.open, set.open) {
                (Some(first), Some(second)) => Some(first.or(second)),
                (first, second) => first.or(second),
            };
            all
        };
        sets.into_iter().reduce(join).unwrap_or_default()
    }

    pub(super) fn intersection(mut sets: Vec<Self>) -> Self {
        // What holds few names comes first, and leaves few to ask the others for.
        sets.sort_by_key(Self::named);
        let meet = |first: Self, second: Self| {
            let open = first.open.zip(second.open).map(|(a, b)| a.and(b));
            if second.is_everything() {
                return Self { open, ..first };
            }
            if first.is_everything() {
                return Self { open, ..second };
            }
            let (mut both, mut other) = (first, second);
            both.exact.retain(|name, _| other.has(name));
            other.exact.retain(|name, _| both.has(name));
            both.wildcards.retain(|rest, _| other.has_wildcard(rest));
            other.wildcards.retain(|rest, _| both.has_wildcard(rest));
            both.open = open;
            both.except_also(other.without, other.without_wildcards);
            mention_all(&mut both.exact, other.exact);
            mention_all(&mut both.wildcards, other.wildcards);
            both
        };
        sets.into_iter().reduce(meet).unwrap_or_else(|| Self::any(Why::UNCONSTRAINED))
    }

    /// The exact names, in the order of their mention.
    pub(super) fn exact(&self) -> Vec<&str> {
        in_order(&self.exact)
    }

    /// The wildcards, without `*.`, in the order of their mention.
    pub(super) fn wildcards(&self) -> Vec<&str> {
        in_order(&self.wildcards)
    }

    fn except_also(&mut self, names: BTreeSet<String>, wildcards: BTreeSet<String>) {
        for name in names {
            add(&mut self.without, name);
        }
        for rest in wildcards {
            add(&mut self.without_wildcards, rest);
        }
    }

    /// How many hosts it names.
    fn named(&self) -> usize {
        self.exact.len() + self.wildcards.len()
    }

    /// Whether it names nothing and excepts nothing.
    fn is_everything(&self) -> bool {
        self.open.is_some()
            && self.exact.is_empty()
            && self.wildcards.is_empty()
            && self.without.is_empty()
            && self.without_wildcards.is_empty()
    }

    fn has(&self, name: &str) -> bool {
        let rest = parent(name);
        self.exact.contains_key(name)
            || (!self.without.contains(name)
                && (rest.is_some_and(|rest| self.wildcards.contains_key(rest))
                    || (self.open.is_some()
                        && !rest.is_some_and(|rest| self.without_wildcards.contains(rest)))))
    }

    fn has_wildcard(&self, rest: &str) -> bool {
        self.wildcards.contains_key(rest)
            || (self.open.is_some() && !self.without_wildcards.contains(rest))
    }
}

fn add(to: &mut BTreeSet<String>, name: String) {
    if to.len() < EXCEPTIONS {
        to.insert(name);
    }
}

fn mention(names: &mut Names, name: String, order: usize) {
    let first = names.entry(name).or_insert(order);
    *first = (*first).min(order);
}

fn mention_all(into: &mut Names, names: Names) {
    for (name, order) in names {
        mention(into, name, order);
    }
}

fn in_order(names: &Names) -> Vec<&str> {
    let mut names: Vec<_> = names.iter().map(|(name, order)| (*order, name.as_str())).collect();
    names.sort_unstable();
    names.into_iter().map(|(_, name)| name).collect()
}
