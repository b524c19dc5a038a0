//! A copy of the tree with the skeletons of `tests/upstream/` in the place of every `upstream/`.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use test_support::Scratch;
use walkdir::WalkDir;

use crate::lock::{self, Mirror};
use crate::{Exceptions, Plugins, World};

/// The copy. It goes away when it is dropped.
#[derive(Debug)]
pub struct Checkout {
    scratch: Scratch,
}

/// What the functions know of the cluster.
const FACTS: &str = "apps/_cluster/facts.yaml";
/// Facts that say no more than who serves the class of the tree's routes: without that, nobody can sign in anywhere.
const NO_FACTS: &str = "\
apiVersion: pleach.dev/v1alpha1
kind: ClusterFacts
metadata: {name: cluster}
spec:
  ingressClasses: [{name: traefik, controller: traefik.io/ingress-controller}]
";

/// What a build of an app may read: the tree, the keys, and the files that say how far it may read.
const COPIED: [&str; 6] =
    ["apps", "argocd", "tests/upstream", "tests/keys", ".pleach.yaml", ".sops.yaml"];

impl Checkout {
    /// Of the repository at `root`.
    #[must_use]
    pub fn of(root: &Path) -> Self {
        let checkout = Self { scratch: Scratch::new() };
        let to = checkout.root();
        for part in COPIED.into_iter().filter(|part| root.join(part).exists()) {
            copy(&root.join(part), &to.join(part));
        }
        for app in folders(&to.join("apps")) {
            let (upstream, skeleton) = (app.join("upstream"), to.join("tests/upstream"));
            if upstream.is_dir() {
                let name = app.file_name().unwrap_or_default();
                let skeleton = skeleton.join(name);
                assert!(skeleton.is_dir(), "{} has no skeleton", upstream.display());
                fs::remove_dir_all(&upstream)
                    .unwrap_or_else(|error| panic!("{}: {error}", upstream.display()));
                copy(&skeleton, &upstream);
            }
        }
        checkout
    }

    /// Of the repository at `root`, with the real upstream where the mirror has it: the apps that have.
    #[must_use]
    pub fn with_upstream(root: &Path, mirror: &Mirror) -> (Self, Vec<String>) {
        let (checkout, mut real) = (Self::of(root), Vec::new());
        for upstream in lock::upstreams(root) {
            if let Ok(stream) = lock::rendered(&upstream, mirror) {
                let folder = checkout.root().join("apps").join(&upstream.app).join("upstream");
                let written = fs::write(folder.join("objects.yaml"), stream).and_then(|()| {
                    fs::write(folder.join("kustomization.yaml"), "resources: [objects.yaml]\n")
                });
                written.unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
                real.push(upstream.app);
            }
        }
        (checkout, real)
    }

    /// Its root.
    #[must_use]
    pub fn root(&self) -> PathBuf {
        self.scratch.join("tree")
    }

    /// Every overlay of every app, and `argocd` itself.
    #[must_use]
    pub fn overlays(&self) -> Vec<String> {
        let root = self.root();
        let overlays = folders(&root.join("apps"))
            .into_iter()
            .flat_map(|app| folders(&app.join("overlays")))
            .chain([root.join("argocd")])
            .filter(|folder| folder.join("kustomization.yaml").is_file());
        overlays
            .map(|folder| folder.strip_prefix(&root).unwrap_or(&folder).display().to_string())
            .collect()
    }

    /// Derives `apps/_cluster/facts.yaml` anew, from facts that say next to nothing: what is stale in them would refuse the builds
    /// that they are derived from. The second round knows what the first has found, as every later one.
    pub fn renew_facts(&self, plugins: &Plugins) -> String {
        let overlays = self.overlays();
        let trees = overlays.iter().map(String::as_str).filter(|one| one.starts_with("apps/"));
        let arguments: Vec<&str> = ["facts"].into_iter().chain(trees).collect();
        let mut facts = NO_FACTS.to_owned();
        for _ in 0..2 {
            fs::write(self.root().join(FACTS), &facts)
                .unwrap_or_else(|error| panic!("{FACTS}: {error}"));
            let made = plugins.pleach(&self.root(), &arguments);
            assert!(made.success, "{}", made.said);
            facts = made.stream;
        }
        fs::write(self.root().join(FACTS), &facts)
            .unwrap_or_else(|error| panic!("{FACTS}: {error}"));
        facts
    }

    /// Builds every overlay; one that does not build fails the test.
    #[must_use]
    pub fn streams(&self, plugins: &Plugins) -> BTreeMap<String, String> {
        let one = |overlay: String| {
            let made = plugins.build(&self.root(), &overlay);
            assert!(made.success, "{overlay}: {}", made.said);
            (overlay, made.stream)
        };
        self.overlays().into_iter().map(one).collect()
    }
}

/// The objects of a stream; none is an error.
fn objects(overlay: &str, stream: &str) -> Vec<Value> {
    let values =
        yaml::values(stream.as_bytes()).unwrap_or_else(|error| panic!("{overlay}: {error}"));
    assert!(!values.is_empty(), "{overlay} builds to nothing");
    values
}

impl World {
    /// What the rules look at; the files are those of the repository, whose `upstream/` names the URLs.
    #[must_use]
    pub fn of(root: &Path, streams: &BTreeMap<String, String>) -> Self {
        let builds =
            streams.iter().map(|(overlay, stream)| (overlay.clone(), objects(overlay, stream)));
        Self::new(
            files(root),
            builds.collect(),
            Exceptions::of(&listed(root, "tests/apps/exceptions.yaml")),
        )
    }

    /// [`of`](Self::of), where the real upstream stands in the place of its skeletons.
    #[must_use]
    pub fn of_upstream(root: &Path, streams: &BTreeMap<String, String>) -> Self {
        let mut world = Self::of(root, streams);
        world.exceptions.add(&listed(root, "tests/apps/upstream.yaml"));
        world
    }

    /// The files of a repository, without any build.
    #[must_use]
    pub fn of_files(root: &Path) -> Self {
        Self::new(files(root), BTreeMap::new(), Exceptions::default())
    }
}

/// The text files that the rules look at.
fn files(root: &Path) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    if let Ok(text) = fs::read_to_string(root.join(".sops.yaml")) {
        files.insert(".sops.yaml".to_owned(), text);
    }
    for part in ["apps", "argocd", "tests/upstream"] {
        for entry in WalkDir::new(root.join(part)).into_iter().filter_map(Result::ok) {
            if entry.file_type().is_file() {
                let path = entry.path().strip_prefix(root).unwrap_or(entry.path());
                if let Ok(text) = fs::read_to_string(entry.path()) {
                    files.insert(path.display().to_string(), text);
                }
            }
        }
    }
    files
}

/// A file of exceptions.
fn listed(root: &Path, file: &str) -> Value {
    let text = fs::read(root.join(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
    let values = yaml::values(&text).unwrap_or_else(|error| panic!("{file}: {error}"));
    values.into_iter().next().unwrap_or_default()
}

fn folders(above: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(above).into_iter().flatten().filter_map(Result::ok);
    let mut folders: Vec<PathBuf> =
        entries.map(|entry| entry.path()).filter(|path| path.is_dir()).collect();
    folders.sort();
    folders
}

fn copy(from: &Path, to: &Path) {
    for entry in WalkDir::new(from) {
        let entry = entry.unwrap_or_else(|error| panic!("{}: {error}", from.display()));
        let inside = entry.path().strip_prefix(from).unwrap_or(Path::new(""));
        let target = if inside.as_os_str().is_empty() { to.to_owned() } else { to.join(inside) };
        let done = if entry.file_type().is_dir() {
            fs::create_dir_all(&target)
        } else {
            let above = target.parent().unwrap_or(to);
            fs::create_dir_all(above).and_then(|()| fs::copy(entry.path(), &target).map(drop))
        };
        done.unwrap_or_else(|error| panic!("{}: {error}", target.display()));
    }
}
