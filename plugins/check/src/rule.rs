//! The rules over one file, and their registry.

pub(crate) mod missing_mac;
pub(crate) mod other_recipients;
pub(crate) mod other_rule;
pub(crate) mod plain_input;
pub(crate) mod plain_patch;
pub(crate) mod plain_secret;
pub(crate) mod private_key;
pub(crate) mod sealed_apart;
pub(crate) mod unreadable_document;
pub(crate) mod unsealed_file;
pub(crate) mod unsealed_value;

use krm::Finding;

use crate::sops_config::{CreationRule, SopsConfig};
use crate::source::Source;
use crate::{marker, sops_config};

/// One rule: a file below `rule/`, and a line in [`RULES`].
pub(crate) struct Rule {
    /// The id of its findings.
    pub(crate) id: &'static str,
    /// What it finds, why that matters, what to do: `pleach docs ID`.
    pub(crate) page: &'static str,
    /// Looks at one file.
    pub(crate) check: fn(&Subject<'_>) -> Vec<Finding>,
}

/// What a rule looks at.
pub(crate) struct Subject<'a> {
    /// The file.
    pub(crate) source: &'a Source,
    /// The creation rule that it falls under.
    pub(crate) creation: Option<(&'a SopsConfig, &'a CreationRule)>,
}

impl Subject<'_> {
    /// Whether a creation rule says that this very file is encrypted.
    pub(crate) fn must_be_sealed(&self) -> bool {
        self.creation.is_some_and(|(_, rule)| rule.narrow)
            && !self.source.is_kustomization()
            && ![sops_config::NAME, marker::NAME]
                .iter()
                .any(|name| self.source.path.ends_with(name))
    }

    /// The creation rule as messages name it: `creation rule 2 of .sops.yaml`.
    pub(crate) fn creation_name(&self) -> String {
        self.creation
            .map(|(config, rule)| {
                format!("creation rule {} of {}", rule.number, config.path.display())
            })
            .unwrap_or_default()
    }
}

/// Every rule, in the order in which they are asked.
pub(crate) const RULES: &[Rule] = &[
    plain_secret::RULE,
    plain_patch::RULE,
    plain_input::RULE,
    private_key::RULE,
    unsealed_file::RULE,
    unsealed_value::RULE,
    missing_mac::RULE,
    other_recipients::RULE,
    other_rule::RULE,
    sealed_apart::RULE,
    unreadable_document::RULE,
];
