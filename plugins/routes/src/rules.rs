//! `rules: [{select, set}]`: ordered, the first that matches wins, and what it does not set falls back to the defaults.

use krm::Finding;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::select::{Match, Select, Subject};

/// Settings for some of the objects.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Rule<S> {
    /// Which objects it is for.
    #[serde(default)]
    pub select: Select,
    /// What is set for them; everything else falls back to the defaults beside `rules`.
    pub set: S,
}

/// The first rule that is for the object, and its place in the list. What is pushed to `said` tells that a rule before
/// it is for some of the object's hosts only.
pub fn first<'a, S>(
    rules: &'a [Rule<S>],
    subject: &Subject<'_>,
    said: &mut Vec<Finding>,
) -> Option<(usize, &'a S)> {
    for (at, rule) in rules.iter().enumerate() {
        match rule.select.matches(subject) {
            Match::Yes => return Some((at, &rule.set)),
            Match::No => {}
            Match::SomeHosts => said.push(
                Finding::warning(
                    "some-hosts",
                    format!("rules[{at}] is for some of its hosts and not for others, so it does not count here"),
                )
                .on(subject.item.id())
                .hint("give the hosts that belong apart an object of their own"),
            ),
        }
    }
    None
}

/// Declares a function's spec: its own fields, and the settings that stand at the top as defaults and in each rule's
/// `set`. `settings` gives those of one object: the first rule's, and the defaults for what it does not set; `decided` says
/// which rule that was, too.
#[macro_export]
macro_rules! spec {
    (
        $(#[$spec_meta:meta])*
        pub struct $Spec:ident {
            $( $(#[$own_meta:meta])* pub $own:ident: $own_type:ty, )*
        }
        $(#[$set_meta:meta])*
        pub struct $Set:ident {
            $( $(#[$meta:meta])* pub $field:ident: $type:ty, )*
        }
    ) => {
        $(#[$spec_meta])*
        #[derive(Debug, Clone, serde::Deserialize, schemars::JsonSchema)]
        #[serde(deny_unknown_fields, rename_all = "camelCase")]
        pub struct $Spec {
            $( $(#[$own_meta])* pub $own: $own_type, )*
            $( $(#[$meta])* #[serde(default)] pub $field: Option<$type>, )*
            /// Ordered rules for some of the objects: the first that matches wins, and what it does not set falls back to
            /// the fields beside `rules`.
            #[serde(default)]
            pub rules: Vec<$crate::rules::Rule<$Set>>,
        }

        $(#[$set_meta])*
        #[derive(Debug, Clone, Default, serde::Deserialize, schemars::JsonSchema)]
        #[serde(deny_unknown_fields, rename_all = "camelCase", default)]
        pub struct $Set {
            $( $(#[$meta])* pub $field: Option<$type>, )*
        }

        impl $Spec {
            /// The settings of one object.
            pub fn settings(
                &self,
                subject: &$crate::select::Subject<'_>,
                said: &mut Vec<krm::Finding>,
            ) -> $Set {
                self.decided(subject, said).1
            }

            /// The settings of one object, and which rule it is for: `None` where the defaults alone count.
            pub fn decided(
                &self,
                subject: &$crate::select::Subject<'_>,
                said: &mut Vec<krm::Finding>,
            ) -> (Option<usize>, $Set) {
                let first = $crate::rules::first(&self.rules, subject, said);
                let set = first.map(|(_, set)| set);
                let settings = $Set {
                    $( $field: set
                        .and_then(|set| set.$field.clone())
                        .or_else(|| self.$field.clone()), )*
                };
                (first.map(|(at, _)| at), settings)
            }
        }
    };
}
