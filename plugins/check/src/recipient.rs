//! Who can open a file, named alike whether `.sops.yaml` or a file's metadata says it.

use std::fmt;

use yaml::Node;

use crate::node::{entries, get_str, is_map, items, text};

/// One recipient of the data key.
#[derive(Debug, Clone, Eq)]
pub(crate) struct Recipient {
    /// The name of its list in a file's metadata: `age`, `pgp`, `kms` ...
    service: &'static str,
    /// The part that names the key; roles, contexts, profiles and versions are left out.
    key: String,
}

impl PartialEq for Recipient {
    /// Of PGP fingerprints one may be the long key id of the other.
    fn eq(&self, other: &Self) -> bool {
        let (mine, theirs) = (self.key.as_str(), other.key.as_str());
        let long_id = |long: &str, short: &str| short.len() >= 16 && long.ends_with(short);
        self.service == other.service
            && (mine == theirs
                || self.service == "pgp" && (long_id(mine, theirs) || long_id(theirs, mine)))
    }
}

impl fmt::Display for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.service, self.key)
    }
}

impl Recipient {
    fn new(service: &'static str, key: &str) -> Self {
        let key = match service {
            "pgp" => key.replace(' ', "").to_uppercase(),
            // `arn+role` (sops 3.13.3, `kms/keysource.go`)
            "kms" => key.replace(' ', "").split("+arn:").next().unwrap_or_default().to_owned(),
            // `https://VAULT/keys/NAME/VERSION`: a file records the version that was current when it was written.
            "azure_kv" => match key.split_once("/keys/") {
                Some((vault, name)) => azure(vault, name.split('/').next().unwrap_or_default()),
                None => key.to_owned(),
            },
            _ => key.trim().trim_end_matches('/').to_owned(),
        };
        Self { service, key }
    }
}

fn azure(vault: &str, name: &str) -> String {
    format!("{}/keys/{name}", vault.trim().trim_end_matches('/'))
}

/// The fields of a creation rule that name recipients without groups, and the service of each.
pub(crate) const CREATION_FIELDS: [(&str, &str); 7] = [
    ("age", "age"),
    ("pgp", "pgp"),
    ("kms", "kms"),
    ("gcp_kms", "gcp_kms"),
    ("hckms", "hckms"),
    ("azure_keyvault", "azure_kv"),
    ("hc_vault_transit_uri", "hc_vault"),
];

/// The fields of a key group in `.sops.yaml`.
pub(crate) const GROUP_FIELDS: [&str; 8] =
    ["merge", "kms", "gcp_kms", "hckms", "azure_keyvault", "hc_vault", "age", "pgp"];

/// The recipients of a creation rule: one group, each field a list or a text with commas.
pub(crate) fn of_creation_rule(rule: &Node) -> Vec<Recipient> {
    let mut group = Vec::new();
    for entry in entries(rule) {
        let Some((_, service)) = CREATION_FIELDS.iter().find(|(field, _)| *field == entry.key)
        else {
            continue;
        };
        let texts = match items(entry.value) {
            [] => vec![text(entry.value)],
            several => several.iter().map(text).collect(),
        };
        for key in texts
            .iter()
            .flat_map(|text| text.split(','))
            .map(str::trim)
            .filter(|key| !key.is_empty())
        {
            add(&mut group, Recipient::new(service, key));
        }
    }
    group
}

/// The recipients of one entry under `key_groups` in `.sops.yaml`, those of its `merge` included.
pub(crate) fn of_configured_group(node: &Node) -> Vec<Recipient> {
    let mut group = Vec::new();
    for entry in entries(node) {
        for item in items(entry.value) {
            let field = |name: &str| get_str(item, name).unwrap_or_default();
            let found = match entry.key.as_str() {
                "merge" => of_configured_group(item),
                "age" => text(item).split(',').map(|key| Recipient::new("age", key)).collect(),
                "pgp" => vec![Recipient::new("pgp", &text(item))],
                "hc_vault" => vec![Recipient::new("hc_vault", &text(item))],
                "kms" => vec![Recipient::new("kms", &field("arn"))],
                "gcp_kms" => vec![Recipient::new("gcp_kms", &field("resource_id"))],
                "hckms" => vec![Recipient::new("hckms", &field("key_id"))],
                "azure_keyvault" => {
                    vec![Recipient {
                        service: "azure_kv",
                        key: azure(&field("vaultUrl"), &field("key")),
                    }]
                }
                _ => Vec::new(),
            };
            for recipient in found {
                add(&mut group, recipient);
            }
        }
    }
    group
}

/// The recipients of one group in a file's metadata: the `sops` map itself, or an entry of its `key_groups`.
pub(crate) fn of_metadata(node: &Node) -> Vec<Recipient> {
    let mut group = Vec::new();
    for entry in entries(node) {
        for item in items(entry.value).iter().filter(|item| is_map(item)) {
            let field = |name: &str| get_str(item, name).unwrap_or_default();
            let found = match entry.key.as_str() {
                "age" => Recipient::new("age", &field("recipient")),
                "pgp" => Recipient::new("pgp", &field("fp")),
                "kms" => Recipient::new("kms", &field("arn")),
                "gcp_kms" => Recipient::new("gcp_kms", &field("resource_id")),
                "hckms" => Recipient::new("hckms", &field("key_id")),
                "azure_kv" => Recipient {
                    service: "azure_kv",
                    key: azure(&field("vault_url"), &field("name")),
                },
                "hc_vault" => {
                    let address = field("vault_address");
                    let address = address.trim_end_matches('/');
                    Recipient::new(
                        "hc_vault",
                        &format!(
                            "{address}/v1/{}/keys/{}",
                            field("engine_path"),
                            field("key_name")
                        ),
                    )
                }
                _ => continue,
            };
            add(&mut group, found);
        }
    }
    group
}

fn add(group: &mut Vec<Recipient>, recipient: Recipient) {
    if !group.contains(&recipient) {
        group.push(recipient);
    }
}

/// The recipients of `group` that `others` lack.
pub(crate) fn without(group: &[Recipient], others: &[Recipient]) -> Vec<String> {
    group.iter().filter(|recipient| !others.contains(recipient)).map(Recipient::to_string).collect()
}
