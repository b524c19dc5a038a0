//! Documents out of a seed: ordinary ones, which nobody may refuse, and wild ones.

/// The seed of this run: `PLEACH_SEED`, or the one that is always taken.
pub(crate) fn seed() -> u64 {
    std::env::var("PLEACH_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(20_261_121)
}

/// A small generator of random numbers (xorshift), so that a seed means the same texts for ever.
pub(crate) struct Generator(u64);

const KEYS: &[&str] = &[
    "apiVersion",
    "kind",
    "metadata",
    "name",
    "spec",
    "data",
    "a",
    "b",
    "key.with/slash",
    "k-1",
    "0",
    "1.5",
    "true",
    "~",
    "\"quoted key\"",
    "'single'",
    "with space",
    "ключ",
    "_x",
    "-x",
    "2020-01-02",
    "y",
    "on",
];

const SCALARS: &[&str] = &[
    "text",
    "two words",
    "",
    "~",
    "null",
    "true",
    "False",
    "yes",
    "on",
    "0",
    "7",
    "-3",
    "+7",
    "0644",
    "0o644",
    "08",
    "0x1F",
    "0b101",
    "1_000",
    "1e3",
    "1.50",
    ".5",
    ".5_1",
    ".5_",
    ".5e1_0",
    "-.5e-3",
    "1e400",
    ".inf",
    "-.Inf",
    ".nan",
    "9223372036854775807",
    "9223372036854775808",
    "18446744073709551615",
    "123456789012345678901234567890",
    "2024-01-02",
    "2024-1-2 3:4:5",
    "2024-01-02T03:04:05.678Z",
    "2024-01-02t03:04:05+02:00",
    "2024-13-01",
    "12:30:45",
    "http://host/path?a=b#c",
    "a#b",
    "\"double \\t\\u00e9\\x41\"",
    "'it''s'",
    "\"\"",
    "''",
    "\"0644\"",
    "!!str 12",
    "!!int \"12\"",
    "!!float 1",
    "!!binary aGVsbG8=",
    "!local x",
    "! 12",
    "<<",
    "=",
    "-x",
    "?x",
    ":x",
    "\u{e9}\u{4e2d}\u{1f600}",
    "0b-1",
    "0o-7",
    "_1",
    "1_",
    "0x",
    "[]",
    "{}",
    "[a, 1, \"c\"]",
    "{a: 1, b: [x, y]}",
    "[[1], {k: v}]",
    "{\"a\":1}",
    "[a: b, c]",
];

const COMMENTS: &[&str] = &["# note", "#no blank", "# \u{e9}", "#", "#  two  "];

impl Generator {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.max(1))
    }

    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 11).unwrap() % bound.max(1)
    }

    pub(crate) fn chance(&mut self, one_in: usize) -> bool {
        self.below(one_in) == 0
    }

    pub(crate) fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.below(from.len())]
    }

    /// Maps, lists, block scalars, flow collections, comments, anchors and several documents, as people write them.
    pub(crate) fn ordinary(&mut self) -> Vec<u8> {
        let mut out = String::new();
        if self.chance(20) {
            out.push('\u{FEFF}');
        }
        let documents = if self.chance(4) { 1 + self.below(3) } else { 1 };
        for index in 0..documents {
            self.own_comments(&mut out, 0);
            if index > 0 || self.chance(4) {
                out.push_str("---\n");
            }
            self.own_comments(&mut out, 0);
            let depth = 1 + self.below(4);
            if self.chance(6) {
                self.list(&mut out, 0, depth);
            } else {
                self.map(&mut out, 0, depth);
            }
            self.own_comments(&mut out, 0);
            if index + 1 < documents && self.chance(5) {
                out.push_str("...\n");
            }
        }
        if self.chance(12) {
            out = out.replace('\n', "\r\n");
        }
        out.into_bytes()
    }

    fn own_comments(&mut self, out: &mut String, indent: usize) {
        while self.chance(5) {
            if self.chance(2) {
                out.push('\n');
                continue;
            }
            let indent = if self.chance(6) { self.below(8) } else { indent };
            out.push_str(&" ".repeat(indent));
            out.push_str(self.pick(COMMENTS));
            out.push('\n');
        }
    }

    fn line_end(&mut self, out: &mut String) {
        if self.chance(7) {
            out.push(' ');
            out.push_str(self.pick(COMMENTS));
        }
        out.push('\n');
    }

    fn map(&mut self, out: &mut String, indent: usize, depth: usize) {
        let mut keys: Vec<&str> = Vec::new();
        for index in 0..=self.below(4) {
            let key = self.pick(KEYS);
            if keys.contains(&key) {
                continue;
            }
            keys.push(key);
            if index > 0 {
                self.own_comments(out, indent);
                out.push_str(&" ".repeat(indent));
            } else if out.ends_with('\n') || out.is_empty() || out.ends_with('\u{FEFF}') {
                out.push_str(&" ".repeat(indent));
            }
            out.push_str(key);
            out.push(':');
            self.value(out, indent, depth);
        }
    }

    fn value(&mut self, out: &mut String, indent: usize, depth: usize) {
        match self.below(if depth == 0 { 4 } else { 8 }) {
            0 => self.block_scalar(out, indent + 2),
            1..4 => {
                let scalar = self.pick(SCALARS);
                if !scalar.is_empty() {
                    out.push(' ');
                    out.push_str(scalar);
                }
                self.line_end(out);
            }
            4 | 5 => {
                let step = 1 + self.below(4);
                self.line_end(out);
                self.own_comments(out, indent + step);
                self.map(out, indent + step, depth - 1);
            }
            _ => {
                let step = if self.chance(3) { 0 } else { 1 + self.below(4) };
                self.line_end(out);
                self.own_comments(out, indent + step);
                self.list(out, indent + step, depth - 1);
            }
        }
    }

    fn list(&mut self, out: &mut String, indent: usize, depth: usize) {
        for index in 0..=self.below(3) {
            if index > 0 {
                self.own_comments(out, indent);
            }
            out.push_str(&" ".repeat(indent));
            out.push('-');
            match self.below(if depth == 0 { 3 } else { 6 }) {
                0 => self.block_scalar(out, indent + 2),
                1 | 2 => {
                    let scalar = self.pick(SCALARS);
                    if !scalar.is_empty() {
                        out.push(' ');
                        out.push_str(scalar);
                    }
                    self.line_end(out);
                }
                3 => {
                    out.push(' ');
                    self.list_inside(out, indent + 2, depth - 1);
                }
                _ => {
                    out.push(' ');
                    self.map(out, indent + 2, depth - 1);
                }
            }
        }
    }

    fn list_inside(&mut self, out: &mut String, indent: usize, depth: usize) {
        let mut inner = String::new();
        self.list(&mut inner, indent, depth);
        out.push_str(&inner[indent..]);
    }

    fn block_scalar(&mut self, out: &mut String, indent: usize) {
        out.push(' ');
        out.push_str(self.pick(&["|", ">", "|-", ">-", "|+", ">+"]));
        self.line_end(out);
        for _ in 0..=self.below(3) {
            out.push_str(&" ".repeat(indent));
            out.push_str(self.pick(&["text", "more # text", "key: value", "- item", "#!/bin/sh"]));
            out.push('\n');
            if self.chance(5) {
                out.push('\n');
            }
        }
    }

    /// Ordinary documents with something done to them, and soups of tokens.
    pub(crate) fn wild(&mut self) -> Vec<u8> {
        const PIECES: &[&str] = &[
            " ",
            "  ",
            "\n",
            "\n  ",
            "\n- ",
            "- ",
            ": ",
            ":",
            "? ",
            "?",
            "#",
            " # c",
            "[",
            "]",
            "{",
            "}",
            ",",
            ", ",
            "&a ",
            "*a",
            "!!str ",
            "!t ",
            "|\n ",
            ">\n ",
            "|2\n",
            "\"",
            "'",
            "a",
            "b",
            "1",
            "\\",
            "\\n",
            "\\/",
            "---",
            "\n---\n",
            "\n...\n",
            "%YAML 1.1\n",
            "%YAML 1.3\n",
            "%TAG ! x\n",
            "\t",
            "\r\n",
            "\r",
            "<<: ",
            "\u{85}",
            "\u{2028}",
            "\u{FEFF}",
            "\u{7f}",
            "@",
            "`",
            "key: ",
            "é",
            "\u{1f600}",
            "-",
            "...",
            "!",
            "\\ud800",
            "\0",
        ];
        if self.chance(3) {
            let soup: String = (0..=self.below(14)).map(|_| self.pick(PIECES)).collect();
            return soup.into_bytes();
        }
        let mut text = String::from_utf8(self.ordinary()).unwrap();
        for _ in 0..=self.below(3) {
            let mut at = self.below(text.len() + 1);
            while !text.is_char_boundary(at) {
                at -= 1;
            }
            if self.chance(3) && at < text.len() {
                text.remove(at);
            } else {
                text.insert_str(at, self.pick(PIECES));
            }
        }
        let mut bytes = text.into_bytes();
        if self.chance(40) {
            bytes.push(0xFF);
        }
        bytes
    }
}
