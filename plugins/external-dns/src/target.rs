//! Targets of records: a comma list, as ExternalDNS reads it.

use std::borrow::Cow;
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserialize, Deserializer, Error, SeqAccess, Visitor};

/// The type of a record that a target makes (`endpoint/utils.go`, `SuitableType`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum RecordType {
    A,
    Aaaa,
    Cname,
}

impl RecordType {
    /// As it is written in a DNSEndpoint.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::A => "A",
            Self::Aaaa => "AAAA",
            Self::Cname => "CNAME",
        }
    }
}

/// What records point to: addresses, or one name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Targets(Vec<String>);

/// What is wrong with a list of targets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Wrong {
    /// Nothing stands there.
    Empty,
    /// It is neither an address nor a name.
    NoTarget(String),
    /// A name stands beside addresses: a CNAME is the only record of its name (RFC 1034 §3.6.2).
    Mixed,
    /// Two names: a record has one CNAME (as above).
    TwoNames,
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("no target: expected addresses or a name"),
            Self::NoTarget(text) => {
                write!(
                    f,
                    "`{text}` is no target: expected an address or a name like `k8s.example.org`"
                )
            }
            Self::Mixed => {
                f.write_str("a name beside addresses: a host with a CNAME has no other record")
            }
            Self::TwoNames => f.write_str("two names: a host has one CNAME"),
        }
    }
}

impl Targets {
    /// Reads what stands in an annotation: blanks do not count, nor does the dot at the end of a name
    /// (`source/annotations/processors.go`).
    pub(crate) fn parse(text: &str) -> Result<Self, Wrong> {
        Self::of(text.split(',').map(|target| target.replace(' ', "")))
    }

    fn of(targets: impl Iterator<Item = String>) -> Result<Self, Wrong> {
        let mut read: Vec<String> = Vec::new();
        for target in targets {
            let target = target.strip_suffix('.').unwrap_or(&target).to_owned();
            if target.is_empty() {
                return Err(Wrong::Empty);
            }
            if target.parse::<IpAddr>().is_err() && !is_name(&target) {
                return Err(Wrong::NoTarget(target));
            }
            if !read.contains(&target) {
                read.push(target);
            }
        }
        let names = read.iter().filter(|target| record_type(target) == RecordType::Cname).count();
        match names {
            0 if read.is_empty() => Err(Wrong::Empty),
            0 => Ok(Self(read)),
            names if names < read.len() => Err(Wrong::Mixed),
            1 => Ok(Self(read)),
            _ => Err(Wrong::TwoNames),
        }
    }

    /// As an annotation holds them.
    pub(crate) fn text(&self) -> String {
        self.0.join(",")
    }

    /// The targets of one type, in their order.
    pub(crate) fn by_type(&self, of: RecordType) -> Vec<&str> {
        self.0.iter().map(String::as_str).filter(|target| record_type(target) == of).collect()
    }

    /// The types of the records, each once.
    pub(crate) fn types(&self) -> Vec<RecordType> {
        let all = [RecordType::A, RecordType::Aaaa, RecordType::Cname];
        all.into_iter().filter(|of| !self.by_type(*of).is_empty()).collect()
    }

    /// The same targets in another order are the same records.
    pub(crate) fn sorted(&self) -> Vec<String> {
        let mut sorted: Vec<_> = self.0.iter().map(|target| target.to_ascii_lowercase()).collect();
        sorted.sort_unstable();
        sorted
    }

    /// The first address that no proxy on the internet reaches.
    pub(crate) fn private(&self) -> Option<&str> {
        let private = |target: &&String| target.parse().is_ok_and(is_private);
        self.0.iter().find(private).map(String::as_str)
    }
}

fn record_type(target: &str) -> RecordType {
    match target.parse() {
        Ok(IpAddr::V4(_)) => RecordType::A,
        Ok(IpAddr::V6(_)) => RecordType::Aaaa,
        Err(_) => RecordType::Cname,
    }
}

/// Private, shared (RFC 6598), local and loopback addresses: Cloudflare refuses to proxy to them (error 9003).
fn is_private(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => is_private_v4(v4),
        IpAddr::V6(v6) => v6.to_ipv4_mapped().map_or_else(|| is_private_v6(v6), is_private_v4),
    }
}

fn is_private_v4(v4: Ipv4Addr) -> bool {
    let shared = v4.octets()[0] == 100 && v4.octets()[1] & 0xc0 == 64;
    v4.is_private() || v4.is_loopback() || v4.is_link_local() || v4.is_unspecified() || shared
}

fn is_private_v6(v6: Ipv6Addr) -> bool {
    v6.is_loopback() || v6.is_unspecified() || v6.is_unique_local() || v6.is_unicast_link_local()
}

/// A name of DNS (RFC 1035 §2.3.4): labels of at most 63 characters, 253 in all; `_` stands in names of services. What
/// reads as a number with dots is a broken address.
pub(crate) fn is_name(text: &str) -> bool {
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
    };
    let last = text.rsplit('.').next().unwrap_or_default();
    text.len() <= 253
        && text.split('.').all(label)
        && !last.bytes().all(|byte| byte.is_ascii_digit())
}

impl<'de> Deserialize<'de> for Targets {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TextOrList)
    }
}

struct TextOrList;

impl<'de> Visitor<'de> for TextOrList {
    type Value = Targets;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string, or a list of strings")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Targets, E> {
        Targets::parse(text).map_err(E::custom)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Targets, A::Error> {
        let mut targets: Vec<String> = Vec::new();
        while let Some(target) = list.next_element()? {
            targets.push(target);
        }
        Targets::of(targets.into_iter()).map_err(A::Error::custom)
    }
}

impl JsonSchema for Targets {
    fn schema_name() -> Cow<'static, str> {
        "Targets".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": ["string", "array"], "items": {"type": "string"}})
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_list_of_addresses_or_one_name_is_read_as_external_dns_reads_it() {
        let read = |text| Targets::parse(text).unwrap().text();
        assert_eq!(read("k8s.example.org."), "k8s.example.org");
        assert_eq!(read("192.0.2.1, 2001:db8::1,192.0.2.1"), "192.0.2.1,2001:db8::1");
        assert_eq!(
            Targets::parse("192.0.2.1,2001:db8::1").unwrap().types(),
            [RecordType::A, RecordType::Aaaa]
        );
        let list: Targets = serde_json::from_value(json!(["192.0.2.1", "192.0.2.2"])).unwrap();
        assert_eq!(list.text(), "192.0.2.1,192.0.2.2");
    }

    #[test]
    fn what_makes_no_record_is_refused() {
        let wrong = |text| Targets::parse(text).unwrap_err().to_string();
        insta::assert_snapshot!(wrong(""), @"no target: expected addresses or a name");
        insta::assert_snapshot!(wrong("a.example,"), @"no target: expected addresses or a name");
        insta::assert_snapshot!(wrong("a.example,192.0.2.1"), @"a name beside addresses: a host with a CNAME has no other record");
        insta::assert_snapshot!(wrong("a.example,b.example"), @"two names: a host has one CNAME");
        for text in
            ["https://a.example", "a.example:443", "10.0.0.300", "*.a.example", "a..b", "-a.b"]
        {
            assert!(matches!(Targets::parse(text), Err(Wrong::NoTarget(_))), "{text}");
        }
    }

    #[test]
    fn private_addresses_are_told_from_public_ones() {
        for private in [
            "10.0.0.1",
            "192.168.1.1",
            "172.16.0.1",
            "100.64.0.1",
            "fd00::1",
            "fe80::1",
            "::ffff:10.0.0.1",
        ] {
            assert_eq!(Targets::parse(private).unwrap().private(), Some(private));
        }
        for public in ["192.0.2.1", "100.128.0.1", "172.32.0.1", "2001:db8::1", "k8s.example.org"] {
            assert_eq!(Targets::parse(public).unwrap().private(), None, "{public}");
        }
    }
}
