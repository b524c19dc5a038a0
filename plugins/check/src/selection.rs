//! Which values of a file are encrypted: one of sops' six rules, as a file records it or `.sops.yaml` asks for it.

use regex::Regex;
use yaml::Node;

use crate::node::get_str;

/// A rule that is ready to be asked.
#[derive(Debug, Clone)]
pub(crate) struct Selection {
    rule: Rule,
    regex: Option<Regex>,
}

/// One of sops' six rules.
#[derive(Debug, Clone, PartialEq)]
enum Rule {
    UnencryptedSuffix(String),
    EncryptedSuffix(String),
    UnencryptedRegex(String),
    EncryptedRegex(String),
    UnencryptedCommentRegex(String),
    EncryptedCommentRegex(String),
}

/// Why a map does not hold a usable rule.
pub(crate) enum Unusable {
    /// More than one of the six.
    Several(&'static str, &'static str),
    /// Not a regular expression that both sops and this crate read.
    Regex(&'static str),
}

/// The fields of the six rules.
pub(crate) const FIELDS: [&str; 6] = [
    "unencrypted_suffix",
    "encrypted_suffix",
    "unencrypted_regex",
    "encrypted_regex",
    "unencrypted_comment_regex",
    "encrypted_comment_regex",
];

impl Selection {
    /// The rule that stands in `map`: metadata, or a creation rule. Without one sops takes `unencrypted_suffix:
    /// _unencrypted`; an empty one counts as none.
    pub(crate) fn of(map: &Node) -> Result<Self, Unusable> {
        let mut rule: Option<(&'static str, Rule)> = None;
        for field in FIELDS {
            let Some(text) = get_str(map, field).filter(|text| !text.is_empty()) else { continue };
            if let Some((first, _)) = rule {
                return Err(Unusable::Several(first, field));
            }
            let made = match field {
                "unencrypted_suffix" => Rule::UnencryptedSuffix(text),
                "encrypted_suffix" => Rule::EncryptedSuffix(text),
                "unencrypted_regex" => Rule::UnencryptedRegex(text),
                "encrypted_regex" => Rule::EncryptedRegex(text),
                "unencrypted_comment_regex" => Rule::UnencryptedCommentRegex(text),
                _ => Rule::EncryptedCommentRegex(text),
            };
            rule = Some((field, made));
        }
        let Some((field, rule)) = rule else { return Ok(Self::default()) };
        let regex = match &rule {
            Rule::UnencryptedSuffix(_) | Rule::EncryptedSuffix(_) => None,
            Rule::UnencryptedRegex(text)
            | Rule::EncryptedRegex(text)
            | Rule::UnencryptedCommentRegex(text)
            | Rule::EncryptedCommentRegex(text) => {
                Some(Regex::new(text).map_err(|_| Unusable::Regex(field))?)
            }
        };
        Ok(Self { rule, regex })
    }

    /// Whether both choose alike: the same rule with the same text.
    pub(crate) fn same(&self, other: &Self) -> bool {
        self.rule == other.rule
    }

    /// The rule as it stands in a file, to be named in a message.
    pub(crate) fn name(&self) -> String {
        let (field, text) = match &self.rule {
            Rule::UnencryptedSuffix(text) => (FIELDS[0], text),
            Rule::EncryptedSuffix(text) => (FIELDS[1], text),
            Rule::UnencryptedRegex(text) => (FIELDS[2], text),
            Rule::EncryptedRegex(text) => (FIELDS[3], text),
            Rule::UnencryptedCommentRegex(text) => (FIELDS[4], text),
            Rule::EncryptedCommentRegex(text) => (FIELDS[5], text),
        };
        format!("{field}: {text}")
    }

    /// Whether the value (or the comment) in this place is encrypted (sops 3.13.3, `sops.go`, `shouldBeEncrypted`).
    ///
    /// `path` holds the keys of the maps around it; `comments` the comments that stand before it, one list per map
    /// or list around it. A comment itself is the last of the last list.
    pub(crate) fn covers(
        &self,
        path: &[String],
        comments: &[Vec<String>],
        is_comment: bool,
    ) -> bool {
        let matches = |text: &str| self.regex.as_ref().is_some_and(|regex| regex.is_match(text));
        match &self.rule {
            Rule::UnencryptedSuffix(suffix) => {
                !path.iter().any(|key| key.ends_with(suffix.as_str()))
            }
            Rule::EncryptedSuffix(suffix) => path.iter().any(|key| key.ends_with(suffix.as_str())),
            Rule::UnencryptedRegex(_) => !path.iter().any(|key| matches(key)),
            Rule::EncryptedRegex(_) => path.iter().any(|key| matches(key)),
            Rule::UnencryptedCommentRegex(_) => {
                !comments.iter().flatten().any(|comment| matches(comment))
            }
            Rule::EncryptedCommentRegex(_) => {
                let last = comments.len().saturating_sub(1);
                comments.iter().enumerate().any(|(level, lines)| {
                    let itself = usize::from(is_comment && level == last);
                    lines[..lines.len().saturating_sub(itself)]
                        .iter()
                        .any(|comment| matches(comment))
                })
            }
        }
    }
}

impl Default for Selection {
    fn default() -> Self {
        Self { rule: Rule::UnencryptedSuffix("_unencrypted".to_owned()), regex: None }
    }
}
