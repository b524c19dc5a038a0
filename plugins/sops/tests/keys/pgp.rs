//! The oddities of OpenPGP that sops' users meet.

use std::ffi::OsString;
use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use aes::Aes256;
use ocb3::Ocb3;
use ocb3::aead::generic_array::typenum::U15;
use ocb3::aead::{Aead, KeyInit, Payload};
use pgp::composed::{Deserializable, RawSessionKey, SignedPublicKey};
use pgp::crypto::sym::SymmetricKeyAlgorithm;
use pgp::packet::{PacketTrait, PublicKeyEncryptedSessionKey};
use rand::rngs::OsRng;
use sops::metadata::{MasterKey, Metadata};
use test_support::machine;

use crate::support::{Keys, keyring, run};

/// Metadata with one PGP entry around a message.
fn file_with(message: Vec<u8>) -> Metadata {
    let enc = String::from_utf8(message).expect("armored");
    let entry = MasterKey { service: "pgp".to_owned(), enc, ..MasterKey::default() };
    Metadata { key_groups: vec![vec![entry]], ..Metadata::default() }
}

/// A binary message as sops keeps it.
fn armored(keys: &Keys, message: &[u8]) -> Vec<u8> {
    let armored = keys.gpg(&["--batch", "--enarmor"], message).stdout;
    let armored = String::from_utf8(armored).expect("UTF-8");
    armored.replace("ARMORED FILE", "MESSAGE").into_bytes()
}

/// A data key encrypted by the real gpg, and the exported key alone to open it.
fn opens(keys: &Keys, args: &[&str], env: &[(&'static str, OsString)]) -> Result<[u8; 32], String> {
    let always = ["--batch", "--trust-model", "always", "--armor"];
    let message = keys.gpg(&[&always[..], args].concat(), &[7; 32]).stdout;
    let opened = keyring(env).data_key(&file_with(message));
    opened.map(|key| *key.as_bytes()).map_err(|error| error.to_string())
}

#[test]
fn a_hidden_recipient() {
    let keys = Keys::shared();
    let column = keys.column("pgp-cv25519");
    let args = ["--encrypt", "--hidden-recipient", &column.args[1]];
    assert_eq!(opens(&keys, &args, &column.ours), Ok([7; 32]));
    let other = &keys.column("pgp-rsa4096").ours;
    assert!(opens(&keys, &args, other).is_err());
}

#[test]
fn one_subkey_named_with_an_exclamation_mark() {
    let keys = Keys::shared();
    let column = keys.column("pgp-cv25519");
    let listing = keys.gpg(&["--batch", "--with-colons", "--list-keys", &column.args[1]], b"");
    let listing = String::from_utf8(listing.stdout).expect("UTF-8");
    let mut fingerprints = listing.lines().filter_map(|line| line.strip_prefix("fpr:::::::::"));
    let subkey = format!("{}!", fingerprints.next_back().expect("a subkey").trim_end_matches(':'));
    let metadata = crate::metadata(&keys.encrypt(&["--pgp".to_owned(), subkey], &column.sops));
    assert!(metadata.key_groups[0][0].recipient.ends_with('!'));
    assert!(keyring(&column.ours).data_key(&metadata).is_ok());
}

#[test]
fn compressed_and_not() {
    let keys = Keys::shared();
    let column = keys.column("pgp-cv25519");
    for algorithm in ["none", "zip", "zlib"] {
        let args = ["--compress-algo", algorithm, "--encrypt", "--recipient", &column.args[1]];
        assert_eq!(opens(&keys, &args, &column.ours), Ok([7; 32]), "{algorithm}");
    }
}

#[test]
fn a_folder_of_keys_and_binary_ones() {
    let keys = Keys::shared();
    let column = keys.column("pgp-cv25519");
    let folder = keys.scratch.dir("folder");
    let loopback = ["--batch", "--pinentry-mode", "loopback", "--passphrase", ""];
    let export = ["--export-secret-keys", &column.args[1]];
    let binary = keys.gpg(&[&loopback[..], &export[..]].concat(), b"").stdout;
    keys.scratch.write("folder/z.gpg", binary);
    keys.scratch.write("folder/README", "no key");
    std::fs::copy(keys.scratch.join("pgp-rsa4096.asc"), folder.join("a.asc")).expect("copy");
    let env = [("PLEACH_PGP_KEY_FILE", folder.into_os_string())];
    for name in ["pgp-cv25519", "pgp-rsa4096"] {
        let args = ["--encrypt", "--recipient", &keys.column(name).args[1]];
        assert_eq!(opens(&keys, &args, &env), Ok([7; 32]), "{name}");
    }
}

#[test]
fn two_armored_keys_in_one_file() {
    let keys = Keys::shared();
    let read = |name: &str| std::fs::read_to_string(keys.scratch.join(name)).expect("a key");
    let both = read("pgp-rsa4096.asc") + &read("pgp-cv25519.asc");
    let file = keys.scratch.write("both.asc", both);
    let args = ["--encrypt", "--recipient", &keys.column("pgp-cv25519").args[1]];
    let env = [("PLEACH_PGP_KEY_FILE", file.into_os_string())];
    assert_eq!(opens(&keys, &args, &env), Ok([7; 32]));
}

#[test]
fn a_key_that_has_expired_still_opens() {
    let keys = Keys::shared();
    let then = ["--batch", "--pinentry-mode", "loopback", "--passphrase", ""];
    let then = [&then[..], &["--faked-system-time", "20200101T000000"]].concat();
    let make = ["--quick-generate-key", "expired", "default", "default", "1d"];
    keys.gpg(&[&then[..], &make[..]].concat(), b"");
    let exported = keys.gpg(&[&then[..], &["--export-secret-keys", "expired"]].concat(), b"");
    let file = keys.scratch.write("expired.gpg", exported.stdout);
    let args = ["--faked-system-time", "20200101T010000", "--encrypt", "--recipient", "expired"];
    let env = [("PLEACH_PGP_KEY_FILE", file.into_os_string())];
    assert_eq!(opens(&keys, &args, &env), Ok([7; 32]));
}

/// `--export-secret-subkeys` leaves a stub of the primary key, which is no obstacle; a stub of the subkey is one.
#[test]
fn stubs_without_a_secret_are_named() {
    let keys = Keys::shared();
    let column = keys.column("pgp-cv25519");
    let loopback = ["--batch", "--pinentry-mode", "loopback", "--passphrase", ""];
    let export = ["--export-secret-subkeys", &column.args[1]];
    let exported = keys.gpg(&[&loopback[..], &export[..]].concat(), b"").stdout;
    let file = keys.scratch.write("subkeys.gpg", exported).into_os_string();
    let args = ["--encrypt", "--recipient", &column.args[1]];
    assert_eq!(opens(&keys, &args, &[("PLEACH_PGP_KEY_FILE", file)]), Ok([7; 32]));

    // A home of its own, without the secret of the subkey: what gpg then exports holds a stub of it.
    let home = keys.scratch.join("stub");
    std::fs::create_dir(&home).expect("a home");
    std::fs::set_permissions(&home, Permissions::from_mode(0o700)).expect("a mode");
    let gpg = |args: &[&str], input: &[u8]| {
        let mut command = keys.scratch.command(machine("gpg"));
        run(command.env("GNUPGHOME", &home).args(args), input).stdout
    };
    let export = ["--export-secret-keys", &column.args[1]];
    let exported = keys.gpg(&[&loopback[..], &export[..]].concat(), b"").stdout;
    gpg(&["--batch", "--import"], &exported);
    let listing = ["--batch", "--with-colons", "--with-keygrip", "--list-keys", &column.args[1]];
    let listing = String::from_utf8(gpg(&listing, b"")).expect("UTF-8");
    let mut grips = listing.lines().filter_map(|line| line.strip_prefix("grp:::::::::"));
    let grip = grips.next_back().expect("a keygrip").trim_end_matches(':');
    std::fs::remove_file(home.join(format!("private-keys-v1.d/{grip}.key"))).expect("a secret");
    let exported = gpg(&[&loopback[..], &export[..]].concat(), b"");
    run(Command::new(machine("gpgconf")).args(["--kill", "all"]).env("GNUPGHOME", &home), b"");
    let file = keys.scratch.write("stub.gpg", exported).into_os_string();
    let error = opens(&keys, &args, &[("PLEACH_PGP_KEY_FILE", file)]).expect_err("a stub");
    assert!(error.contains("is only a stub: its secret was not exported"), "{error}");
}

#[test]
fn a_public_key_in_place_of_the_secret_one() {
    let keys = Keys::shared();
    let column = keys.column("pgp-cv25519");
    let public = keys.gpg(&["--batch", "--armor", "--export", &column.args[1]], b"").stdout;
    let file = keys.scratch.write("public.asc", public).into_os_string();
    let args = ["--encrypt", "--recipient", &column.args[1]];
    let error = opens(&keys, &args, &[("PLEACH_PGP_KEY_FILE", file)]).expect_err("public");
    assert!(error.contains("a public key, where the secret one should be"), "{error}");
}

#[test]
fn a_message_that_was_tampered_with_is_refused() {
    let keys = Keys::shared();
    let column = keys.column("pgp-cv25519");
    let always = ["--batch", "--trust-model", "always", "--encrypt", "--recipient"];
    let mut message = keys.gpg(&[&always[..], &[&column.args[1]]].concat(), &[7; 32]).stdout;
    let last = message.len() - 30;
    message[last] ^= 1;
    let opened = keyring(&column.ours).data_key(&file_with(armored(&keys, &message)));
    let error = opened.expect_err("tampered").to_string();
    assert!(error.contains("the encrypted data key is damaged"), "{error}");
}

/// `GnuPG` 2.3 and later encrypts with OCB in packets of its own (type 20). The gpg of the build machines is older and
/// cannot write them: this one is put together here, and that the real gpg reads it too is the proof that it is right.
#[test]
fn aead_packets_of_gnupg() {
    let keys = Keys::shared();
    let column = keys.column("pgp-cv25519");
    let export = ["--batch", "--armor", "--export", &column.args[1]];
    let public = String::from_utf8(keys.gpg(&export, b"").stdout).expect("UTF-8");
    let message = ocb_message(&public, &[7; 32]);
    let by_gpg = keys.gpg(&["--batch", "-d"], &message);
    assert_eq!(by_gpg.stdout, [7; 32]);
    let ours = keyring(&column.ours).data_key(&file_with(armored(&keys, &message)));
    assert_eq!(ours.expect("type 20").as_bytes(), &[7; 32]);
}

/// RFC 4880bis, section 5.16: a session key for the first subkey, then one chunk below AES-256 in OCB mode.
fn ocb_message(public: &str, content: &[u8]) -> Vec<u8> {
    let (public, _) = SignedPublicKey::from_string(public).expect("a public key");
    let session = [9u8; 32];
    let recipient = &public.public_subkeys[0];
    let packet = PublicKeyEncryptedSessionKey::from_session_key_v3(
        OsRng,
        &RawSessionKey::from(session.as_slice()),
        SymmetricKeyAlgorithm::AES256,
        recipient,
    );
    let mut bytes = Vec::new();
    packet.expect("a session key").to_writer_with_header(&mut bytes).expect("bytes");

    // A literal packet (tag 11): binary, no name, no date.
    let mut literal = vec![0xcb, 6 + 32, b'b', 0, 0, 0, 0, 0];
    literal.extend_from_slice(content);
    // Tag 20, version 1, AES-256, OCB, chunks of 64 KiB; the nonce of a chunk is the IV and its index, here 0 and 1.
    let iv = [3u8; 15];
    let header = [0xd4, 1, 9, 2, 10];
    let cipher = Ocb3::<Aes256, U15>::new(&session.into());
    let mut first = header.to_vec();
    first.extend_from_slice(&0u64.to_be_bytes());
    let chunk = Payload { msg: &literal, aad: &first };
    let chunk = cipher.encrypt(&iv.into(), chunk).expect("a chunk");
    let mut last = header.to_vec();
    last.extend_from_slice(&1u64.to_be_bytes());
    last.extend_from_slice(&u64::try_from(literal.len()).expect("short").to_be_bytes());
    let mut nonce = iv;
    nonce[14] ^= 1;
    let end = cipher.encrypt(&nonce.into(), Payload { msg: b"", aad: &last }).expect("the end");
    let body = [&header[1..], &iv, &chunk, &end].concat();
    bytes.extend_from_slice(&[header[0], u8::try_from(body.len()).expect("short")]);
    bytes.extend_from_slice(&body);
    bytes
}

/// Through gpgme, which finds gpg without `PATH`.
#[cfg(feature = "gpgme")]
#[test]
fn the_library_of_gnupg_opens_what_its_program_would() {
    let keys = Keys::shared();
    let home = ("GNUPGHOME", keys.gnupg_home().into_os_string());
    for name in ["pgp-cv25519", "pgp-rsa4096"] {
        let args = ["--encrypt", "--recipient", &keys.column(name).args[1]];
        assert_eq!(opens(&keys, &args, std::slice::from_ref(&home)), Ok([7; 32]), "{name}");
    }
    let empty = keys.scratch.dir("no-keys").into_os_string();
    let args = ["--encrypt", "--recipient", &keys.column("pgp-cv25519").args[1]];
    let error = opens(&keys, &args, &[("GNUPGHOME", empty)]).expect_err("no key");
    assert!(error.contains("gpg: not on PATH; gpgme: no secret key"), "{error}");
}
