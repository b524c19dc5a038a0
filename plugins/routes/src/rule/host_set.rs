//! Sets of hosts: exact names, wildcards, and everything else but some. The set is
//! `exact + ((wildcards + open) - without)`, so it holds for hosts alone what Boolean algebra holds for rules.

use std::collections::{BTreeMap, BTreeSet};

use super::host::{Host, parent};

/// Why a set holds hosts that it does not name.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Why {
    pub(super) catch_all: bool,
    pattern: bool,
    negation: bool,
    unconstrained: bool,
}

impl Why {
    const NONE: Self =
        Self { catch_all: false, pattern: false, negation: false, unconstrained: false };
    pub(super) const CATCH_ALL: Self = Self { catch_all: true, ..Self::NONE };
    pub(super) const PATTERN: Self = Self { pattern: true, ..Self::NONE };
    const NEGATION: Self = Self { negation: true, ..Self::NONE };
    pub(super) const UNCONSTRAINED: Self = Self { unconstrained: true, ..Self::NONE };

    pub(super) fn unknown(self) -> bool {
        self.pattern || self.negation || self.unconstrained
    }

    fn or(self, other: Self) -> Self {
        Self {
            catch_all: self.catch_all || other.catch_all,
            pattern: self.pattern || other.pattern,
            negation: self.negation || other.negation,
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
                Host::Exact(name) => mention(&mut set.exact, name, order),
                Host::Wildcard(rest) => mention(&mut set.wildcards, rest, order),
            }
        }
        set
    }

    pub(super) fn except(values: Vec<(usize, Host)>) -> Self {
        let mut set = Self::any(Why::NEGATION);
        for (_, value) in values {
            match value {
                // Not everything is nothing.
                Host::Any => set.open = None,
                Host::Exact(name) => add(&mut set.without, name),
                Host::Wildcard(rest) => add(&mut set.without_wildcards, rest),
            }
        }
        set
    }

    pub(super) fn union(sets: Vec<Self>) -> Self {
        let join = |mut all: Self, mut set: Self| {
            // An exception holds when neither side has it.
            let kept = |all: &BTreeSet<String>, other: &Self| {
                all.iter().filter(|name| !other.has(name)).cloned().collect::<Vec<_>>()
            };
            let mut without = kept(&all.without, &set);
            without.extend(kept(&set.without, &all));
            let wildcards = |all: &BTreeSet<String>, other: &Self| {
                all.iter().filter(|rest| !other.has_wildcard(rest)).cloned().collect::<Vec<_>>()
            };
            let mut without_wildcards = wildcards(&all.without_wildcards, &set);
            without_wildcards.extend(wildcards(&set.without_wildcards, &all));
            all.without = without.into_iter().collect();
            all.without_wildcards = without_wildcards.into_iter().collect();
            mention_all(&mut all.exact, std::mem::take(&mut set.exact));
            mention_all(&mut all.wildcards, std::mem::take(&mut set.wildcards));
            all.open = match (all.open, set.open) {
                (Some(first), Some(second)) => Some(first.or(second)),
                (first, second) => first.or(second),
            };
            all
        };
        sets.into_iter().reduce(join).unwrap_or_default()
    }

    pub(super) fn intersection(sets: Vec<Self>) -> Self {
        let meet = |mut first: Self, mut second: Self| {
            if second.is_everything() {
                first.open = first
                    .open
                    .zip(second.open)
                    .map(|(a, b)| a.and(b))
                    .filter(|_| first.open.is_some());
                if second.exact.is_empty() && second.wildcards.is_empty() {
                    return first;
                }
            }
            let mut both = Self::default();
            for (mine, other) in [(&first, &second), (&second, &first)] {
                for (name, order) in &mine.exact {
                    if other.has(name) {
                        mention(&mut both.exact, name.clone(), *order);
                    }
                }
                for (rest, order) in &mine.wildcards {
                    if other.has_wildcard(rest) {
                        mention(&mut both.wildcards, rest.clone(), *order);
                    }
                }
            }
            both.open = first.open.zip(second.open).map(|(a, b)| a.and(b));
            both.without = std::mem::take(&mut first.without);
            both.without_wildcards = std::mem::take(&mut first.without_wildcards);
            std::mem::take(&mut second.without).into_iter().for_each(|n| add(&mut both.without, n));
            std::mem::take(&mut second.without_wildcards)
                .into_iter()
                .for_each(|rest| add(&mut both.without_wildcards, rest));
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

    fn is_everything(&self) -> bool {
        self.open.is_some() && self.without.is_empty() && self.without_wildcards.is_empty()
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
    names.into_iter().for_each(|(name, order)| mention(into, name, order));
}

fn in_order(names: &Names) -> Vec<&str> {
    let mut names: Vec<_> = names.iter().map(|(name, order)| (*order, name.as_str())).collect();
    names.sort_unstable();
    names.into_iter().map(|(_, name)| name).collect()
}
