//! Files that a tenant names and may not have.

use std::os::unix::fs::symlink;
use std::sync::atomic::{AtomicBool, Ordering};

use super::*;

/// Another team's repository beside that of the tenant, with a file that the key of the machine opens.
fn with_neighbour() -> Tenant {
    let tenant = Tenant::new();
    tenant.builder.scratch.write("team-b/.git/HEAD", "");
    tenant.builder.scratch.write("team-b/db.enc.yaml", encrypted());
    tenant
}

#[test]
fn attack_secret_file_outside_the_scope() {
    for (path, how) in [
        ("../team-b/db.enc.yaml", "`..` leads outside the scope"),
        ("DIR/team-b/db.enc.yaml", "an absolute path outside the scope"),
        ("link.enc.yaml", "a symlink leads outside the scope"),
        ("folder/db.enc.yaml", "a symlink leads outside the scope"),
        ("folder/*.enc.yaml", "outside the scope"),
    ] {
        let attack = |tenant: &Tenant| {
            let dir = tenant.builder.scratch.path().display().to_string();
            tenant.config(&format!("{{files: [\"{}\"]}}", path.replace("DIR", &dir)));
            symlink("../team-b/db.enc.yaml", tenant.repo.join("link.enc.yaml")).unwrap();
            symlink("../team-b", tenant.repo.join("folder")).unwrap();
        };
        let tenant = with_neighbour();
        attack(&tenant);
        let refused = tenant.refused(&tenant.plugin());
        // A glob does not enter a folder that is a link.
        let glob = path.contains('*') && refused.contains("folder/*.enc.yaml");
        assert!(refused.contains(how) || glob, "{path}: {refused}");
        // In a common repository nothing is outside, and the key of the machine opens it.
        if !path.contains('*') {
            let open = with_neighbour();
            attack(&open);
            fs::remove_dir_all(open.repo.join(".git")).unwrap();
            open.builder.scratch.write(".git/HEAD", "");
            assert!(built(&open.plugin()).contains("kind: Secret"), "{path}");
        }
    }
}

/// The guard itself is broken by a mutation: `tests/mutations.d/confine.toml`, "a swapped symlink leads out of the scope".
#[test]
fn attack_symlink_swapped_during_the_build() {
    let tenant = with_neighbour();
    let own = tenant.write("own.enc.yaml", encrypted());
    let text = String::from_utf8(encrypted()).unwrap();
    // Not encrypted at all: whoever reads it says so, and names the path.
    let marker = "marker-of-team-b";
    tenant
        .builder
        .scratch
        .write("team-b/db.enc.yaml", text.replace("kind: Secret", &format!("kind: {marker}")));
    tenant.config("{files: [link.enc.yaml]}");
    let (link, spare) = (tenant.repo.join("link.enc.yaml"), tenant.repo.join("spare"));
    symlink(&own, &link).unwrap();
    let over = AtomicBool::new(false);
    let targets = [PathBuf::from("../team-b/db.enc.yaml"), PathBuf::from("own.enc.yaml")];
    let (mut built, mut refused) = (0, 0);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for target in targets.iter().cycle() {
                if over.load(Ordering::Relaxed) {
                    return;
                }
                symlink(target, &spare).unwrap();
                fs::rename(&spare, &link).unwrap();
            }
        });
        for _ in 0..200 {
            let config = tenant.repo.join("secrets.yaml");
            let output =
                tenant.builder.pleach(&tenant.repo, &["run", config.to_str().unwrap()], b"");
            let everything = built_or_said(&output);
            assert!(!everything.contains(marker), "{everything}");
            if output.status.success() { built += 1 } else { refused += 1 }
        }
        over.store(true, Ordering::Relaxed);
    });
    println!(
        "a symlink swapped during 200 builds: {built} read the tenant's own file, {refused} were refused"
    );
    assert!(
        built > 0 && refused > 0,
        "{built} built, {refused} refused: the swap did not hit both"
    );
}

#[test]
fn attack_proc_and_key_files_as_secret_files() {
    let key = root().join("tests/keys/throw-away-age.txt").display().to_string();
    for path in ["/proc/self/environ", "/proc/self/fd/0", "/proc/1/environ", &key, "link"] {
        for spec in [
            format!("{{files: [{path}]}}"),
            format!("{{secrets: [{{name: s, files: [a={path}]}}]}}"),
            format!("{{secrets: [{{name: s, envs: [{path}]}}]}}"),
        ] {
            let tenant = Tenant::new();
            symlink(&key, tenant.repo.join("link")).unwrap();
            tenant.config(&spec);
            let refused = tenant.refused(&tenant.plugin());
            assert!(refused.contains("outside the scope"), "{spec}: {refused}");
            assert!(!refused.contains("AGE-SECRET-KEY"), "{refused}");
        }
    }
    // kustomize's own generator gives them to whoever asks, as soon as the operator lifts its load restriction.
    let tenant = Tenant::new();
    let generator = format!("secretGenerator: [{{name: s, files: [{key}, /proc/self/environ]}}]\n");
    tenant.write("kustomization.yaml", generator);
    let open =
        tenant.builder.kustomize(&tenant.repo, &["--load-restrictor", "LoadRestrictionsNone"]);
    assert!(built(&open).contains("throw-away-age.txt: ") && built(&open).contains("environ: "));
}
