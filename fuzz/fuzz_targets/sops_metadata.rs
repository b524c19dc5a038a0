//! The `sops` block: nested in JSON (behind a `j`), or flat in dotenv.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sops::{DataKey, Format, Sealed};

fuzz_target!(|bytes: &[u8]| {
    let (format, file) = match bytes {
        [b'j', block @ ..] => (Format::Json, [br#"{"a": "", "sops": "#, block, b"}"].concat()),
        lines => {
            let lines = lines.split(|byte| *byte == b'\n');
            (Format::Dotenv, lines.flat_map(|line| [b"sops_", line, b"\n"].concat()).collect())
        }
    };
    let Ok(sealed) = Sealed::parse(&file, format) else { return };
    let _ = format!("{:?}", sealed.metadata());
    let _ = sealed.redact().to_bytes();
    let _ = sealed.open_with(&DataKey::from_bytes([0; 32])).map(|plain| plain.to_bytes());
});
