//! Trees that cost more than they look like. The guards are broken by mutations, `tests/mutations.d/`.

use std::fmt::Write as _;
use std::process::Command;
use std::time::{Duration, Instant};

use super::*;

/// Runs the plugin form with at most this much address space for kustomize and for us, in KiB; what takes more dies.
fn within(tenant: &Tenant, kib: u64) -> (Output, Duration) {
    let kustomize = test_support::kustomize();
    let began = Instant::now();
    // Go reserves address space generously: the limit is set by our plugin's own wrapper, on us alone.
    let home = tenant.builder.scratch.dir("limited/pleach.dev/v1alpha1/sopsdecrypt");
    let script = format!("#!/bin/sh\nulimit -v {kib}\nexec {} \"$@\"\n", crate::build::PLEACH);
    fs::write(home.join("SopsDecrypt"), script).unwrap();
    fs::set_permissions(home.join("SopsDecrypt"), fs::Permissions::from_mode(0o755)).unwrap();
    let mut command: Command = tenant.builder.command(kustomize);
    command.args(["build", "--enable-alpha-plugins"]).arg(&tenant.repo);
    command.env("KUSTOMIZE_PLUGIN_HOME", tenant.builder.scratch.join("limited"));
    (command.output().unwrap(), began.elapsed())
}

/// Far above what a run needs, far below what the attacks ask for.
const ENOUGH: u64 = 512 << 10;

#[test]
fn attack_a_file_of_a_gigabyte() {
    let tenant = Tenant::new();
    let file = fs::File::create(tenant.repo.join("large.enc.yaml")).unwrap();
    // It takes no space on the disk, and a gigabyte of whoever reads it.
    file.set_len(1 << 30).unwrap();
    for spec in ["{files: [large.enc.yaml]}", "{secrets: [{name: s, files: [large.enc.yaml]}]}"] {
        tenant.config(spec);
        let (output, took) = within(&tenant, ENOUGH);
        let refused = tenant.refused(&output);
        assert!(
            refused.contains("large.enc.yaml: spec.") && refused.contains("is larger than 16 MiB"),
            "{refused}"
        );
        assert!(took < Duration::from_secs(20), "{took:?}");
    }
}

#[test]
fn attack_an_alias_bomb() {
    let mut bomb = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for level in 1..12 {
        let before = format!("*a{}, ", level - 1).repeat(10);
        let _ = writeln!(bomb, "a{level}: &a{level} [{before}]");
    }
    // As a file to decrypt.
    let tenant = Tenant::new();
    tenant.write(
        "bomb.enc.yaml",
        format!("{bomb}sops: {{mac: x, lastmodified: x, version: 3.9.0}}\n"),
    );
    tenant.config("{files: [bomb.enc.yaml]}");
    let (output, took) = within(&tenant, ENOUGH);
    let refused = tenant.refused(&output);
    assert!(refused.contains("error: bomb.enc.yaml: "), "{refused}");
    assert!(took < Duration::from_secs(20), "{took:?}");
    // As a stream, which nobody has read before us.
    let output =
        tenant.builder.pleach(&tenant.repo, &["run"], format!("kind: X\n{bomb}").as_bytes());
    assert!(tenant.refused(&output).contains("standard input:"), "{}", said(&output));
}
