//! Which values are encrypted: the six rules.

mod go_regex;

use std::sync::Arc;

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
    Regex(Arc<Regex>),
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether a value below these keys is encrypted, with these comments right before the first.
    fn encrypted(rule: fn(String) -> Rule, text: &str, comments: &[&str], keys: &[&str]) -> bool {
        let rules = Rules::new(&rule(text.into())).expect(text);
        let scope = comments
            .iter()
            .fold(Scope::default(), |scope, text| rules.behind(scope, text.as_bytes()));
        rules.encrypts(keys.iter().fold(scope, |scope, key| rules.below(scope, key.as_bytes())))
    }

    #[test]
    fn any_key_on_the_way_may_match() {
        for keys in [&["a_x", "b"][..], &["a", "b_x"], &["a_x"]] {
            assert!(!encrypted(Rule::UnencryptedSuffix, "_x", &[], keys), "{keys:?}");
            assert!(encrypted(Rule::EncryptedSuffix, "_x", &[], keys), "{keys:?}");
            assert!(!encrypted(Rule::UnencryptedRegex, "_x$", &[], keys), "{keys:?}");
            assert!(encrypted(Rule::EncryptedRegex, "_x$", &[], keys), "{keys:?}");
        }
    }

    #[test]
    fn without_a_match_it_is_the_other_way_round() {
        let keys = &["x_a", "_xb"];
        assert!(encrypted(Rule::UnencryptedSuffix, "_x", &["_x"], keys));
        assert!(!encrypted(Rule::EncryptedSuffix, "_x", &["_x"], keys));
        assert!(encrypted(Rule::UnencryptedRegex, "_x$", &["_x"], keys));
        assert!(!encrypted(Rule::EncryptedRegex, "_x$", &["_x"], keys));
        assert!(encrypted(Rule::UnencryptedCommentRegex, "_x$", &["_xb"], &["_x"]));
        assert!(!encrypted(Rule::EncryptedCommentRegex, "_x$", &["_xb"], &["_x"]));
    }

    #[test]
    fn any_comment_above_the_value_may_match() {
        for comments in [&["is x"][..], &["is x", "other"], &["other", "is x"]] {
            assert!(
                !encrypted(Rule::UnencryptedCommentRegex, "x$", comments, &["a"]),
                "{comments:?}"
            );
            assert!(encrypted(Rule::EncryptedCommentRegex, "x$", comments, &["a"]), "{comments:?}");
        }
    }

    #[test]
    fn the_comment_that_asks_stays_clear_in_both_senses() {
        let none = Scope::default();
        let asks = Rules::new(&Rule::EncryptedCommentRegex("secret".into())).unwrap();
        assert!(!asks.encrypts_comment(none, b"secret"));
        assert!(asks.encrypts_comment(asks.behind(none, b"secret"), b"next"));
        let forbids = Rules::new(&Rule::UnencryptedCommentRegex("clear".into())).unwrap();
        assert!(!forbids.encrypts_comment(none, b"clear"));
        assert!(forbids.encrypts_comment(none, b"before"));
    }

    #[test]
    fn an_expression_that_is_none_is_refused_and_not_taken_for_no_match() {
        assert!(Rules::new(&Rule::EncryptedRegex("(".into())).is_none());
    }
}
