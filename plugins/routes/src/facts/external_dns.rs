//! ExternalDNS: which annotations a controller reads, and which hosts it keeps.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::version::Version;

/// The prefix of annotations until ExternalDNS 0.21, with `--enable-legacy-annotation-prefix` beyond.
pub const ALPHA: &str = "external-dns.alpha.kubernetes.io/";
/// The prefix of annotations since ExternalDNS 0.22 (`source/annotations/annotations.go`).
pub const GA: &str = "external-dns.kubernetes.io/";

/// The first version with `--annotation-prefix`.
const FLAG: Version = Version::of(0, 20);
/// The first version whose default is [`GA`].
const GA_BY_DEFAULT: Version = Version::of(0, 22);
/// The first version with `--enable-legacy-annotation-prefix`.
const LEGACY_FLAG: Version = Version::of(0, 23);

/// Which annotation prefixes a controller reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prefixes {
    /// The prefixes, each with the `/` at its end; of several the first wins.
    pub reads: Vec<String>,
    /// Whether that is what the controller reads. Otherwise it reads one of them, or a custom one, and nothing says
    /// which.
    pub known: bool,
    /// The fact that decides, for messages.
    pub because: String,
}

/// An ExternalDNS controller. A field that is not given is at the controller's default, or not known.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the controller")]
pub struct ExternalDnsFact {
    /// The name of its workload.
    pub name: String,
    /// The namespace of its workload.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// Its version (`0.22.0`); not given where the image has a digest or a moving tag alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// `--annotation-prefix`: 0.20 and later.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub annotation_prefix: Option<String>,
    /// `--enable-legacy-annotation-prefix`: 0.23 and later.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub legacy_annotation_prefix: bool,
    /// `--policy`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy: Option<String>,
    /// `--provider`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provider: Option<String>,
    /// `--source`, each.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<String>,
    /// `--domain-filter`, each.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub domain_filters: Vec<String>,
    /// `--exclude-domains`, each.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub exclude_domains: Vec<String>,
    /// `--annotation-filter`: a selector over the literal annotation keys.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub annotation_filter: Option<String>,
    /// `--label-filter`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label_filter: Option<String>,
    /// `--ingress-class`, each.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ingress_classes: Vec<String>,
    /// `--namespace`: it reads this one alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub only_namespace: Option<String>,
    /// `--default-targets`, each.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub default_targets: Vec<String>,
    /// `--ignore-hostname-annotation`
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub ignore_hostname_annotation: bool,
    /// `--cloudflare-proxied`
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub cloudflare_proxied: bool,
    /// Whether there are arguments that cannot be read: `$(VARIABLE)`, a shell's, a ConfigMap or Secret that is not in
    /// the tree.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub unreadable_arguments: bool,
}

impl ExternalDnsFact {
    /// The annotation prefixes that the controller reads: by its version, and by the flags that its version has.
    pub fn prefixes(&self) -> Prefixes {
        let version = self.version.as_deref().and_then(Version::parse);
        let named = self.version.as_deref().unwrap_or_default();
        let at_least = |first| version.is_some_and(|version| version >= first);
        if version.is_some_and(|version| version < FLAG) {
            return Prefixes::known(
                [ALPHA],
                format!("ExternalDNS {named} reads this prefix alone"),
            );
        }
        // Before it has the flag, or when nothing says its version, a controller with the flag would not start.
        let legacy = self.legacy_annotation_prefix && (version.is_none() || at_least(LEGACY_FLAG));
        let configured = self.annotation_prefix.as_deref().filter(|prefix| !prefix.is_empty());
        let default =
            if at_least(GA_BY_DEFAULT) || legacy { Some(GA) } else { version.map(|_| ALPHA) };
        if configured.is_none() && (self.unreadable_arguments || default.is_none()) {
            let other = if default == Some(ALPHA) { [ALPHA, GA] } else { [GA, ALPHA] };
            let because = match (self.unreadable_arguments, default) {
                (true, Some(_)) => {
                    "it may have --annotation-prefix among the arguments that cannot be read"
                }
                (_, None) | (false, Some(_)) => "nothing says which version of ExternalDNS it is",
            };
            return Prefixes { known: false, ..Prefixes::known(other, because.to_owned()) };
        }
        let (first, because) = match (configured, default) {
            (Some(prefix), _) => (prefix, format!("it has --annotation-prefix={prefix}")),
            (None, Some(prefix)) if version.is_some() => {
                (prefix, format!("it is the default of ExternalDNS {named}"))
            }
            (None, _) => (GA, "it is the default where the legacy prefix is an option".to_owned()),
        };
        if legacy && first != ALPHA {
            let because = format!("{because}, and it has --enable-legacy-annotation-prefix");
            return Prefixes::known([first, ALPHA], because);
        }
        Prefixes::known([first], because)
    }
}

impl Prefixes {
    fn known<const N: usize>(reads: [&str; N], because: String) -> Self {
        Self { reads: reads.map(str::to_owned).to_vec(), known: true, because }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A controller by its version, its `--annotation-prefix`, and whether it has the legacy flag.
    fn controller(version: &str, prefix: Option<&str>, legacy: bool) -> ExternalDnsFact {
        ExternalDnsFact {
            version: Some(version.to_owned()).filter(|version| !version.is_empty()),
            annotation_prefix: prefix.map(str::to_owned),
            legacy_annotation_prefix: legacy,
            ..ExternalDnsFact::default()
        }
    }

    fn reads(fact: &ExternalDnsFact) -> (Vec<String>, bool) {
        let Prefixes { reads, known, because } = fact.prefixes();
        assert!(!because.is_empty());
        (reads, known)
    }

    fn only(prefix: &str) -> (Vec<String>, bool) {
        (vec![prefix.to_owned()], true)
    }

    fn both(known: bool) -> (Vec<String>, bool) {
        (vec![GA.to_owned(), ALPHA.to_owned()], known)
    }

    #[test]
    fn before_0_20_the_prefix_is_fixed_to_alpha() {
        for version in ["0.5.0", "v0.14.2", "0.19.0", "0.19"] {
            assert_eq!(reads(&controller(version, None, false)), only(ALPHA), "{version}");
        }
        assert_eq!(reads(&controller("0.19.0", Some("x.example/"), false)), only(ALPHA));
    }

    #[test]
    fn in_0_20_and_0_21_the_flag_decides_and_alpha_is_the_default() {
        for version in ["0.20.0", "0.21.0", "v0.21.3"] {
            assert_eq!(reads(&controller(version, None, false)), only(ALPHA), "{version}");
            assert_eq!(reads(&controller(version, Some(GA), false)), only(GA), "{version}");
            assert_eq!(reads(&controller(version, Some("x.example/"), false)), only("x.example/"));
        }
    }

    #[test]
    fn since_0_22_ga_is_the_default_and_there_is_no_fallback() {
        for version in ["0.22.0", "v0.22.1", "0.23.0", "1.0.0", "0.22.0-rc.1"] {
            assert_eq!(reads(&controller(version, None, false)), only(GA), "{version}");
            assert_eq!(reads(&controller(version, Some(ALPHA), false)), only(ALPHA), "{version}");
        }
        assert_eq!(reads(&controller("0.22.0", None, true)), only(GA), "0.22 has no legacy flag");
    }

    #[test]
    fn since_0_23_the_legacy_flag_reads_both_and_the_configured_prefix_wins() {
        assert_eq!(reads(&controller("0.23.0", None, true)), both(true));
        assert_eq!(
            reads(&controller("0.23.0", Some("x.example/"), true)),
            (vec!["x.example/".to_owned(), ALPHA.to_owned()], true)
        );
        assert_eq!(reads(&controller("0.23.0", Some(ALPHA), true)), only(ALPHA));
    }

    #[test]
    fn an_unknown_version_reads_one_of_both_unless_a_flag_tells() {
        for version in ["", "latest", "sha-1234567", "main"] {
            assert_eq!(reads(&controller(version, None, false)), both(false), "{version}");
        }
        assert_eq!(reads(&controller("", Some("x.example/"), false)), only("x.example/"));
        assert_eq!(reads(&controller("", None, true)), both(true), "the flag is as old as 0.23");
    }

    #[test]
    fn arguments_that_cannot_be_read_may_hold_the_prefix() {
        let hidden = |fact| ExternalDnsFact { unreadable_arguments: true, ..fact };
        assert_eq!(reads(&hidden(controller("0.22.0", None, false))), both(false));
        let alpha_first = (vec![ALPHA.to_owned(), GA.to_owned()], false);
        assert_eq!(reads(&hidden(controller("0.21.0", None, false))), alpha_first);
        assert_eq!(reads(&hidden(controller("0.19.0", None, false))), only(ALPHA));
        assert_eq!(reads(&hidden(controller("0.22.0", Some(ALPHA), false))), only(ALPHA));
    }

    #[test]
    fn the_fact_that_decides_is_named() {
        let because = |fact: ExternalDnsFact| fact.prefixes().because;
        assert_eq!(
            because(controller("0.22.0", None, false)),
            "it is the default of ExternalDNS 0.22.0"
        );
        assert_eq!(
            because(controller("0.23.1", Some("x.example/"), true)),
            "it has --annotation-prefix=x.example/, and it has --enable-legacy-annotation-prefix"
        );
        assert_eq!(
            because(controller("", None, false)),
            "nothing says which version of ExternalDNS it is"
        );
    }
}
