//! Why a document was not decrypted.

/// Why a document was not decrypted. Whose fault it is stands on every variant.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The user's: the file carries no sops metadata.
    #[error("not encrypted with sops")]
    NotEncrypted,
}

impl Error {
    /// What to do about it, in one line.
    pub fn hint(&self) -> Option<String> {
        None
    }
}
