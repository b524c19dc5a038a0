//! The codec against the real sops: what it encrypts is decrypted to the bytes that it prints.
#![expect(
    clippy::panic,
    unreachable_pub,
    dead_code,
    reason = "a tool that fails is a test that fails; the keys are shared with other tests"
)]

mod documents;
mod hostile;
#[path = "../support/keys.rs"]
mod keys;
mod made;
mod matrix;
mod oddities;
mod redacted;
mod refused;
mod rewritten;
