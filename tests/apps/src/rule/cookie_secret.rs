//! oauth2-proxy's cookie secret is an AES key: 16, 24 or 32 bytes, as they stand or in base64 (`encryption.SecretBytes`,
//! oauth2-proxy v7.15.3).

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

use super::Report;
use super::secrets::value;
use crate::World;

/// The key that holds it.
const KEY: &str = "OAUTH2_PROXY_COOKIE_SECRET";

pub(super) fn check(world: &World, report: &mut Report) {
    for secret in world.of_kind("Secret") {
        if let Some(bytes) = value(secret, KEY) {
            let long = [16, 24, 32].contains(&length(&bytes));
            report.hold(long, secret.id(), format!("{KEY}: no AES key of 16, 24 or 32 bytes"));
        }
    }
}

/// As oauth2-proxy reads it: URL-safe base64 with or without padding, where that gives an AES key; else as it stands.
fn length(bytes: &[u8]) -> usize {
    let text: Vec<u8> = bytes.iter().copied().filter(|byte| *byte != b'=').collect();
    match URL_SAFE_NO_PAD.decode(&text) {
        Ok(key) if [16, 24, 32].contains(&key.len()) => key.len(),
        _ => bytes.len(),
    }
}

/// What base64 in `data` stands for.
pub(super) fn decoded(text: &str) -> Option<Vec<u8>> {
    STANDARD.decode(text).ok()
}
