//! Texts that cert-manager reads: checked when a config is read, and on annotations, by one and the same function.

mod csv;
mod duration;
mod email;
mod label;

use std::borrow::Cow;
use std::fmt;
use std::net::IpAddr;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserialize, Deserializer, Error};

pub(crate) use csv::{join as join_csv, split as split_csv};
pub use duration::Duration;
pub(crate) use label::{key as label_key, value as label_value};

/// A text type that is checked when it is read.
macro_rules! checked {
    ($(#[$meta:meta])* $Name:ident, $check:path) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct $Name(String);

        impl $Name {
            /// Reads it; an error says what it is not.
            pub fn new(text: &str) -> Result<Self, String> {
                $check(text)?;
                Ok(Self(text.to_owned()))
            }

            /// As it was written.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $Name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $Name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Self::new(&String::deserialize(deserializer)?).map_err(D::Error::custom)
            }
        }

        impl JsonSchema for $Name {
            fn schema_name() -> Cow<'static, str> {
                stringify!($Name).into()
            }

            fn inline_schema() -> bool {
                true
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({"type": "string"})
            }
        }
    };
}

checked!(
    /// The name of a Kubernetes object: a DNS subdomain (RFC 1123).
    Name,
    name
);
checked!(
    /// A common name, of at most 64 bytes (RFC 5280, ub-common-name).
    CommonName,
    common_name
);
checked!(
    /// A key usage or an extended key usage, by cert-manager's name.
    Usage,
    usage
);
checked!(
    /// An IP address.
    Ip,
    ip
);
checked!(
    /// An email address, nothing but the address itself.
    Email,
    email::check
);
checked!(
    /// A URI, with its scheme.
    Uri,
    uri
);

fn name(text: &str) -> Result<(), String> {
    let inner = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let label = |label: &str| {
        let bytes = label.as_bytes();
        bytes.first().copied().is_some_and(inner)
            && bytes.last().copied().is_some_and(inner)
            && bytes.iter().all(|byte| inner(*byte) || *byte == b'-')
    };
    if text.len() <= 253 && text.split('.').all(label) {
        Ok(())
    } else {
        Err("no name of an object: expected lower case letters, digits, `-` and `.`".to_owned())
    }
}

fn common_name(text: &str) -> Result<(), String> {
    if text.len() <= 64 {
        Ok(())
    } else {
        Err(format!("{} bytes, and a common name has at most 64", text.len()))
    }
}

/// `pkg/api/util/usages.go`
const USAGES: [&str; 23] = [
    "signing",
    "digital signature",
    "content commitment",
    "key encipherment",
    "key agreement",
    "data encipherment",
    "cert sign",
    "crl sign",
    "encipher only",
    "decipher only",
    "any",
    "server auth",
    "client auth",
    "code signing",
    "email protection",
    "s/mime",
    "ipsec end system",
    "ipsec tunnel",
    "ipsec user",
    "timestamping",
    "ocsp signing",
    "microsoft sgc",
    "netscape sgc",
];

fn usage(text: &str) -> Result<(), String> {
    if USAGES.contains(&text) {
        return Ok(());
    }
    let near = krm::nearest(text, USAGES)
        .map_or_else(String::new, |near| format!(", did you mean `{near}`?"));
    Err(format!("no key usage{near}"))
}

fn ip(text: &str) -> Result<(), String> {
    let address: Result<IpAddr, _> = text.parse();
    address.map(drop).map_err(|_| "no IP address".to_owned())
}

fn uri(text: &str) -> Result<(), String> {
    let scheme = text.split_once(':').map(|(scheme, rest)| (scheme.as_bytes(), rest));
    let good = scheme.is_some_and(|(scheme, rest)| {
        scheme.first().is_some_and(u8::is_ascii_alphabetic)
            && scheme.iter().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(byte))
            && !rest.is_empty()
            && !rest.contains(|c: char| c.is_whitespace() || c.is_control() || c == ',')
    });
    if good { Ok(()) } else { Err("no URI: expected a scheme, `:` and what it names".to_owned()) }
}

/// A private key's size, as `strconv.Atoi` reads it.
pub(crate) fn integer(text: &str) -> Result<i64, String> {
    text.parse().map_err(|_| "no whole number".to_owned())
}

/// `strconv.ParseBool`; `None` for what is neither.
pub(crate) fn boolean(text: &str) -> Option<bool> {
    match text {
        "1" | "t" | "T" | "TRUE" | "true" | "True" => Some(true),
        "0" | "f" | "F" | "FALSE" | "false" | "False" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_a_dns_subdomain() {
        for good in ["letsencrypt", "le-prod.v2", "0"] {
            assert!(Name::new(good).is_ok(), "{good}");
        }
        for wrong in ["", "Le", "-a", "a-", "a..b", "a_b", "ä", &"a".repeat(254)] {
            assert!(Name::new(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_common_name_has_at_most_64_bytes() {
        assert!(CommonName::new(&"a".repeat(64)).is_ok());
        assert_eq!(
            CommonName::new(&"ä".repeat(33)).unwrap_err(),
            "66 bytes, and a common name has at most 64"
        );
    }

    #[test]
    fn usages_are_those_of_cert_manager() {
        assert!(USAGES.iter().all(|usage| Usage::new(usage).is_ok()));
        assert_eq!(
            Usage::new("server-auth").unwrap_err(),
            "no key usage, did you mean `server auth`?"
        );
        assert!(Usage::new("Server Auth").is_err() && Usage::new("").is_err());
    }

    #[test]
    fn addresses_and_uris_are_read_as_go_reads_them() {
        assert!(Ip::new("10.0.0.1").is_ok() && Ip::new("2001:db8::1").is_ok());
        for wrong in ["", " 10.0.0.1", "10.0.0", "010.0.0.1", "fe80::1%eth0", "10.0.0.1/8"] {
            assert!(Ip::new(wrong).is_err(), "{wrong}");
        }
        assert!(
            Uri::new("spiffe://cluster.local/ns/a/sa/b").is_ok() && Uri::new("urn:a:b").is_ok()
        );
        for wrong in ["", "a", "/a", ":a", "1a:b", "a:", "a:b c", "a:b,c"] {
            assert!(Uri::new(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn truth_values_are_those_of_go() {
        assert_eq!(boolean("T"), Some(true));
        assert_eq!(boolean("0"), Some(false));
        for neither in ["yes", "tRUE", "", " true"] {
            assert_eq!(boolean(neither), None, "{neither}");
        }
    }
}
