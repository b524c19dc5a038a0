//! The oddities of the formats, each as a file of its own: made by the real sops, sometimes edited
//! by hand, and decrypted by both to the same bytes.

use std::path::PathBuf;

use test_support::Scratch;

use crate::keys::KeyColumn;
use crate::made;

/// One oddity.
pub struct Oddity {
    name: &'static str,
    /// The end of the file's name.
    pub format: &'static str,
    /// Fields of the creation rule.
    rule: &'static [&'static str],
    plain: &'static [u8],
    /// What a hand does to the encrypted file.
    edit: fn(String) -> String,
}

impl Oddity {
    /// Makes the file, and edits it as a hand would.
    pub fn make(&self, scratch: &Scratch, column: &KeyColumn) -> PathBuf {
        let plain = scratch.write(format!("{}.plain.{}", self.name, self.format), self.plain);
        let encrypted = made::encrypt(scratch, column, self.rule, &plain);
        let edited = (self.edit)(String::from_utf8(encrypted).expect("UTF-8"));
        scratch.write(format!("{}.{}", self.name, self.format), edited)
    }
}

/// Every one.
pub fn all() -> impl Iterator<Item = &'static Oddity> {
    YAML.iter().chain(OTHERS)
}

const fn file(name: &'static str, format: &'static str, plain: &'static str) -> Oddity {
    Oddity { name, format, rule: &[], plain: plain.as_bytes(), edit: |text| text }
}

const fn edited(
    name: &'static str,
    format: &'static str,
    plain: &'static str,
    edit: fn(String) -> String,
) -> Oddity {
    Oddity { edit, ..file(name, format, plain) }
}

const fn ruled(
    name: &'static str,
    format: &'static str,
    rule: &'static [&'static str],
    plain: &'static str,
    edit: fn(String) -> String,
) -> Oddity {
    Oddity { rule, edit, ..file(name, format, plain) }
}

/// Replaces the first occurrence, which must be there.
fn replace(text: &str, from: &str, to: &str) -> String {
    assert!(text.contains(from), "nothing to edit: {from}");
    text.replacen(from, to, 1)
}

#[rustfmt::skip]
const YAML: &[Oddity] = &[
    file("own-line-comments", "yaml", "# one\n\n# two\na: 1\n# foot\nb:\n    # in\n    c: 2\n    # last\n# end\n"),
    file("inline-comments", "yaml", "a: 1 # behind\nb: # behind a key\n    c: x # behind\nd: [1, 2] # flow\n"),
    file("comments-as-list-items", "yaml", "l:\n    # first\n    - a # behind\n    # second\n    - b\n    # foot\n"),
    file("list-of-comments-alone", "yaml", "l:\n    # only\n    []\nm: x\n"),
    file("comment-that-is-empty", "yaml", "#\na: 1\nl:\n    #\n    - x\n"),
    edited("comment-that-was-never-encrypted", "yaml", "a: 1\nb: 2\n", |text| replace(&text, "b: ENC", "# by hand\nb: ENC")),
    edited("comment-without-data-in-a-list", "yaml", "l:\n    - x\n", |text| replace(&text, "    - ENC", "    # by hand\n    - ENC")),
    file("empty-strings", "yaml", "a: \"\"\nb: ''\nl: [\"\", x]\n"),
    file("nulls", "yaml", "a: ~\nb:\nc: null\nl: [null, ~]\nd: x\n"),
    file("empty-maps-and-lists", "yaml", "a: {}\nb: []\nc: [{}, []]\nd: x\n"),
    file("every-type", "yaml", "s: text\ni: -3\nf: 1.5\nb: true\nb2: False\nt: 2020-01-02\nt2: 2020-01-02T03:04:05.678+02:00\nbin: !!binary aGVsbG8=\n"),
    file("bytes-that-are-no-text", "yaml", "bin: !!binary //79\nl: [!!binary gA==]\n"),
    file("floats-large-and-small", "yaml", "a: 1e3\nb: 1e21\nc: 1e-7\nd: 123456.789\ne: 1e6\nf: -0.0\ng: 0.1\n"),
    file("floats-without-a-number", "yaml", "a: .inf\nb: -.inf\nc: .nan\n"),
    file("integers-in-other-bases", "yaml", "a: 0644\nb: 0o644\nc: 0x1F\nd: 0b101\ne: 1_000\nf: +7\n"),
    file("largest-integers", "yaml", "a: 9223372036854775807\nb: -9223372036854775808\n"),
    file("words-of-yaml-1.1", "yaml", "a: yes\nb: on\nc: 'no'\nd: y\ne: 12:30:45\n"),
    file("keys-with-colons-and-dots", "yaml", "\"a:b\": 1\ntls.crt: 2\n\"\": 3\n\"a: b\": {\"c:\": 4}\n\"\\u00e9 \\U0001F600\": 5\n"),
    file("keys-that-look-like-numbers", "yaml", "\"1\": a\n\"true\": b\n\"null\": c\n\"2020-01-02\": d\n"),
    file("keys-of-many-words", "yaml", "\"with space\": a\n\"# hash\": b\n\"- dash\": c\n\"multi\\nline\": d\n"),
    file("anchors-and-aliases", "yaml", "a: &x {k: v, l: [1]}\nb: *x\nc: &s text\nd: *s\ne:\n    - *x\n    - *s\n"),
    file("merge-keys", "yaml", "a: &x {k: v}\nb:\n    <<: *x\n    k2: w\nc:\n    <<: [*x, {z: 1}]\n"),
    file("comments-around-anchors", "yaml", "# above\na: &x # behind the anchor\n    # in\n    k: v\n# above the alias\nb: *x\n"),
    file("comments-behind-anchors-in-flow-style", "yaml", "a: &x [1, 2] # behind a list\nb: *x\nc: &m {k: v} # behind a map\nd: *m # behind the alias\ne:\n    - &y [3] # in a list\n    - *y\n"),
    file("lists-in-lists", "yaml", "a:\n    - - 1\n      - - 2\n        - x: 3\n    - y: [4, {z: 5}]\n"),
    file("block-scalars", "yaml", "a: |\n    x\n      y\n\n    z\nb: |-\n    x\nc: |+\n    x\n\nd: >\n    folded\n    text\ne: \"trailing \\n\"\nf: \"\\n\"\n"),
    file("control-characters", "yaml", "a: \"\\0\\a\\b\\e\\x7f\\N\\_\"\nb: \"tab\\there\"\nc: \"cr\\r\\nlf\"\nd: \"\\ufeff\"\n"),
    file("line-separators-of-unicode", "yaml", "a: \"x\\Ly\\Pz\"\nb: \"x\\L\\ny\"\n"),
    file("long-lines", "yaml", "a: aaaaaaaaaaaaaaaaaaaaaaaaa bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb cccccccccccccccccccccccccccccc ddddddddddddddddddddddd eeeeeeeeee\n"),
    file("many-documents", "yaml", "a: 1\n---\nb: 2\n---\nc: 3\n"),
    file("an-empty-document", "yaml", "a: 1\n---\n---\nb: 2\n"),
    file("documents-of-comments", "yaml", "a: 1\n---\n# only a comment\n---\nb: 2\n"),
    file("markers-of-documents", "yaml", "---\na: 1\n...\n---\nb: 2\n"),
    edited("a-later-document-without-metadata", "yaml", "a: 1\n---\n# nothing\n", |text| {
        let (first, _) = text.split_once("\n---\n").expect("two documents");
        format!("{first}\n---\n# nothing\n")
    }),
    file("carriage-returns", "yaml", "a: 1\r\n# comment\r\nb: |\r\n    x\r\n    y\r\nc: two\r\n"),
    file("flow-style", "yaml", "{a: 1, b: [x, {y: z}], c: \"d\"}\n"),
    ruled("clear-values-in-odd-spellings", "yaml", &["encrypted_regex", "^s$"], "s: x\na: 420\nb: 31\nc: 1000\nd: 2020-01-02T00:00:00Z\ne: true\nf: 5\n", |text| {
        let text = replace(&text, "a: 420", "a: 0644");
        let text = replace(&text, "b: 31", "b: 0x1F");
        let text = replace(&text, "c: 1000", "c: 1_000");
        let text = replace(&text, "d: 2020-01-02T00:00:00Z", "d: 2020-01-02");
        let text = replace(&text, "e: true", "e: TRUE");
        replace(&text, "f: 5", "f: 0b101")
    }),
    ruled("clear-values-edited-under-mac-only-encrypted", "yaml", &["encrypted_regex", "^s$", "mac_only_encrypted"], "s: x\na: 1\n", |text| replace(&text, "a: 1", "a: 2\nadded: 3")),
    ruled("comment-rule-with-a-stack", "yaml", &["encrypted_comment_regex", "secret"], "# clear\na: 1\n# secret\nb:\n    c: 2\n    # more\n    d: [3]\ne: 4\n# is secret\n# and this\nf: 5 # behind\n", |text| text),
    ruled("clear-comment-rule-with-a-stack", "yaml", &["unencrypted_comment_regex", "clear"], "# hidden\na: 1\n# clear\nb:\n    c: 2\n    # more\n    d: [3]\ne: 4\nl:\n    # clear\n    - x\n    - y\n", |text| text),
    ruled("rule-with-go-classes", "yaml", &["encrypted_regex", "^[[:alpha:]]+_\\d\\w?$"], "key_1: a\nkey_x: b\nk2_3: c\nkey_4b: d\n", |text| text),
    ruled("suffix-of-a-key-above", "yaml", &["unencrypted_suffix", "_clear"], "a_clear:\n    b: 1\n    c: [2]\nd: 3\n", |text| text),
    edited("metadata-of-weak-types", "yaml", "a: 1\n", |text| {
        replace(&text, "sops:\n", "sops:\n    kms: []\n    gcp_kms: ~\n    azure_kv: []\n    hc_vault: []\n    shamir_threshold: \"0\"\n    mac_only_encrypted: \"false\"\n    unknown: {x: 1}\n    # a comment\n")
    }),
    edited("metadata-with-one-entry-for-a-list", "yaml", "a: 1\n", |text| {
        let text = replace(&text, "        - enc: |\n", "        enc: |\n");
        replace(&text, "          recipient", "        recipient")
    }),
    edited("metadata-in-other-case", "yaml", "a: 1\n", |text| replace(&text, "    lastmodified:", "    LastModified:")),
    edited("lastmodified-with-a-zero-offset", "yaml", "a: 1\n", |text| replace(&text, "Z\"\n", "+00:00\"\n")),
    edited("lastmodified-with-a-fraction", "yaml", "a: 1\n", |text| replace(&text, "Z\"\n", ".123Z\"\n")),
    edited("threshold-with-one-group", "yaml", "a: 1\n", |text| replace(&text, "sops:\n", "sops:\n    shamir_threshold: 3\n")),
    edited("text-behind-a-token", "yaml", "a: text\n", |text| replace(&text, "type:str]\nsops", "type:str] and more\nsops")),
    edited("metadata-first", "yaml", "a: 1\nb: 2\n", |text| {
        let (values, block) = text.split_once("sops:\n").expect("a block");
        format!("sops:\n{block}{values}")
    }),
];

#[rustfmt::skip]
const OTHERS: &[Oddity] = &[
    file("json-repeated-keys", "json", r#"{"a": 1, "a": 2, "b": {"c": "x", "c": "y"}}"#),
    file("json-numbers", "json", r#"{"a": 1000.0, "b": 9007199254740993, "c": 9223372036854775808, "d": 1e-7, "e": 1e21, "f": -0, "g": -0.0, "h": 1E3, "i": 123456789.5}"#),
    ruled("json-clear-integers", "json", &["encrypted_regex", "^s$"], r#"{"s": "x", "big": 9007199254740993, "f": 1.50, "t": true, "n": null}"#, |text| text),
    file("json-escapes", "json", r#"{"a": "<>&\u2028\u2029\u0007\b\f\u007f\"\\\/", "é<": "😀"}"#),
    file("json-empty-things", "json", r#"{"a": "", "b": null, "c": {}, "d": [], "e": [{}, [], null, ""], "f": "x"}"#),
    file("json-nested", "json", r#"{"a": [[1, [2]], {"b": [{"c": true}]}], "d:e": {"": 1}}"#),
    file("json-white-space", "json", "\n\t{ \"a\"\r\n:\t[ 1 ,\n2 ] }\n\n"),
    edited("json-metadata-first", "json", r#"{"a": 1, "b": "x"}"#, |text| {
        let (values, block) = text.split_once("\"sops\":").expect("a block");
        let values = values.trim_start_matches('{').trim_end().trim_end_matches(',');
        let block = block.trim_end().strip_suffix('}').expect("an object").trim_end();
        format!("{{\"sops\":{block},{values}}}")
    }),
    edited("json-comment-in-a-list", "json", r#"{"a": ["x", ""], "b": "y"}"#, |text| replace(&text, "\"\"", "\"\",\n\t\tnull")),
    file("dotenv-raw-values", "env", "A=\"quoted\" # x\nB='single'\nC=a=b=c\nexport D=x\nE =spaced \n=no name\n"),
    file("dotenv-carriage-returns", "env", "A=x\r\nB=\r\n#c\r\n"),
    file("dotenv-line-ends", "env", "A=one\\ntwo\\\\nthree\n\n\nB=\n"),
    file("dotenv-comments", "env", "# one\n#\n#two\nA=1\n # no comment=x\n"),
    file("dotenv-without-a-last-line-end", "env", "A=1\nB=2"),
    Oddity { plain: b"A=\xff\xfe\nB=\xc3\xa9\n", ..file("dotenv-bytes", "env", "") },
    edited("dotenv-type-int", "env", "A=12\n", |text| replace(&text, "type:str", "type:int")),
    file("ini-sections", "ini", "a = 1\n[s]\nb = 2\n[t.u]\nc = 3\n[s]\nd = 4\n[empty]\n"),
    file("ini-comments", "ini", "; of the file\n; second line\na = 1 ; behind\n\n# of the section\n[s]\n; of the key\n# and more\nb = 2\n; of nothing\n"),
    file("ini-quotes", "ini", "[s]\na = \"two words\"\nb = 'single'\nc = `back # tick`\nd = \"\"\"x\ny\"\"\"\ne = \"  blanks  \"\nf = \"un\"even\"\n"),
    file("ini-keys", "ini", "[s]\n`a=b` = 1\n\"c:d\" = 2\ne: 3\nlonger key = 4\n"),
    file("ini-continued", "ini", "[s]\na = one \\\n    two \\\n    three\nb = x\n"),
    file("ini-default-section", "ini", "[DEFAULT]\na = 1\n[s]\nb = 2\n"),
    file("ini-repeated-key", "ini", "[s]\na = 1\nb = 2\na = 3\n"),
    file("ini-no-value", "ini", "[s]\na =\nb = x\n"),
    edited("ini-metadata-escaped-once", "ini", "[s]\na = 1\n", |text| {
        // What sops 3.13.0 and 3.13.1 wrote: real line ends, and so a quoted value.
        let line = text.lines().find(|line| line.contains("BEGIN AGE")).expect("an age file");
        let (key, value) = line.split_once(" = ").expect("a key");
        let value = value.trim_matches('`').trim_matches('"').replace("\\n", "\n");
        replace(&text, line, &format!("{key} = \"\"\"{value}\"\"\""))
    }),
    Oddity { plain: b"\x00\xff\xfe\r\n\x80", ..file("binary-bytes", "bin", "") },
    file("binary-text", "txt", "hello\nworld\n"),
    file("binary-that-looks-like-yaml", "conf", "a: 1\n# comment\n"),
    file("binary-without-an-extension", "file", "x"),
];

#[test]
fn every_oddity_decrypts_to_the_bytes_that_sops_prints() {
    let (scratch, column) = made::age();
    let all: Vec<&Oddity> = all().collect();
    let answers = made::all(&all, |oddity| {
        let name = oddity.name;
        let file = oddity.make(&scratch, &column);
        let theirs = made::sops(&scratch, &column, &["decrypt"], &file);
        if !theirs.status.success() {
            return Err(format!("{name}: sops: {}", made::stderr(&theirs)));
        }
        match made::ours(&column, &file) {
            Ok(ours) if ours == theirs.stdout => Ok(()),
            Ok(ours) => Err(format!(
                "{name}: other bytes\n--- sops\n{}\n--- ours\n{}",
                String::from_utf8_lossy(&theirs.stdout),
                String::from_utf8_lossy(&ours)
            )),
            Err(error) => Err(format!("{name}: {error}")),
        }
    });
    let wrong: Vec<&String> = answers.iter().filter_map(|answer| answer.as_ref().err()).collect();
    println!("oddities: {} files, {} equal", answers.len(), answers.len() - wrong.len());
    for text in &wrong {
        println!("{text}");
    }
    assert!(wrong.is_empty(), "{} oddities differ", wrong.len());
}
