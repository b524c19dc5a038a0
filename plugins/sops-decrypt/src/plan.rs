//! What a config asks for, in one form for both configs.

use std::collections::BTreeMap;
use std::path::PathBuf;

use krm::annotations::{BEHAVIOR, NEEDS_HASH};
use krm::{Finding, Loader};

use crate::config::{SecretArgs, SopsDecrypt};
use crate::ksops::{Ksops, SecretFrom};
use crate::pair::Pair;

/// Whose objects are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// Ours: values in `data`, a `type` always.
    Pleach,
    /// Those of KSOPS, to the bit.
    Ksops,
}

/// What a config asks for.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) dialect: Dialect,
    pub(crate) manifests: Vec<Source>,
    pub(crate) secrets: Vec<SecretPlan>,
}

/// An encrypted file, and the field of the config that names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Source {
    pub(crate) path: PathBuf,
    pub(crate) field: String,
}

/// A Secret to make.
#[derive(Debug, Default)]
pub(crate) struct SecretPlan {
    /// The field of the config that holds it.
    pub(crate) field: String,
    pub(crate) name: String,
    pub(crate) namespace: Option<String>,
    pub(crate) labels: BTreeMap<String, String>,
    pub(crate) annotations: BTreeMap<String, String>,
    pub(crate) r#type: Option<String>,
    pub(crate) immutable: bool,
    /// Files whose text is a value, by key.
    pub(crate) texts: Vec<(String, Source)>,
    /// Files whose bytes are a value, by key.
    pub(crate) binaries: Vec<(String, Source)>,
    /// Files of `KEY=value` lines.
    pub(crate) envs: Vec<Source>,
}

impl SecretPlan {
    /// Every file that it needs.
    pub(crate) fn sources(&self) -> impl Iterator<Item = &Source> {
        let pairs = self.texts.iter().chain(&self.binaries).map(|(_, source)| source);
        pairs.chain(&self.envs)
    }
}

impl SopsDecrypt {
    /// Globs are resolved here; everything else is read later.
    pub(crate) fn plan(self, loader: &Loader) -> Result<Plan, Box<Finding>> {
        let mut manifests = Vec::new();
        for (i, pattern) in self.files.iter().enumerate() {
            let field = format!("spec.files[{i}]");
            if pattern.contains(['*', '?', '[', '{']) {
                let paths = loader.glob(pattern).map_err(|f| Box::new(f.field(field.clone())))?;
                manifests
                    .extend(paths.into_iter().map(|path| Source { path, field: field.clone() }));
            } else {
                manifests.push(Source { path: pattern.into(), field });
            }
        }
        let secrets = self.secrets.into_iter().enumerate();
        let secrets = secrets
            .map(|(i, secret)| secret.plan(format!("spec.secrets[{i}]")))
            .collect::<Result<Vec<_>, _>>()?;
        if manifests.is_empty() && secrets.is_empty() {
            return Err(nothing("`spec.files` or `spec.secrets`"));
        }
        Ok(Plan { dialect: Dialect::Pleach, manifests, secrets })
    }
}

impl SecretArgs {
    fn plan(self, field: String) -> Result<SecretPlan, Box<Finding>> {
        let mut annotations = self.options.annotations;
        if !self.options.disable_name_suffix_hash {
            annotations.insert(NEEDS_HASH.to_owned(), "true".to_owned());
        }
        if let Some(behavior) = self.behavior {
            annotations.insert(BEHAVIOR.to_owned(), behavior.word().to_owned());
        }
        Ok(SecretPlan {
            texts: pairs(&self.files, &field, "files")?,
            binaries: pairs(&self.binary_files, &field, "binaryFiles")?,
            envs: sources(&self.envs, &field, "envs"),
            name: self.name,
            namespace: self.namespace.filter(|namespace| !namespace.is_empty()),
            labels: self.options.labels,
            annotations,
            r#type: self.r#type,
            immutable: self.options.immutable,
            field,
        })
    }
}

impl Ksops {
    /// As KSOPS, this needs one of the two fields, and takes an empty list.
    pub(crate) fn plan(self) -> Result<Plan, Box<Finding>> {
        if self.files.is_none() && self.secret_from.is_none() {
            return Err(nothing("`files` or `secretFrom`"));
        }
        let files = self.files.unwrap_or_default();
        let secrets = self.secret_from.unwrap_or_default().into_iter().enumerate();
        Ok(Plan {
            dialect: Dialect::Ksops,
            manifests: sources(&files, "", "files"),
            secrets: secrets
                .map(|(i, secret)| secret.plan(format!("secretFrom[{i}]")))
                .collect::<Result<_, _>>()?,
        })
    }
}

impl SecretFrom {
    fn plan(self, field: String) -> Result<SecretPlan, Box<Finding>> {
        let some = |text: Option<String>| text.filter(|text| !text.is_empty());
        Ok(SecretPlan {
            texts: pairs(&self.files, &field, "files")?,
            binaries: pairs(&self.binary_files, &field, "binaryFiles")?,
            envs: sources(&self.envs, &field, "envs"),
            name: self.metadata.name,
            namespace: some(self.metadata.namespace),
            labels: self.metadata.labels,
            annotations: self.metadata.annotations,
            r#type: some(self.r#type),
            immutable: false,
            field,
        })
    }
}

fn nothing(fields: &str) -> Box<Finding> {
    Box::new(
        Finding::error("nothing-to-decrypt", "the config names nothing to decrypt")
            .hint(format!("list encrypted files under {fields}")),
    )
}

fn sources(paths: &[String], parent: &str, list: &str) -> Vec<Source> {
    let dot = if parent.is_empty() { "" } else { "." };
    let source = |(i, path): (usize, &String)| Source {
        path: path.into(),
        field: format!("{parent}{dot}{list}[{i}]"),
    };
    paths.iter().enumerate().map(source).collect()
}

fn pairs(
    entries: &[String],
    parent: &str,
    list: &str,
) -> Result<Vec<(String, Source)>, Box<Finding>> {
    let pair = |(i, entry): (usize, &String)| {
        let field = format!("{parent}.{list}[{i}]");
        match Pair::parse(entry) {
            Ok(pair) => Ok((pair.key, Source { path: pair.path.into(), field })),
            Err(why) => Err(Box::new(
                Finding::error("bad-entry", format!("`{entry}` {why}"))
                    .field(field)
                    .hint("write `path`, or `key=path`; neither may hold a `=`"),
            )),
        }
    };
    entries.iter().enumerate().map(pair).collect()
}
