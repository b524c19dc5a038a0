//! An object of a build, and where in it something stands.

use std::collections::BTreeMap;

use serde_json::Value;

/// One object, with the overlay that it was built from.
#[derive(Debug, Clone)]
pub struct Object {
    /// The overlay's path in the tree, `apps/<app>/overlays/<overlay>`; the file for what no overlay builds.
    pub from: String,
    /// All of it.
    pub value: Value,
}

/// Kinds without a namespace, of those that the tree holds or refers to.
const CLUSTER_SCOPED: [&str; 14] = [
    "APIService",
    "ClusterIssuer",
    "ClusterRole",
    "ClusterRoleBinding",
    "CustomResourceDefinition",
    "GatewayClass",
    "IngressClass",
    "MutatingWebhookConfiguration",
    "Namespace",
    "PersistentVolume",
    "PriorityClass",
    "StorageClass",
    "ValidatingAdmissionPolicy",
    "ValidatingWebhookConfiguration",
];

/// Whether objects of a kind stand in a namespace.
#[must_use]
pub fn is_namespaced(kind: &str) -> bool {
    !CLUSTER_SCOPED.contains(&kind)
}

impl Object {
    /// Its `kind`.
    #[must_use]
    pub fn kind(&self) -> &str {
        text(&self.value, "/kind")
    }

    /// Its `apiVersion`.
    #[must_use]
    pub fn api_version(&self) -> &str {
        text(&self.value, "/apiVersion")
    }

    /// The group of its `apiVersion`, empty for the core.
    #[must_use]
    pub fn group(&self) -> &str {
        self.api_version().split_once('/').map_or("", |(group, _)| group)
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        text(&self.value, "/metadata/name")
    }

    /// Its namespace; `default` where it names none, empty where its kind has none.
    #[must_use]
    pub fn namespace(&self) -> &str {
        match text(&self.value, "/metadata/namespace") {
            _ if !is_namespaced(self.kind()) => "",
            "" => "default",
            namespace => namespace,
        }
    }

    /// `Kind namespace/name`, or `Kind name`.
    #[must_use]
    pub fn id(&self) -> String {
        match self.namespace() {
            "" => format!("{} {}", self.kind(), self.name()),
            namespace => format!("{} {namespace}/{}", self.kind(), self.name()),
        }
    }

    /// The app whose overlay it comes from, empty for what stands outside of `apps/`.
    #[must_use]
    pub fn app(&self) -> &str {
        self.from.strip_prefix("apps/").and_then(|rest| rest.split('/').next()).unwrap_or_default()
    }

    /// An annotation.
    #[must_use]
    pub fn annotation(&self, key: &str) -> Option<&str> {
        self.value.get("metadata")?.get("annotations")?.get(key)?.as_str()
    }

    /// The pod that it makes: the labels, and the spec.
    #[must_use]
    pub fn pod(&self) -> Option<(BTreeMap<String, String>, &Value)> {
        let template = match self.kind() {
            "Pod" => "",
            "Deployment" | "StatefulSet" | "DaemonSet" | "ReplicaSet" | "Job" => "/spec/template",
            "CronJob" => "/spec/jobTemplate/spec/template",
            _ => return None,
        };
        let template = self.value.pointer(template)?;
        let labels = labels(template.pointer("/metadata/labels"));
        Some((labels, template.get("spec")?))
    }
}

/// A map of texts.
#[must_use]
pub fn labels(map: Option<&Value>) -> BTreeMap<String, String> {
    let entries = map.and_then(Value::as_object).into_iter().flatten();
    entries.filter_map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned()))).collect()
}

/// The text at a pointer, empty where there is none.
#[must_use]
pub fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

/// The list at a pointer, empty where there is none.
#[must_use]
pub fn list<'a>(value: &'a Value, pointer: &str) -> &'a [Value] {
    value.pointer(pointer).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// Everything at a pattern, each with its pointer: a JSON pointer in which `*` stands for every key or index.
#[must_use]
pub fn everything_at<'a>(value: &'a Value, pattern: &str) -> Vec<(String, &'a Value)> {
    let mut found = vec![(String::new(), value)];
    for token in pattern.split('/').skip(1) {
        let key = token.replace("~1", "/").replace("~0", "~");
        found = found
            .into_iter()
            .flat_map(|(at, value)| {
                step(value, &key).into_iter().map(move |(k, v)| (format!("{at}/{k}"), v))
            })
            .collect();
    }
    found
}

fn step<'a>(value: &'a Value, key: &str) -> Vec<(String, &'a Value)> {
    match (value, key) {
        (Value::Array(items), "*") => {
            items.iter().enumerate().map(|(at, item)| (at.to_string(), item)).collect()
        }
        (Value::Object(map), "*") => map.iter().map(|(key, value)| (escape(key), value)).collect(),
        (Value::Array(items), index) => {
            let item = index.parse().ok().and_then(|at: usize| items.get(at));
            item.map(|item| (index.to_owned(), item)).into_iter().collect()
        }
        _ => value.get(key).map(|found| (escape(key), found)).into_iter().collect(),
    }
}

fn escape(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

/// Every text in a value, each with its pointer.
#[must_use]
pub fn texts(value: &Value) -> Vec<(String, &str)> {
    fn go<'a>(value: &'a Value, at: &str, found: &mut Vec<(String, &'a str)>) {
        match value {
            Value::String(text) => found.push((at.to_owned(), text)),
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    go(item, &format!("{at}/{index}"), found);
                }
            }
            Value::Object(map) => {
                for (key, value) in map {
                    go(value, &format!("{at}/{}", escape(key)), found);
                }
            }
            _ => {}
        }
    }
    let mut found = Vec::new();
    go(value, "", &mut found);
    found
}
