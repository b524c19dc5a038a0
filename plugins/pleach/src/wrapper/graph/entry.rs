//! What an entry of a kustomization's list is: a folder, a file, a config in place, or something remote.

use std::path::{Path, PathBuf};

use serde_json::Value;

/// What an entry is.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Entry<'a> {
    /// A folder with a kustomization, resolved.
    Folder(PathBuf),
    /// A file, resolved.
    File(PathBuf),
    /// A config that stands in the list itself.
    Inline(&'a str),
    /// It stands elsewhere, or nowhere.
    Remote,
}

impl<'a> Entry<'a> {
    /// `configs`: whether a config may stand in the list itself, which kustomize tries first.
    pub(super) fn of(entry: &'a str, folder: &Path, configs: bool) -> Self {
        if configs && is_inline(entry) {
            return Self::Inline(entry);
        }
        if is_url(entry) {
            return Self::Remote;
        }
        match folder.join(entry).canonicalize() {
            Ok(path) if path.is_dir() => Self::Folder(path),
            Ok(path) if path.is_file() => Self::File(path),
            _ => Self::Remote,
        }
    }
}

/// Whether it is a map, and so a config (`kusttarget.go`, `configureExternalGenerators`).
fn is_inline(entry: &str) -> bool {
    entry.contains(':')
        && yaml::values(entry.as_bytes())
            .map_or_else(|_| entry.contains('\n'), |all| all.iter().any(Value::is_object))
}

/// Whether kustomize takes it for a URL or a git repository, also when a folder has that name
/// (`api/internal/git/repospec.go`).
fn is_url(entry: &str) -> bool {
    let lower = entry.to_ascii_lowercase();
    lower.contains("://")
        || lower.contains("?ref=")
        || ["git::", "git@", "github.com/", "github.com:"]
            .iter()
            .any(|start| lower.starts_with(start))
}

/// An entry as messages name it: without the user and password of a URL, without what steers a terminal.
pub(super) fn shown(entry: &str) -> String {
    const LONGEST: usize = 200;
    let plain = match entry.split_once("://") {
        Some((scheme, rest)) => {
            let host = rest.split('/').next().unwrap_or_default();
            let user = host.rfind('@').map_or(0, |at| at + 1);
            format!("{scheme}://{}", &rest[user..])
        }
        None => entry.to_owned(),
    };
    plain.chars().filter(|c| !c.is_control() && !is_bidi(*c)).take(LONGEST).collect()
}

fn is_bidi(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_a_folder_a_file_inline_or_remote() {
        let dir = std::env::temp_dir().canonicalize().unwrap();
        let here = Path::new(env!("CARGO_MANIFEST_DIR")).canonicalize().unwrap();
        assert_eq!(Entry::of("plugins", &here, true), Entry::Folder(here.join("plugins")));
        assert_eq!(Entry::of("./Cargo.toml", &here, true), Entry::File(here.join("Cargo.toml")));
        let inline = "{apiVersion: a/v1, kind: B}";
        assert_eq!(Entry::of(inline, &dir, true), Entry::Inline(inline));
        assert_eq!(Entry::of(inline, &dir, false), Entry::Remote);
        for remote in [
            "https://x.test/a.yaml",
            "git@x.test:a/b",
            "github.com/a/b?ref=v1",
            "ssh://git@x/a",
            "../../no/such/folder",
            "git::https://x.test/a",
        ] {
            assert_eq!(Entry::of(remote, &dir, true), Entry::Remote, "{remote}");
        }
    }

    #[test]
    fn attack_no_password_of_a_url_is_shown() {
        assert_eq!(shown("https://user:hunter2@x.test/a@b"), "https://x.test/a@b");
        assert_eq!(shown("ssh://git@x.test/a"), "ssh://x.test/a");
        assert_eq!(shown("git@x.test:a/b"), "git@x.test:a/b");
        assert_eq!(shown("a\u{1b}[2J\u{202e}b"), "a[2Jb");
    }
}
