//! YAML as go-yaml v3 reads it: the library that sops and kustomize read and write with.
//!
//! One parser, two sinks: [`documents`] keeps places, comments and what each scalar was written as; [`values`] gives
//! plain values with merge keys applied, as `yaml.Unmarshal` into an `interface{}` and `encoding/json` do. Writers:
//! [`write::json`] and [`write::block`]. The YAML that machines print, a small part of it, is read into values without
//! the parser, ten times faster.
//!
//! ```
//! let text = b"mode: 0644 # octal\nday: 2024-01-02\nanswer: yes\n";
//! let values = yaml::values(text)?;
//! let json = r#"{"mode":420,"day":"2024-01-02T00:00:00Z","answer":"yes"}"#;
//! assert_eq!(yaml::write::json(&values[0]), json);
//!
//! let documents = yaml::documents(text)?;
//! let sops = yaml::write::block(&documents, yaml::write::Style::Sops);
//! assert_eq!(sops, "mode: 420 # octal\nday: 2024-01-02T00:00:00Z\nanswer: \"yes\"\n");
//! # Ok::<(), yaml::Error>(())
//! ```
//!
//! # How it is built
//!
//! The tokens are those of `granit-parser`, whose scanner is of the same family as go-yaml's. The grammar above them
//! is our own, because go-yaml decides where a comment belongs by the order in which its parser looks at tokens. The
//! oracle (`tests/tools/yaml-oracle`, the library itself) holds all of it: same places, same comments, same values.
//!
//! # What is refused
//!
//! Where the scanner reads a text otherwise than go-yaml 3.0.4, or where readers disagree, nobody guesses:
//!
//! | text | to go-yaml | to others |
//! |---|---|---|
//! | U+0085, U+2028, U+2029 | line breaks | characters (YAML 1.2) |
//! | U+FEFF behind the first character | skipped at the start of a line, else a character | refused, or a character |
//! | `"\/"`, `"\ud83d\ude00"` | unknown or invalid escapes | `/` and one character (YAML 1.2, JSON) |
//! | `%YAML 1.2`, `%YAML 1.3` | refused | read, with a warning |
//! | `{a:, b: 1}`, `[a:]` | the text `a:` | the key `a` |
//! | `[!a, 1]` | the tag `!a,` on 1 | the tag `!a` on nothing |
//! | `{?a: 1}`, `[a? b]` | a `?` that indicates a key | a character of the text |
//! | a block scalar at the end of the text that ends in blanks without a break | no break at its end | one |
//!
//! Two equal keys in one map are refused as go-yaml refuses them: by their text, so `1` and `"1"` are equal. What has no
//! form in JSON (keys that are no strings, infinities, NaN, `!!binary` that is no text) is refused by [`values`] alone.
//!
//! # What it may cost
//!
//! [`Limits`] bound the text, the nesting, the nodes and the expansion of aliases; the parser's recursion is bounded by
//! the nesting. No error repeats anything of the text.
#![cfg_attr(not(test), warn(clippy::disallowed_methods))]

mod comments;
mod error;
mod limits;
mod node;
mod parse;
mod position;
mod quick;
mod scalar;
mod sink;
mod tokens;
pub mod write;

pub use error::{Error, Problem};
pub use limits::Limits;
pub use node::{Comments, Data, Document, Node, Scalar};
pub use position::Position;

use serde_json::Value;

/// Reads every document of `text`, with places and comments.
pub fn documents(text: &[u8]) -> Result<Vec<Document>, Error> {
    documents_within(text, &Limits::default())
}

/// [`documents`] under other limits.
pub fn documents_within(text: &[u8], limits: &Limits) -> Result<Vec<Document>, Error> {
    let parsed = parse::parse(decode(text, limits)?, sink::Tree, limits)?;
    let document = |parsed: parse::Parsed<Node>| Document {
        root: parsed.root,
        comments: sink::comments(&parsed.around),
    };
    Ok(parsed.into_iter().map(document).collect())
}

/// Reads every document of `text` as plain values: merge keys applied, timestamps and binaries as strings.
pub fn values(text: &[u8]) -> Result<Vec<Value>, Error> {
    values_within(text, &Limits::default())
}

/// [`values`] under other limits.
pub fn values_within(text: &[u8], limits: &Limits) -> Result<Vec<Value>, Error> {
    match quick::document(decode(text, limits)?, limits) {
        Some(value) => Ok(vec![value]),
        None => parsed_values_within(text, limits),
    }
}

/// [`values_within`] by the parser alone: what the quick way is held against.
#[doc(hidden)]
pub fn parsed_values_within(text: &[u8], limits: &Limits) -> Result<Vec<Value>, Error> {
    let parsed = parse::parse(decode(text, limits)?, sink::Plain::default(), limits)?;
    Ok(parsed.into_iter().map(|parsed| parsed.root.value).collect())
}

fn decode<'t>(text: &'t [u8], limits: &Limits) -> Result<&'t str, Error> {
    if text.len() > limits.bytes {
        let problem = Problem::Limit { what: "bytes", limit: limits.bytes };
        return Err(Error { position: None, problem });
    }
    let text = text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(text);
    std::str::from_utf8(text)
        .map_err(|_| Error { position: None, problem: Problem::Syntax("not UTF-8".to_owned()) })
}
