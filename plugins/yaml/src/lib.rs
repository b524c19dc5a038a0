//! YAML as go-yaml v3 reads it.
//!
//! One parser, two sinks: [`documents`] keeps places, comments and what each scalar was written as; [`values`] gives
//! plain values with merge keys applied, as `yaml.Unmarshal` into an `interface{}` does. Writers: [`write`].
#![cfg_attr(not(test), warn(clippy::disallowed_methods))]

mod comments;
mod error;
mod limits;
mod node;
mod parse;
mod position;
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
