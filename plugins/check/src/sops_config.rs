//! `.sops.yaml`: its creation rules, and which one a file falls under.
//!
//! sops looks for the file upward from the *working directory*; a hook is run from the top of the repository and would
//! never see the one of a subfolder. Here the search goes upward from the folder of *each file*, to the root of the
//! repository: what sops finds when it is run where the file is.

use std::path::{Path, PathBuf};

use krm::{Finding, nearest};
use regex::Regex;
use yaml::Node;

use crate::node::{entries, get, get_str, is_map, items};
use crate::recipient::{self, CREATION_FIELDS, GROUP_FIELDS, Recipient};
use crate::selection::{self, Selection, Unusable};

/// The id of everything that is wrong with a `.sops.yaml`.
pub(crate) const BROKEN: &str = "broken-sops-config";

/// The name that sops looks for.
pub(crate) const NAME: &str = ".sops.yaml";

/// One `.sops.yaml`.
pub(crate) struct SopsConfig {
    /// Relative to the root of the tree.
    pub(crate) path: PathBuf,
    /// In the order in which they are tried.
    pub(crate) rules: Vec<CreationRule>,
    /// What is wrong with it.
    pub(crate) findings: Vec<Finding>,
    /// Whether sops reads it: not by another name.
    pub(crate) in_force: bool,
}

/// One entry of `creation_rules`.
pub(crate) struct CreationRule {
    /// Its place in the list, from 1.
    pub(crate) number: usize,
    /// None matches everything.
    path_regex: Option<Regex>,
    /// Whether it says *which* files are encrypted, and not only *how*: see [`SopsConfig::narrow`].
    pub(crate) narrow: bool,
    /// Empty when it names no recipient: they come from the command line or the environment then.
    pub(crate) groups: Vec<Vec<Recipient>>,
    /// How many groups must be opened.
    pub(crate) threshold: Option<String>,
    /// Which values are encrypted.
    pub(crate) selection: Selection,
}

impl SopsConfig {
    /// Reads one. What is wrong becomes findings; a rule that cannot be used is left out.
    pub(crate) fn read(path: &Path, bytes: &[u8]) -> Self {
        let mut config = Self {
            path: path.to_path_buf(),
            rules: Vec::new(),
            findings: Vec::new(),
            in_force: true,
        };
        match yaml::documents(bytes) {
            Err(error) => {
                let finding = Finding::error(BROKEN, format!("cannot be read: {}", error.problem))
                    .hint("until it can be read, nothing tells which files must be encrypted");
                config.findings.push(match error.position {
                    Some(at) => finding.line(path, at.line),
                    None => finding.file(path),
                });
            }
            Ok(documents) => {
                if let Some(second) = documents.get(1) {
                    config.findings.push(
                        Finding::error(BROKEN, "holds a second document, which sops does not read")
                            .line(path, second.root.position.line)
                            .hint("put all creation rules into the first document"),
                    );
                }
                if let Some(first) = documents.first() {
                    config.rules_of(&first.root);
                }
            }
        }
        config
    }

    /// A `.sops.yml`.
    pub(crate) fn misnamed(path: &Path) -> Self {
        let finding = Finding::error(BROKEN, "sops does not read a file of this name")
            .file(path)
            .hint("rename it to .sops.yaml");
        Self {
            path: path.to_path_buf(),
            rules: Vec::new(),
            findings: vec![finding],
            in_force: false,
        }
    }

    fn rules_of(&mut self, root: &Node) {
        self.known_fields(root, &["creation_rules", "destination_rules", "stores"], "");
        let Some(rules) = get(root, "creation_rules") else { return };
        for (index, rule) in items(rules).iter().enumerate() {
            let field = format!("creation_rules[{index}]");
            if let Some(rule) = self.rule_of(rule, index + 1, &field) {
                self.rules.push(rule);
            }
        }
    }

    fn rule_of(&mut self, node: &Node, number: usize, field: &str) -> Option<CreationRule> {
        let own =
            ["path_regex", "aws_profile", "key_groups", "shamir_threshold", "mac_only_encrypted"];
        let known: Vec<&str> = own
            .into_iter()
            .chain(CREATION_FIELDS.map(|(field, _)| field))
            .chain(selection::FIELDS)
            .collect();
        self.known_fields(node, &known, field);
        let line = node.position.line;
        let path_regex = match get_str(node, "path_regex")
            .filter(|text| !text.is_empty())
            .map(|text| Regex::new(&text))
        {
            None => None,
            Some(Ok(regex)) => Some(regex),
            Some(Err(_)) => {
                self.say(
                    line,
                    &format!("{field}.path_regex"),
                    "is no regular expression that can be read",
                    REGEX_HINT,
                );
                return None;
            }
        };
        let selection = match Selection::of(node) {
            Ok(selection) => selection,
            Err(Unusable::Several(first, second)) => {
                let what = format!(
                    "holds both {first} and {second}, and sops refuses more than one of the six"
                );
                self.say(line, field, &what, "keep one of the two");
                Selection::default()
            }
            Err(Unusable::Regex(name)) => {
                self.say(
                    line,
                    &format!("{field}.{name}"),
                    "is no regular expression that can be read",
                    REGEX_HINT,
                );
                Selection::default()
            }
        };
        let groups = match get(node, "key_groups").map(items).unwrap_or_default() {
            [] => vec![recipient::of_creation_rule(node)],
            groups => {
                for (index, group) in groups.iter().enumerate() {
                    self.known_fields(
                        group,
                        &GROUP_FIELDS,
                        &format!("{field}.key_groups[{index}]"),
                    );
                }
                groups.iter().map(recipient::of_configured_group).collect()
            }
        };
        Some(CreationRule {
            number,
            narrow: path_regex.is_some(),
            path_regex,
            groups: groups.into_iter().filter(|group| !group.is_empty()).collect(),
            threshold: get_str(node, "shamir_threshold")
                .filter(|text| !text.is_empty() && text != "0"),
            selection,
        })
    }

    fn known_fields(&mut self, node: &Node, known: &[&str], path: &str) {
        for entry in entries(node) {
            if known.contains(&entry.key.as_str()) {
                continue;
            }
            let field =
                if path.is_empty() { entry.key.clone() } else { format!("{path}.{}", entry.key) };
            let hint = match nearest(&entry.key, known.iter().copied()) {
                Some(near) => format!("write {near}; sops ignores what it does not know"),
                None => {
                    format!("sops ignores what it does not know; it knows {}", known.join(", "))
                }
            };
            self.say(entry.line, &field, "unknown field", &hint);
        }
        if !path.is_empty() && !is_map(node) {
            self.say(
                node.position.line,
                path,
                "is no map",
                "write the fields of the rule below it",
            );
        }
    }

    fn say(&mut self, line: u32, field: &str, what: &str, hint: &str) {
        self.findings
            .push(Finding::error(BROKEN, what).line(&self.path, line).field(field).hint(hint));
    }

    /// Finds the rules that say only *how*. kustomize cannot read an encrypted kustomization, so a rule that matches
    /// one of `kustomizations` cannot mean that every file it matches is encrypted. Neither can a rule without
    /// `path_regex`, which matches everything.
    pub(crate) fn narrow(&mut self, kustomizations: &[&Path]) {
        let folder = self.folder().to_path_buf();
        for rule in &mut self.rules {
            let broad = kustomizations.iter().filter_map(|path| path.strip_prefix(&folder).ok());
            let broad = broad.map(slashes).any(|path| rule.matches(&path));
            rule.narrow &= !broad;
        }
    }

    /// The first rule that matches a file (relative to the root of the tree).
    pub(crate) fn rule_for(&self, file: &Path) -> Option<&CreationRule> {
        let relative = slashes(file.strip_prefix(self.folder()).ok()?);
        self.rules.iter().find(|rule| rule.matches(&relative))
    }

    /// The folder that it stands in, and whose files it rules.
    pub(crate) fn folder(&self) -> &Path {
        self.path.parent().unwrap_or(Path::new(""))
    }
}

impl CreationRule {
    fn matches(&self, relative: &str) -> bool {
        self.path_regex.as_ref().is_none_or(|regex| regex.is_match(relative))
    }
}

const REGEX_HINT: &str = "sops reads Go's regular expressions: no look-around, no back-references";

fn slashes(path: &Path) -> String {
    path.to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/")
}
