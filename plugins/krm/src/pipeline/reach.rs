//! `scope` of a Pipeline: which items of its stream it is for.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::Resource;

/// Which objects a Pipeline is for. The others can be read, by what runs in it, and stay as they are.
///
/// It is written here and not taken from the Pipeline's own namespace or labels: kustomize's `namespace:` and `labels:`
/// rewrite those.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Reach {
    /// All of them.
    #[default]
    All,
    /// Those of this namespace.
    Namespace(String),
    /// Those with this label.
    Label(Label),
}

/// A label.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Label {
    /// Its key.
    pub key: String,
    /// Its value.
    pub value: String,
}

impl Reach {
    /// Whether an item is meant.
    pub(crate) fn holds(&self, item: &Resource) -> bool {
        match self {
            Self::All => true,
            Self::Namespace(namespace) => item.namespace() == Some(namespace),
            Self::Label(Label { key, value }) => item.label(key) == Some(value),
        }
    }
}

impl std::fmt::Display for Reach {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::All => f.write_str("all"),
            Self::Namespace(namespace) => write!(f, "the namespace `{namespace}`"),
            Self::Label(Label { key, value }) => write!(f, "the label `{key}: {value}`"),
        }
    }
}
