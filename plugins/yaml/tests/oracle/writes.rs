//! What we write, against what sops' library writes of the same tree.

use yaml::write::{Style, block, json};
use yaml::{Comments, Data, Document, Node, Scalar};

use super::ask::ask;
use super::generate::{Generator, seed};
use super::tree;

/// Pieces of awkward strings.
const PIECES: &[&str] = &[
    "a",
    "b c",
    " ",
    "  ",
    "\n",
    "\n\n",
    "\t",
    "'",
    "\"",
    "\\",
    "#",
    " #",
    "# ",
    ":",
    ": ",
    "-",
    "- ",
    "?",
    "? ",
    "!",
    "&",
    "*",
    "|",
    ">",
    "%",
    "@",
    "`",
    "[",
    "]",
    "{",
    "}",
    ",",
    "=",
    "<<",
    "~",
    "null",
    "true",
    "yes",
    "on",
    "y",
    "0",
    "07",
    "0o7",
    "0x1F",
    "0b1",
    "1_0",
    "1e3",
    ".5",
    ".inf",
    ".nan",
    "+1",
    "-1",
    "2024-01-02",
    "12:30",
    "1:2:3.5",
    "\r",
    "\u{0}",
    "\u{1b}",
    "\u{7f}",
    "\u{85}",
    "\u{a0}",
    "\u{2028}",
    "\u{feff}",
    "\u{fffe}",
    "é",
    "\u{1f600}",
    "---",
    "...",
];

#[test]
fn generated_trees_are_written_as_sops_writes_them() {
    let mut generator = Generator::new(seed() ^ 0x5eed);
    let documents: Vec<Vec<Document>> = (0..6_000).map(|_| generator.documents()).collect();
    let questions: Vec<Vec<u8>> = documents
        .iter()
        .map(|documents| tree::documents(documents).to_string().into_bytes())
        .collect();
    let mut differing = Vec::new();
    let (mut equal, mut refused) = (0, 0);
    for (documents, answer) in documents.iter().zip(ask("write", &questions)) {
        let ours = block(documents, Style::Sops);
        match answer["ok"].as_str() {
            Some(theirs) if theirs == ours => equal += 1,
            Some(theirs) => differing.push((ours, theirs.to_owned())),
            None => refused += 1,
        }
    }
    eprintln!("oracle: {equal} trees written alike, {refused} refused by go");
    differing.sort_by_key(|(ours, _)| ours.len());
    for (ours, theirs) in differing.iter().take(8) {
        eprintln!("ours {ours:?}\ngo   {theirs:?}\n");
    }
    assert!(differing.is_empty(), "{} differ", differing.len());
    assert!(equal >= 5_900, "{equal} written alike");
}

#[test]
fn what_is_written_for_people_is_read_by_go_yaml_as_the_same() {
    let mut generator = Generator::new(seed() ^ 0xb10c);
    let values: Vec<Document> = (0..6_000).map(|_| generator.plain_document()).collect();
    let texts: Vec<Vec<u8>> = values
        .iter()
        .map(|document| block(std::slice::from_ref(document), Style::People).into_bytes())
        .collect();
    let mut count = 0;
    for ((document, text), answer) in values.iter().zip(&texts).zip(ask("read", &texts)) {
        let shown = String::from_utf8_lossy(text);
        let theirs = &answer["values"]["ok"][0];
        assert!(!theirs.is_null(), "refused: {shown:?} {answer}");
        let ours = yaml::values(text).unwrap_or_else(|error| unreachable!("{error}: {shown:?}"));
        assert_eq!(ours[0], *theirs, "{shown:?}");
        assert_eq!(ours[0], super::tree::value(&document.root), "{shown:?}");
        count += 1;
    }
    eprintln!("oracle: {count} documents written for people are read as they were");
}

#[test]
fn json_is_read_by_go_yaml_as_the_same() {
    let mut generator = Generator::new(seed() ^ 0x1500);
    let values: Vec<_> =
        (0..6_000).map(|_| super::tree::value(&generator.plain_document().root)).collect();
    let texts: Vec<Vec<u8>> = values.iter().map(|value| json(value).into_bytes()).collect();
    for ((value, text), answer) in values.iter().zip(&texts).zip(ask("read", &texts)) {
        let shown = String::from_utf8_lossy(text);
        assert_eq!(answer["values"]["ok"][0], *value, "{shown:?} {answer}");
        assert_eq!(
            yaml::values(text).ok().as_deref(),
            Some(std::slice::from_ref(value)),
            "{shown:?}"
        );
        assert_eq!(serde_json::from_slice::<serde_json::Value>(text).ok().as_ref(), Some(value));
    }
    eprintln!("oracle: {} JSON texts are read as YAML as they were", values.len());
}

impl Generator {
    fn string(&mut self) -> String {
        let most = if self.chance(3) { 6 } else { 2 };
        let pieces = 1 + self.below(most);
        let mut text: String = (0..pieces).map(|_| self.pick(PIECES)).collect();
        if self.chance(60) {
            text = text.repeat(40);
        }
        text
    }

    fn scalar(&mut self) -> Scalar {
        match self.below(16) {
            0 => Scalar::Null,
            1 => Scalar::Bool(self.chance(2)),
            2 => Scalar::Int(i64::try_from(self.below(2_000_000)).unwrap() - 1_000_000),
            3 => Scalar::Uint(u64::MAX - u64::try_from(self.below(1000)).unwrap()),
            4 | 5 => {
                let mantissa = f64::from(u32::try_from(self.below(1 << 30)).unwrap());
                let exponent = i32::try_from(self.below(50)).unwrap() - 30;
                let value = mantissa * 10f64.powi(exponent);
                Scalar::Float { value, text: format!("{value:e}") }
            }
            6 => Scalar::Time("2024-01-02T03:04:05.5+02:00".to_owned()),
            7 => Scalar::Binary(
                (0..self.below(90)).map(|_| u8::try_from(self.below(256)).unwrap()).collect(),
            ),
            8 => Scalar::Str(String::new()),
            _ => Scalar::Str(self.string()),
        }
    }

    fn comment(&mut self, one_in: usize) -> Vec<String> {
        if !self.chance(one_in) {
            return Vec::new();
        }
        (0..=self.below(3)).map(|_| self.pick(&["# note", "#x", "#", "# é"]).to_owned()).collect()
    }

    /// Comments as sops puts them: heads on everything, lines on values, feet below keys and items.
    fn around(&mut self, node: Node, line: bool, foot: bool) -> Node {
        let comments = Comments {
            head: self.comment(8),
            line: if line { self.comment(10).into_iter().take(1).collect() } else { Vec::new() },
            foot: if foot { self.comment(12) } else { Vec::new() },
        };
        Node { comments, ..node }
    }

    fn tree(&mut self, depth: usize) -> Node {
        let data = match self.below(if depth == 0 { 3 } else { 6 }) {
            0..=2 => Data::Scalar(self.scalar()),
            3 => {
                let items: Vec<Node> = (0..self.below(4)).map(|_| self.tree(depth - 1)).collect();
                Data::Sequence(
                    items.into_iter().map(|item| self.around(item, true, true)).collect(),
                )
            }
            _ => return self.mapping(depth),
        };
        Node::from(data)
    }

    fn mapping(&mut self, depth: usize) -> Node {
        let mut entries: Vec<(Node, Node)> = Vec::new();
        for _ in 0..self.below(5) {
            let key = Node::from(Data::Scalar(Scalar::Str(self.string())));
            if entries.iter().any(|(known, _)| known.data == key.data) {
                continue;
            }
            let key = self.around(key, false, true);
            let value = self.tree(depth.saturating_sub(1));
            let scalar = matches!(value.data, Data::Scalar(_));
            let value = self.around(value, scalar, false);
            entries.push((key, value));
        }
        Node::from(Data::Mapping(entries))
    }

    fn documents(&mut self) -> Vec<Document> {
        (0..=self.below(2))
            .map(|_| Document { root: self.mapping(3), comments: Comments::default() })
            .collect()
    }

    /// A document without comments that JSON can hold.
    fn plain_document(&mut self) -> Document {
        let mut root = self.mapping(3);
        strip(&mut root);
        Document { root, comments: Comments::default() }
    }
}

fn strip(node: &mut Node) {
    node.comments = Comments::default();
    match &mut node.data {
        Data::Scalar(scalar @ (Scalar::Binary(_) | Scalar::Time(_))) => {
            *scalar = Scalar::Str("2024-01-02".to_owned());
        }
        Data::Scalar(Scalar::Float { value, text }) => *text = format!("{value:e}"),
        Data::Scalar(_) => {}
        Data::Sequence(items) => items.iter_mut().for_each(strip),
        Data::Mapping(entries) => entries.iter_mut().for_each(|(key, value)| {
            strip(key);
            strip(value);
        }),
    }
}
