//! Trees to deploy: the Secrets of `examples/quickstart` beside objects that a cluster without controllers calls healthy.

use std::fs;
use std::path::Path;

use argocd::root;

/// Writes a file, with the folders above it.
pub(crate) fn write(file: &Path, content: impl AsRef<[u8]>) {
    fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
    fs::write(file, content).expect("a file");
}

/// A file of the repository.
pub(crate) fn file(path: &str) -> Vec<u8> {
    fs::read(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Copies the files of a folder of the repository.
pub(crate) fn copy(from: &str, to: &Path) {
    for entry in fs::read_dir(root().join(from)).expect("a folder").flatten() {
        let name = entry.file_name();
        write(&to.join(&name), fs::read(entry.path()).expect("a file"));
    }
}

/// A file of the example.
fn example(name: &str) -> Vec<u8> {
    file(&format!("examples/quickstart/{name}"))
}

/// A manifest for age, an env file for PGP, a file of bytes for age; and a Service.
fn sources(folder: &Path) {
    for file in [
        "secrets/database.enc.yaml",
        "secrets/kustomization.yaml",
        "secrets/settings.enc.env",
        "secrets/signing.key.enc",
        "app/service.yaml",
    ] {
        write(&folder.join(file), example(file));
    }
    write(&folder.join("app/kustomization.yaml"), "resources: [service.yaml]\n");
}

/// As plugin: a config without a function annotation.
pub(crate) fn as_plugin(folder: &Path) {
    sources(folder);
    write(&folder.join("secrets.yaml"), example("secrets.yaml"));
    let kustomization = "resources: [app]\ngenerators: [secrets.yaml]\n";
    write(&folder.join("kustomization.yaml"), kustomization);
}

/// As exec function: the annotation is the only difference.
pub(crate) fn as_function(folder: &Path) {
    as_plugin(folder);
    let config = String::from_utf8(example("exec/secrets.yaml")).expect("text");
    write(&folder.join("secrets.yaml"), config.replace("../secrets/", "secrets/"));
}

/// As stream: a Pipeline among the resources, and a manifest with its own `sops` block.
pub(crate) fn as_stream(folder: &Path) {
    sources(folder);
    write(&folder.join("pipeline.yaml"), example("stream/pipeline.yaml"));
    let kustomization = "resources: [app, secrets, pipeline.yaml]\n";
    write(&folder.join("kustomization.yaml"), kustomization);
}
