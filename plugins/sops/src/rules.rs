//! Which values are encrypted: the six rules.

mod go_regex;

use regex::bytes::Regex;

use crate::metadata::Rule;

/// A rule, ready to be asked.
pub(crate) struct Rules {
    test: Test,
    /// Whether a match means "encrypted" or "clear".
    encrypts: bool,
    /// Whether comments are asked, or keys.
    comments: bool,
}

enum Test {
    Suffix(Vec<u8>),
    Regex(Regex),
}

/// What is known above a value: whether a key on the way to it, or a comment, has matched.
#[derive(Clone, Copy, Default)]
pub(crate) struct Scope {
    matched: bool,
}

impl Rules {
    /// Compiles a rule; `None` for an expression that is none.
    pub(crate) fn new(rule: &Rule) -> Option<Self> {
        let regex = |pattern: &str| go_regex::compile(pattern).map(Test::Regex);
        let suffix = |suffix: &str| Test::Suffix(suffix.as_bytes().to_vec());
        let (test, encrypts, comments) = match rule {
            Rule::UnencryptedSuffix(text) => (suffix(text), false, false),
            Rule::EncryptedSuffix(text) => (suffix(text), true, false),
            Rule::UnencryptedRegex(text) => (regex(text)?, false, false),
            Rule::EncryptedRegex(text) => (regex(text)?, true, false),
            Rule::UnencryptedCommentRegex(text) => (regex(text)?, false, true),
            Rule::EncryptedCommentRegex(text) => (regex(text)?, true, true),
        };
        Some(Self { test, encrypts, comments })
    }

    /// The scope below a key.
    pub(crate) fn below(&self, scope: Scope, key: &[u8]) -> Scope {
        Scope { matched: scope.matched || (!self.comments && self.matches(key)) }
    }

    /// The scope behind a comment, until the next value.
    pub(crate) fn behind(&self, scope: Scope, comment: &[u8]) -> Scope {
        Scope { matched: scope.matched || (self.comments && self.matches(comment)) }
    }

    /// Whether a value in this scope is encrypted.
    pub(crate) fn encrypts(&self, scope: Scope) -> bool {
        scope.matched == self.encrypts
    }

    /// Whether a comment is: it counts for itself where matching means "clear", and the comment
    /// that asks for encryption stays clear itself.
    pub(crate) fn encrypts_comment(&self, before: Scope, comment: &[u8]) -> bool {
        self.encrypts(if self.encrypts { before } else { self.behind(before, comment) })
    }

    fn matches(&self, text: &[u8]) -> bool {
        match &self.test {
            Test::Suffix(suffix) => text.ends_with(suffix),
            Test::Regex(regex) => regex.is_match(text),
        }
    }
}
