//! gpgme, behind the feature of that name: gpg through its own library, which finds gpg, agents and smartcards where
//! `PATH` does not lead. It binds a C library, and its children get the environment of the process, cleaned by then.

use gpgme::{Context, Protocol};

use super::gpg::Gpg;
use crate::key::Attempt;
use crate::key::secret::{Secret, read_from};

/// Opens a message over the home of `gpg`, or says what gpgme said.
pub(super) fn open(gpg: &Gpg, armored: &str) -> Result<Secret, Attempt> {
    decrypt(gpg, armored).map_err(|error| Attempt {
        place: "gpgme".to_owned(),
        outcome: Some(error.description().to_string().to_lowercase()),
    })
}

fn decrypt(gpg: &Gpg, armored: &str) -> Result<Secret, gpgme::Error> {
    let _turn = gpg.turn();
    let mut context = Context::from_protocol(Protocol::OpenPgp)?;
    if let Some(home) = gpg.home() {
        context.set_engine_home_dir(home.as_os_str().as_encoded_bytes())?;
    }
    // Data keys have 32 bytes, shares 33: the buffer is not moved, and wiped.
    let mut plain = Secret::new(Vec::with_capacity(1024));
    context.decrypt(armored, &mut *plain)?;
    read_from(plain.as_slice()).map_err(|_| gpgme::Error::TOO_LARGE)
}
