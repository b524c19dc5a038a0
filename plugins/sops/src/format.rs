//! The five formats, and which one a path means.

pub(crate) mod binary;
pub(crate) mod dotenv;
pub(crate) mod ini;
pub(crate) mod json;
mod text;
pub(crate) mod value;
pub(crate) mod yaml;

use std::fmt;
use std::path::Path;

use crate::error::Syntax;
use crate::tree::Tree;

pub(crate) use text::replace;

/// The formats of sops' stores. Picked by the extension alone, as sops does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// `.yaml`, `.yml`
    Yaml,
    /// `.json`
    Json,
    /// `.env`
    Dotenv,
    /// `.ini`
    Ini,
    /// Everything else: a JSON envelope around bytes.
    Binary,
}

impl Format {
    /// The format that sops picks for a path (sops 3.13.3, `cmd/sops/formats`): by the end of the
    /// name, upper and lower case told apart, and a file that is called just `.env` is one.
    pub fn of_path(path: &Path) -> Self {
        let path = path.as_os_str().as_encoded_bytes();
        let ends = |end: &str| path.ends_with(end.as_bytes());
        if ends(".yaml") || ends(".yml") {
            Self::Yaml
        } else if ends(".json") {
            Self::Json
        } else if ends(".env") {
            Self::Dotenv
        } else if ends(".ini") {
            Self::Ini
        } else {
            Self::Binary
        }
    }

    /// Bytes to a tree, the metadata still in it.
    pub(crate) fn parse(self, bytes: &[u8]) -> Result<Tree, Syntax> {
        match self {
            Self::Yaml => yaml::parse(bytes),
            Self::Json => json::parse(bytes),
            Self::Dotenv => dotenv::parse(bytes),
            Self::Ini => ini::parse(bytes),
            Self::Binary => binary::parse(bytes),
        }
    }

    /// A tree as `sops -d` prints it.
    pub(crate) fn print(self, tree: &Tree) -> Vec<u8> {
        match self {
            Self::Yaml => yaml::print(tree),
            Self::Json => json::print(tree),
            Self::Dotenv => dotenv::print(tree),
            Self::Ini => ini::print(tree),
            Self::Binary => binary::print(tree),
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Yaml => "YAML",
            Self::Json => "JSON",
            Self::Dotenv => "dotenv",
            Self::Ini => "INI",
            Self::Binary => "binary (a JSON envelope)",
        })
    }
}
