//! What a certificate is to be: the options of a config, or what an author's annotations say.

mod annotations;
mod check;
mod spec;

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;

use crate::value::{CommonName, Duration, Email, Ip, Uri, Usage};

pub(crate) use check::Wrong;

/// What a certificate is to be, in the words of a Certificate's `spec`. What is not given is up to cert-manager.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub struct Request {
    /// How long it is valid, as a Go duration of at least `1h`; cert-manager's default is `2160h`. An ACME issuer is not
    /// asked for it unless it sets `enableDurationFeature`, and Let's Encrypt then refuses the order.
    pub duration: Option<Duration>,
    /// How long before its end it is renewed, as a Go duration of at least `5m`, shorter than `duration`.
    pub renew_before: Option<Duration>,
    /// The same, as the part of `duration` in percent that is left then.
    pub renew_before_percentage: Option<i32>,
    /// Its private key.
    pub private_key: Option<PrivateKey>,
    /// Key usages and extended key usages, by cert-manager's names (`server auth`).
    pub usages: Vec<Usage>,
    /// How many `CertificateRequest`s are kept, at least 1.
    pub revision_history_limit: Option<i32>,
    /// The common name, at most 64 bytes.
    pub common_name: Option<CommonName>,
    /// The rest of the subject.
    pub subject: Option<Subject>,
    /// IP addresses that it is also for.
    pub ip_addresses: Vec<Ip>,
    /// URIs that it is also for. cert-manager reads no annotation for them on an Ingress or a Gateway.
    pub uris: Vec<Uri>,
    /// Email addresses that it is also for.
    pub email_addresses: Vec<Email>,
    /// Labels and annotations of the Secret.
    pub secret_template: Option<SecretTemplate>,
}

/// The private key of a certificate.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub struct PrivateKey {
    /// Its algorithm; cert-manager's default is RSA.
    pub algorithm: Option<Algorithm>,
    /// Its size in bits: 2048 to 8192 for RSA, 256, 384 or 521 for ECDSA; of no effect for Ed25519.
    pub size: Option<i64>,
    /// How it is encoded; cert-manager's default is PKCS1.
    pub encoding: Option<Encoding>,
    /// Whether each renewal makes a new key; cert-manager's default is Always since v1.18.
    pub rotation_policy: Option<RotationPolicy>,
}

/// A set of words that a config and an annotation share.
macro_rules! words {
    ($(#[$meta:meta])* $Name:ident { $($(#[$word_meta:meta])* $word:ident = $text:literal),* $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
        pub enum $Name { $($(#[$word_meta])* #[serde(rename = $text)] $word,)* }

        impl $Name {
            /// The word of cert-manager.
            pub fn word(self) -> &'static str {
                match self { $(Self::$word => $text,)* }
            }

            /// Reads the word; letters count as they are.
            pub fn new(text: &str) -> Result<Self, String> {
                match text {
                    $($text => Ok(Self::$word),)*
                    _ => Err(format!("expected one of {}", [$($text),*].map(|word| format!("`{word}`")).join(", "))),
                }
            }
        }
    };
}

words!(
    /// The algorithm of a private key.
    Algorithm {
        /// RSA
        Rsa = "RSA",
        /// ECDSA
        Ecdsa = "ECDSA",
        /// Ed25519
        Ed25519 = "Ed25519",
    }
);
words!(
    /// The encoding of a private key.
    Encoding {
        /// PKCS#1
        Pkcs1 = "PKCS1",
        /// PKCS#8
        Pkcs8 = "PKCS8",
    }
);
words!(
    /// Whether a renewal makes a new private key.
    RotationPolicy {
        /// The key stays.
        Never = "Never",
        /// Each renewal makes a new one.
        Always = "Always",
    }
);

/// The subject of a certificate, without its common name.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub struct Subject {
    /// Organizations.
    pub organizations: Vec<String>,
    /// Countries.
    pub countries: Vec<String>,
    /// Organizational units.
    pub organizational_units: Vec<String>,
    /// Cities.
    pub localities: Vec<String>,
    /// States or provinces.
    pub provinces: Vec<String>,
    /// Street addresses.
    pub street_addresses: Vec<String>,
    /// Postal codes.
    pub postal_codes: Vec<String>,
    /// The serial number.
    pub serial_number: Option<String>,
}

/// Labels and annotations of the Secret that holds a certificate.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub struct SecretTemplate {
    /// Annotations; none of `cert-manager.io/`.
    pub annotations: BTreeMap<String, String>,
    /// Labels.
    pub labels: BTreeMap<String, String>,
}

impl Request {
    /// This request with what `other` says where this one says nothing. What hangs together stays together: who gives
    /// one of duration, renewal and percentage decides on all three, and so it is with a key's algorithm and size.
    pub(crate) fn or(&self, other: &Self) -> Self {
        let lifetime = if self.gives_lifetime() { self } else { other };
        let own = self.private_key.clone().unwrap_or_default();
        let others = other.private_key.clone().unwrap_or_default();
        let kind = if own.algorithm.is_some() || own.size.is_some() { &own } else { &others };
        let private_key = PrivateKey {
            algorithm: kind.algorithm,
            size: kind.size,
            encoding: own.encoding.or(others.encoding),
            rotation_policy: own.rotation_policy.or(others.rotation_policy),
        };
        Self {
            duration: lifetime.duration.clone(),
            renew_before: lifetime.renew_before.clone(),
            renew_before_percentage: lifetime.renew_before_percentage,
            private_key: Some(private_key).filter(|key| *key != PrivateKey::default()),
            usages: first(&self.usages, &other.usages),
            revision_history_limit: self.revision_history_limit.or(other.revision_history_limit),
            common_name: self.common_name.clone().or_else(|| other.common_name.clone()),
            subject: self.subject.clone().or_else(|| other.subject.clone()),
            ip_addresses: first(&self.ip_addresses, &other.ip_addresses),
            uris: first(&self.uris, &other.uris),
            email_addresses: first(&self.email_addresses, &other.email_addresses),
            secret_template: self.secret_template.clone().or_else(|| other.secret_template.clone()),
        }
    }

    /// Whether it says how long a certificate lives or when it is renewed.
    pub(crate) fn gives_lifetime(&self) -> bool {
        self.duration.is_some()
            || self.renew_before.is_some()
            || self.renew_before_percentage.is_some()
    }
}

fn first<T: Clone>(own: &[T], other: &[T]) -> Vec<T> {
    if own.is_empty() { other.to_vec() } else { own.to_vec() }
}

impl SecretTemplate {
    /// The template as the JSON of cert-manager.
    pub(crate) fn json(&self) -> Value {
        let mut json = serde_json::Map::new();
        for (name, map) in [("annotations", &self.annotations), ("labels", &self.labels)] {
            if !map.is_empty() {
                json.insert(name.to_owned(), serde_json::json!(map));
            }
        }
        Value::Object(json)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn request(json: Value) -> Request {
        serde_json::from_value(json).unwrap()
    }

    #[test]
    fn what_hangs_together_is_decided_by_one() {
        let author = request(json!({"renewBefore": "720h", "privateKey": {"algorithm": "ECDSA"}}));
        let config = request(json!({
            "duration": "24h", "privateKey": {"size": 4096, "rotationPolicy": "Always"}, "usages": ["server auth"],
        }));
        let both = author.or(&config);
        assert_eq!(both.duration, None, "the author's renewal would not fit into it");
        let key = both.private_key.unwrap();
        assert_eq!((key.algorithm, key.size), (Some(Algorithm::Ecdsa), None));
        assert_eq!(key.rotation_policy, Some(RotationPolicy::Always));
        assert_eq!(both.usages, [Usage::new("server auth").unwrap()]);
        assert_eq!(Request::default().or(&config), config);
    }
}
