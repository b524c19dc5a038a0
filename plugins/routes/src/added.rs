//! Objects that a function adds: their names, their place in the order of a sync.

use krm::{Finding, Resource, ResourceList};
use serde_json::{Map, Value, json};

use crate::keys::SYNC_WAVE;

/// The longest name that every kind takes, in characters: a DNS label (RFC 1123).
const LONGEST: usize = 63;

/// The name of an added object: that of the config, then what it is for. It depends on nothing else, so that it stays
/// when other hosts come and go. What is too long, or no DNS label, is cut and told apart by a hash.
pub fn name(config: &str, of: &str) -> String {
    let written = format!("{config}-{of}");
    let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
    let label: String = written.chars().map(plain).collect();
    let label = label.trim_matches('-');
    if label.len() <= LONGEST && written == label {
        return written;
    }
    let hash = format!("{:08x}", fnv(&written));
    let room = LONGEST - hash.len() - 1;
    let front: String = label.chars().take(room).collect();
    format!("{}-{hash}", front.trim_end_matches('-'))
}

/// The name of an object that is added for a host: `a.b-c` becomes `a-b--c`, so that no two hosts share one.
pub fn name_for_host(config: &str, host: &str) -> String {
    name(config, &host.replace('-', "--").replace('.', "-").replace('*', "wildcard"))
}

/// The manifest of an object to add, with the lowest sync wave of what caused it. It is no hook, whatever they are.
pub fn object(
    (api_version, kind): (&str, &str),
    namespace: Option<&str>,
    name: &str,
    causes: &[&Resource],
    fields: Map<String, Value>,
) -> Value {
    let mut metadata = json!({"name": name});
    if let Some(namespace) = namespace {
        metadata["namespace"] = json!(namespace);
    }
    if let Some(wave) = wave(causes) {
        metadata["annotations"] = json!({SYNC_WAVE: wave.to_string()});
    }
    let mut manifest = json!({"apiVersion": api_version, "kind": kind, "metadata": metadata});
    if let Some(map) = manifest.as_object_mut() {
        map.extend(fields);
    }
    manifest
}

/// The lowest wave of these objects, when it is not the one that an object without the annotation has.
fn wave(causes: &[&Resource]) -> Option<i64> {
    let of = |item: &&Resource| {
        item.annotation(SYNC_WAVE).and_then(|wave| wave.trim().parse().ok()).unwrap_or(0)
    };
    causes.iter().map(of).min().filter(|wave| *wave != 0)
}

/// Adds an object, unless one of the same identity stands: what stands is the author's, or this function's own of an
/// earlier run. True when it was added.
pub fn ensure(list: &mut ResourceList, manifest: Value, why: &str) -> Result<bool, Box<Finding>> {
    if list.contains(&krm::Identity::of(&manifest)) {
        return Ok(false);
    }
    list.add(manifest, why)?;
    Ok(true)
}

/// FNV-1a, folded to 32 bits: tells names apart, protects nothing.
fn fnv(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_that_of_the_config_and_what_it_is_for() {
        assert_eq!(name("tls", "media-tv"), "tls-media-tv");
        assert_eq!(name_for_host("tls", "my-app.qt.rs"), "tls-my--app-qt-rs");
        assert_eq!(name_for_host("tls", "*.qt.rs"), "tls-wildcard-qt-rs");
    }

    #[test]
    fn names_that_would_fall_together_are_told_apart() {
        assert_ne!(name("tls", "a.b"), name("tls", "a-b"));
        assert_ne!(name("tls", "A"), name("tls", "a"));
        assert_ne!(name_for_host("tls", "a.b-c"), name_for_host("tls", "a-b.c"));
        let (long, other) = ("x".repeat(80), format!("{}y", "x".repeat(79)));
        assert_ne!(name("tls", &long), name("tls", &other));
        assert!(name("tls", &long).len() <= LONGEST);
    }
}
