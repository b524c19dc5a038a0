//! Encrypted manifests in a stream: `kustomize build | pleach run`.
//!
//! A manifest that stands under `resources:` with its own `sops` block comes through kustomize with a namespace, a
//! prefix and labels more, and its keys sorted. Its values open as before; its MAC holds on what was built only where
//! it covers encrypted values alone (`mac_only_encrypted`) and these stood sorted. Elsewhere the source file is
//! looked for by the origin annotation, known by its MAC, and checked whole.

use std::path::{Component, Path, PathBuf};

use krm::{Finding, Identity, Loader, ResourceList, Stream};
use serde_json::Value;
use sops::{Format, MacCheck, Sealed};

use crate::failures::Failures;
use crate::manifest;
use crate::opener::{Mode, Opener};
use crate::plan::{Dialect, Source};
use crate::{redacted, said, token};

/// kustomize writes it with `buildMetadata: [originAnnotations]`.
const ORIGIN: &str = "config.kubernetes.io/origin";

/// The hook into the stream form.
pub(crate) const STREAM: Stream = Stream { claims, run };

/// Every manifest with a `sops` block that sops wrote.
fn claims(item: &Value) -> bool {
    let written = |sops: &Value| {
        ["mac", "lastmodified", "version"].iter().any(|field| !sops[*field].is_null())
    };
    krm::get(item, "sops").is_some_and(|sops| sops.is_object() && written(sops))
        && item["kind"].is_string()
}

fn run(list: &mut ResourceList, loader: &Loader) -> Result<(), Box<Finding>> {
    let opener = Opener::new(loader)?;
    let claimed: Vec<usize> =
        (0..list.items().len()).filter(|i| claims(&list.items()[*i])).collect();
    let mut warnings = Vec::new();
    let (mut objects, mut failures) = (Vec::new(), Failures::default());
    for i in claimed {
        let item = &list.items()[i];
        let id = item.id();
        let made = plain(item, &opener, loader)
            .and_then(|mut object| {
                let name = id.to_string();
                if opener.mode() == Mode::Redact {
                    redacted::seal(&mut object, &name)?;
                }
                manifest::finish(
                    &mut object,
                    &name,
                    Dialect::Pleach,
                    opener.mode(),
                    &mut warnings,
                )?;
                Ok(object)
            })
            .map_err(|mut finding| {
                finding.file = finding.file.filter(|(file, _)| *file != Path::new(&id.to_string()));
                finding.resource.get_or_insert(id);
                finding
            });
        objects.extend(failures.keep(made).map(|object| (i, object)));
    }
    failures.stop(list)?;
    for (i, object) in objects {
        list.items_mut()[i].set("", object, "decrypted where it stands")?;
    }
    for warning in warnings {
        list.say(warning);
    }
    Ok(())
}

/// The manifest with plain values (or placeholders), and without its `sops` block.
fn plain(item: &Value, opener: &Opener<'_>, loader: &Loader) -> Result<Value, Box<Finding>> {
    let name = Identity::of(item).to_string();
    let refused = |error: &sops::Error| said::refused(error, &name);
    let sealed = Sealed::from_value(item).map_err(|error| refused(&error))?;
    let plain = match opener.mode() {
        Mode::Redact => sealed.redact(),
        Mode::Decrypt => {
            let (plain, mac) =
                sealed.open_rewritten(opener.keys()).map_err(|error| refused(&error))?;
            if !matches!(mac, MacCheck::Holds | MacCheck::HoldsSorted) {
                check_source(item, &sealed, mac, opener, loader)?;
            }
            plain
        }
    };
    let mut values = plain.values().map_err(|error| refused(&error))?;
    values
        .pop()
        .filter(|_| values.is_empty())
        .ok_or_else(|| said::not_a_manifest(&name, "it is empty"))
}

/// Checks the file that the manifest was built from: its MAC, and that every encrypted value stands in it.
fn check_source(
    item: &Value,
    sealed: &Sealed,
    mac: MacCheck,
    opener: &Opener<'_>,
    loader: &Loader,
) -> Result<(), Box<Finding>> {
    let Some(path) = source(item, sealed, opener, loader) else {
        let what = if mac == MacCheck::Mismatch {
            "the MAC does not hold on what kustomize built, and the source file is not known"
        } else {
            "the MAC covers values that kustomize may change, and the source file is not known"
        };
        return Err(Box::new(Finding::error("stream-mac", what).hint(
            "encrypt it again with its keys sorted and `mac_only_encrypted: true` in .sops.yaml, or add \
             `buildMetadata: [originAnnotations]` to the kustomization",
        )));
    };
    let asked = Source { path, field: String::new() };
    let (name, source) = opener.sealed(&asked)?;
    source.open(opener.keys()).map_err(|error| said::refused(&error, &name))?;
    let text = loader.read(&asked.path)?;
    let documents = yaml::values(&text).unwrap_or_default();
    let stands = |document: &Value| {
        let mut all = true;
        each_token(item, &mut String::new(), &mut |pointer, token| {
            all &= document.pointer(pointer).and_then(Value::as_str) == Some(token);
        });
        all
    };
    if documents.iter().any(stands) {
        return Ok(());
    }
    Err(Box::new(
        Finding::error("stream-source", "an encrypted value is not the one of the source file")
            .file(&name)
            .hint("change encrypted values in the file with `sops edit`, not by a patch"),
    ))
}

/// The source file: where the origin annotation names a file with the same MAC. The path is relative to the folder
/// that was built, which a stream does not name, so that every file below the scope with such a path is looked at.
fn source(item: &Value, sealed: &Sealed, opener: &Opener<'_>, loader: &Loader) -> Option<PathBuf> {
    let mac = &sealed.metadata().mac;
    let origin = item["metadata"]["annotations"][ORIGIN].as_str()?;
    let origin = yaml::values(origin.as_bytes()).ok()?.into_iter().next()?;
    let path = origin["path"].as_str().filter(|path| !path.contains(['*', '?', '[', '{']))?;
    // A remote base: the file is not here.
    if mac.is_empty() || !origin["repo"].is_null() {
        return None;
    }
    let suffix: PathBuf =
        Path::new(path).components().filter(|part| matches!(part, Component::Normal(_))).collect();
    let root = loader.scope().roots().iter().find(|root| loader.base().starts_with(root))?;
    let up = loader.base().strip_prefix(root).ok()?.components().map(|_| "../").collect::<String>();
    let found = loader.glob(&format!("{up}**/{}", suffix.display())).unwrap_or_default();
    [PathBuf::from(path)].into_iter().chain(found).find(|path| {
        Format::of_path(path) == Format::Yaml
            && opener
                .sealed(&Source { path: path.clone(), field: String::new() })
                .is_ok_and(|(_, source)| source.metadata().mac == *mac)
    })
}

/// Every whole token of a value, with its JSON pointer; the `sops` block is not looked at.
fn each_token<'v>(value: &'v Value, at: &mut String, found: &mut impl FnMut(&str, &'v str)) {
    let mut below = |key: &str, child: &'v Value, at: &mut String| {
        let length = at.len();
        at.push('/');
        at.push_str(&key.replace('~', "~0").replace('/', "~1"));
        each_token(child, at, found);
        at.truncate(length);
    };
    match value {
        Value::String(text) if token::is_token(text.as_bytes()) => found(at, text),
        Value::Array(list) => {
            list.iter().enumerate().for_each(|(i, child)| below(&i.to_string(), child, at));
        }
        Value::Object(map) => {
            let top = at.is_empty();
            map.iter()
                .filter(|(key, _)| !top || *key != "sops")
                .for_each(|(key, child)| below(key, child, at));
        }
        _ => {}
    }
}
