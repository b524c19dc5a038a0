//! How a container calls its program: the words of the command line, and the environment, as far as the tree says.

use serde_json::Value;

use super::tree::Tree;
use crate::read::{list, text, text_at, texts};

/// A text of a pod: a word, or the value of a variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word {
    /// The text; a variable whose value is hidden stands in it as `$(NAME)`.
    pub(super) text: String,
    /// Whether it holds the value of something that does not stand in the tree, or must not be read.
    pub(super) hidden: bool,
}

impl Word {
    fn plain(text: &str) -> Self {
        Self { text: text.to_owned(), hidden: false }
    }

    fn hidden() -> Self {
        Self { text: String::new(), hidden: true }
    }
}

/// How a program is called.
#[derive(Debug, Default)]
pub(super) struct Arguments {
    /// The words behind the program's own name.
    pub(super) words: Vec<Word>,
    /// Whether there are words that are not known: a shell's, a file's.
    pub(super) unreadable: bool,
    environment: Environment,
}

#[derive(Debug, Default)]
struct Environment {
    variables: Vec<(String, Word)>,
    /// Whether any other variable may be set: from a ConfigMap or Secret that does not stand in the tree.
    open: bool,
}

impl Arguments {
    /// How `container` calls the program of one of these names.
    pub(super) fn of(
        container: &Value,
        namespace: Option<&str>,
        names: &[&str],
        tree: &Tree<'_>,
    ) -> Self {
        let environment = Environment::of(container, namespace, tree);
        let mut words: Vec<Word> = texts(container, "/command")
            .chain(texts(container, "/args"))
            .map(|text| environment.expand(text))
            .collect();
        let base = |word: &Word| word.text.rsplit('/').next().unwrap_or_default().to_owned();
        let own = |word: &Word| names.contains(&base(word).as_str());
        let mut unreadable = false;
        if let Some(at) = words.iter().position(own).filter(|at| {
            // `tini -- traefik --x`, `/bin/external-dns --x`; behind the first flag a word is a value.
            words[..*at].iter().all(|word| !word.text.starts_with("--") || word.text == "--")
        }) {
            words.drain(..=at);
        } else if let Some(first) = texts(container, "/command").next() {
            // `sh -c '...'`, or a program of another name.
            unreadable = true;
            words.remove(0);
            if matches!(first.rsplit('/').next(), Some("sh" | "bash" | "ash")) {
                words.clear();
            }
        }
        Self { words, unreadable, environment }
    }

    /// The value of a variable; `None` where it is certainly not set.
    pub(super) fn variable(&self, name: &str) -> Option<Word> {
        self.environment.get(name)
    }

    /// The variables that begin so, and whether there may be others.
    pub(super) fn variables<'a>(
        &'a self,
        prefix: &'a str,
    ) -> (impl Iterator<Item = (&'a str, &'a Word)>, bool) {
        let named = self.environment.variables.iter().map(|(name, word)| (name.as_str(), word));
        (named.filter(move |(name, _)| name.starts_with(prefix)), self.environment.open)
    }
}

impl Environment {
    fn of(container: &Value, namespace: Option<&str>, tree: &Tree<'_>) -> Self {
        let mut environment = Self::default();
        for (_, from) in list(container, "/envFrom") {
            environment.take_all(from, namespace, tree);
        }
        for (_, variable) in list(container, "/env") {
            let Some(name) = text(variable, "name") else { continue };
            let word = match variable.get("valueFrom") {
                None => environment
                    .expand(variable.get("value").and_then(Value::as_str).unwrap_or_default()),
                Some(source) => from(source, namespace, tree),
            };
            environment.set(name, word);
        }
        environment
    }

    /// All variables of a ConfigMap, and the names of those of a Secret.
    fn take_all(&mut self, from: &Value, namespace: Option<&str>, tree: &Tree<'_>) {
        let (prefix, namespace) =
            (text(from, "prefix").unwrap_or_default(), namespace.unwrap_or_default());
        if let Some(name) = text_at(from, "/configMapRef/name") {
            match tree.config_map(namespace, name).and_then(Value::as_object) {
                Some(data) => {
                    for (key, value) in data {
                        let value = value.as_str().unwrap_or_default();
                        self.set(&format!("{prefix}{key}"), Word::plain(value));
                    }
                }
                None => self.open = true,
            }
        }
        if let Some(name) = text_at(from, "/secretRef/name") {
            match tree.secret_keys(namespace, name) {
                Some(keys) => {
                    for key in keys {
                        self.set(&format!("{prefix}{key}"), Word::hidden());
                    }
                }
                None => self.open = true,
            }
        }
    }

    /// The last one of a name wins.
    fn set(&mut self, name: &str, word: Word) {
        match self.variables.iter_mut().find(|(known, _)| known == name) {
            Some(known) => known.1 = word,
            None => self.variables.push((name.to_owned(), word)),
        }
    }

    fn get(&self, name: &str) -> Option<Word> {
        let known = self.variables.iter().find(|(known, _)| known == name);
        known.map(|(_, word)| word.clone()).or_else(|| self.open.then(Word::hidden))
    }

    /// Replaces `$(NAME)` as the kubelet does: one that is not set stays as it stands, and `$$` is a `$`
    /// (`k8s.io/kubernetes/third_party/forked/golang/expansion`).
    fn expand(&self, text: &str) -> Word {
        let mut word = Word::plain("");
        let mut rest = text;
        while let Some(at) = rest.find('$') {
            word.text.push_str(&rest[..at]);
            let behind = &rest[at + 1..];
            if let Some(after) = behind.strip_prefix('$') {
                word.text.push('$');
                rest = after;
            } else if let Some((name, after)) =
                behind.strip_prefix('(').and_then(|name| name.split_once(')'))
            {
                match self.get(name) {
                    Some(value) if !value.hidden => word.text.push_str(&value.text),
                    found => {
                        word.hidden |= found.is_some();
                        word.text.push_str(&rest[at..rest.len() - after.len()]);
                    }
                }
                rest = after;
            } else {
                word.text.push('$');
                rest = behind;
            }
        }
        word.text.push_str(rest);
        word
    }
}

/// The value of a `valueFrom`.
fn from(source: &Value, namespace: Option<&str>, tree: &Tree<'_>) -> Word {
    if text_at(source, "/fieldRef/fieldPath") == Some("metadata.namespace") {
        return namespace.map_or_else(Word::hidden, Word::plain);
    }
    let (name, key) =
        (text_at(source, "/configMapKeyRef/name"), text_at(source, "/configMapKeyRef/key"));
    let (Some(name), Some(key)) = (name, key) else { return Word::hidden() };
    let data = tree.config_map(namespace.unwrap_or_default(), name);
    let value = data.and_then(|data| data.get(key)?.as_str());
    value.map_or_else(Word::hidden, Word::plain)
}

#[cfg(test)]
mod tests {
    use krm::ResourceList;
    use serde_json::json;

    use super::*;

    fn arguments(container: &Value, objects: &Value) -> Arguments {
        let list = ResourceList::new(objects.as_array().unwrap().clone());
        Arguments::of(container, Some("dns"), &["external-dns"], &Tree::new(&list))
    }

    fn words(container: &Value) -> (Vec<String>, bool) {
        let found = arguments(container, &json!([]));
        (found.words.into_iter().map(|word| word.text).collect(), found.unreadable)
    }

    #[test]
    fn the_words_are_those_behind_the_name_of_the_program() {
        let flags =
            |found: (Vec<String>, bool)| assert_eq!(found, (vec!["--a".into(), "b".into()], false));
        flags(words(&json!({"args": ["--a", "b"]})));
        flags(words(&json!({"command": ["/bin/external-dns", "--a"], "args": ["b"]})));
        flags(words(&json!({"command": ["external-dns"], "args": ["--a", "b"]})));
        flags(words(&json!({"command": ["/tini", "--"], "args": ["external-dns", "--a", "b"]})));
        flags(words(&json!({"args": ["external-dns", "--a", "b"]})));
    }

    #[test]
    fn a_value_that_is_the_name_of_the_program_is_a_value() {
        let (words, unreadable) = words(&json!({"args": ["--txt-owner-id", "external-dns"]}));
        assert_eq!((words.len(), unreadable), (2, false));
    }

    #[test]
    fn what_a_shell_runs_is_not_read() {
        let found = words(&json!({"command": ["/bin/sh", "-c"], "args": ["external-dns --a"]}));
        assert_eq!(found, (vec![], true));
        let found = words(&json!({"command": ["/start"], "args": ["--a"]}));
        assert_eq!(found, (vec!["--a".to_owned()], true));
    }

    #[test]
    fn variables_are_expanded_as_the_kubelet_does() {
        let container = json!({"env": [
            {"name": "ZONE", "value": "qt.rs"},
            {"name": "FULL", "value": "a.$(ZONE)"},
            {"name": "KEY", "valueFrom": {"secretKeyRef": {"name": "s", "key": "k"}}},
            {"name": "NS", "valueFrom": {"fieldRef": {"fieldPath": "metadata.namespace"}}},
            {"name": "SET", "valueFrom": {"configMapKeyRef": {"name": "m", "key": "set"}}},
        ], "args": ["--a=$(FULL)", "--b=$$(ZONE)", "--c=$(NONE)", "--d=$(KEY)", "--e=$(NS)", "--f=$(SET)", "--g=$"]});
        let map = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "m", "namespace": "dns"}, "data": {"set": "x"}});
        let found = arguments(&container, &json!([map]));
        let words: Vec<_> =
            found.words.iter().map(|word| (word.text.as_str(), word.hidden)).collect();
        assert_eq!(
            words,
            [
                ("--a=a.qt.rs", false),
                ("--b=$(ZONE)", false),
                ("--c=$(NONE)", false),
                ("--d=$(KEY)", true),
                ("--e=dns", false),
                ("--f=x", false),
                ("--g=$", false)
            ]
        );
    }

    #[test]
    fn a_secret_gives_names_and_never_values() {
        let container = json!({"envFrom": [{"secretRef": {"name": "s"}}, {"configMapRef": {"name": "m"}, "prefix": "P_"}]});
        let objects = json!([
            {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s", "namespace": "dns"}, "stringData": {"TOKEN": "hunter2"}},
            {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "m", "namespace": "dns"}, "data": {"A": "1"}},
        ]);
        let found = arguments(&container, &objects);
        assert_eq!(found.variable("TOKEN"), Some(Word::hidden()));
        assert_eq!(found.variable("P_A"), Some(Word::plain("1")));
        assert_eq!(found.variable("OTHER"), None);
        assert!(!format!("{found:?}").contains("hunter2"));
    }

    #[test]
    fn a_source_that_is_not_in_the_tree_may_set_any_variable() {
        for from in ["secretRef", "configMapRef"] {
            let found = arguments(&json!({"envFrom": [{from: {"name": "s"}}]}), &json!([]));
            assert_eq!(found.variable("OTHER"), Some(Word::hidden()), "{from}");
        }
    }
}
