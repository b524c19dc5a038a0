//! A rule as a tree: conditions over leaves, negation at the leaves alone.

use super::Matcher;
use super::pattern::Compiled;

/// A rule, or a part of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tree {
    /// All of them (`&&`), none of them an `All` itself.
    All(Vec<Self>),
    /// Any of them (`||`), none of them an `Any` itself.
    Any(Vec<Self>),
    /// One matcher.
    Leaf(Leaf),
}

/// One matcher with its values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leaf {
    /// What it looks at.
    pub matcher: Matcher,
    /// Whether it stands below an odd number of `!`.
    pub negated: bool,
    /// Its values, unquoted, in order.
    pub values: Vec<String>,
    /// The byte of the rule at which its name starts.
    pub offset: usize,
    /// Its values as regular expressions, for `HostRegexp` and `HostSNIRegexp`.
    pub(super) compiled: Compiled,
}

impl Tree {
    pub(super) fn all(terms: Vec<Self>) -> Self {
        Self::flat(terms, Self::All, |term| match term {
            Self::All(inner) => Ok(inner),
            other => Err(other),
        })
    }

    pub(super) fn any(terms: Vec<Self>) -> Self {
        Self::flat(terms, Self::Any, |term| match term {
            Self::Any(inner) => Ok(inner),
            other => Err(other),
        })
    }

    fn flat(
        terms: Vec<Self>,
        make: fn(Vec<Self>) -> Self,
        open: fn(Self) -> Result<Vec<Self>, Self>,
    ) -> Self {
        let mut flat: Vec<Self> = Vec::new();
        for term in terms {
            match open(term) {
                // The first keeps its allocation: brackets around what comes first cost nothing.
                Ok(inner) if flat.is_empty() => flat = inner,
                Ok(inner) => flat.extend(inner),
                Err(other) => flat.push(other),
            }
        }
        match flat.len() {
            1 => flat.remove(0),
            _ => make(flat),
        }
    }

    /// The leaves, in the order of the text.
    pub fn leaves(&self) -> Vec<&Leaf> {
        let mut leaves = Vec::new();
        self.collect(&mut leaves);
        leaves
    }

    fn collect<'t>(&'t self, into: &mut Vec<&'t Leaf>) {
        match self {
            Self::All(terms) | Self::Any(terms) => terms.iter().for_each(|term| term.collect(into)),
            Self::Leaf(leaf) => into.push(leaf),
        }
    }
}
