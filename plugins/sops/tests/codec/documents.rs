//! Generated YAML: several hundred files, encrypted by the real sops, whose decrypted text is ours
//! byte for byte, and whose plain values are what a reader of that text sees.
#![expect(clippy::format_push_string, reason = "a generator of text, in a test")]

use crate::made;
use sops::{Format, Sealed};

/// Files.
const FILES: u64 = 320;
/// Documents in them, at least.
const DOCUMENTS: usize = 500;

#[test]
fn generated_documents_decrypt_to_the_bytes_that_sops_prints() {
    let (scratch, column) = made::age();
    let seeds: Vec<u64> = (1..=FILES).collect();
    let answers = made::all(&seeds, |seed| {
        let text =
            Generator { state: seed.wrapping_mul(0x9e37_79b9_7f4a_7c15), clear: false }.file();
        let plain = scratch.write(format!("{seed}.plain.yaml"), &text);
        let encrypted = made::encrypt(&scratch, &column, &[], &plain);
        let file = scratch.write(format!("{seed}.yaml"), &encrypted);
        let theirs = made::decrypt(&scratch, &column, &file);
        let sealed =
            Sealed::parse(&encrypted, Format::Yaml).map_err(|error| format!("{seed}: {error}"))?;
        let opened = sealed.open(&column.keyring()).map_err(|error| format!("{seed}: {error}"))?;
        let ours = opened.to_bytes().to_vec();
        if ours != theirs {
            return Err(format!(
                "seed {seed}: other bytes than sops\n--- written\n{text}\n--- sops\n{}\n--- ours\n{}",
                String::from_utf8_lossy(&theirs),
                String::from_utf8_lossy(&ours),
            ));
        }
        let values = opened.values().map_err(|error| format!("{seed}: {error}"))?;
        let read = match yaml::values(&theirs) {
            // sops prints U+2028 as it is, where our reader refuses to choose between the readings.
            Err(error) if matches!(error.problem, yaml::Problem::Ambiguous(_)) => None,
            read => Some(read.map_err(|error| format!("{seed}: {error}"))?),
        };
        if read.as_ref().is_none_or(|read| *read == values) {
            Ok((values.len(), read.is_some()))
        } else {
            Err(format!("seed {seed}: other values than a reader sees\n{values:?}\n{read:?}"))
        }
    });
    let wrong: Vec<&String> = answers.iter().filter_map(|answer| answer.as_ref().err()).collect();
    let documents: usize = answers.iter().flatten().map(|(count, _)| count).sum();
    let read = answers.iter().flatten().filter(|(_, read)| *read).count();
    println!(
        "documents: {} files, {} equal, {documents} documents, {read} files read again",
        answers.len(),
        answers.len() - wrong.len()
    );
    for text in wrong.iter().take(2) {
        println!("{text}");
    }
    assert!(wrong.is_empty(), "{} files differ", wrong.len());
    assert!(documents >= DOCUMENTS, "only {documents} documents");
}

/// Makes YAML of every style, with comments wherever one may stand. Splitmix64.
struct Generator {
    state: u64,
    /// Whether what is made stays clear. The reader refuses a raw U+2028, which sops writes there.
    clear: bool,
}

/// Words that a reader may take for something else than a string, quoted or not.
const AWKWARD: [&str; 34] = [
    "yes",
    "no",
    "on",
    "off",
    "y",
    "n",
    "true",
    "null",
    "~",
    "",
    "0644",
    "0o17",
    "1_000",
    "1e3",
    "1e400",
    ".inf",
    "2012-10-17",
    "12:30:45",
    "<<",
    "=",
    "- a",
    "a: b",
    "a #b",
    "#a",
    "'",
    "\"",
    "%a",
    "@a",
    "`",
    "!a",
    "&a",
    "*a",
    "| ",
    " lead",
];
/// Pieces of strings in double quotes, as they are escaped there.
const ESCAPED: [&str; 10] =
    [r"\n", r"\t", r"\u00e9", r"\U0001F600", r"\x01", r"\x7f", r"\u2028", r"\xa0", r"\\", "word "];
/// Plain scalars of every type.
const PLAIN: [&str; 22] = [
    "word",
    "two words",
    "7",
    "-3",
    "0x1F",
    "0b101",
    "0o17",
    "0644",
    "1_000",
    "1.5",
    "1e3",
    "1e-07",
    "1e21",
    ".5",
    "true",
    "False",
    "~",
    "yes",
    "2020-01-02",
    "2020-01-02T03:04:05Z",
    "2020-01-02 03:04:05.25 +2",
    "http://example.org:80/a#b",
];

impl Generator {
    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end as u64).unwrap_or(0)
    }

    fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    fn of<'t>(&mut self, list: &[&'t str]) -> &'t str {
        list[self.below(list.len())]
    }

    fn file(&mut self) -> String {
        let mut out = String::new();
        for document in 0..=self.below(3) {
            if document > 0 || self.one_in(4) {
                out.push_str("---\n");
            }
            if self.one_in(3) {
                out.push_str("# about the document\n\n");
            }
            self.map(&mut out, 0, 0);
            if self.one_in(4) {
                out.push_str("# at the end\n");
            }
        }
        out
    }

    fn comment(&mut self, out: &mut String, indent: usize) {
        for _ in 0..self.below(3) {
            let text = self.of(&[
                "# a comment",
                "#tight",
                "# - looks: like yaml",
                "#  é 😀",
                "# with # inside",
            ]);
            out.push_str(&format!("{:indent$}{text}\n", ""));
        }
    }

    fn inline(&mut self, out: &mut String) {
        if self.one_in(6) {
            out.push_str(" # behind");
        }
        out.push('\n');
    }

    fn map(&mut self, out: &mut String, indent: usize, depth: usize) {
        let step = 1 + self.below(4);
        for at in 0..=self.below(5) {
            self.comment(out, indent);
            let key = match self.below(8) {
                0 => format!("'{}{at}'", self.of(&["it''s ", "a: ", "# ", "- "])),
                1 => format!("\"{}{at}\"", self.of(&["on", "tls.crt ", "a\\nb", "\\u00e9"])),
                2 => format!("k:{at}"),
                3 => format!("clear{at}_unencrypted"),
                _ => format!("key{at}"),
            };
            out.push_str(&format!("{:indent$}{key}:", ""));
            let above = self.clear;
            self.clear |= key.ends_with("_unencrypted");
            self.value(out, indent, step, depth);
            self.clear = above;
        }
    }

    fn value(&mut self, out: &mut String, indent: usize, step: usize, depth: usize) {
        match self.below(if depth < 4 { 9 } else { 5 }) {
            0 | 1 => {
                out.push_str(&format!(" {}", self.of(&PLAIN)));
                self.inline(out);
            }
            2 => {
                let quoted = self.of(&AWKWARD).replace('\'', "''");
                out.push_str(&format!(" '{quoted}'"));
                self.inline(out);
            }
            3 => {
                let text: String = (0..=self.below(4)).map(|_| self.of(&ESCAPED)).collect();
                let text = if self.clear { text.replace(r"\u2028", "") } else { text };
                out.push_str(&format!(" \"{text}\""));
                self.inline(out);
            }
            4 => self.block(out, indent + step),
            5 | 6 => {
                self.inline(out);
                self.map(out, indent + step, depth + 1);
            }
            7 => {
                self.inline(out);
                let indent = if self.one_in(2) { indent } else { indent + step };
                self.list(out, indent, step, depth + 1);
            }
            _ => {
                out.push_str(&format!(
                    " {}",
                    self.of(&["{}", "[]", "{a: 1, b: [x, 'y']}", "[1, two, {z: ~}]", "[[], [a]]"])
                ));
                self.inline(out);
            }
        }
    }

    fn list(&mut self, out: &mut String, indent: usize, step: usize, depth: usize) {
        for _ in 0..=self.below(4) {
            self.comment(out, indent);
            if depth < 4 && self.one_in(4) {
                out.push_str(&format!("{:indent$}- first:", ""));
                self.value(out, indent + 2, step, depth + 1);
                out.push_str(&format!("{:width$}second: 2\n", "", width = indent + 2));
            } else {
                out.push_str(&format!("{:indent$}- {}", "", self.of(&PLAIN)));
                self.inline(out);
            }
        }
    }

    fn block(&mut self, out: &mut String, indent: usize) {
        out.push_str(&format!(" {}\n", self.of(&["|", "|-", "|+", ">", ">-"])));
        for _ in 0..=self.below(4) {
            if self.one_in(5) {
                out.push('\n');
            }
            let line = self.of(&[
                "text",
                "key: value",
                "# no comment",
                "- item",
                "ends with blank ",
                "tab\there",
            ]);
            out.push_str(&format!("{:indent$}{line}\n", ""));
        }
    }
}
