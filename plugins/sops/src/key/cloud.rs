//! The key services of clouds, which do not open anything yet: a file that only they can open says so by name.

/// The name of its list in the metadata, and the name that its users know.
pub const CLOUD: &[(&str, &str)] = &[
    ("kms", "AWS KMS"),
    ("gcp_kms", "Google Cloud KMS"),
    ("azure_kv", "Azure Key Vault"),
    ("hc_vault", "HashiCorp Vault or OpenBao"),
    ("hckms", "HuaweiCloud KMS"),
];

/// The name that users know.
pub fn name(service: &str) -> Option<&'static str> {
    CLOUD.iter().find(|(list, _)| *list == service).map(|(_, name)| *name)
}
