//! Plain values of the YAML that kustomize prints, line by line and without tokens.
//!
//! A host sends a whole build to each function, and reading it with the parser costs more than all that is done with it.
//! What machines print is a small part of YAML: block maps and lists, scalars on one line, literals without an
//! indentation of their own. Only that is read here. Where a text holds anything else, an error included, there is no
//! answer, and the parser reads it from its start: it alone decides what YAML is (the tests hold
//! that both say the same).

mod scalar;

use serde_json::{Map, Value};

use crate::Limits;
use crate::parse::is_readable;
use scalar::{Head, Rest};

/// The only document of a text; `None` where the parser must read it.
pub(crate) fn document(text: &str, limits: &Limits) -> Option<Value> {
    if !is_usual(text) {
        return None;
    }
    let body = text.strip_prefix("---\n").unwrap_or(text);
    let mut reader = Reader {
        text: body,
        at: 0,
        line: None,
        entries: Vec::new(),
        items: Vec::new(),
        depth: 0,
        nodes: 0,
        limits,
    };
    reader.advance()?;
    let first = reader.line?;
    let root = reader.collection(first.indent)?;
    reader.line.is_none().then_some(root)
}

/// Whether the text has no characters but those that all readers see alike, and breaks its lines by `\n`.
#[expect(clippy::needless_bitwise_bool, reason = "without branches it looks at many bytes at once")]
fn is_usual(text: &str) -> bool {
    let control = |byte: u8| (byte < b' ') & (byte != b'\n') & (byte != b'\t') | (byte == 0x7F);
    let controls = text.bytes().fold(false, |any, byte| any | control(byte));
    !controls && (text.is_ascii() || is_readable(text))
}

/// A line, or what stands behind the dashes of one.
#[derive(Clone, Copy)]
struct Line<'t> {
    /// The column of its first character.
    indent: usize,
    /// From there to its end, without a blank at it.
    content: &'t str,
}

impl Line<'_> {
    fn is_item(self) -> bool {
        self.content.starts_with("- ")
    }
}

struct Reader<'t, 'l> {
    text: &'t str,
    /// Where the line behind the current one starts.
    at: usize,
    /// The current line; `None` at the end.
    line: Option<Line<'t>>,
    /// The entries of the maps that are open, and the items of the lists.
    entries: Vec<(String, Value)>,
    items: Vec<Value>,
    depth: usize,
    nodes: usize,
    limits: &'l Limits,
}

impl<'t> Reader<'t, '_> {
    /// The next line of the text as it stands, its break included.
    fn raw_line(&self) -> Option<&'t str> {
        let rest = self.text.get(self.at..).filter(|rest| !rest.is_empty())?;
        Some(rest.find('\n').map_or(rest, |end| &rest[..=end]))
    }

    /// Goes to the next line that is neither empty nor a comment. `None` where it is none of those that are read here.
    fn advance(&mut self) -> Option<()> {
        while let Some(raw) = self.raw_line() {
            self.at += raw.len();
            let raw = raw.strip_suffix('\n').unwrap_or(raw);
            let content = &raw[width(raw)..];
            if content.is_empty() || content.starts_with('#') {
                continue;
            }
            let indent = raw.len() - content.len();
            let marks = indent == 0 && (content.starts_with("---") || content.starts_with("..."));
            if marks || content.ends_with(' ') || content.contains('\t') {
                return None;
            }
            self.line = Some(Line { indent, content });
            return Some(());
        }
        self.line = None;
        Some(())
    }

    /// Counts a node as the parser does.
    fn count(&mut self) -> Option<()> {
        self.nodes += 1;
        (self.nodes <= self.limits.nodes).then_some(())
    }

    /// The map or list that begins on the current line, in column `indent`.
    fn collection(&mut self, indent: usize) -> Option<Value> {
        self.count()?;
        self.depth += 1;
        if self.depth > self.limits.depth {
            return None;
        }
        let value = if self.line?.is_item() { self.list(indent)? } else { self.map(indent)? };
        self.depth -= 1;
        Some(value)
    }

    fn map(&mut self, indent: usize) -> Option<Value> {
        let start = self.entries.len();
        loop {
            let Head::Key(name, rest) = scalar::head(self.line?.content)? else { return None };
            self.count()?;
            let value = self.value(rest, indent)?;
            self.entries.push((name, value));
            // A line that is out of its place is left over at the end.
            if !self.line.is_some_and(|next| next.indent == indent && !next.is_item()) {
                break;
            }
        }
        let mut map = Map::with_capacity(self.entries.len() - start);
        for (name, value) in self.entries.drain(start..) {
            // The parser says which of two equal keys is one too many.
            if map.insert(name, value).is_some() {
                return None;
            }
        }
        Some(Value::Object(map))
    }

    fn list(&mut self, indent: usize) -> Option<Value> {
        let start = self.items.len();
        loop {
            let content = self.line?.content.strip_prefix('-')?;
            let inner = content.trim_start_matches(' ');
            let column = indent + 1 + content.len() - inner.len();
            let item = match scalar::head(inner)? {
                Head::Key(..) => {
                    self.line = Some(Line { indent: column, content: inner });
                    self.collection(column)?
                }
                Head::Value(rest) => self.value(rest, indent)?,
            };
            self.items.push(item);
            if !self.line.is_some_and(|next| next.indent == indent && next.is_item()) {
                break;
            }
        }
        Some(Value::Array(self.items.drain(start..).collect()))
    }

    /// What stands behind a key or a dash in column `indent`, and the line behind it.
    fn value(&mut self, rest: Rest, indent: usize) -> Option<Value> {
        let value = match rest {
            Rest::Scalar(value) => value,
            Rest::Literal(chomping) => {
                self.count()?;
                let text = self.literal(indent, chomping)?;
                self.advance()?;
                return Some(Value::String(text));
            }
            Rest::Empty(value) => {
                if self.depth >= self.limits.depth {
                    return None;
                }
                value
            }
            Rest::Below => {
                self.advance()?;
                match self.line {
                    // The dashes of a list may stand below the first letter of its key.
                    Some(next)
                        if next.indent > indent || next.indent == indent && next.is_item() =>
                    {
                        return self.collection(next.indent);
                    }
                    _ => {
                        self.count()?;
                        return Some(Value::Null);
                    }
                }
            }
        };
        self.count()?;
        self.advance()?;
        Some(value)
    }

    /// The lines of a literal, which stand deeper than `indent`.
    fn literal(&mut self, indent: usize, chomping: scalar::Chomping) -> Option<String> {
        let column = self.raw_line().map(width).filter(|column| *column > indent)?;
        let mut text = String::new();
        while let Some(raw) = self.raw_line() {
            // A line of blanks may be an empty one, or one of blanks.
            if raw != "\n" && matches!(raw.as_bytes().get(width(raw)), None | Some(b'\n')) {
                return None;
            }
            if raw != "\n" && width(raw) < column {
                break;
            }
            let line = if raw == "\n" { raw } else { &raw[column..] };
            text.push_str(line);
            self.at += raw.len();
        }
        chomping.end(&mut text);
        Some(text)
    }
}

/// How many spaces a line begins with.
fn width(raw: &str) -> usize {
    raw.bytes().take_while(|byte| *byte == b' ').count()
}

#[cfg(test)]
mod tests;
