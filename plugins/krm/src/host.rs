//! Who calls, decided by what it sends.

use serde_json::Value;

use crate::annotations;

/// Who calls: decides what comes in, and how it goes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Host {
    /// kustomize runs a KRM function.
    Kustomize(Place),
    /// kpt, or any other orchestrator of the KRM specification: what it sends stays.
    Kpt,
    /// kustomize runs an exec plugin: the config is a file, the manifests are a stream.
    Plugin(Place),
    /// A person: `pleach run CONFIG [FILE...]`.
    Hand,
    /// A stream that holds its Pipeline: `kustomize build | pleach run`.
    Stream,
}

/// Under which field of a kustomization the config stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// `generators:`. Or `transformers:` of a tree without resources: kustomize 5.8.2 sends the same.
    Generators,
    /// `transformers:` or `validators:`
    Transformers,
}

impl Host {
    /// Who sent a ResourceList.
    ///
    /// kustomize sends a generator its own config as the only item (`api/internal/plugins/fnplugin/fnplugin.go`), and
    /// writes its id on the items of a transformer (`api/internal/plugins/utils/utils.go`).
    pub(crate) fn of_list(items: &[Value], config: Option<&Value>) -> Self {
        if let ([item], Some(config)) = (items, config)
            && !annotations::has_path(item)
            && annotations::uncounted(item) == annotations::uncounted(config)
        {
            return Self::Kustomize(Place::Generators);
        }
        if items.iter().any(|item| annotations::has(item, annotations::KUSTOMIZE_ID)) {
            return Self::Kustomize(Place::Transformers);
        }
        Self::Kpt
    }

    /// Whether kustomize reads the annotations that only a generator's resources may have.
    pub(crate) fn reads_generator_options(self) -> bool {
        !matches!(
            self,
            Self::Kustomize(Place::Transformers) | Self::Plugin(Place::Transformers) | Self::Stream
        )
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn config() -> Value {
        json!({"apiVersion": "a/v1", "kind": "Toy", "metadata": {"name": "x", "annotations": {
            "config.kubernetes.io/function": "exec: {path: toy}", "config.kubernetes.io/local-config": "true"}}})
    }

    fn with(mut manifest: Value, key: &str) -> Value {
        manifest["metadata"]["annotations"][key] = json!("0");
        manifest
    }

    #[test]
    fn the_config_as_the_only_item_is_kustomizes_echo() {
        let echo = with(with(config(), "config.kubernetes.io/index"), "config.k8s.io/id");
        assert_eq!(Host::of_list(&[echo], Some(&config())), Host::Kustomize(Place::Generators));
    }

    #[test]
    fn kustomizes_id_on_an_item_is_kustomize() {
        let item = with(json!({"kind": "ConfigMap", "metadata": {}}), annotations::KUSTOMIZE_ID);
        assert_eq!(Host::of_list(&[item], Some(&config())), Host::Kustomize(Place::Transformers));
    }

    #[test]
    fn anything_else_is_kpt_and_an_item_with_a_path_is_no_echo() {
        let filed = with(config(), "internal.config.kubernetes.io/path");
        assert_eq!(Host::of_list(&[filed], Some(&config())), Host::Kpt);
        assert_eq!(Host::of_list(&[config(), config()], Some(&config())), Host::Kpt);
        assert_eq!(Host::of_list(&[json!({"kind": "ConfigMap"})], Some(&config())), Host::Kpt);
        assert_eq!(Host::of_list(&[config()], None), Host::Kpt);
        assert_eq!(Host::of_list(&[], None), Host::Kpt);
    }
}
