//! The format that sops picks for a file by its name.
//!
//! The `sops` crate knows the same; it is not used here, since a check that needs no key links no crypto.

use std::path::Path;

/// The formats of sops' stores.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
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
    /// By the end of the name, upper and lower case told apart (sops 3.13.3, `cmd/sops/formats`).
    pub(crate) fn of_path(path: &Path) -> Self {
        let path = path.as_os_str().as_encoded_bytes();
        let known: [(&[u8], Self); 5] = [
            (b".yaml", Self::Yaml),
            (b".yml", Self::Yaml),
            (b".json", Self::Json),
            (b".env", Self::Dotenv),
            (b".ini", Self::Ini),
        ];
        known
            .into_iter()
            .find(|(end, _)| path.ends_with(end))
            .map_or(Self::Binary, |(_, format)| format)
    }
}
