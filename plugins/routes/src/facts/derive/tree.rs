//! What controllers refer to in their own tree: ConfigMaps, and the keys of Secrets.

use std::collections::HashMap;

use krm::{Resource, ResourceList};
use serde_json::Value;

/// (kind, namespace, name)
type Key<'a> = (&'a str, &'a str, &'a str);

/// The ConfigMaps and Secrets of a list by name.
pub(super) struct Tree<'a> {
    named: HashMap<Key<'a>, &'a Resource>,
}

impl<'a> Tree<'a> {
    pub(super) fn new(list: &'a ResourceList) -> Self {
        let meant = |item: &&Resource| matches!(item.kind(), "ConfigMap" | "Secret");
        let key =
            |item: &'a Resource| (item.kind(), item.namespace().unwrap_or_default(), item.name());
        let named = list.items().iter().filter(meant).map(|item| (key(item), item));
        Self { named: named.collect() }
    }

    /// The `data` of a ConfigMap.
    pub(super) fn config_map(&self, namespace: &str, name: &str) -> Option<&'a Value> {
        self.named.get(&("ConfigMap", namespace, name))?.get("data")
    }

    /// The keys of a Secret; its values are nobody's business here.
    pub(super) fn secret_keys(&self, namespace: &str, name: &str) -> Option<Vec<&'a str>> {
        let secret: &'a Value = self.named.get(&("Secret", namespace, name))?;
        let keys = ["data", "stringData"].iter().filter_map(|field| secret.get(field)?.as_object());
        Some(keys.flat_map(|map| map.keys().map(String::as_str)).collect())
    }
}
