//! One file, read as far as the rules need it.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use crate::format::Format;
use regex::bytes::Regex;
use yaml::{Document, Node, Position};

use crate::node::{entries, get, get_str};
use crate::seal::{self, Seal, empty, scalar};

/// One file of the tree.
pub(crate) struct Source {
    /// Relative to the root of the tree.
    pub(crate) path: PathBuf,
    /// The format that sops picks for it.
    pub(crate) format: Format,
    /// Its bytes.
    pub(crate) bytes: Vec<u8>,
    /// Its documents. Of an `.env` or `.ini` file, the one map it stands for.
    pub(crate) documents: Vec<Document>,
    /// For each document its metadata.
    pub(crate) seals: Vec<Option<Seal>>,
    /// Why it has no documents although it should.
    pub(crate) broken: Option<yaml::Error>,
}

/// What no file without it can be about. A `Secret` can be spelt with escapes (`"\x53ecret"`), over two lines
/// (`"Sec\` and `ret"`), or as `!!binary`: these are here too.
static INTERESTING: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)secret|sops|ENC\[|viaduct|\\[xu]|\\\r?\n|%TAG|!!binary|!<tag|\x00").ok()
});

/// What makes a file of any name worth reading as YAML: kustomize reads manifests from files of any name.
static MANIFEST: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r#"(?im)^[\s\-]*[{"']*kind["']?\s*:|"kind"\s*:"#).ok());

fn is_match(regex: &LazyLock<Option<Regex>>, bytes: &[u8]) -> bool {
    // A pattern that did not compile must not make a file uninteresting.
    regex.as_ref().is_none_or(|regex| regex.is_match(bytes))
}

impl Source {
    /// Reads `bytes`. `ruled`: a creation rule says that the file is encrypted, so it is read whatever it holds.
    pub(crate) fn read(path: &Path, bytes: Vec<u8>, ruled: bool) -> Self {
        let mut source = Self {
            path: path.to_path_buf(),
            format: Format::of_path(path),
            bytes,
            documents: Vec::new(),
            seals: Vec::new(),
            broken: None,
        };
        if ruled || is_kustomization(path) || is_match(&INTERESTING, &source.bytes) {
            source.parse();
        }
        let format = source.format;
        let seal = |document: &Document| {
            seal::metadata(&document.root, format).map(|node| Seal::of(&node))
        };
        source.seals = source.documents.iter().map(seal).collect();
        source
    }

    fn parse(&mut self) {
        match self.format {
            Format::Dotenv => self.documents = lines(&self.bytes, Style::Dotenv),
            Format::Ini => self.documents = lines(&self.bytes, Style::Ini),
            Format::Yaml | Format::Json => match yaml::documents(&self.bytes) {
                Ok(documents) => self.documents = documents,
                Err(error) => self.broken = Some(error),
            },
            Format::Binary => {
                let envelope = self.bytes.first() == Some(&b'{');
                if envelope || is_match(&MANIFEST, &self.bytes) {
                    // Most files of other names are no YAML at all, and that is not worth a word.
                    match yaml::documents(&self.bytes) {
                        Ok(documents) => self.documents = documents,
                        Err(error) if self.may_be_yaml() => self.broken = Some(error),
                        Err(_) => {}
                    }
                }
            }
        }
    }

    /// Whether the name says YAML or JSON: `x.yaml`, and `x.yaml.tmpl` or `x.json.bak` too.
    pub(crate) fn may_be_yaml(&self) -> bool {
        let name = self.path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
        [".yaml", ".yml", ".json"]
            .iter()
            .any(|end| name.ends_with(end) || name.contains(&format!("{end}.")))
            || is_kustomization(&self.path)
    }

    /// Whether any of its documents carries metadata.
    pub(crate) fn is_sealed(&self) -> bool {
        self.seals.iter().any(Option::is_some)
    }

    /// Whether it is the JSON that sops puts around a binary file. A file of such a name that was encrypted as YAML
    /// (`--input-type`) is not.
    pub(crate) fn is_envelope(&self) -> bool {
        let keys = |document: &Document| {
            entries(&document.root).iter().map(|entry| entry.key.clone()).collect::<Vec<_>>()
        };
        self.format == Format::Binary
            && self.documents.iter().all(|document| keys(document) == ["data", "sops"])
    }

    /// Whether nothing stands in it.
    pub(crate) fn is_empty(&self) -> bool {
        self.bytes.iter().all(u8::is_ascii_whitespace)
    }

    /// Whether its documents are kustomize's own: they are read in the clear, always.
    pub(crate) fn is_kustomization(&self) -> bool {
        is_kustomization(&self.path)
            || self.documents.iter().any(|document| is_kustomize_kind(&document.root))
    }
}

/// Whether kustomize takes the file for a kustomization by its name.
pub(crate) fn is_kustomization(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default();
    ["kustomization.yaml", "kustomization.yml", "Kustomization"].iter().any(|known| name == *known)
}

/// Whether a document is a Kustomization or Component of kustomize (Flux has a kind of the same name).
pub(crate) fn is_kustomize_kind(root: &Node) -> bool {
    let kind = get(root, "kind").and_then(|_| get_str(root, "kind")).unwrap_or_default();
    let group = get_str(root, "apiVersion").unwrap_or_default();
    matches!(kind.as_str(), "Kustomization" | "Component")
        && group.starts_with("kustomize.config.k8s.io/")
}

#[derive(Clone, Copy, PartialEq)]
enum Style {
    Dotenv,
    Ini,
}

/// A file of lines as one map: keys of an `.env`, sections of an `.ini`. Comments stand above the key that follows.
fn lines(bytes: &[u8], style: Style) -> Vec<Document> {
    let text = String::from_utf8_lossy(bytes);
    let text = text.trim_start_matches('\u{feff}');
    let mut root = empty(Position { line: 1, column: 1 });
    let mut section: Option<usize> = None;
    let mut comments: Vec<String> = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let position = Position { line: u32::try_from(index + 1).unwrap_or(u32::MAX), column: 1 };
        let trimmed = line.trim();
        let yaml::Data::Mapping(pairs) = &mut root.data else { break };
        if trimmed.is_empty() {
            continue;
        }
        if trimmed.starts_with('#') || style == Style::Ini && trimmed.starts_with(';') {
            comments.push(format!("#{}", trimmed[1..].trim_start_matches(' ')));
            continue;
        }
        if style == Style::Ini && trimmed.starts_with('[') && trimmed.ends_with(']') {
            let name = trimmed[1..trimmed.len() - 1].trim();
            let mut key = scalar(name, position);
            key.comments.head = std::mem::take(&mut comments);
            pairs.push((key, empty(position)));
            section = Some(pairs.len() - 1);
            continue;
        }
        let (key, value) = trimmed
            .split_once(['=', if style == Style::Ini { ':' } else { '=' }])
            .unwrap_or((trimmed, ""));
        let value = if style == Style::Ini { unquoted(value.trim()) } else { value };
        let mut key = scalar(key.trim(), position);
        key.comments.head = std::mem::take(&mut comments);
        let pair = (key, scalar(value, position));
        match section.and_then(|section| pairs.get_mut(section)) {
            Some((_, node)) => {
                if let yaml::Data::Mapping(keys) = &mut node.data {
                    keys.push(pair);
                }
            }
            None => pairs.push(pair),
        }
    }
    // Comments below the last key.
    let mut document = Document { root, ..Document::default() };
    document.comments.foot = comments;
    vec![document]
}

/// The INI library that sops uses takes quotes and backquotes around a value off.
fn unquoted(value: &str) -> &str {
    ['`', '"', '\'']
        .iter()
        .find_map(|quote| value.strip_prefix(*quote).and_then(|rest| rest.strip_suffix(*quote)))
        .unwrap_or(value)
}
