//! What the settings say for an object, and which field of the config says it.

use routes::DnsKeys;

use super::Object;
use crate::config::Records;
use crate::keys::{
    ACCESS, CONTROLLER, DNS_CONTROLLER, PROXIED, RECORD_COMMENT, SET_IDENTIFIER, TARGET, TTL,
};
use crate::{ProviderKeys, Targets};

/// A setting that is due: the key, its value, and the field of the config that holds it.
pub(super) type Due = (String, String, &'static str);

impl Object<'_, '_> {
    /// What the settings say for what the slot takes.
    pub(super) fn due(&self) -> Vec<Due> {
        let settings = self.settings;
        let mut due: Vec<Due> = Vec::new();
        let mut add = |key: &str, value: Option<String>, field| {
            due.extend(value.map(|value| (key.to_owned(), value, field)));
        };
        let takes_target = match self.slot.keys {
            DnsKeys::All => true,
            DnsKeys::Record => false,
            DnsKeys::Target => {
                add(TARGET, settings.target.as_ref().map(Targets::text), "target");
                return due;
            }
            DnsKeys::Access => {
                add(ACCESS, settings.access.map(|access| access.word().to_owned()), "access");
                return due;
            }
            DnsKeys::Written => return due,
        };
        let controller = settings.controller.as_ref().map(|word| word.as_str().to_owned());
        let other = controller.as_ref().is_some_and(|value| value != DNS_CONTROLLER);
        add(CONTROLLER, controller, "controller");
        if other {
            // ExternalDNS passes the object over: nothing else would be read.
            return due;
        }
        if takes_target {
            add(TARGET, settings.target.as_ref().map(Targets::text), "target");
        }
        for (key, value, field) in record_keys(settings) {
            add(key, Some(value), field);
        }
        due
    }

    /// Which field of the config decides.
    pub(crate) fn why(&self, field: &'static str) -> String {
        let place = match self.rule {
            Some(at) if sets(&self.shared.spec.rules[at].set, field) => {
                format!("spec.rules[{at}].set.{field}")
            }
            _ => format!("spec.{field}"),
        };
        format!("{place} of {}", self.shared.config)
    }
}

/// The keys of a record, beside its target, that the settings give.
pub(crate) fn record_keys(settings: &Records) -> Vec<(&str, String, &'static str)> {
    let mut keys: Vec<(&str, String, &'static str)> = Vec::new();
    keys.extend(settings.ttl.as_ref().map(|ttl| (TTL, ttl.text().to_owned(), "ttl")));
    keys.extend(settings.proxied.map(|proxied| (PROXIED, proxied.to_string(), "proxied")));
    let comment = settings.record_comment.as_ref();
    keys.extend(comment.map(|text| (RECORD_COMMENT, text.as_str().to_owned(), "recordComment")));
    let identifier = settings.set_identifier.as_ref();
    keys.extend(identifier.map(|word| (SET_IDENTIFIER, word.as_str().to_owned(), "setIdentifier")));
    for (key, value) in settings.provider_keys.iter().flat_map(ProviderKeys::iter) {
        keys.push((key, value.to_owned(), "providerKeys"));
    }
    keys
}

/// Whether a rule sets a field.
fn sets(rule: &Records, field: &str) -> bool {
    match field {
        "target" => rule.target.is_some(),
        "ttl" => rule.ttl.is_some(),
        "proxied" => rule.proxied.is_some(),
        "access" => rule.access.is_some(),
        "controller" => rule.controller.is_some(),
        "setIdentifier" => rule.set_identifier.is_some(),
        "recordComment" => rule.record_comment.is_some(),
        "providerKeys" => rule.provider_keys.is_some(),
        "mode" => rule.mode.is_some(),
        _ => false,
    }
}
