//! `path` and `key=path`: how an entry names a value and the file that holds it.

use std::path::Path;

/// The key and the path of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pair {
    pub(crate) key: String,
    pub(crate) path: String,
}

impl Pair {
    /// Splits an entry as kustomize's `generators.ParseFileSource` does (api/internal/generators/utils.go, 0.21.2):
    /// without `=` the base name is the key, with one `=` both sides must be there, more are refused.
    pub(crate) fn parse(entry: &str) -> Result<Self, &'static str> {
        match entry.split_once('=') {
            None => match Path::new(entry).file_name().and_then(|name| name.to_str()) {
                Some(key) => Ok(Self { key: key.to_owned(), path: entry.to_owned() }),
                None => Err("names no file"),
            },
            Some((_, path)) if path.contains('=') => Err("holds more than one `=`"),
            Some(("", _)) => Err("has no key before the `=`"),
            Some((_, "")) => Err("has no path behind the `=`"),
            Some((key, path)) => Ok(Self { key: key.to_owned(), path: path.to_owned() }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Pair;

    fn parse(entry: &str) -> Result<(String, String), &'static str> {
        Pair::parse(entry).map(|pair| (pair.key, pair.path))
    }

    #[test]
    fn without_a_key_the_base_name_is_the_key() {
        assert_eq!(parse("./a/b.enc.yaml"), Ok(("b.enc.yaml".into(), "./a/b.enc.yaml".into())));
    }

    #[test]
    fn a_key_stands_before_the_path() {
        assert_eq!(parse("tls.key=certs/x.pem"), Ok(("tls.key".into(), "certs/x.pem".into())));
    }

    #[test]
    fn what_is_no_pair_is_refused() {
        for (entry, why) in [
            ("a=b=c", "holds more than one `=`"),
            ("=path", "has no key before the `=`"),
            ("key=", "has no path behind the `=`"),
            ("..", "names no file"),
            ("", "names no file"),
        ] {
            assert_eq!(parse(entry), Err(why), "{entry}");
        }
    }
}
