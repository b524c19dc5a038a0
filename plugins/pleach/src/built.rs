//! The objects of trees that the command line names: built by kustomize, read from a folder, or streams.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use krm::{Environment, Finding, serve};
use serde_json::Value;
use walkdir::WalkDir;

/// The files that make a folder a kustomization (kustomize 5.8.2, `api/konfig/general.go`).
const KUSTOMIZATIONS: [&str; 3] = ["kustomization.yaml", "kustomization.yml", "Kustomization"];

/// The objects of what `names` name, in that order; of standard input when there is none. A folder with a kustomization
/// is built, one without is read, and a file is a built stream.
pub(crate) fn objects(
    names: &[PathBuf],
    environment: &Environment,
) -> Result<Vec<Value>, Box<Finding>> {
    if names.is_empty() {
        return krm::read_manifests(&serve::read_stdin()?, "standard input");
    }
    let mut objects = Vec::new();
    for name in names {
        if !name.is_dir() {
            objects.extend(file(name)?);
        } else if KUSTOMIZATIONS.iter().any(|file| name.join(file).is_file()) {
            objects.extend(build(name, environment)?);
        } else {
            objects.extend(folder(name)?);
        }
    }
    Ok(objects)
}

fn file(name: &Path) -> Result<Vec<Value>, Box<Finding>> {
    krm::read_manifests(&serve::read_file(name)?.text, &name.to_string_lossy())
}

/// Every YAML file below a folder, by name; what is no Kubernetes object in them is none of a cluster's.
fn folder(name: &Path) -> Result<Vec<Value>, Box<Finding>> {
    let mut objects = Vec::new();
    let hidden = |name: &std::ffi::OsStr| name.as_encoded_bytes().starts_with(b".");
    let entries = WalkDir::new(name)
        .sort_by_file_name()
        .into_iter()
        .filter_entry(|entry| entry.depth() == 0 || !hidden(entry.file_name()));
    for entry in entries {
        let entry = entry.map_err(|error| {
            Box::new(Finding::error("unreadable-tree", error.to_string()).file(name))
        })?;
        let path = entry.path();
        let yaml = path.extension().is_some_and(|ending| ending == "yaml" || ending == "yml");
        if entry.file_type().is_file() && yaml {
            let values = yaml::values(&serve::read_file(path)?.text).map_err(|error| {
                let finding = Finding::error("unreadable-yaml", error.problem.to_string());
                Box::new(match error.position {
                    Some(position) => finding.line(path, position.line),
                    None => finding.file(path),
                })
            })?;
            objects.extend(values.into_iter().filter(|value| value.get("kind").is_some()));
        }
    }
    Ok(objects)
}

/// Builds a folder by the real kustomize, with our plugins and without any key: a redacted Secret has the names and
/// keys of the real one.
fn build(folder: &Path, environment: &Environment) -> Result<Vec<Value>, Box<Finding>> {
    let own = environment.get("PLEACH_KUSTOMIZE").map(OsString::from);
    let program = own.unwrap_or_else(|| "kustomize".into());
    let mut command = Command::new(&program);
    for name in ["PATH", "KUSTOMIZE_PLUGIN_HOME"] {
        if let Some(value) = environment.get(name) {
            command.env(name, value);
        }
    }
    let output =
        command
            .args(["build", "--enable-alpha-plugins"])
            .arg(folder)
            .env("PLEACH_SOPS", "redact")
            .stdin(Stdio::null())
            .stderr(Stdio::inherit())
            .output()
            .map_err(|error| {
                let message = format!("{}: {}", program.to_string_lossy(), error.kind());
                Box::new(Finding::error("no-kustomize", message).hint(
                    "install kustomize 5.8.2 or later, or say in PLEACH_KUSTOMIZE where it is",
                ))
            })?;
    if !output.status.success() {
        let message = format!("kustomize build failed: {}", output.status);
        return Err(Box::new(Finding::error("not-built", message).file(folder).hint(
            "what kustomize said stands above; `pleach doctor` says what would stop a build",
        )));
    }
    krm::read_manifests(&output.stdout, &folder.to_string_lossy())
}
