//! `mode: endpoint`: a DNSEndpoint with the records of one object (`apis/v1alpha1`, `endpoint/endpoint.go`).

use std::collections::BTreeMap;

use krm::{Finding, Resource};
use routes::select::Subject;
use routes::{DnsKeys, Route, added};
use serde_json::{Map, Value, json};

use crate::keys::{SET_IDENTIFIER, TARGET, TTL, is_for_provider};
use crate::plan::{Object, Seen, record_keys};
use crate::target::Targets;
use crate::ttl::{self, Read};

/// A DNSEndpoint to add.
#[derive(Debug)]
pub(crate) struct Endpoint {
    pub(crate) name: String,
    pub(crate) hosts: Vec<String>,
    pub(crate) targets: Targets,
    pub(crate) set_identifier: Option<String>,
    pub(crate) labels: BTreeMap<String, String>,
    pub(crate) manifest: Value,
    pub(crate) why: String,
}

/// The hosts that get a record: those that the object serves, which may be others than ExternalDNS finds in it, and those
/// of hostname annotations.
pub(crate) fn hosts(route: &Route, seen: &[Seen], subject: &Subject<'_>) -> Vec<String> {
    let read_by_parser = route.rules.iter().any(|rule| rule.parsed.is_some());
    let below_gateway = seen.iter().any(|one| one.slot.keys == DnsKeys::Record);
    let mut hosts: Vec<String> = Vec::new();
    let mut add = |host: &str| {
        if !hosts.iter().any(|known| known == host) {
            hosts.push(host.to_owned());
        }
    };
    if read_by_parser {
        // A child of a multi-layer IngressRoute serves hosts of its parent, which publishes them.
        route.own_hosts().into_iter().for_each(&mut add);
    } else if below_gateway {
        subject.hosts.iter().copied().for_each(&mut add);
    }
    for one in seen {
        if !read_by_parser {
            one.hosts.fields.iter().for_each(|host| add(host));
        }
        one.hosts.annotated.iter().for_each(|host| add(host));
    }
    hosts
}

/// The DNSEndpoint of an object; an error where nothing says what its records point to.
pub(crate) fn of(
    object: &Object<'_, '_>,
    seen: &[Seen],
    hosts: Vec<String>,
) -> Result<Option<Endpoint>, Box<Finding>> {
    let value = |key: &str| seen.iter().find_map(|one| one.value(key));
    let settings = object.settings;
    let on = |finding: Finding| Box::new(finding.on(object.route.id.clone()));
    let targets = match value(TARGET) {
        Some(text) => Targets::parse(text).map_err(|wrong| {
            on(object.author.field(
                &seen[0].view,
                TARGET,
                Finding::error("bad-target", wrong.to_string()),
            ))
        })?,
        None => settings.target.clone().ok_or_else(|| {
            on(Finding::error(
                "endpoint-without-target",
                "a DNSEndpoint is due, and nothing says what it points to",
            )
            .hint("set `target` in the config, or in the rule that is for this object"))
        })?,
    };
    // The author's keys first, then the settings for those that do not stand.
    let mut keys: BTreeMap<String, String> = BTreeMap::new();
    for (key, value) in seen.iter().flat_map(|one| &one.values) {
        keys.entry(key.clone()).or_insert_with(|| value.clone());
    }
    for (key, value, _) in record_keys(settings) {
        keys.entry(key.to_owned()).or_insert(value);
    }
    let seconds = match (value(TTL), &settings.ttl) {
        (Some(text), _) => match ttl::read(text) {
            Read::Seconds(seconds, _) => Some(seconds),
            Read::Default => None,
        },
        (None, own) => own.as_ref().map(crate::Ttl::seconds),
    };
    let set_identifier = keys.get(SET_IDENTIFIER).cloned();
    let mut prefixes: Vec<&String> = Vec::new();
    for prefix in seen.iter().flat_map(|one| &one.view.writes) {
        if !prefixes.contains(&prefix) {
            prefixes.push(prefix);
        }
    }
    let provider = provider_specific(&keys, &prefixes);
    let mut records = Vec::new();
    for host in &hosts {
        for of in targets.types() {
            let mut record =
                json!({"dnsName": host, "recordType": of.word(), "targets": targets.by_type(of)});
            if let Some(seconds) = seconds {
                record["recordTTL"] = json!(seconds);
            }
            if let Some(identifier) = &set_identifier {
                record["setIdentifier"] = json!(identifier);
            }
            if !provider.is_empty() {
                record["providerSpecific"] = json!(provider);
            }
            records.push(record);
        }
    }
    let (item, labels) = (object.item, settings.labels.clone().unwrap_or_default());
    let name = name(object.shared.config.name.as_str(), item);
    let manifest = manifest(item, &name, &labels, &records);
    let why = object.why("mode");
    Ok(Some(Endpoint { name, hosts, targets, set_identifier, labels, manifest, why }))
}

/// The config's name, then which object it is for.
fn name(config: &str, item: &Resource) -> String {
    let kind = item.kind().to_ascii_lowercase();
    let of = match item.namespace() {
        Some(namespace) => format!("{kind}-{namespace}-{}", item.name()),
        None => format!("{kind}-{}", item.name()),
    };
    added::name(config, &of)
}

fn manifest(
    item: &Resource,
    name: &str,
    labels: &BTreeMap<String, String>,
    records: &[Value],
) -> Value {
    let mut fields = Map::new();
    fields.insert("spec".to_owned(), json!({"endpoints": records}));
    let kind = ("externaldns.k8s.io/v1alpha1", "DNSEndpoint");
    let mut manifest = added::object(kind, item.namespace(), name, &[item], fields);
    if !labels.is_empty() {
        manifest["metadata"]["labels"] = json!(labels);
    }
    manifest
}

/// Properties by the names that providers know: `aws/weight`; Cloudflare's are whole annotation keys, under each prefix
/// that may be read (`source/annotations/provider_specific.go`).
fn provider_specific(keys: &BTreeMap<String, String>, prefixes: &[&String]) -> Vec<Value> {
    let mut properties = Vec::new();
    for (key, value) in keys.iter().filter(|(key, _)| is_for_provider(key)) {
        if key.starts_with("cloudflare-") {
            properties.extend(
                prefixes
                    .iter()
                    .map(|prefix| json!({"name": format!("{prefix}{key}"), "value": value})),
            );
        } else {
            let name = ["aws", "scw", "webhook", "coredns", "azure"].iter().find_map(|provider| {
                let attribute = key.strip_prefix(provider)?.strip_prefix('-')?;
                Some(format!("{provider}/{attribute}"))
            });
            properties.push(json!({"name": name.as_ref().unwrap_or(key), "value": value}));
        }
    }
    properties
}
