//! The local graph of a build: which of its configs name exec functions, and what of it is remote.
//!
//! kustomize 5.8.2 skips an exec function without a word when `--enable-exec` is not given
//! (`api/internal/plugins/loader`), and exits with 0: a generator's Secrets are then missing. So the
//! kustomizations are walked as kustomize walks them, `resources`, `components`, `generators`,
//! `transformers` and `validators`, as files, folders and inline. What is remote cannot be seen.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::io::Read;
use std::path::{Path, PathBuf};

use krm::Finding;
use serde_json::Value;

mod entry;
mod function;

use entry::Entry;

/// The names of a kustomization's file (`api/konfig/general.go`).
const FILES: [&str; 3] = ["kustomization.yaml", "kustomization.yml", "Kustomization"];

/// The fields whose entries become resources; `bases` is older.
const RESOURCES: [&str; 3] = ["resources", "bases", "components"];

/// The fields whose entries become configs.
const CONFIGS: [&str; 3] = ["generators", "transformers", "validators"];

/// What can change a config that stands in a kustomization of configs.
const PATCHES: [&str; 3] = ["patches", "patchesStrategicMerge", "patchesJson6902"];

/// How many kustomizations and files are looked at: beyond, the walk costs more than the build.
const MOST: usize = 20_000;

/// The largest file that is looked at, in bytes: as much as the YAML reader takes.
const LARGEST: u64 = 32 << 20;

/// What the walk found.
#[derive(Debug, Default)]
pub struct Graph {
    exec: BTreeSet<String>,
    remote: BTreeSet<String>,
    seen: BTreeSet<(PathBuf, Role)>,
    complete: bool,
}

/// What the resources of a kustomization are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Role {
    /// Resources: a function annotation on one is only an annotation.
    Resources,
    /// Configs: what `generators: [a-folder]` builds.
    Configs,
}

impl Graph {
    /// Walks from the folders that are built.
    pub fn of(targets: &[OsString]) -> Self {
        let mut graph = Self { complete: true, ..Self::default() };
        for target in targets {
            let path = Path::new(target);
            match path.canonicalize() {
                Ok(folder) if folder.is_dir() => {
                    let root = folder.clone();
                    graph.folder(&folder, Role::Resources, &root);
                }
                _ => drop(graph.remote.insert(entry::shown(&target.to_string_lossy()))),
            }
        }
        graph
    }

    /// The configs that name an exec function, sorted.
    pub fn exec(&self) -> impl Iterator<Item = &str> {
        self.exec.iter().map(String::as_str)
    }

    /// The entries that are remote, or not there, sorted.
    pub fn remote(&self) -> impl Iterator<Item = &str> {
        self.remote.iter().map(String::as_str)
    }

    /// Whether everything was seen, so that nothing is fetched.
    pub(super) fn is_local(&self) -> bool {
        self.complete && self.remote.is_empty()
    }

    /// What kustomize would skip without a word while exec functions are disabled.
    pub(super) fn skipped(&self) -> Option<Finding> {
        if self.exec.is_empty() {
            return None;
        }
        let names: Vec<&str> = self.exec().collect();
        let message = format!(
            "exec functions are disabled, and kustomize would skip them in silence: {}",
            some(&names)
        );
        Some(Finding::error("exec-skipped", message).hint(
            "take the function annotation off, so that a config runs as a plugin; \
             or give kustomize --enable-exec, which lets every commit run any program",
        ))
    }

    /// What could not be looked at.
    pub(super) fn unseen(&self) -> Option<Finding> {
        let names: Vec<&str> = self.remote().collect();
        let message = match (names.is_empty(), self.complete) {
            (true, true) => return None,
            (true, false) => "the tree is too large to look for skipped exec functions".to_owned(),
            (false, _) => format!("not looked into for skipped exec functions: {}", some(&names)),
        };
        Some(Finding::warning("remote-unseen", message))
    }

    fn folder(&mut self, folder: &Path, role: Role, root: &Path) {
        if !self.enter(folder, role) {
            return;
        }
        let file = FILES.iter().map(|name| folder.join(name)).find(|file| file.is_file());
        let Some(file) = file else { return };
        let Some(text) = self.read(&file) else { return };
        let Ok(documents) = yaml::values(&text) else {
            // kustomize reads what we do not: nothing of it may be passed over.
            if function::may_name(&text) {
                self.exec.insert(shown(&file, root));
            }
            return;
        };
        for kustomization in &documents {
            for field in RESOURCES {
                for entry in strings(&kustomization[field]) {
                    self.entry(entry, folder, role, root);
                }
            }
            for field in CONFIGS {
                for entry in strings(&kustomization[field]) {
                    self.entry(entry, folder, Role::Configs, root);
                }
            }
            if role == Role::Configs {
                self.changes(kustomization, folder, root);
            }
        }
    }

    /// What changes the configs that a kustomization builds: its patches, its common annotations.
    fn changes(&mut self, kustomization: &Value, folder: &Path, root: &Path) {
        let annotations = &kustomization["commonAnnotations"];
        if function::in_annotations(annotations) {
            self.exec.insert(format!("{} (commonAnnotations)", shown(folder, root)));
        }
        for field in PATCHES {
            for patch in kustomization[field].as_array().into_iter().flatten() {
                let inline = [patch.as_str(), patch["patch"].as_str()].into_iter().flatten();
                let paths = [patch.as_str(), patch["path"].as_str()].into_iter().flatten();
                for text in inline {
                    self.text(text.as_bytes(), &format!("{} ({field})", shown(folder, root)));
                }
                for path in paths {
                    self.file(&folder.join(path), root);
                }
            }
        }
    }

    fn entry(&mut self, entry: &str, folder: &Path, role: Role, root: &Path) {
        match Entry::of(entry, folder, role == Role::Configs) {
            Entry::Folder(path) => self.folder(&path, role, root),
            Entry::File(path) if role == Role::Configs => self.file(&path, root),
            Entry::File(_) => {}
            Entry::Inline(text) => self.text(text.as_bytes(), &inline(text, folder, root)),
            Entry::Remote => drop(self.remote.insert(entry::shown(entry))),
        }
    }

    /// A file of configs.
    fn file(&mut self, file: &Path, root: &Path) {
        let Ok(real) = file.canonicalize() else { return };
        if real.is_file()
            && self.enter(&real, Role::Configs)
            && let Some(text) = self.read(&real)
        {
            self.text(&text, &shown(&real, root));
        }
    }

    fn text(&mut self, text: &[u8], name: &str) {
        if !function::may_name(text) {
            return;
        }
        let names = match yaml::values(text) {
            Ok(documents) => documents.iter().any(function::names_exec),
            Err(_) => true,
        };
        if names {
            self.exec.insert(name.to_owned());
        }
    }

    /// Whether something is looked at for the first time.
    fn enter(&mut self, path: &Path, role: Role) -> bool {
        if self.seen.len() == MOST {
            self.complete = false;
            return false;
        }
        self.seen.insert((path.to_owned(), role))
    }

    /// A file's text. What cannot be read kustomize cannot read either, and it says so.
    fn read(&mut self, file: &Path) -> Option<Vec<u8>> {
        #[expect(
            clippy::disallowed_methods,
            reason = "what kustomize reads as the same user; nothing of it is shown"
        )]
        let open = std::fs::File::open(file).ok()?;
        let mut text = Vec::new();
        open.take(LARGEST + 1).read_to_end(&mut text).ok()?;
        if text.len() as u64 > LARGEST {
            self.complete = false;
            return None;
        }
        Some(text)
    }
}

/// The strings of a list, or the one string that stands in its place.
fn strings(list: &Value) -> impl Iterator<Item = &str> {
    list.as_array().into_iter().flatten().filter_map(Value::as_str)
}

/// A path as messages name it: from the folder that is built.
fn shown(path: &Path, root: &Path) -> String {
    let mut up = String::new();
    for above in root.ancestors() {
        if let Ok(rest) = path.strip_prefix(above) {
            let rest = entry::shown(&rest.to_string_lossy());
            return if rest.is_empty() && up.is_empty() { ".".to_owned() } else { up + &rest };
        }
        up.push_str("../");
    }
    entry::shown(&path.to_string_lossy())
}

/// An inline config by its kind and name.
fn inline(text: &str, folder: &Path, root: &Path) -> String {
    let config = yaml::values(text.as_bytes()).unwrap_or_default().into_iter().next();
    let id = config.as_ref().map(krm::Identity::of).unwrap_or_default();
    format!("{} (inline in {})", entry::shown(&id.to_string()), shown(folder, root))
}

/// The first few of a list.
fn some(names: &[&str]) -> String {
    const SHOWN: usize = 5;
    let more = names.len().saturating_sub(SHOWN);
    let first = names.iter().take(SHOWN).copied().collect::<Vec<_>>().join(", ");
    if more == 0 { first } else { format!("{first} and {more} more") }
}
