//! Damaged files: whatever is cut, flipped, doubled or mixed, the answer is an error or a document, never a panic.
//!
//! What the fuzzers do with coverage and for minutes, done blindly and in seconds, from the same files.

use std::path::{Path, PathBuf};

use sops::{DataKey, Format, Sealed};

/// Files that are tried.
const FILES: usize = 10_000;

#[test]
fn damaged_files_never_panic() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus");
    let mut seeds: Vec<(Format, Vec<u8>)> = Vec::new();
    for (folder, format) in [
        ("sops_yaml", Format::Yaml),
        ("sops_json", Format::Json),
        ("sops_dotenv", Format::Dotenv),
        ("sops_ini", Format::Ini),
        ("sops_binary", Format::Binary),
    ] {
        let files = std::fs::read_dir(corpus.join(folder)).expect("a corpus");
        let mut files: Vec<PathBuf> = files.map(|file| file.expect("a file").path()).collect();
        files.sort();
        seeds.extend(files.iter().map(|file| (format, std::fs::read(file).expect("a file"))));
    }
    let key = DataKey::from_bytes([0; 32]);
    let mut random = Random(0x5eed);
    let (mut parsed, mut refused) = (0, 0);
    for _ in 0..FILES {
        let (format, seed) = &seeds[random.below(seeds.len())];
        let mut bytes = seed.clone();
        for _ in 0..=random.below(3) {
            random.damage(&mut bytes);
        }
        match Sealed::parse(&bytes, *format) {
            Err(error) => {
                refused += 1;
                assert!(!error.to_string().is_empty());
            }
            Ok(sealed) => {
                parsed += 1;
                let redacted = sealed.redact();
                let _ = redacted.values();
                let _ = redacted.to_bytes();
                let error =
                    sealed.open_with(&key).err().map(|error| (error.to_string(), error.hint()));
                assert!(
                    error.is_some_and(|(text, _)| !text.is_empty()),
                    "a file for another key opened"
                );
            }
        }
    }
    println!("hostile: {FILES} files, {parsed} parsed, {refused} refused");
    assert!(parsed > FILES / 10 && refused > FILES / 10, "{parsed} parsed, {refused} refused");
}

/// Splitmix64.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^= z >> 31;
        usize::try_from(z % (end.max(1) as u64)).unwrap_or(0)
    }

    fn damage(&mut self, bytes: &mut Vec<u8>) {
        const PIECES: [&[u8]; 16] = [
            b"\n",
            b"\r\n",
            b"---\n",
            b"#",
            b"\"",
            b"`",
            b"\"\"\"",
            b"[",
            b"{",
            b"]}",
            b": ",
            b"=",
            b"__list_9__map_",
            b"sops_",
            b"\xff\xfe",
            b"ENC[AES256_GCM,data:AA==,iv:AA==,tag:AA==,type:str]",
        ];
        let at = self.below(bytes.len() + 1);
        let end = (at + self.below(64)).min(bytes.len());
        match self.below(6) {
            0 => bytes.truncate(at),
            1 => {
                bytes.drain(at..end);
            }
            2 => {
                let piece = bytes[at..end].to_vec();
                let to = self.below(bytes.len());
                bytes.splice(to..to, piece);
            }
            3 => {
                let piece = PIECES[self.below(PIECES.len())];
                bytes.splice(at..at, piece.iter().copied());
            }
            4 => {
                if let Some(byte) = bytes.get_mut(at) {
                    *byte ^= 1 << self.below(8);
                }
            }
            _ => {
                let lines: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').collect();
                let (one, other) = (self.below(lines.len()), self.below(lines.len()));
                let mut lines: Vec<Vec<u8>> = lines.into_iter().map(<[u8]>::to_vec).collect();
                if !lines.is_empty() {
                    lines.swap(one, other);
                }
                *bytes = lines.concat();
            }
        }
    }
}
