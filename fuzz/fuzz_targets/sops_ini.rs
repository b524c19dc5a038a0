//! A SOPS file of the ini format: parsed, opened with a key that fits or not, redacted, printed.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sops::{DataKey, Format, Sealed};

fuzz_target!(|bytes: &[u8]| {
    let Ok(sealed) = Sealed::parse(bytes, Format::Ini) else { return };
    let redacted = sealed.redact();
    let _ = redacted.values();
    let _ = redacted.to_bytes();
    if let Ok(plain) = sealed.open_with(&DataKey::from_bytes([0; 32])) {
        let _ = plain.values();
        let _ = plain.to_bytes();
    }
});
