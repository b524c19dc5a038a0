//! The INI reader: the dialect of gopkg.in/ini.v1 with the options that sops sets.

use indexmap::IndexMap;

use crate::error::Syntax;
use crate::tree::{Branch, Comment, Item, Node};

/// The name of the section above the first heading; it always stands, if only empty.
pub(super) const DEFAULT: &[u8] = b"DEFAULT";

/// The sections of a text, in order; two of the same name stay two.
pub(super) fn sections(bytes: &[u8]) -> Result<Branch, Syntax> {
    let mut reader = Reader { rest: without_mark(bytes), line: 0, comment: Vec::new() };
    let mut sections = vec![Section::new(DEFAULT, Vec::new())];
    let mut counter = 0;
    while let Some(line) = reader.next_line() {
        let line = trim_start(line);
        match line.first() {
            None => {}
            // The line end stays: it parts this comment from the next line of it.
            Some(b'#' | b';') => reader.comment.extend_from_slice(line),
            Some(b'[') => {
                let Some(end) = line.iter().rposition(|byte| *byte == b']') else {
                    return Err(reader.wrong("a section that does not end"));
                };
                if end == 1 {
                    return Err(reader.wrong("a section without a name"));
                }
                reader.comment.extend_from_slice(comment_in(&line[end + 1..]));
                counter = 0;
                let comment = reader.take_comment();
                sections.push(Section::new(&line[1..end], comment));
            }
            Some(_) => {
                let (mut key, behind) = key_name(line).map_err(|problem| reader.wrong(problem))?;
                if key == b"-" {
                    counter += 1;
                    key = format!("#{counter}").into_bytes();
                }
                if key.is_empty() {
                    return Err(reader.wrong("a key without a name"));
                }
                let value = reader.value(&line[behind..])?;
                let comment = reader.take_comment();
                if let Some(section) = sections.last_mut() {
                    section.set(key, value, comment);
                }
            }
        }
    }
    Ok(sections.into_iter().map(Section::into_item).collect())
}

struct Section {
    name: Vec<u8>,
    comment: Vec<u8>,
    /// Value and comment of each key.
    keys: IndexMap<Vec<u8>, (Vec<u8>, Vec<u8>)>,
}

impl Section {
    fn new(name: &[u8], comment: Vec<u8>) -> Self {
        Self { name: name.to_vec(), comment, keys: IndexMap::new() }
    }

    /// A key that stands already gets the new value, and stays where it is.
    fn set(&mut self, key: Vec<u8>, value: Vec<u8>, comment: Vec<u8>) {
        self.keys.insert(key, (value, comment));
    }

    fn into_item(self) -> Item {
        let mut branch = Branch::new();
        push_comment(&mut branch, &self.comment);
        for (key, (value, comment)) in self.keys {
            branch.push(Item::Entry(key, Node::str(value)));
            push_comment(&mut branch, &comment);
        }
        Item::Entry(self.name, Node::Map(branch))
    }
}

fn push_comment(branch: &mut Branch, comment: &[u8]) {
    if !comment.is_empty() {
        branch.push(Item::Comment(Comment::own_line(without_sign(comment))));
    }
}

/// A comment without the signs and blanks it starts with; later lines keep theirs.
fn without_sign(comment: &[u8]) -> &[u8] {
    match comment.first() {
        Some(sign @ (b'#' | b';')) => {
            let start = comment.iter().position(|byte| byte != sign && *byte != b' ');
            &comment[start.unwrap_or(comment.len())..]
        }
        _ => comment,
    }
}

struct Reader<'b> {
    rest: &'b [u8],
    line: usize,
    /// The comment that waits for the next key or section.
    comment: Vec<u8>,
}

impl<'b> Reader<'b> {
    /// The next line with its end.
    fn next_line(&mut self) -> Option<&'b [u8]> {
        if self.rest.is_empty() {
            return None;
        }
        let end =
            self.rest.iter().position(|byte| *byte == b'\n').map_or(self.rest.len(), |at| at + 1);
        let (line, rest) = self.rest.split_at(end);
        self.rest = rest;
        self.line += 1;
        Some(line)
    }

    fn wrong(&self, problem: &str) -> Syntax {
        Syntax::at(self.line, problem)
    }

    fn take_comment(&mut self) -> Vec<u8> {
        let comment = trim(&self.comment).to_vec();
        self.comment.clear();
        comment
    }

    /// The value behind a key: quoted by `"""` or backticks over lines, continued by a backslash,
    /// or up to a comment.
    fn value(&mut self, text: &[u8]) -> Result<Vec<u8>, Syntax> {
        let line = trim_start(text);
        if line.is_empty() {
            return Ok(Vec::new());
        }
        let quote: &[u8] = if line.len() > 3 && line.starts_with(br#"""""#) {
            br#"""""#
        } else if line.starts_with(b"`") {
            b"`"
        } else {
            b""
        };
        if !quote.is_empty() {
            let inside = &line[quote.len()..];
            return match last(inside, quote) {
                Some(end) => Ok(inside[..end].to_vec()),
                None => self.lines_up_to(inside, quote),
            };
        }
        let mut line = trim(line);
        if let Some(start) = line.strip_suffix(b"\\") {
            return Ok(self.continued(start));
        }
        if let Some(at) = line.iter().position(|byte| b"#;".contains(byte)) {
            self.comment.extend_from_slice(&line[at..]);
            line = trim(&line[..at]);
        }
        Ok(unquoted(line).to_vec())
    }

    fn lines_up_to(&mut self, start: &[u8], quote: &[u8]) -> Result<Vec<u8>, Syntax> {
        let mut value = start.to_vec();
        loop {
            let Some(line) = self.next_line() else {
                return Err(self.wrong("a quoted value that does not end"));
            };
            match last(line, quote) {
                Some(end) if trim(&line[end + quote.len()..]).ends_with(b"\\") => {
                    value.extend_from_slice(line);
                }
                Some(end) => {
                    value.extend_from_slice(&line[..end]);
                    self.comment.extend_from_slice(trim(comment_in(&line[end..])));
                    return Ok(value);
                }
                None => value.extend_from_slice(line),
            }
        }
    }

    fn continued(&mut self, start: &[u8]) -> Vec<u8> {
        let mut value = start.to_vec();
        while let Some(line) = self.next_line() {
            let line = trim(line);
            if line.is_empty() {
                break;
            }
            value.extend_from_slice(line);
            if value.last() != Some(&b'\\') {
                break;
            }
            value.pop();
        }
        value
    }
}

/// The name of a key, and where its value starts.
fn key_name(line: &[u8]) -> Result<(Vec<u8>, usize), &'static str> {
    const NO_DELIMITER: &str = "neither a section, nor a comment, nor KEY = value";
    let delimiter = |text: &[u8]| text.iter().position(|byte| b"=:".contains(byte));
    let quote: &[u8] = match line[0] {
        b'"' if line.len() > 6 && line.starts_with(br#"""""#) => br#"""""#,
        b'"' => b"\"",
        b'`' => b"`",
        _ => {
            return match delimiter(line) {
                Some(0) => Err("a key without a name"),
                Some(end) => Ok((trim(&line[..end]).to_vec(), end + 1)),
                None => Err(NO_DELIMITER),
            };
        }
    };
    let start = quote.len();
    let Some(length) = first(&line[start..], quote) else {
        return Err("a quoted key that does not end");
    };
    let end = start + length;
    // Upstream looks for the delimiter one quote behind the end of the key.
    let behind = line.get(end + start..).and_then(delimiter).ok_or(NO_DELIMITER)?;
    Ok((trim(&line[start..end]).to_vec(), end + behind + start + 1))
}

/// A value without one pair of quotes around it, if there is no third.
fn unquoted(line: &[u8]) -> &[u8] {
    for quote in [b'\'', b'"'] {
        if let [first, inside @ .., last] = line
            && *first == quote
            && *last == quote
            && !inside.contains(&quote)
        {
            return inside;
        }
    }
    line
}

fn without_mark(bytes: &[u8]) -> &[u8] {
    [&b"\xfe\xff"[..], b"\xff\xfe", b"\xef\xbb\xbf"]
        .iter()
        .find_map(|mark| bytes.strip_prefix(*mark))
        .unwrap_or(bytes)
}

/// What stands from the first comment sign on.
fn comment_in(text: &[u8]) -> &[u8] {
    let start = text.iter().position(|byte| b"#;".contains(byte));
    &text[start.unwrap_or(text.len())..]
}

fn first(text: &[u8], what: &[u8]) -> Option<usize> {
    text.windows(what.len()).position(|window| window == what)
}

fn last(text: &[u8], what: &[u8]) -> Option<usize> {
    text.windows(what.len()).rposition(|window| window == what)
}

fn trim_start(text: &[u8]) -> &[u8] {
    let mut text = text;
    while let Some(length) = space(text) {
        text = &text[length..];
    }
    text
}

fn trim(text: &[u8]) -> &[u8] {
    let mut text = trim_start(text);
    // The longest white space of Unicode is three bytes.
    while let Some(length) =
        (1..=3.min(text.len())).find(|length| space(&text[text.len() - length..]) == Some(*length))
    {
        text = &text[..text.len() - length];
    }
    text
}

/// The length of the white space that a text starts with, as Go's `unicode.IsSpace` has it.
fn space(text: &[u8]) -> Option<usize> {
    let length = match text.first()? {
        0..=0x7f => 1,
        0xc0..=0xdf => 2,
        _ => 3,
    };
    let c = str::from_utf8(text.get(..length)?).ok()?.chars().next()?;
    c.is_whitespace().then_some(length)
}
