//! A value in the clear, in an encrypted file, where the rule says it is encrypted.

use crate::format::Format;
use krm::Finding;
use yaml::{Data, Document, Node};

use crate::node::text;
use crate::rule::{Rule, Subject};
use crate::selection::Selection;
use crate::source::Source;
use crate::token::is_token;

pub(crate) const RULE: Rule = Rule {
    id: "unsealed-value",
    page: "The file is encrypted, and holds a value in the clear where its own rule (`encrypted_regex` and its five \
        siblings), or that of the creation rule it falls under, says that sops encrypts. Someone added it by hand. A \
        token with something before or behind it counts as clear, and comments count where sops encrypts comments. \
        Empty texts, null, empty lists and empty maps are never encrypted.\n\n\
        Put the value in with `sops edit FILE`. sops refuses to decrypt the file as it is.",
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let source = subject.source;
    let Some(seal) = source.seals.iter().flatten().next() else { return Vec::new() };
    let mut findings = Vec::new();
    let mut clear: Vec<Leaf> = Vec::new();
    match &seal.selection {
        Ok(recorded) => clear = clear_leaves(source, recorded),
        Err(_) => findings.push(
            Finding::error(
                RULE.id,
                "records a rule that cannot be used: two of the six, or a broken expression",
            )
            .line(&source.path, seal.line)
            .hint("encrypt the file anew with sops"),
        ),
    }
    let recorded = clear.len();
    if let Some((_, rule)) = subject.creation {
        for leaf in clear_leaves(source, &rule.selection) {
            if !clear.contains(&leaf) {
                clear.push(leaf);
            }
        }
    }
    for (index, leaf) in clear.into_iter().enumerate() {
        let what = if leaf.comment { "comment not encrypted" } else { "not encrypted" };
        let by = if index < recorded {
            "the file's own rule".to_owned()
        } else {
            subject.creation_name()
        };
        let document = match source.documents.len() {
            1 => String::new(),
            _ => format!(" (document {})", leaf.document + 1),
        };
        let finding = Finding::error(RULE.id, format!("{what}, which {by} asks for{document}"));
        let finding = if leaf.path.is_empty() { finding } else { finding.field(leaf.path) };
        findings.push(
            finding
                .line(&source.path, leaf.line)
                .hint(format!("put it in with sops edit {}", source.path.display())),
        );
    }
    findings
}

/// A value or comment in the clear.
#[derive(PartialEq)]
pub(crate) struct Leaf {
    document: usize,
    path: String,
    line: u32,
    comment: bool,
}

/// The values and comments in the clear that `selection` covers, in the order in which sops walks them. Documents
/// without metadata in a file that has some are left to another rule.
pub(crate) fn clear_leaves(source: &Source, selection: &Selection) -> Vec<Leaf> {
    let mut walk = Walk {
        source,
        selection,
        leaves: Vec::new(),
        document: 0,
        keys: Vec::new(),
        whole: source.is_envelope(),
        comments: Vec::new(),
        path: String::new(),
    };
    for (index, document) in source.documents.iter().enumerate() {
        if source.is_sealed() && source.seals[index].is_none() {
            continue;
        }
        walk.document = index;
        walk.document(document);
    }
    walk.leaves
}

struct Walk<'a> {
    source: &'a Source,
    selection: &'a Selection,
    leaves: Vec<Leaf>,
    document: usize,
    /// The keys of the maps around the node: the path that the rules look at.
    keys: Vec<String>,
    /// The same with list indexes, as messages name it.
    path: String,
    /// sops encrypts a binary file whole, whatever the rules say.
    whole: bool,
    /// For each map and list around, the comments since its last value.
    comments: Vec<Vec<String>>,
}

impl Walk<'_> {
    fn document(&mut self, document: &Document) {
        self.comments.clear();
        let root = &document.root;
        if let Data::Mapping(pairs) = &root.data {
            self.comments.push(Vec::new());
            for comments in [
                &document.comments.head,
                &document.comments.line,
                &root.comments.head,
                &root.comments.line,
            ] {
                self.said(comments, root.position.line);
            }
            for (key, value) in pairs {
                if !self.is_metadata(&text(key)) {
                    self.pair(key, value);
                }
            }
            for comments in [&root.comments.foot, &document.comments.foot] {
                self.said(comments, root.position.line);
            }
            self.comments.pop();
        } else {
            self.node(root);
        }
    }

    fn is_metadata(&self, key: &str) -> bool {
        match self.source.format {
            Format::Dotenv => key.starts_with("sops_"),
            _ => key == "sops",
        }
    }

    fn pair(&mut self, key: &Node, value: &Node) {
        let line = key.position.line;
        let scalar = matches!(value.data, Data::Scalar(_));
        self.said(&key.comments.head, line);
        self.said(&key.comments.line, line);
        if scalar {
            self.said(&value.comments.head, line);
            self.said(&value.comments.line, line);
        }
        let name = text(key);
        let length = self.path.len();
        if !self.path.is_empty() {
            self.path.push('.');
        }
        self.path.push_str(&name);
        self.keys.push(name);
        self.node(value);
        self.keys.pop();
        self.path.truncate(length);
        self.value_done();
        if scalar {
            self.said(&value.comments.foot, line);
        }
        self.said(&key.comments.foot, line);
    }

    fn node(&mut self, node: &Node) {
        let line = node.position.line;
        match &node.data {
            Data::Scalar(_) => {
                let value = text(node);
                if !value.is_empty() && !is_token(&value) && self.covers(false) {
                    self.push(line, false);
                }
            }
            Data::Mapping(pairs) => {
                self.comments.push(Vec::new());
                self.said(&node.comments.head, line);
                self.said(&node.comments.line, line);
                for (key, value) in pairs {
                    self.pair(key, value);
                }
                self.said(&node.comments.foot, line);
                self.comments.pop();
            }
            Data::Sequence(items) => {
                self.comments.push(Vec::new());
                self.said(&node.comments.head, line);
                self.said(&node.comments.line, line);
                for (index, item) in items.iter().enumerate() {
                    let length = self.path.len();
                    self.path.extend(["[", &index.to_string(), "]"]);
                    let scalar = matches!(item.data, Data::Scalar(_));
                    if scalar {
                        self.said(&item.comments.head, item.position.line);
                        self.said(&item.comments.line, item.position.line);
                    }
                    self.node(item);
                    self.path.truncate(length);
                    self.value_done();
                    if scalar {
                        self.said(&item.comments.foot, item.position.line);
                    }
                }
                self.said(&node.comments.foot, line);
                self.comments.pop();
            }
        }
    }

    fn covers(&self, comment: bool) -> bool {
        self.whole || self.selection.covers(&self.keys, &self.comments, comment)
    }

    fn value_done(&mut self) {
        if let Some(last) = self.comments.last_mut() {
            last.clear();
        }
    }

    fn said(&mut self, comments: &[String], near: u32) {
        for comment in comments {
            let text = comment.strip_prefix('#').unwrap_or(comment);
            if text.is_empty() {
                continue;
            }
            if let Some(last) = self.comments.last_mut() {
                last.push(text.to_owned());
            }
            if !text.trim().is_empty() && !is_token(text.trim()) && self.covers(true) {
                self.push(self.line_of(text, near), true);
            }
        }
    }

    /// Comments carry no place of their own: the last line up to `near` that ends with this one, or any line.
    fn line_of(&self, comment: &str, near: u32) -> u32 {
        let mut found = near;
        for (index, line) in self.source.bytes.split(|byte| *byte == b'\n').enumerate() {
            let number = u32::try_from(index + 1).unwrap_or(u32::MAX);
            if line.trim_ascii_end().ends_with(comment.trim_end().as_bytes()) {
                found = number;
                if number >= near {
                    break;
                }
            } else if number > near && found != near {
                break;
            }
        }
        found
    }

    fn push(&mut self, line: u32, comment: bool) {
        self.leaves.push(Leaf { document: self.document, path: self.path.clone(), line, comment });
    }
}
