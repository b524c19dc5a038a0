//! gpgme, behind the feature of that name: gpg through its own library, for agents and smartcards where `gpg` is not on
//! `PATH`. It binds a C library, and reads the environment of the process.

use gpgme::{Context, Protocol};

use crate::key::Attempt;
use crate::key::secret::{Secret, read_from};

/// Opens a message, or says what gpgme said.
pub(super) fn open(armored: &str) -> Result<Secret, Attempt> {
    decrypt(armored)
        .map_err(|problem| Attempt { place: "gpgme".to_owned(), outcome: Some(problem) })
}

fn decrypt(armored: &str) -> Result<Secret, String> {
    let words = |error: gpgme::Error| error.description().to_string().to_lowercase();
    let mut context = Context::from_protocol(Protocol::OpenPgp).map_err(words)?;
    let mut plain = Secret::default();
    context.decrypt(armored, &mut *plain).map_err(words)?;
    read_from(plain.as_slice())
}
