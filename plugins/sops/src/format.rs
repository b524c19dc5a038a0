//! The five formats, and which one a path means.

use std::path::Path;

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
}
