//! The keys of a map, to refuse the second of two.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::tokens::Mark;
use crate::{Error, Problem};

/// What tells one key from another: go-yaml compares kind and text, not meaning.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum KeyText<'t> {
    /// Not seen yet.
    Unknown,
    Scalar(Cow<'t, str>),
    Alias(Cow<'t, str>),
    Sequence,
    Mapping,
}

/// The keys of a map so far.
#[derive(Default)]
pub(super) struct Keys<'t> {
    few: Vec<(KeyText<'t>, Mark)>,
    many: HashMap<KeyText<'t>, Mark>,
}

impl<'t> Keys<'t> {
    /// Up to here a list is faster than a table.
    const FEW: usize = 16;

    pub(super) fn add(&mut self, key: Option<KeyText<'t>>, mark: Mark) -> Result<(), Error> {
        let Some(key) = key else { return Ok(()) };
        let first = if self.many.is_empty() {
            self.few.iter().find(|(known, _)| *known == key).map(|(_, mark)| *mark)
        } else {
            self.many.get(&key).copied()
        };
        if let Some(first) = first {
            let problem = Problem::DuplicateKey { first: first.position().line };
            return Err(Error::at(mark.position(), problem));
        }
        if self.many.is_empty() && self.few.len() < Self::FEW {
            self.few.push((key, mark));
            return Ok(());
        }
        self.many.extend(self.few.drain(..));
        self.many.insert(key, mark);
        Ok(())
    }
}
