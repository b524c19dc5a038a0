//! Why there is no data key: which recipient or group, every place that was looked at, and what to do.

use std::fmt::{self, Write};

use super::cloud;
use crate::key::{Attempt, Refusal};
use crate::shamir::ShamirError;

/// Characters of a recipient in a message. A post-quantum or RSA one has thousands.
const NAME: usize = 100;

/// Why there is no data key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// The file's: it names nobody who could open it.
    #[error("the file names no recipient")]
    NoRecipients,
    /// The environment's: no key that is at hand opens enough of the groups.
    #[error("{0}")]
    Refused(Refused),
    /// The file's: what a recipient opened is not a data key.
    #[error("the decrypted data key has {found} bytes instead of 32")]
    Length {
        /// Its length in bytes.
        found: usize,
    },
    /// The file's: its shares do not fit together.
    #[error("the parts of the data key do not fit together: {0}")]
    Shares(ShamirError),
}

/// Groups of a file that nothing opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Groups that were opened.
    pub opened: usize,
    /// Groups that must be opened.
    pub threshold: usize,
    /// Groups that the file has.
    pub groups: usize,
    /// Every entry that was tried in vain.
    pub entries: Vec<RefusedEntry>,
}

/// An entry of a key group that nothing opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedEntry {
    /// Its group, counted from 1.
    pub group: usize,
    /// The name of its list in the metadata.
    pub service: String,
    /// The recipient, fingerprint, ARN or URL.
    pub recipient: String,
    /// Why.
    pub refusal: Refusal,
}

impl KeyError {
    /// What to do.
    pub fn hint(&self) -> String {
        match self {
            Self::Refused(refused) => refused.hint(),
            Self::NoRecipients | Self::Length { .. } | Self::Shares(_) => {
                "restore the file from version control, or encrypt it anew with sops".to_owned()
            }
        }
    }
}

impl Refused {
    /// What would open it: the hint of each kind of key, those of clouds only when there is no other.
    fn hint(&self) -> String {
        let is_cloud = |entry: &&RefusedEntry| cloud::name(&entry.service).is_some();
        let (clouds, own): (Vec<_>, Vec<_>) = self.entries.iter().partition(is_cloud);
        let mut hints: Vec<&str> = Vec::new();
        for entry in if own.is_empty() { clouds } else { own } {
            if !hints.contains(&entry.refusal.hint.as_str()) {
                hints.push(&entry.refusal.hint);
            }
        }
        hints.join(", or ")
    }
}

/// One line that says who could open the file, then one line for each group and kind of key: where it was looked for.
impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.groups > 1 {
            let (opened, groups, threshold) = (self.opened, self.groups, self.threshold);
            write!(f, "{opened} of {groups} key groups can be opened, {threshold} are needed")?;
        } else {
            f.write_str("no key opens the file")?;
        }
        let mut rest = self.entries.as_slice();
        while let Some(first) = rest.first() {
            // Entries of one kind that found the same in the same places share a line.
            let alike = rest.iter().take_while(|entry| {
                entry.group == first.group
                    && entry.service == first.service
                    && entry.refusal == first.refusal
            });
            let (line, more) = rest.split_at(alike.count());
            f.write_char('\n')?;
            if self.groups > 1 {
                write!(f, "group {}: ", first.group)?;
            }
            let names: Vec<String> = line.iter().map(|entry| short(&entry.recipient)).collect();
            write!(f, "{} {}: {}", first.service, names.join(", "), first.refusal.reason)?;
            places(f, &first.refusal.attempts)?;
            rest = more;
        }
        Ok(())
    }
}

/// Where was looked; variables that are not set come last, in one piece.
fn places(f: &mut fmt::Formatter<'_>, attempts: &[Attempt]) -> fmt::Result {
    let mut separator = ": ";
    for attempt in attempts {
        if let Some(outcome) = &attempt.outcome {
            write!(f, "{separator}{}: {outcome}", attempt.place)?;
            separator = "; ";
        }
    }
    let unset = attempts.iter().filter(|attempt| attempt.outcome.is_none());
    let unset: Vec<&str> = unset.map(|attempt| attempt.place.as_str()).collect();
    if unset.is_empty() { Ok(()) } else { write!(f, "{separator}not set: {}", unset.join(", ")) }
}

/// A recipient, cut in the middle when it is long.
fn short(recipient: &str) -> String {
    let characters: Vec<char> = recipient.chars().filter(|c| !c.is_control()).collect();
    if characters.len() <= NAME {
        return characters.into_iter().collect();
    }
    let head = characters.iter().take(40);
    let tail = characters.iter().skip(characters.len() - 8);
    head.chain(std::iter::once(&'…')).chain(tail).collect()
}
