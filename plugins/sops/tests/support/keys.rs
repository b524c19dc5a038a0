//! Keys of every kind, made by the real tools, and what sops and pleach need to use each: one column of the matrix.
//!
//! The keys are made once for all tests that run at the same time and vanish with the last of them, agents included.
#![expect(clippy::panic, reason = "a tool that fails is a test that fails")]

use std::ffi::{OsStr, OsString};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use test_support::{Scratch, machine, tool};

/// The passphrase of everything that is protected.
pub const PASSPHRASE: &str = "correct horse battery staple";

/// One kind of key.
#[derive(Debug, Clone, Default)]
pub struct KeyColumn {
    /// What the matrix calls it.
    pub name: &'static str,
    /// What `sops encrypt` gets to encrypt for it.
    pub args: Vec<String>,
    /// The environment that sops needs beyond `PATH` and `HOME`, to encrypt and to decrypt.
    pub sops: Vec<(&'static str, OsString)>,
    /// The environment that a keyring of ours needs: nothing else is set.
    pub ours: Vec<(&'static str, OsString)>,
}

impl KeyColumn {
    /// Adds what sops needs to its command.
    pub fn prepare(&self, sops: &mut Command) {
        sops.envs(self.sops.iter().map(|(name, value)| (name, value)));
    }

    /// A keyring that finds exactly this key.
    pub fn keyring(&self) -> sops::Keyring {
        keyring(&self.ours)
    }
}

/// A keyring over these variables and no others, with nobody at the terminal.
pub fn keyring(env: &[(&'static str, OsString)]) -> sops::Keyring {
    let env = env.to_vec();
    sops::Keyring::unattended(move |name| {
        env.iter().find(|(own, _)| *own == name).map(|(_, value)| value.clone())
    })
}

/// Every key, in a folder of its own.
pub struct Keys {
    /// The folder; it holds a `GnuPG` home, key files and identities.
    pub scratch: Scratch,
    /// The columns of the matrix.
    pub columns: Vec<KeyColumn>,
}

static SHARED: Mutex<Weak<Keys>> = Mutex::new(Weak::new());

impl Drop for Keys {
    fn drop(&mut self) {
        let gpgconf = machine("gpgconf");
        let _ = Command::new(gpgconf)
            .args(["--kill", "all"])
            .env("GNUPGHOME", self.gnupg_home())
            .status();
    }
}

impl Keys {
    /// The keys of this process.
    pub fn shared() -> Arc<Self> {
        let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
        shared.upgrade().unwrap_or_else(|| {
            let keys = Arc::new(Self::make());
            *shared = Arc::downgrade(&keys);
            keys
        })
    }

    /// The column of this name.
    pub fn column(&self, name: &str) -> &KeyColumn {
        let found = self.columns.iter().find(|column| column.name == name);
        found.unwrap_or_else(|| panic!("no column {name}"))
    }

    /// The home of `GnuPG` with all PGP keys.
    pub fn gnupg_home(&self) -> PathBuf {
        self.scratch.join("gnupg")
    }

    /// A path as a value of a variable.
    pub fn path(&self, name: &str) -> OsString {
        self.scratch.join(name).into_os_string()
    }

    fn make() -> Self {
        let mut keys = Self { scratch: Scratch::new(), columns: Vec::new() };
        keys.x25519("age-x25519", "x.txt", &[]);
        keys.x25519("age-pq", "pq.txt", &["-pq"]);
        keys.protected();
        keys.ssh("age-ssh-ed25519", "ed25519", "");
        keys.ssh("age-ssh-rsa", "rsa", "");
        keys.ssh("age-ssh-protected", "ed25519", PASSPHRASE);
        keys.plugin();
        keys.scratch.dir("gnupg");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let private = std::fs::Permissions::from_mode(0o700);
            std::fs::set_permissions(keys.gnupg_home(), private).expect("gnupg home");
        }
        keys.pgp("pgp-cv25519", "Subkey-Type: ecdh\nSubkey-Curve: cv25519", "");
        keys.pgp("pgp-rsa4096", "Subkey-Type: RSA\nSubkey-Length: 4096", "");
        keys.pgp("pgp-protected", "Subkey-Type: ecdh\nSubkey-Curve: cv25519", PASSPHRASE);
        keys.by_gpg();
        keys.groups("shamir-age-age", &["age-x25519", "age-ssh-ed25519"], 2);
        keys.groups("shamir-age-pgp", &["age-x25519", "pgp-cv25519"], 2);
        keys.two_of_three();
        keys
    }

    fn x25519(&mut self, name: &'static str, file: &str, args: &[&str]) {
        let output = run(self.scratch.command(test_support::age_keygen()).args(args), b"");
        let path = self.scratch.write(file, &output.stdout);
        let text = String::from_utf8(output.stdout).expect("UTF-8");
        let recipient = text.split("public key: ").nth(1).and_then(|rest| rest.lines().next());
        let recipient = recipient.unwrap_or_else(|| panic!("no public key in the key file"));
        let env = vec![("SOPS_AGE_KEY_FILE", path.into_os_string())];
        let args = vec!["--age".to_owned(), recipient.to_owned()];
        self.columns.push(KeyColumn { name, args, sops: env.clone(), ours: env });
    }

    /// The X25519 identity below a passphrase. sops would ask at a terminal: it gets the clear one.
    fn protected(&mut self) {
        let clear = std::fs::read(self.scratch.join("x.txt")).expect("x.txt");
        let age = test_support::age();
        let plugins = age.parent().expect("a folder").to_owned();
        let path = path_with(&plugins);
        let mut command = self.scratch.command(&age);
        command.args(["-e", "-j", "batchpass", "-a"]);
        command.env("PATH", path).env("AGE_PASSPHRASE", PASSPHRASE);
        // The least work factor that is not refused: the real one costs a second.
        command.env("AGE_PASSPHRASE_WORK_FACTOR", "12");
        let output = run(&mut command, &clear);
        let file = self.scratch.write("protected.age", output.stdout).into_os_string();
        let passphrase = self.scratch.write("passphrase", format!("{PASSPHRASE}\n"));
        let x25519 = self.column("age-x25519").clone();
        let ours = vec![
            ("SOPS_AGE_KEY_FILE", file),
            ("PLEACH_AGE_PASSPHRASE_FILE", passphrase.into_os_string()),
        ];
        self.columns.push(KeyColumn { name: "age-protected", ours, ..x25519 });
    }

    fn ssh(&mut self, name: &'static str, kind: &str, passphrase: &str) {
        let path = self.scratch.join(name);
        let keygen = machine("ssh-keygen");
        let mut command = self.scratch.command(&keygen);
        command.args(["-q", "-t", kind, "-C", "a comment", "-N", passphrase, "-f"]).arg(&path);
        run(&mut command, b"");
        let public = std::fs::read_to_string(path.with_extension("pub")).expect("public key");
        let mut ours = vec![("SOPS_AGE_SSH_PRIVATE_KEY_FILE", path.clone().into_os_string())];
        let mut sops = ours.clone();
        if !passphrase.is_empty() {
            ours.push(("PLEACH_AGE_PASSPHRASE_FILE", self.path("passphrase")));
            // sops would ask at a terminal: it gets a clear copy.
            let clear = self.scratch.join(format!("{name}-clear"));
            std::fs::copy(&path, &clear).expect("copy");
            let mut command = self.scratch.command(&keygen);
            command.args(["-q", "-p", "-P", passphrase, "-N", "", "-f"]).arg(&clear);
            run(&mut command, b"");
            sops = vec![("SOPS_AGE_SSH_PRIVATE_KEY_FILE", clear.into_os_string())];
        }
        let args = vec!["--age".to_owned(), public.trim_end().to_owned()];
        self.columns.push(KeyColumn { name, args, sops, ours });
    }

    fn plugin(&mut self) {
        let plugin = tool("age-plugin-test", "age-plugin-test");
        let output = run(self.scratch.command(&plugin).arg("-generate"), b"");
        let text = String::from_utf8(output.stdout).expect("UTF-8");
        let (recipient, identity) = text.trim_end().split_once('\n').expect("two lines");
        let file = self.scratch.write("plugin.txt", identity).into_os_string();
        let path = path_with(plugin.parent().expect("a folder"));
        let env = vec![("SOPS_AGE_KEY_FILE", file), ("PATH", path)];
        let args = vec!["--age".to_owned(), recipient.to_owned()];
        self.columns.push(KeyColumn { name: "age-plugin", args, sops: env.clone(), ours: env });
    }

    /// Makes a PGP key with an encryption subkey, and exports it for rPGP.
    fn pgp(&mut self, name: &'static str, subkey: &str, passphrase: &str) {
        let protection = match passphrase {
            "" => "%no-protection".to_owned(),
            passphrase => format!("Passphrase: {passphrase}"),
        };
        let parameters = format!(
            "Key-Type: eddsa\nKey-Curve: ed25519\nKey-Usage: sign\n{subkey}\n\
             Subkey-Usage: encrypt\nName-Real: {name}\nExpire-Date: 0\n{protection}\n%commit\n"
        );
        self.gpg(&["--batch", "--generate-key"], parameters.as_bytes());
        let listing = self.gpg(&["--batch", "--with-colons", "--list-keys", name], b"");
        let listing = String::from_utf8(listing.stdout).expect("UTF-8");
        let fingerprint = listing.lines().find_map(|line| line.strip_prefix("fpr:::::::::"));
        let fingerprint = fingerprint.expect("a fingerprint").trim_end_matches(':').to_owned();
        let loopback = ["--batch", "--pinentry-mode", "loopback", "--passphrase", passphrase];
        let export = ["--armor", "--export-secret-keys", &fingerprint];
        let exported = self.gpg(&[&loopback[..], &export[..]].concat(), b"");
        let file = self.scratch.write(format!("{name}.asc"), exported.stdout);
        let mut ours = vec![("PLEACH_PGP_KEY_FILE", file.into_os_string())];
        if !passphrase.is_empty() {
            ours.push(("PLEACH_PGP_PASSPHRASE_FILE", self.path("passphrase")));
            // sops' gpg would ask: the agent is told the passphrase beforehand, by decrypting once.
            let encrypt = ["--batch", "--trust-model", "always", "-e", "-r", &fingerprint];
            let message = self.gpg(&encrypt, b"x").stdout;
            self.gpg(&[&loopback[..], &["-d"]].concat(), &message);
        }
        let sops = vec![("GNUPGHOME", self.gnupg_home().into_os_string())];
        let args = vec!["--pgp".to_owned(), fingerprint];
        self.columns.push(KeyColumn { name, args, sops, ours });
    }

    /// The cv25519 key, opened by the user's gpg.
    fn by_gpg(&mut self) {
        let column = self.column("pgp-cv25519").clone();
        let mut ours = column.sops.clone();
        ours.push(("PATH", std::env::var_os("PATH").unwrap_or_default()));
        self.columns.push(KeyColumn { name: "pgp-by-gpg", ours, ..column });
    }

    /// Key groups, one for each of these columns, all of which are at hand.
    fn groups(&mut self, name: &'static str, of: &[&str], threshold: usize) {
        let columns: Vec<KeyColumn> = of.iter().map(|name| self.column(name).clone()).collect();
        let config = self.config(name, &columns, threshold);
        let ours = columns.iter().flat_map(|column| column.ours.clone()).collect();
        let sops = columns.iter().flat_map(|column| column.sops.clone()).collect();
        let args = vec!["--config".to_owned(), config.display().to_string()];
        self.columns.push(KeyColumn { name, args, sops, ours });
    }

    /// Three groups of which two suffice; the key of the second one is not there.
    fn two_of_three(&mut self) {
        let of = ["age-x25519", "age-pq", "pgp-cv25519"];
        let columns: Vec<KeyColumn> = of.iter().map(|name| self.column(name).clone()).collect();
        let config = self.config("shamir-2-of-3", &columns, 2);
        let ours = [columns[0].ours.clone(), columns[2].ours.clone()].concat();
        let sops = [columns[0].sops.clone(), columns[2].sops.clone()].concat();
        let args = vec!["--config".to_owned(), config.display().to_string()];
        self.columns.push(KeyColumn { name: "shamir-2-of-3", args, sops, ours });
    }

    fn config(&self, name: &str, columns: &[KeyColumn], threshold: usize) -> PathBuf {
        let group = |column: &KeyColumn| {
            let [kind, recipient] = column.args.as_slice() else { panic!("{}", column.name) };
            let kind = kind.trim_start_matches("--");
            format!("      - {kind}:\n          - \"{recipient}\"\n")
        };
        let groups: String = columns.iter().map(group).collect();
        let rule = format!("  - shamir_threshold: {threshold}\n    key_groups:\n");
        self.scratch.write(format!("{name}.sops.yaml"), format!("creation_rules:\n{rule}{groups}"))
    }

    /// Runs gpg over the home of these keys.
    pub fn gpg(&self, args: &[&str], input: &[u8]) -> Output {
        let mut command = self.scratch.command(machine("gpg"));
        command.env("GNUPGHOME", self.gnupg_home()).args(args);
        run(&mut command, input)
    }

    /// Encrypts a JSON document for these `sops encrypt` arguments and returns its `sops` block.
    pub fn encrypt(&self, args: &[String], env: &[(&'static str, OsString)]) -> serde_json::Value {
        let mut command = self.scratch.command(test_support::sops());
        command.envs(env.iter().map(|(name, value)| (name, value)));
        let kinds =
            ["--input-type", "json", "--output-type", "json", "--filename-override", "x.json"];
        command.arg("encrypt").args(args).args(kinds).arg("/dev/stdin");
        // `--config` stands before the command.
        if let [flag, config] = args
            && flag == "--config"
        {
            command = self.scratch.command(test_support::sops());
            command.envs(env.iter().map(|(name, value)| (name, value)));
            command.args(["--config", config, "encrypt"]).args(kinds).arg("/dev/stdin");
        }
        let output = run(&mut command, br#"{"a":"b"}"#);
        let document: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
        document["sops"].clone()
    }
}

/// `PATH` with a folder in front.
pub fn path_with(folder: &Path) -> OsString {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::iter::once(folder.to_owned()).chain(std::env::split_paths(&path));
    std::env::join_paths(folders).expect("PATH")
}

/// Runs a command that must succeed.
pub fn run(command: &mut Command, input: &[u8]) -> Output {
    let name: Vec<&OsStr> =
        std::iter::once(command.get_program()).chain(command.get_args()).collect();
    let name = format!("{name:?}");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap_or_else(|error| panic!("{name}: {error}"));
    let mut stdin = child.stdin.take().expect("stdin");
    let input = input.to_owned();
    let writer = std::thread::spawn(move || stdin.write_all(&input));
    let output = child.wait_with_output().expect("output");
    // A command that reads none of its input may close it early.
    let _ = writer.join().expect("writer");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{name}: {}\n{stderr}", output.status);
    output
}
