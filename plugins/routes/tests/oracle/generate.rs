//! Rules out of a seed: ordinary ones, and damaged ones.

use routes::rule::Syntax;

use crate::ask::Protocol;

/// The seed of this run: `PLEACH_SEED`, or the one that is always taken.
pub(crate) fn seed() -> u64 {
    std::env::var("PLEACH_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(20_261_128)
}

/// A small generator of random numbers (xorshift), so that a seed means the same texts for ever.
pub(crate) struct Generator(u64);

const HOSTS: &[&str] = &[
    "a.x",
    "b.x",
    "c.a.x",
    "x",
    "a.x.",
    "A.X",
    "*.x",
    "*.a.x",
    "*",
    "a1.x",
    "xn--a.x",
    "{sub}.x",
    "a.x:80",
    "1.2.3.4",
    "ä.x",
    "",
    "*.",
    "*a.x",
    "a b",
    "evil.example",
    "*.x.",
    "a.x..",
];
const PATTERNS: &[&str] = &[
    "^a\\.x$",
    ".*",
    "^.+\\.x$",
    "^[a-z]+\\.x$",
    "(a|b)\\.x",
    "^$",
    "(?i)A\\.X",
    "[a",
    "a(",
    "a)",
    "*a",
    "(?=a)",
    "a\\",
    "^[[:alpha:]]\\.x$",
    "\\d",
    "[a&&b]",
    "\\Qa.x\\E",
    "a{2,1}",
    "a{,2}",
    "a{",
    "xn--a",
    "[^a]",
    "^(www\\.)?$",
    "x\\b",
    "a**",
    "ä",
];
const TEMPLATES: &[&str] = &[
    "a.x",
    "{sub}.x",
    "{sub:[a-z]+}.x",
    "{a}.{b:x}",
    "{sub:[a-z]+",
    "{:a}",
    "{a:}",
    "a}",
    "{a:(}",
    "{a:[0-9]{1,2}}.x",
    "{any:.*}",
    "A.X",
    "ä.x",
];
const PATHS: &[&str] = &[
    "/",
    "/x",
    "/x/",
    "/oauth2",
    "/oauth2/",
    "/.well-known/acme-challenge/",
    "x",
    "",
    "/{a}",
    "/{a:[a-z]+}/y",
    "/ä",
    "/oauth2/{rest:.*}",
    "/{a",
    "/x}",
];
const PATH_PATTERNS: &[&str] = &[
    "^/oauth2/",
    "^/oauth2",
    "^/x(/.*)?$",
    "/x",
    "^/x|^/oauth2/",
    "^/oauth2/?",
    "^/(x|y)",
    "(",
    "^/\\.well-known/",
];
const ADDRESSES: &[&str] = &[
    "10.0.0.0/8",
    "192.0.2.1",
    "::1",
    "fe80::/10",
    "10.0.0.0/33",
    "10.0.0",
    "a",
    "1.2.3.4/+8",
    "010.0.0.1",
];
const WORDS: &[&str] = &["GET", "X-A", "a=b", "b", "h2", "acme-tls/1", "a={v}", "b={v}"];

impl Generator {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.max(1))
    }

    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % limit as u64).unwrap()
    }

    fn pick<'t>(&mut self, from: &[&'t str]) -> &'t str {
        from[self.below(from.len())]
    }

    /// Mostly the first half of a list, which is the plainer one.
    fn plain<'t>(&mut self, from: &[&'t str]) -> &'t str {
        if self.below(4) == 0 {
            self.pick(from)
        } else {
            self.pick(&from[..from.len().div_ceil(3)])
        }
    }

    pub(crate) fn rule(&mut self, protocol: Protocol, syntax: Syntax) -> String {
        let hosts_alone = self.below(2) == 0;
        let depth = 1 + self.below(3);
        let mut rule = self.expression(protocol, syntax, depth, hosts_alone);
        if self.below(12) == 0 {
            rule.push_str(self.pick(&[
                "\n",
                " ",
                "\n\n",
                " // Host(`c`)",
                "/* c */",
                "\n/* c */\n",
            ]));
        }
        rule
    }

    fn expression(
        &mut self,
        protocol: Protocol,
        syntax: Syntax,
        depth: usize,
        hosts: bool,
    ) -> String {
        if depth == 0 || self.below(4) == 0 {
            return self.matcher(protocol, syntax, hosts);
        }
        let count = 1 + self.below(3);
        let mut text = String::new();
        for at in 0..count {
            if at > 0 {
                let operator = self.pick(&["&&", "||", "||"]);
                let before = self.pick(&[" ", " ", "", "\t"]);
                let after = self.pick(&[" ", " ", "", "\n", " /* c */ "]);
                text.push_str(before);
                text.push_str(operator);
                text.push_str(after);
            }
            for _ in 0..self.below(5).saturating_sub(2) {
                text.push('!');
            }
            let inner = self.expression(protocol, syntax, depth - 1, hosts);
            if self.below(2) == 0 {
                text.extend(["(", &inner, ")"]);
            } else {
                text.push_str(&inner);
            }
        }
        text
    }

    fn matcher(&mut self, protocol: Protocol, syntax: Syntax, hosts: bool) -> String {
        let (names, host): (&[&str], &[&str]) = match (protocol, syntax) {
            (Protocol::Http, Syntax::V3) => (
                &[
                    "Host",
                    "HostRegexp",
                    "Path",
                    "PathPrefix",
                    "PathRegexp",
                    "Method",
                    "Header",
                    "HeaderRegexp",
                    "Query",
                    "QueryRegexp",
                    "ClientIP",
                    "HostHeader",
                    "HostSNI",
                ],
                &["Host"],
            ),
            (Protocol::Http, Syntax::V2) => (
                &[
                    "Host",
                    "HostHeader",
                    "HostRegexp",
                    "Path",
                    "PathPrefix",
                    "Method",
                    "Headers",
                    "HeadersRegexp",
                    "Query",
                    "ClientIP",
                    "PathRegexp",
                ],
                &["Host", "HostHeader"],
            ),
            (Protocol::Tcp, _) => {
                (&["HostSNI", "HostSNIRegexp", "ClientIP", "ALPN", "Host"], &["HostSNI"])
            }
        };
        let name = if hosts { self.pick(host) } else { self.plain(names) };
        let values: &[&str] = match (name, syntax) {
            ("Host" | "HostHeader" | "HostSNI", _) => HOSTS,
            ("HostRegexp" | "HostSNIRegexp", Syntax::V2) => TEMPLATES,
            (
                "HostRegexp" | "HostSNIRegexp" | "HeaderRegexp" | "HeadersRegexp" | "QueryRegexp",
                _,
            ) => PATTERNS,
            ("Path" | "PathPrefix", _) => PATHS,
            ("PathRegexp", _) => PATH_PATTERNS,
            ("ClientIP", _) => ADDRESSES,
            _ => WORDS,
        };
        let usual = match (name, syntax) {
            ("Header" | "HeaderRegexp" | "Headers" | "HeadersRegexp", _) => 2,
            (_, Syntax::V2) => 1 + self.below(2),
            _ => 1,
        };
        let count = if self.below(16) == 0 { self.below(4) } else { usual };
        let mut arguments = Vec::new();
        for _ in 0..count {
            let value = self.plain(values);
            arguments.push(self.quoted(value));
        }
        let name = match self.below(16) {
            0 => name.to_lowercase(),
            1 => name.to_uppercase(),
            2 => format!("{}{}", &name[..1], name[1..].to_lowercase()),
            _ => name.to_owned(),
        };
        let comma = self.pick(&[",", ", ", ",\n"]);
        let last = self.pick(&["", "", "", "", "", "", "", ",", "...", " "]);
        let space = self.pick(&["", "", "", "", " "]);
        format!("{name}{space}({}{last})", arguments.join(comma))
    }

    /// `HostRegexp` with an expression out of pieces, sensible and not.
    pub(crate) fn pattern(&mut self) -> String {
        const PIECES: &[&str] = &[
            "a",
            ".",
            "x",
            "\\.",
            "^",
            "$",
            "(",
            ")",
            "[",
            "]",
            "*",
            "+",
            "?",
            "|",
            "a\\.x",
            "[a-z]",
            "[^a]",
            "\\d",
            "\\w+",
            "\\b",
            "\\B",
            "{",
            "}",
            "{2}",
            "{1,}",
            "{,2}",
            "{2,1}",
            ",",
            "-",
            "&&",
            "--",
            "~~",
            "[[:alpha:]]",
            "[[:^word:]]",
            "(?i)",
            "(?:",
            "(?",
            "(?)",
            "(?-s)",
            "(?x)",
            "(?U)",
            "(?m)",
            "(?P<n>",
            "(?<n>",
            "(?=",
            "(?!",
            "\\Q",
            "\\E",
            "\\A",
            "\\z",
            "\\Z",
            "\\C",
            "\\pL",
            "\\p{Greek}",
            "\\PN",
            "\\1",
            "\\12",
            "\\0",
            "\\x61",
            "\\x{61}",
            "\\u0061",
            "\\<",
            "\\>",
            "\\-",
            "\\_",
            "\\e",
            "\\a",
            "\\n",
            "\\",
            "]a",
            "[]",
            "[]a]",
            "[^]a]",
            "[a-]",
            "[-a]",
            "[z-a]",
            "[a-\\d]",
            "B",
            " ",
            "#",
            "/",
            "xn--",
            "{a}",
            "{1001}",
            "**",
            "+?",
            "*+",
            "??",
        ];
        let count = 1 + self.below(7);
        let text: String = (0..count).map(|_| self.pick(PIECES)).collect();
        let not = self.pick(&["", "", "!"]);
        format!("{not}HostRegexp(`{text}`)")
    }

    fn quoted(&mut self, value: &str) -> String {
        match self.below(10) {
            0 => format!("{value:?}"),
            1 => {
                value
                    .chars()
                    .fold(String::from("\""), |text, c| text + &format!("\\u{:04x}", u32::from(c)))
                    + "\""
            }
            2 => {
                value.bytes().fold(String::from("\""), |text, b| text + &format!("\\x{b:02x}"))
                    + "\""
            }
            _ => format!("`{value}`"),
        }
    }

    /// One or two edits: a character less, one more, two swapped, or a token in between.
    pub(crate) fn damage(&mut self, rule: &str) -> String {
        const TOKENS: &[&str] = &[
            "(",
            ")",
            "!",
            "&&",
            "||",
            "&",
            "|",
            "`",
            "\"",
            "'",
            ",",
            "\n",
            " ",
            "\\",
            "Host(`a.x`)",
            "...",
            "and",
            "//",
            "/*",
            "*/",
            ".",
            "1",
            "\u{a0}",
            "\u{201c}",
            "\r",
            "\0",
            "\u{feff}",
            ";",
            "é",
            "{",
            "[",
            "\\101",
            "\\'",
            "==",
        ];
        let mut chars: Vec<char> = rule.chars().collect();
        for _ in 0..=self.below(2) {
            let at = self.below(chars.len() + 1);
            match self.below(3) {
                0 if at < chars.len() => {
                    chars.remove(at);
                }
                1 if at + 1 < chars.len() => chars.swap(at, at + 1),
                _ => {
                    let token = self.pick(TOKENS);
                    chars.splice(at..at, token.chars());
                }
            }
        }
        chars.into_iter().collect()
    }
}
