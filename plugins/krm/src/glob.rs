//! Globs, checked when they are read.

use std::path::Path;

/// A glob over paths or names: `*` and `?` stay within a folder, `**` does not, `[ab]` and `{a,b}` choose, `\` takes the
/// next character as it is.
#[derive(Debug, Clone)]
pub struct Glob(String);

impl Glob {
    /// Reads one.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub fn new(text: &str) -> Result<Self, String> {
        // At the start it would turn the answer around, which is no part of a glob of kustomize or sops.
        let text = if text.starts_with('!') { format!("\\{text}") } else { text.to_owned() };
        fast_glob::validate(&text).map_err(|error| error.to_string())?;
        Ok(Self(text))
    }

    /// Whether it matches the whole of a path or a name.
    pub fn is_match(&self, path: impl AsRef<Path>) -> bool {
        fast_glob::glob_match(&self.0, path.as_ref().as_os_str().as_encoded_bytes())
    }
}

#[cfg(test)]
mod tests {
    use globset::GlobBuilder;
    use proptest::prelude::*;

    use super::*;

    fn matches(glob: &str, path: &str) -> bool {
        Glob::new(glob).unwrap().is_match(path)
    }

    #[test]
    fn a_star_stays_within_a_folder_and_two_do_not() {
        assert!(matches("a/*.yaml", "a/b.yaml"));
        assert!(!matches("a/*.yaml", "a/b/c.yaml"));
        assert!(matches("a/**", "a/b/c.yaml"));
        assert!(matches("**/*.yaml", "a/b/c.yaml"));
        assert!(matches("**/*.yaml", "c.yaml"));
    }

    #[test]
    fn a_mark_at_the_start_is_a_letter() {
        assert!(matches("!a", "!a"));
        assert!(!matches("!a", "b"));
    }

    #[test]
    fn what_is_no_glob_is_said() {
        for (text, said) in [
            ("a[", "unclosed character class at byte 1"),
            ("{a", "unclosed brace expansion at byte 0"),
            ("a\\", "trailing backslash at byte 1"),
        ] {
            let error = Glob::new(text).unwrap_err();
            assert!(error.starts_with(said), "{error}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4000))]

        /// The library of ripgrep takes the same paths by the same globs, but for `[!a]`, which takes a `/` there.
        #[test]
        fn another_library_matches_the_same(
            glob in r"(\*\*/|\*/|(\*?(\?|a|b|\.|\[ab\]|\[!/a\]|\{a,b\}|\{a\*,\?b\}|\\\*|!)){1,3}/){0,3}(\*|(\*?(\?|a|b|\.|\[ab\]|\[!/a\]|\{a,b\}|\{a\*,\?b\}|\\\*|!|é)){1,3})",
            path in "[ab/.*!]{0,7}|[abé]{1,3}",
        ) {
            let theirs = GlobBuilder::new(&glob).literal_separator(true).backslash_escape(true).build().unwrap();
            let ours = Glob::new(&glob).unwrap();
            prop_assert_eq!(ours.is_match(&path), theirs.compile_matcher().is_match(&path), "{} {}", glob, path);
        }
    }
}
