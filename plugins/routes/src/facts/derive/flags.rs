//! Flags of a command line: `--x=y`, `--x y`, `--x`, repeated.

use super::arguments::{Arguments, Word};

/// What a flag was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Setting {
    /// A value.
    Text(String),
    /// The flag alone.
    Bare,
    /// A value that the tree does not say.
    Hidden,
}

/// The flags of one call, in their order.
#[derive(Debug, Default)]
pub(super) struct Flags {
    given: Vec<(String, Setting)>,
    /// Whether there are flags that are not known.
    pub(super) unreadable: bool,
}

impl Flags {
    /// Reads the words. `valued` are names that take the next word whatever it is; any other name takes it unless it
    /// is a flag itself.
    pub(super) fn read(arguments: &Arguments, valued: &[&str]) -> Self {
        let mut flags = Self { given: Vec::new(), unreadable: arguments.unreadable };
        let mut words = arguments.words.iter().peekable();
        while let Some(word) = words.next() {
            if word.text == "--" {
                break;
            }
            let Some(flag) = word.text.strip_prefix("--").or_else(|| word.text.strip_prefix('-'))
            else {
                // `$(ALL_FLAGS)`, and a file of flags (kingpin's `@file`).
                flags.unreadable |= word.hidden || word.text.starts_with('@');
                continue;
            };
            if let Some((name, value)) = flag.split_once('=') {
                if word.hidden && name.contains("$(") {
                    flags.unreadable = true;
                    continue;
                }
                let hidden = word.hidden;
                let value = if hidden { Setting::Hidden } else { Setting::Text(value.to_owned()) };
                flags.given.push((name.to_owned(), value));
                continue;
            }
            if word.hidden {
                flags.unreadable = true;
                continue;
            }
            let takes = |next: &&&Word| valued.contains(&flag) || !next.text.starts_with('-');
            let value = match words.peek().filter(takes).copied() {
                None => Setting::Bare,
                Some(next) => {
                    words.next();
                    if next.hidden { Setting::Hidden } else { Setting::Text(next.text.clone()) }
                }
            };
            flags.given.push((flag.to_owned(), value));
        }
        flags
    }

    /// All flags.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &Setting)> {
        self.given.iter().map(|(name, setting)| (name.as_str(), setting))
    }

    /// What a flag was given, each time.
    pub(super) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Setting> {
        self.iter().filter(move |(known, _)| *known == name).map(|(_, setting)| setting)
    }
}

/// Truth as Go reads it (`strconv.ParseBool`).
pub(super) fn truth(text: &str) -> bool {
    matches!(text, "1" | "t" | "T" | "TRUE" | "true" | "True")
}

#[cfg(test)]
mod tests {
    use krm::ResourceList;
    use serde_json::json;

    use super::super::tree::Tree;
    use super::*;

    fn flags(args: &[&str]) -> (Vec<(String, Setting)>, bool) {
        let env =
            json!([{"name": "KEY", "valueFrom": {"secretKeyRef": {"name": "s", "key": "k"}}}]);
        let container = json!({"args": args, "env": env});
        let list = ResourceList::new([]);
        let arguments = Arguments::of(&container, None, &[], &Tree::new(&list));
        let flags = Flags::read(&arguments, &["valued"]);
        (flags.given, flags.unreadable)
    }

    fn text(name: &str, value: &str) -> (String, Setting) {
        (name.to_owned(), Setting::Text(value.to_owned()))
    }

    #[test]
    fn a_flag_has_its_value_behind_an_equals_sign_or_in_the_next_word() {
        let (given, unreadable) = flags(&["--a=b", "--a", "c=d", "-e=", "--f", "--g"]);
        let bare = |name: &str| (name.to_owned(), Setting::Bare);
        assert_eq!(given, [text("a", "b"), text("a", "c=d"), text("e", ""), bare("f"), bare("g")]);
        assert!(!unreadable);
    }

    #[test]
    fn a_flag_that_always_has_a_value_takes_one_that_looks_like_a_flag() {
        assert_eq!(flags(&["--valued", "--a"]).0, [text("valued", "--a")]);
    }

    #[test]
    fn nothing_is_read_behind_two_dashes() {
        assert_eq!(flags(&["--a=b", "--", "--c=d"]).0, [text("a", "b")]);
    }

    #[test]
    fn a_hidden_value_hides_its_flag_alone_and_a_hidden_flag_hides_all() {
        let hidden = |name: &str| (name.to_owned(), Setting::Hidden);
        let known = (vec![hidden("a"), hidden("b"), text("c", "d")], false);
        assert_eq!(flags(&["--a=$(KEY)", "--b", "x$(KEY)", "--c=d"]), known);
        for hidden in ["$(KEY)", "--$(KEY)=x", "--$(KEY)", "@flags.txt"] {
            assert!(flags(&[hidden]).1, "{hidden}");
        }
    }
}
