//! Generates Secrets from SOPS files.
