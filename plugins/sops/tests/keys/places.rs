//! Keys are found wherever sops finds them, once per run, by children with a clean environment.

use std::ffi::OsString;

use crate::file_for;
use crate::support::{Keys, keyring};

/// Whether a file for this column opens in this environment.
fn opens(keys: &Keys, column: &str, env: &[(&'static str, OsString)]) -> bool {
    let metadata = file_for(keys, &[keys.column(column)]);
    keyring(env).data_key(&metadata).is_ok()
}

fn text(keys: &Keys, file: &str) -> String {
    std::fs::read_to_string(keys.scratch.join(file)).expect(file)
}

#[test]
fn in_the_variable_separated_by_white_space() {
    let keys = Keys::shared();
    let secrets: Vec<String> = ["pq.txt", "x.txt"]
        .iter()
        .flat_map(|file| text(&keys, file).lines().map(str::to_owned).collect::<Vec<_>>())
        .filter(|line| !line.starts_with('#'))
        .collect();
    assert!(opens(&keys, "age-x25519", &[("SOPS_AGE_KEY", secrets.join(" \t").into())]));
    assert!(opens(&keys, "age-pq", &[("SOPS_AGE_KEY", secrets.join("\r\n\r\n").into())]));
}

#[test]
fn in_a_file_with_comments_windows_line_ends_and_other_keys() {
    let keys = Keys::shared();
    let both = format!("# mine\r\n\r\n{}{}", text(&keys, "pq.txt"), text(&keys, "x.txt"));
    let file = keys.scratch.write("both.txt", both.replace('\n', "\r\n"));
    assert!(opens(&keys, "age-x25519", &[("SOPS_AGE_KEY_FILE", file.into_os_string())]));
}

#[test]
fn in_the_default_places_below_the_home() {
    let keys = Keys::shared();
    let home = keys.scratch.dir("full");
    keys.scratch.write("full/.config/sops/age/keys.txt", text(&keys, "x.txt"));
    keys.scratch.write("full/.ssh/id_ed25519", text(&keys, "age-ssh-ed25519"));
    keys.scratch.write("full/.ssh/id_rsa", text(&keys, "age-ssh-rsa"));
    let env = [("HOME", home.into_os_string())];
    for column in ["age-x25519", "age-ssh-ed25519", "age-ssh-rsa"] {
        assert!(opens(&keys, column, &env), "{column}");
    }
    let elsewhere = keys.scratch.dir("full/.config").into_os_string();
    assert!(opens(&keys, "age-x25519", &[("XDG_CONFIG_HOME", elsewhere)]));
}

/// The command must know the recipient and must not see what the host keeps in its environment: cargo sets
/// `CARGO_PKG_NAME` for this very process.
#[test]
fn in_what_a_command_prints_which_gets_the_recipient_and_a_clean_environment() {
    let keys = Keys::shared();
    assert!(std::env::var_os("CARGO_PKG_NAME").is_some());
    let path = || ("PATH", std::env::var_os("PATH").unwrap_or_default());
    let command = |file: &str| {
        let file = keys.scratch.join(file).display().to_string();
        let test = r#"[ -z "$CARGO_PKG_NAME" ] && [ -n "$SOPS_AGE_RECIPIENT" ]"#;
        OsString::from(format!("sh -c '{test} && cat \"{file}\"'"))
    };
    assert!(opens(&keys, "age-x25519", &[("SOPS_AGE_KEY_CMD", command("x.txt")), path()]));
    let ssh = ("SOPS_AGE_SSH_PRIVATE_KEY_CMD", command("age-ssh-ed25519"));
    assert!(opens(&keys, "age-ssh-ed25519", &[ssh, path()]));
}

#[test]
fn a_broken_source_does_not_stop_one_that_works() {
    let keys = Keys::shared();
    let mut env = keys.column("age-x25519").ours.clone();
    env.push(("SOPS_AGE_KEY", "nonsense".into()));
    env.push(("SOPS_AGE_SSH_PRIVATE_KEY_FILE", keys.path("nowhere")));
    assert!(opens(&keys, "age-x25519", &env));
}

#[test]
fn once_per_run() {
    let keys = Keys::shared();
    let metadata = file_for(&keys, &[keys.column("age-x25519")]);
    let file = keys.scratch.write("once.txt", text(&keys, "x.txt"));
    let keyring = keyring(&[("SOPS_AGE_KEY_FILE", file.clone().into_os_string())]);
    assert!(keyring.data_key(&metadata).is_ok());
    std::fs::remove_file(file).expect("the key file");
    assert!(keyring.data_key(&metadata).is_ok());
}

#[test]
fn sops_decryption_order_is_honoured() {
    let keys = Keys::shared();
    let (age, pgp) = (keys.column("age-x25519"), keys.column("pgp-cv25519"));
    let args = [age.args.clone(), pgp.args.clone()].concat();
    let env = [age.sops.clone(), pgp.sops.clone()].concat();
    let metadata = crate::metadata(&keys.encrypt(&args, &env));
    // A gpg that leaves a trace: it must only run when PGP comes first.
    let trace = keys.scratch.join("trace");
    let script = format!("#!/bin/sh\necho ran >> '{}'\nexit 1\n", trace.display());
    let gpg = keys.scratch.write("tracing-gpg", script);
    executable(&gpg);
    let mut env = age.ours.clone();
    env.push(("SOPS_GPG_EXEC", gpg.into_os_string()));
    assert!(keyring(&env).data_key(&metadata).is_ok());
    assert!(!trace.exists(), "age comes first by default");
    env.push(("SOPS_DECRYPTION_ORDER", "pgp,age".into()));
    assert!(keyring(&env).data_key(&metadata).is_ok());
    assert!(trace.exists());
}

/// Twenty at once exhaust the memory of gpg's agent.
#[test]
fn never_more_than_three_gpg_run_at_once() {
    let keys = Keys::shared();
    let column = keys.column("pgp-by-gpg");
    let metadata = file_for(&keys, &[column]);
    let log = keys.scratch.join("gpg.log");
    let script = format!(
        "#!/bin/sh\necho + >> '{log}'\ngpg \"$@\"\ncode=$?\necho - >> '{log}'\nexit $code\n",
        log = log.display()
    );
    let gpg = keys.scratch.write("counting-gpg", script);
    executable(&gpg);
    let mut env = column.ours.clone();
    env.push(("SOPS_GPG_EXEC", gpg.into_os_string()));
    let keyring = keyring(&env);
    std::thread::scope(|scope| {
        for _ in 0..24 {
            scope.spawn(|| assert!(keyring.data_key(&metadata).is_ok()));
        }
    });
    let log = std::fs::read_to_string(log).expect("log");
    let (mut running, mut most) = (0i32, 0i32);
    for line in log.lines() {
        running += if line == "+" { 1 } else { -1 };
        most = most.max(running);
    }
    assert_eq!(log.lines().count(), 48);
    assert!((1..=3).contains(&most), "{most} at once");
}

fn executable(path: &std::path::Path) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).expect("chmod");
}

#[test]
fn doctor_sees_recipients_and_places_and_no_content() {
    let keys = Keys::shared();
    let mut env = keys.column("age-x25519").ours.clone();
    env.push(("SOPS_AGE_SSH_PRIVATE_KEY_FILE", keys.path("age-ssh-rsa")));
    env.push(("PLEACH_PGP_KEY_FILE", keys.path("pgp-cv25519.asc")));
    let found = keyring(&env).found();
    let named: Vec<&str> = found.iter().map(|found| found.recipient.as_str()).collect();
    let ssh = keys.column("age-ssh-rsa").args[1].rsplit_once(" a comment").expect("comment").0;
    let expected = [ssh, &keys.column("age-x25519").args[1], &keys.column("pgp-cv25519").args[1]];
    assert_eq!(named, expected);
    assert!(!format!("{found:?}").contains("SECRET-KEY"));
}
