//! Where in a file a value stands, as messages name it and as the cipher binds it.

use std::fmt;

/// One step from the root of a document to a value.
#[derive(Clone, Copy)]
pub(crate) enum Step<'t> {
    Key(&'t [u8]),
    Index(usize),
}

/// The way to the value that is being looked at.
#[derive(Clone, Default)]
pub(crate) struct Path<'t> {
    /// From 0.
    pub(crate) document: usize,
    pub(crate) steps: Vec<Step<'t>>,
}

impl Path<'_> {
    /// The additional data that a value here is authenticated with: its keys, each with a colon
    /// behind it; list items share that of their list, and a colon in a key is not told apart
    /// (sops 3.13.3, `sops.go`).
    pub(crate) fn additional_data(&self) -> Vec<u8> {
        let mut data = Vec::with_capacity(32);
        for step in &self.steps {
            if let Step::Key(key) = step {
                data.extend_from_slice(key);
                data.push(b':');
            }
        }
        if data.is_empty() {
            data.push(b':');
        }
        data
    }

    /// The same for a message.
    pub(crate) fn place(&self) -> Place {
        let mut path = String::new();
        for step in &self.steps {
            match step {
                Step::Key(key) => {
                    if !path.is_empty() {
                        path.push('.');
                    }
                    path.push_str(&spelled(key));
                }
                Step::Index(index) => path.extend(["[", &index.to_string(), "]"]),
            }
        }
        Place { document: self.document + 1, path }
    }
}

/// A key as it is written in a path; quoted where it holds what a path is made of.
fn spelled(key: &[u8]) -> String {
    let key = String::from_utf8_lossy(key);
    let plain = !key.is_empty()
        && key.chars().all(|c| !c.is_control() && !c.is_whitespace() && !".[]\"'`".contains(c));
    if plain { key.into_owned() } else { format!("{key:?}") }
}

/// Where in a file a value stands.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The document, from 1.
    pub document: usize,
    /// The keys and indexes, such as `data.password` or `items[2].name`.
    pub path: String,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.document > 1 {
            write!(f, "document {}: ", self.document)?;
        }
        if self.path.is_empty() {
            f.write_str("the top level")
        } else {
            write!(f, "`{}`", self.path)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path<'t>(steps: &[Step<'t>]) -> Path<'t> {
        Path { document: 0, steps: steps.to_vec() }
    }

    #[test]
    fn additional_data_is_the_keys_with_a_colon_behind_each() {
        use Step::{Index, Key};
        for (steps, data) in [
            (&[][..], ":"),
            (&[Key(b"a")], "a:"),
            (&[Key(b"a"), Index(3), Key(b"b")], "a:b:"),
            (&[Key(b"a:b"), Key(b"")], "a:b::"),
        ] {
            assert_eq!(path(steps).additional_data(), data.as_bytes());
        }
    }

    #[test]
    fn a_place_reads_like_a_path_and_quotes_odd_keys() {
        use Step::{Index, Key};
        let mut odd = path(&[Key(b"data"), Key(b"tls.crt"), Index(2), Key(b"")]);
        assert_eq!(odd.place().to_string(), r#"`data."tls.crt"[2].""`"#);
        odd.document = 1;
        odd.steps.truncate(1);
        assert_eq!(odd.place().to_string(), "document 2: `data`");
    }
}
