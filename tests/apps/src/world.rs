//! What the rules look at: the files of the tree, and what its overlays build to.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::object::Object;
use crate::{Exception, Exceptions};

/// The tree, as text and as objects.
#[derive(Debug, Default)]
pub struct World {
    /// Every text file below `apps/`, `argocd/` and `tests/upstream/`, by its path in the tree.
    pub files: BTreeMap<String, String>,
    /// What each overlay builds to, by its path.
    pub builds: BTreeMap<String, Vec<Object>>,
    /// What may be otherwise, each with its reason.
    pub exceptions: Exceptions,
    /// The objects of `apps/upstream.lock.yaml`, as `kind namespace/name`.
    locked: BTreeSet<String>,
}

/// The file that says what upstream holds.
pub(crate) const LOCK: &str = "apps/upstream.lock.yaml";

/// The kustomization that holds the cluster's own values.
pub(crate) const CLUSTER: &str = "apps/_cluster";

impl World {
    /// Of files and builds.
    #[must_use]
    pub fn new(
        files: BTreeMap<String, String>,
        builds: BTreeMap<String, Vec<Value>>,
        exceptions: Exceptions,
    ) -> Self {
        let builds = builds
            .into_iter()
            .map(|(from, values)| {
                let of = |value| Object { from: from.clone(), value };
                (from.clone(), values.into_iter().map(of).collect())
            })
            .collect();
        let mut world = Self { files, builds, exceptions, locked: BTreeSet::new() };
        world.locked = world
            .lock()
            .iter()
            .flat_map(|entry| crate::object::list(entry, "/list"))
            .filter_map(|object| Some(object.as_str()?.to_owned()))
            .collect();
        world
    }

    /// A case of a rule: `{files: {path: text}, builds: {overlay: [object]}, exceptions: {list: {what: reason}}}`.
    #[must_use]
    pub fn of_case(case: &Value) -> Self {
        let map = |key: &str| case.get(key).and_then(Value::as_object).cloned().unwrap_or_default();
        let files = map("files").into_iter().map(|(path, text)| {
            (path, text.as_str().unwrap_or_else(|| panic!("a file is text")).to_owned())
        });
        let builds = map("builds").into_iter().map(|(from, objects)| {
            (from, objects.as_array().cloned().unwrap_or_else(|| panic!("a build is a list")))
        });
        let exceptions = Exceptions::of(&Value::Object(map("exceptions")));
        Self::new(files.collect(), builds.collect(), exceptions)
    }

    /// Everything that is built.
    pub fn objects(&self) -> impl Iterator<Item = &Object> {
        self.builds.values().flatten()
    }

    /// Built objects of a kind.
    pub fn of_kind<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a Object> {
        self.objects().filter(move |object| object.kind() == kind)
    }

    /// What is built and does not come from upstream.
    pub fn ours(&self) -> impl Iterator<Item = &Object> {
        let skeletons = self.skeletons();
        self.objects().filter(move |one| {
            let skeleton = skeletons.contains(&skeleton_key(one.app(), &one.value));
            !skeleton && !self.is_locked(one.kind(), one.namespace(), one.name())
        })
    }

    /// The objects of the skeletons: app, kind and name. A namespace comes later, where upstream names none.
    fn skeletons(&self) -> BTreeSet<(String, String, String)> {
        let files = self.files.keys().filter_map(|path| {
            Some((path, path.strip_prefix("tests/upstream/")?.split('/').next()?))
        });
        files
            .flat_map(|(path, app)| {
                self.documents(path).into_iter().map(move |value| skeleton_key(app, &value))
            })
            .collect()
    }

    /// The objects of a file; what is no YAML has none.
    #[must_use]
    pub fn documents(&self, path: &str) -> Vec<Value> {
        let text = self.files.get(path).map(String::as_str).unwrap_or_default();
        let values = yaml::values(text.as_bytes()).unwrap_or_default();
        values.into_iter().filter(Value::is_object).collect()
    }

    /// Every kustomization below `apps/`, by its path.
    #[must_use]
    pub fn kustomizations(&self) -> Vec<(&str, Value)> {
        let files = self.files.keys().filter(|path| path.starts_with("apps/"));
        files
            .filter(|path| path.ends_with("/kustomization.yaml"))
            .filter_map(|path| Some((path.as_str(), self.documents(path).into_iter().next()?)))
            .collect()
    }

    /// The Applications and projects, which `argocd/` builds to.
    #[must_use]
    pub fn argocd(&self) -> Vec<Object> {
        let built = self.builds.get("argocd").into_iter().flatten();
        built.filter(|object| object.group() == "argoproj.io").cloned().collect()
    }

    /// The Application of an overlay.
    #[must_use]
    pub fn application(&self, overlay: &str) -> Option<Object> {
        let path =
            |object: &Object| crate::object::text(&object.value, "/spec/source/path") == overlay;
        self.argocd().into_iter().find(|one| one.kind() == "Application" && path(one))
    }

    /// The entries of the lock.
    #[must_use]
    pub fn lock(&self) -> Vec<Value> {
        let file = self.documents(LOCK).into_iter().next().unwrap_or_default();
        crate::object::list(&file, "/upstreams").to_vec()
    }

    /// Whether the lock says that upstream has such an object.
    #[must_use]
    pub fn is_locked(&self, kind: &str, namespace: &str, name: &str) -> bool {
        // An upstream that names no namespace comes to stand in that of its app.
        [format!("{kind} {namespace}/{name}"), format!("{kind} {name}")]
            .iter()
            .any(|id| self.locked.contains(id))
    }

    /// The cluster's own values: name and value of the ConfigMap `cluster`.
    #[must_use]
    pub fn cluster(&self) -> BTreeMap<String, String> {
        let folder = format!("{CLUSTER}/");
        let files = self.files.keys().filter(|path| path.starts_with(&folder));
        let objects = files.flat_map(|path| self.documents(path));
        let is_values =
            |one: &Value| one["kind"] == "ConfigMap" && one["metadata"]["name"] == "cluster";
        objects.filter(is_values).flat_map(|one| crate::object::labels(one.get("data"))).collect()
    }

    /// What may be otherwise of a list.
    #[must_use]
    pub fn excepted(&self, list: &str) -> &[Exception] {
        self.exceptions.of_list(list)
    }
}

fn skeleton_key(app: &str, value: &Value) -> (String, String, String) {
    let text = |at: &str| crate::object::text(value, at).to_owned();
    (app.to_owned(), text("/kind"), text("/metadata/name"))
}
