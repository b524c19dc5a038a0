//! ExternalDNS: kingpin's flags, each of which a variable `EXTERNAL_DNS_<FLAG>` stands in for when it is not given
//! (0.22, `pkg/apis/externaldns/types.go`).

use super::flags::{Flags, Setting, truth};
use super::workload::Controller;
use crate::facts::ExternalDnsFact;

/// The flags that take a value.
const VALUED: &[&str] = &[
    "annotation-prefix",
    "policy",
    "provider",
    "source",
    "domain-filter",
    "exclude-domains",
    "annotation-filter",
    "label-filter",
    "ingress-class",
    "namespace",
    "default-targets",
];

pub(super) fn fact(controller: &Controller<'_>) -> ExternalDnsFact {
    let flags = Flags::read(&controller.arguments, VALUED);
    let mut reader = Reader { controller, unreadable: flags.unreadable, flags };
    ExternalDnsFact {
        name: controller.name.clone(),
        namespace: controller.namespace.clone(),
        version: controller.version.clone(),
        annotation_prefix: reader.text("annotation-prefix"),
        legacy_annotation_prefix: reader.truth("enable-legacy-annotation-prefix"),
        policy: reader.text("policy"),
        provider: reader.text("provider"),
        sources: reader.texts("source"),
        domain_filters: reader.texts("domain-filter"),
        exclude_domains: reader.texts("exclude-domains"),
        annotation_filter: reader.text("annotation-filter"),
        label_filter: reader.text("label-filter"),
        ingress_classes: reader.texts("ingress-class"),
        only_namespace: reader.text("namespace"),
        default_targets: reader.texts("default-targets"),
        ignore_hostname_annotation: reader.truth("ignore-hostname-annotation"),
        cloudflare_proxied: reader.truth("cloudflare-proxied"),
        unreadable_arguments: reader.unreadable,
    }
}

struct Reader<'a, 't> {
    controller: &'a Controller<'t>,
    flags: Flags,
    unreadable: bool,
}

impl Reader<'_, '_> {
    /// Every value of a flag; one that is hidden is left out, and noted.
    fn texts(&mut self, name: &str) -> Vec<String> {
        let given: Vec<Setting> = self.flags.all(name).cloned().collect();
        if given.is_empty() {
            // One value a line (kingpin, `Flag.init`).
            let variable = self.variable(name).unwrap_or_default();
            return variable.lines().filter(|line| !line.is_empty()).map(str::to_owned).collect();
        }
        let mut texts = Vec::new();
        for setting in given {
            match setting {
                Setting::Text(text) if text.is_empty() => {}
                Setting::Text(text) => texts.push(text),
                Setting::Bare => {}
                Setting::Hidden => self.unreadable = true,
            }
        }
        texts
    }

    /// The value of a flag that is given once.
    fn text(&mut self, name: &str) -> Option<String> {
        self.texts(name).pop()
    }

    /// Whether a flag is on: `--x`, and `--no-x` turns it off.
    fn truth(&mut self, name: &str) -> bool {
        let off = format!("no-{name}");
        let mut on = None;
        for (flag, setting) in self.flags.iter() {
            if flag == name {
                on = Some(match setting {
                    Setting::Text(text) => truth(text),
                    Setting::Bare => true,
                    Setting::Hidden => {
                        self.unreadable = true;
                        false
                    }
                });
            } else if flag == off {
                on = Some(false);
            }
        }
        on.unwrap_or_else(|| self.variable(name).is_some_and(|text| truth(&text)))
    }

    fn variable(&mut self, flag: &str) -> Option<String> {
        let name = format!("EXTERNAL_DNS_{}", flag.to_ascii_uppercase().replace('-', "_"));
        let word = self.controller.arguments.variable(&name)?;
        self.unreadable |= word.hidden;
        (!word.hidden && !word.text.is_empty()).then_some(word.text)
    }
}
