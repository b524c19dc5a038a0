//! The files that are decrypted: made by the real sops, for keys that live as long as the run.

use std::ffi::OsStr;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use test_support::Scratch;

/// Files of each kind: as many as the largest measure needs.
const FILES: usize = 100;

/// Whom the files are encrypted for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Recipient {
    /// An X25519 identity of age.
    Age,
    /// A PGP key with a Curve25519 subkey.
    Cv25519,
    /// A PGP key with an RSA subkey of 4096 bits.
    Rsa4096,
}

impl Recipient {
    /// All of them.
    pub(crate) const ALL: [Self; 3] = [Self::Age, Self::Cv25519, Self::Rsa4096];
}

impl fmt::Display for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Age => "age",
            Self::Cv25519 => "cv25519",
            Self::Rsa4096 => "rsa4096",
        })
    }
}

/// A folder of encrypted Secrets and of the configs that decrypt them.
pub(crate) struct Inputs {
    scratch: Scratch,
    pleach: PathBuf,
}

impl Inputs {
    /// Makes keys, encrypts the files and writes the configs.
    pub(crate) fn make(pleach: &OsStr) -> io::Result<Self> {
        let inputs = Self { scratch: Scratch::new(), pleach: Path::new(pleach).canonicalize()? };
        inputs.scratch.write("kustomization.yaml", "");
        inputs.scratch.write("empty.yaml", config(Recipient::Age, 0));
        for recipient in Recipient::ALL {
            let flag = match recipient {
                Recipient::Age => ["--age".to_owned(), inputs.age_key()?],
                Recipient::Cv25519 => {
                    ["--pgp".to_owned(), inputs.pgp_key(recipient, "future-default")?]
                }
                Recipient::Rsa4096 => ["--pgp".to_owned(), inputs.pgp_key(recipient, "rsa4096")?],
            };
            for index in 0..FILES {
                let file = inputs.scratch.write(name(recipient, index), secret(recipient, index));
                output(
                    inputs
                        .command(test_support::sops())
                        .args(["encrypt", "--in-place", "--encrypted-regex", "^(data|stringData)$"])
                        .args(&flag)
                        .arg(file),
                )?;
            }
            for count in [1, 10, 100] {
                inputs.scratch.write(format!("{recipient}-{count}.yaml"), config(recipient, count));
            }
        }
        Ok(inputs)
    }

    /// A command in the folder, with the keys in its environment.
    pub(crate) fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = self.scratch.command(program);
        command
            .env("GNUPGHOME", self.scratch.join("gnupg"))
            .env("SOPS_AGE_KEY_FILE", self.scratch.join("age.txt"))
            .env("KUSTOMIZE_PLUGIN_CONFIG_ROOT", self.scratch.path());
        command
    }

    /// `sops -d` of one file.
    pub(crate) fn sops(&self, recipient: Recipient) -> Command {
        let mut command = self.command(test_support::sops());
        command.args(["decrypt", &name(recipient, 0)]);
        command
    }

    /// Our binary as kustomize calls a plugin, on so many files.
    pub(crate) fn pleach(&self, recipient: Recipient, count: usize) -> Command {
        let mut command = self.command(&self.pleach);
        command.arg(format!("./{recipient}-{count}.yaml"));
        if recipient != Recipient::Age {
            command.env("PLEACH_PGP_KEY_FILE", self.scratch.join(format!("{recipient}.asc")));
        }
        command
    }

    /// Our binary with nothing to decrypt: start-up, the config, and the refusal of it.
    pub(crate) fn pleach_empty(&self) -> Command {
        let mut command = self.command(&self.pleach);
        command.arg("./empty.yaml");
        command
    }

    fn age_key(&self) -> io::Result<String> {
        let file = self.scratch.join("age.txt");
        output(self.command(test_support::age_keygen()).arg("-o").arg(&file))?;
        output(self.command(test_support::age_keygen()).arg("-y").arg(&file))
    }

    fn pgp_key(&self, recipient: Recipient, algorithm: &str) -> io::Result<String> {
        let home = self.scratch.dir("gnupg");
        #[cfg(unix)]
        std::fs::set_permissions(&home, std::os::unix::fs::PermissionsExt::from_mode(0o700))?;
        let gpg = || {
            let mut command = self.command(test_support::machine("gpg"));
            command.args(["--batch", "--quiet", "--passphrase", "", "--pinentry-mode", "loopback"]);
            command
        };
        let user = format!("{recipient}@example.invalid");
        output(gpg().args(["--quick-generate-key", &user, algorithm, "default", "never"]))?;
        let listed = output(gpg().args(["--with-colons", "--list-secret-keys", &user]))?;
        let fingerprint = listed.lines().find_map(|line| line.strip_prefix("fpr:"));
        let fingerprint = fingerprint.unwrap_or_default().trim_matches(':').to_owned();
        if recipient == Recipient::Rsa4096 {
            // An RSA key that is made alone only signs.
            output(gpg().args(["--quick-add-key", &fingerprint, algorithm, "encr", "never"]))?;
        }
        let file = self.scratch.join(format!("{recipient}.asc"));
        output(
            gpg()
                .args(["--armor", "--output"])
                .arg(file)
                .args(["--export-secret-keys", &fingerprint]),
        )?;
        Ok(fingerprint)
    }
}

impl Drop for Inputs {
    fn drop(&mut self) {
        // The agent of the scratch keyring ends with it; a folder that is gone is no keyring to fail over.
        let _ = self.command(test_support::machine("gpgconf")).args(["--kill", "all"]).status();
    }
}

fn name(recipient: Recipient, index: usize) -> String {
    format!("{recipient}-{index:03}.enc.yaml")
}

/// A Secret with four values.
fn secret(recipient: Recipient, index: usize) -> String {
    format!(
        "apiVersion: v1\nkind: Secret\nmetadata:\n  name: {recipient}-{index}\nstringData:\n  \
         user: user-{index}\n  password: correct horse battery staple {index}\n  \
         url: postgres://db.example.invalid/{index}\n  port: \"5432\"\n"
    )
}

fn config(recipient: Recipient, count: usize) -> String {
    let head =
        "apiVersion: pleach.dev/v1alpha1\nkind: SopsDecrypt\nmetadata:\n  name: bench\nspec:\n";
    let files: Vec<_> = (0..count).map(|index| format!("\"{}\"", name(recipient, index))).collect();
    format!("{head}  files: [{}]\n", files.join(", "))
}

/// What a command prints; an error with its last words when it fails.
fn output(command: &mut Command) -> io::Result<String> {
    let output = command.stdin(Stdio::null()).output()?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned());
    }
    let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    Err(io::Error::other(format!("{}: {said}", command.get_program().display())))
}
