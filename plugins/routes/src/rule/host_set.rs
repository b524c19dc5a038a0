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
        let meet = |first: Self, second: Self| {
            let open = first.open.zip(second.open).map(|(a, b)| a.and(b));
            if second.is_everything() {
                return Self { open, ..first };
            }
            if first.is_everything() {
                return Self { open, ..second };
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
            both.open = open;
            both.without = first.without;
            both.without_wildcards = first.without_wildcards;
            for name in second.without {
                add(&mut both.without, name);
            }
            for rest in second.without_wildcards {
                add(&mut both.without_wildcards, rest);
            }
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
