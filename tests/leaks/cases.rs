//! The failing cases, each with what is planted in it.

use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt;
use std::process::Stdio;

use test_support::{Marker, Scratch, age_keygen, machine, sops};

use super::place::Kill;

/// One way to fail.
pub(crate) struct Case {
    pub(crate) name: String,
    /// Below the scratch folder: `tree/` is the tree, `keys/` what the operator mounts.
    pub(crate) files: Vec<(String, Vec<u8>)>,
    pub(crate) config: String,
    /// `SCRATCH` stands for the scratch folder. An empty value takes the variable out.
    pub(crate) env: Vec<(String, String)>,
    /// A command line of its own.
    pub(crate) arguments: Vec<String>,
    /// Planted in this case alone.
    pub(crate) markers: Vec<Marker>,
    /// The signal that ends it once it has a child with this among its arguments.
    pub(crate) kill: Kill,
}

/// What all cases share: encrypted files, the keys that open them, and the markers that nothing may show.
pub(crate) struct Plant {
    pub(crate) markers: Vec<Marker>,
    key: String,
    stranger: String,
    pgp: Vec<u8>,
    passphrase: String,
    /// Encrypted, by name.
    files: BTreeMap<&'static str, Vec<u8>>,
    host: Vec<(String, String)>,
}

const SECRET: &str =
    "apiVersion: v1\nkind: Secret\nmetadata:\n  name: app\nstringData:\n  password: PLANTED\n";

impl Plant {
    pub(crate) fn new() -> Self {
        let scratch = Scratch::new();
        let (key, recipient) = age_key(&scratch);
        let (stranger, other) = age_key(&scratch);
        let value = Marker::new("a secret's value");
        let word = Marker::word("a secret's word");
        let passphrase = Marker::word("the passphrase of a key");
        let (pgp, fingerprint) = pgp_key(&scratch, &passphrase.text);
        let mut plant = Self {
            markers: Vec::new(),
            key,
            stranger,
            pgp,
            passphrase: passphrase.text.clone(),
            files: BTreeMap::new(),
            host: Vec::new(),
        };
        let quoted = serde_json::to_string(&value.text).expect("JSON");
        let secret = SECRET.replace("PLANTED", &quoted);
        let age = ["--age", &recipient];
        let both = [recipient.as_str(), &other].join(",");
        let rule = ["--encrypted-regex", "^(data|stringData)$"];
        for (name, text, arguments) in [
            ("secret.yaml", secret.clone(), [age, rule].concat()),
            ("apart.yaml", secret.replace("name: app", "name: apart"), [age, rule].concat()),
            ("whole.yaml", secret.clone(), age.to_vec()),
            (
                "values.yaml",
                format!("user: {}\npassword: {quoted}\npin: {quoted}\n", word.text),
                age.to_vec(),
            ),
            (
                "clear.yaml",
                format!("user: {}\npassword: {quoted}\n", word.text),
                [age, ["--unencrypted-regex", "^user$"]].concat(),
            ),
            ("both.yaml", secret.clone(), ["--age", &both].to_vec()),
            ("app.env", format!("PASSWORD={}\nWORD={}\n", word.text, word.text), age.to_vec()),
            ("app.json", format!("{{\"password\": {quoted}}}\n"), age.to_vec()),
            ("app.ini", format!("[db]\npassword = {}\n", word.text), age.to_vec()),
            ("blob.bin", format!("{}\n{}\n", value.text, word.text), age.to_vec()),
            ("lines.bin", format!("{}\n", value.text), age.to_vec()),
            ("bad.bin", format!("{}\u{1}=\"{}\n", word.text, value.text), age.to_vec()),
            ("nameless.yaml", secret.replace("  name: app\n", "  labels: {}\n"), age.to_vec()),
            (
                "list.yaml",
                format!("kind: [{quoted}]\napiVersion: {quoted}\nmetadata: {quoted}\n"),
                age.to_vec(),
            ),
            ("base64.yaml", secret.replace("stringData", "data"), age.to_vec()),
            ("numbers.yaml", secret.replace(&quoted, &format!("[{quoted}]")), age.to_vec()),
            ("pgp.yaml", secret.clone(), ["--pgp", &fingerprint].to_vec()),
        ] {
            let sealed = seal(&scratch, name, &text, &arguments);
            plant.files.insert(name, sealed);
        }
        let twice = secret.replace(&quoted, &token_of(&plant.files["secret.yaml"]));
        let sealed = seal(&scratch, "twice.yaml", &twice, &age);
        plant.files.insert("twice.yaml", sealed);
        let groups = format!(
            "creation_rules:\n- shamir_threshold: 2\n  key_groups:\n  - age: [{recipient}]\n  - age: [{other}]\n"
        );
        scratch.write(".sops.yaml", groups);
        let sealed = seal(&scratch, "groups.yaml", &secret, &[]);
        plant.files.insert("groups.yaml", sealed);

        // What a host keeps in its environment, and what a key command would need.
        for name in ["REDIS_PASSWORD", "ARGOCD_TOKEN", "AWS_SECRET_ACCESS_KEY"] {
            let marker = Marker::new(name);
            plant.host.push((name.to_owned(), marker.text.clone()));
            plant.markers.push(marker);
        }
        let data = |key: &str| key.trim_start_matches("AGE-SECRET-KEY-1").to_owned();
        plant.markers.push(Marker::of("the age key", &data(&plant.key)));
        plant.markers.push(Marker::of("the stranger's age key", &data(&plant.stranger)));
        let lines: Vec<&str> = std::str::from_utf8(&plant.pgp)
            .expect("armor")
            .lines()
            .filter(|line| line.len() == 64)
            .collect();
        plant.markers.extend(lines.iter().take(3).map(|line| Marker::of("the PGP key", line)));
        plant.markers.extend([value, word, passphrase]);
        plant
    }

    /// The environment of a run: the host's own, the keys, and what the case changes.
    pub(crate) fn environment(&self, scratch: &Scratch, case: &Case) -> Vec<(String, String)> {
        scratch.write("keys/age.txt", format!("# a comment\n{}\n", self.key));
        scratch.write("keys/stranger.txt", format!("{}\n", self.stranger));
        scratch.write("keys/pgp/key.asc", &self.pgp);
        scratch.write("keys/passphrase", &self.passphrase);
        scratch.write("tree/.git/HEAD", "ref: refs/heads/main\n");
        let mut env: BTreeMap<String, String> = self.host.iter().cloned().collect();
        env.insert("SOPS_AGE_KEY_FILE".to_owned(), "SCRATCH/keys/age.txt".to_owned());
        env.insert("SOPS_GPG_EXEC".to_owned(), "SCRATCH/keys/gpg".to_owned());
        let gpg = scratch.write("keys/gpg", GPG);
        super::executable(&gpg);
        env.extend(case.env.iter().cloned());
        env.into_iter().filter(|(_, value)| !value.is_empty()).collect()
    }
}

/// A gpg that knows no key.
const GPG: &str = "#!/bin/sh\necho 'gpg: decryption failed: No secret key' >&2\nexit 2\n";

/// A gpg that never answers.
const HANGING: &str = "#!/bin/sh\nexec sleep 61\n";

fn age_key(scratch: &Scratch) -> (String, String) {
    let made = scratch.command(age_keygen()).output().expect("age-keygen");
    let text = String::from_utf8(made.stdout).expect("text");
    let line = |start: &str| {
        text.lines().find_map(|line| line.strip_prefix(start)).expect("a key").to_owned()
    };
    (format!("AGE-SECRET-KEY-1{}", line("AGE-SECRET-KEY-1")), line("# public key: "))
}

/// A PGP key under a passphrase: its armor and its fingerprint. It stays in the scratch folder's home for `sops`.
fn pgp_key(scratch: &Scratch, passphrase: &str) -> (Vec<u8>, String) {
    scratch.dir("home/.gnupg");
    std::fs::set_permissions(scratch.join("home/.gnupg"), std::fs::Permissions::from_mode(0o700))
        .expect("its own");
    let gpg = |arguments: &[&str]| {
        let output = scratch
            .command(machine("gpg"))
            .args(["--batch", "--quiet", "--pinentry-mode", "loopback", "--passphrase", passphrase])
            .args(arguments)
            .stdin(Stdio::null())
            .output()
            .expect("gpg");
        assert!(
            output.status.success(),
            "gpg {arguments:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        output.stdout
    };
    gpg(&["--quick-generate-key", "leaks", "future-default", "default", "never"]);
    let listed = String::from_utf8(gpg(&["--list-keys", "--with-colons"])).expect("text");
    let fingerprint =
        listed.lines().find_map(|line| line.strip_prefix("fpr:::::::::")).expect("a fingerprint");
    let armor = gpg(&["--armor", "--export-secret-keys"]);
    let stopped = scratch.command(machine("gpgconf")).args(["--kill", "all"]).status();
    assert!(stopped.is_ok_and(|status| status.success()));
    (armor, fingerprint.trim_end_matches(':').to_owned())
}

fn seal(scratch: &Scratch, name: &str, text: &str, arguments: &[&str]) -> Vec<u8> {
    let path = scratch.write(name, text);
    let output =
        scratch.command(sops()).arg("encrypt").args(arguments).arg(path).output().expect("sops");
    assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

/// The first token of an encrypted file.
fn token_of(file: &[u8]) -> String {
    let text = String::from_utf8_lossy(file);
    let from = text.find("ENC[").expect("a token");
    text[from..=from + text[from..].find(']').expect("its end")].to_owned()
}

/// A config that decrypts `files` as manifests.
fn manifests(files: &[&str]) -> String {
    let files = files.join(", ");
    format!(
        "apiVersion: pleach.dev/v1alpha1\nkind: SopsDecrypt\nmetadata:\n  name: g\nspec:\n  files: [{files}]\n"
    )
}

/// A config that makes a Secret from a list of inputs.
fn input(list: &str, file: &str) -> String {
    format!(
        "apiVersion: pleach.dev/v1alpha1\nkind: SopsDecrypt\nmetadata:\n  name: g\nspec:\n  secrets:\n  - name: s\n    {list}: [{file}]\n"
    )
}

/// Every failing case.
#[expect(clippy::too_many_lines, reason = "a table")]
pub(crate) fn all(plant: &Plant) -> Vec<Case> {
    let file = |name: &'static str| (format!("tree/{name}"), plant.files[name].clone());
    let text = |name: &'static str| String::from_utf8(plant.files[name].clone()).expect("text");
    let case = |name: &'static str, config: String, files: Vec<(String, Vec<u8>)>| Case {
        name: name.to_owned(),
        files,
        config,
        env: Vec::new(),
        arguments: Vec::new(),
        markers: Vec::new(),
        kill: None,
    };
    let changed = |name: &'static str, from: &'static str, change: &dyn Fn(String) -> String| {
        case(
            name,
            manifests(&[from]),
            vec![(format!("tree/{from}"), change(text(from)).into_bytes())],
        )
    };
    let env = |mut case: Case, name: &str, value: &str| {
        case.env.push((name.to_owned(), value.to_owned()));
        case
    };
    let with = |mut case: Case, path: &str, content: &str| {
        case.files.push((path.to_owned(), content.as_bytes().to_vec()));
        case
    };
    // A marker of the case's own, and the text to plant it as.
    let plant_in = |name: &str| {
        let marker = Marker::new(name);
        let quoted = serde_json::to_string(&marker.text).expect("JSON");
        (marker, quoted)
    };
    let marked = |mut case: Case, marker: Marker| {
        case.markers.push(marker);
        case
    };
    let simple = |name| case(name, manifests(&["secret.yaml"]), vec![file("secret.yaml")]);
    let pgp = |name| {
        env(
            case(name, manifests(&["pgp.yaml"]), vec![file("pgp.yaml")]),
            "PLEACH_PGP_KEY_FILE",
            "SCRATCH/keys/pgp",
        )
    };
    let arguments = |mut case: Case, words: &[&str]| {
        case.arguments = words.iter().map(|word| (*word).to_owned()).collect();
        case
    };

    let mut all = vec![
        env(simple("wrong key"), "SOPS_AGE_KEY_FILE", "SCRATCH/keys/stranger.txt"),
        env(simple("no key at all"), "SOPS_AGE_KEY_FILE", ""),
        env(simple("key file that is not there"), "SOPS_AGE_KEY_FILE", "SCRATCH/keys/none.txt"),
        env(
            env(simple("wrong key in a variable"), "SOPS_AGE_KEY", &plant.stranger),
            "SOPS_AGE_KEY_FILE",
            "",
        ),
        env(
            env(
                simple("broken key in a variable"),
                "SOPS_AGE_KEY",
                &plant.key[..plant.key.len() - 5],
            ),
            "SOPS_AGE_KEY_FILE",
            "",
        ),
        env(
            with(
                simple("broken key file"),
                "keys/broken.txt",
                &format!("{}\n", plant.key.replacen("KEY-1", "KEY-2", 1)),
            ),
            "SOPS_AGE_KEY_FILE",
            "SCRATCH/keys/broken.txt",
        ),
        env(
            env(
                with(
                    simple("key command that fails"),
                    "keys/command",
                    &format!("#!/bin/sh\necho {}\nexit 1\n", plant.stranger),
                ),
                "SOPS_AGE_KEY_CMD",
                "SCRATCH/keys/command",
            ),
            "SOPS_AGE_KEY_FILE",
            "",
        ),
        changed("value edited", "whole.yaml", &|text| text.replacen("data:", "data:AAAA", 1)),
        changed("tag flipped", "secret.yaml", &|text| text.replacen("tag:", "tag:AAAA", 1)),
        changed("values swapped", "values.yaml", &|text| {
            text.replace("password:", "swap:").replace("pin:", "password:").replace("swap:", "pin:")
        }),
        changed("key removed", "values.yaml", &|text| {
            text.lines().skip(1).collect::<Vec<_>>().join("\n")
        }),
        changed("truncated", "secret.yaml", &|text| text[..text.len() / 2].to_owned()),
        changed("MAC removed", "secret.yaml", &|text| {
            text.lines()
                .filter(|line| !line.trim_start().starts_with("mac:"))
                .collect::<Vec<_>>()
                .join("\n")
        }),
        changed("MAC in the clear", "secret.yaml", &|text| text.replace("mac: ENC[", "mac: DEC[")),
        changed("lastmodified edited", "secret.yaml", &|text| {
            text.replace("lastmodified: \"20", "lastmodified: \"19")
        }),
        changed("metadata without keys", "secret.yaml", &|text| {
            text.replace("    age:", "    nobody:")
        }),
        case(
            "documents encrypted apart",
            manifests(&["all.yaml"]),
            vec![(
                "tree/all.yaml".to_owned(),
                format!("{}---\n{}", text("secret.yaml"), text("apart.yaml")).into_bytes(),
            )],
        ),
        case("one part of two", manifests(&["groups.yaml"]), vec![file("groups.yaml")]),
        case("values that are no manifest", manifests(&["values.yaml"]), vec![file("values.yaml")]),
        case("secret without a name", manifests(&["nameless.yaml"]), vec![file("nameless.yaml")]),
        case("manifest of another shape", manifests(&["list.yaml"]), vec![file("list.yaml")]),
        case("data that is not base64", manifests(&["base64.yaml"]), vec![file("base64.yaml")]),
        case("value that is a list", manifests(&["numbers.yaml"]), vec![file("numbers.yaml")]),
        case("encrypted twice", manifests(&["twice.yaml"]), vec![file("twice.yaml")]),
        case(
            "the same resource twice",
            manifests(&["secret.yaml", "whole.yaml"]),
            vec![file("secret.yaml"), file("whole.yaml")],
        ),
        case(
            "env file without an equals sign",
            input("envs", "lines.bin"),
            vec![file("lines.bin")],
        ),
        case("env file with a bad line", input("envs", "bad.bin"), vec![file("bad.bin")]),
        case(
            "a later file that is not there",
            manifests(&["secret.yaml", "none.yaml"]),
            vec![file("secret.yaml")],
        ),
        case(
            "a later file outside the scope",
            manifests(&["secret.yaml", "../keys/age.txt"]),
            vec![file("secret.yaml")],
        ),
        case("key file as a secret file", input("files", "../keys/age.txt"), Vec::new()),
        case(
            "the own environment as a secret file",
            input("files", "/proc/self/environ"),
            Vec::new(),
        ),
        env(pgp("PGP key without its passphrase"), "SOPS_AGE_KEY_FILE", ""),
        env(
            with(
                pgp("PGP key with a wrong passphrase"),
                "keys/wrong",
                &format!("wrong {}\n", plant.stranger),
            ),
            "PLEACH_PGP_PASSPHRASE_FILE",
            "SCRATCH/keys/wrong",
        ),
        env(pgp("gpg without the key"), "PLEACH_PGP_KEY_FILE", ""),
    ];

    let (mark, quoted) = plant_in("a value in the clear");
    all.push(marked(
        changed("clear value edited", "clear.yaml", &|text| {
            text.lines()
                .map(|line| {
                    if line.starts_with("user:") {
                        format!("user: {quoted}\n")
                    } else {
                        format!("{line}\n")
                    }
                })
                .collect()
        }),
        mark,
    ));
    let (mark, quoted) = plant_in("a value where a token stood");
    all.push(marked(
        changed("token replaced by a value", "values.yaml", &|text| {
            text.lines()
                .map(|line| {
                    if line.starts_with("pin:") {
                        format!("pin: {quoted}\n")
                    } else {
                        format!("{line}\n")
                    }
                })
                .collect()
        }),
        mark,
    ));
    let (mark, quoted) = plant_in("a plain file");
    let plain = SECRET.replace("PLANTED", &quoted);
    all.push(marked(
        with(
            case("file that is not encrypted", manifests(&["plain.yaml"]), Vec::new()),
            "tree/plain.yaml",
            &plain,
        ),
        mark,
    ));
    let (mark, quoted) = plant_in("a plain file");
    let broken = SECRET.replace("PLANTED", &quoted) + "  broken: [\n";
    all.push(marked(
        with(
            arguments(
                case("pleach secrets on plain and broken files", String::new(), Vec::new()),
                &["secrets"],
            ),
            "tree/plain.yaml",
            &broken,
        ),
        mark,
    ));

    // A gpg that hangs while the values of an earlier file lie in memory.
    let hanging = |name| {
        let files = vec![
            file("secret.yaml"),
            file("pgp.yaml"),
            ("keys/hanging".to_owned(), HANGING.as_bytes().to_vec()),
        ];
        env(
            case(name, manifests(&["secret.yaml", "pgp.yaml"]), files),
            "SOPS_GPG_EXEC",
            "SCRATCH/keys/hanging",
        )
    };
    all.push(env(hanging("deadline"), "PLEACH_DEADLINE", "1"));
    let mut killed = hanging("aborted");
    killed.kill = Some(("-ABRT", "61"));
    all.push(killed);
    all
}
