//! Env files as KSOPS reads them: the grammar of the Go library godotenv 1.5.1, its oddities included.
//!
//! Facts from `parser.go` of that release, each kept because the Secret's hash depends on it:
//! names are read byte by byte (a byte above 0x7F counts as the Latin-1 letter of that number), `:` stands for `=`,
//! `export` is dropped, a comment starts at the *last* ` #` of the line, quotes are trimmed as often as they stand
//! there, `\n` and `\r` are the only escapes that mean something in double quotes (any other backslash is dropped),
//! `$NAME` and `${NAME}` know the variables above in the same file and nothing else.

use std::collections::BTreeMap;

/// Variables by name. Values are bytes: what stands in quotes need not be UTF-8.
pub(crate) type Variables = BTreeMap<String, Vec<u8>>;

/// Why an env file was refused. The user's fault; the line counts from 1, and no text of the file is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Refused {
    pub(crate) line: u32,
    pub(crate) what: &'static str,
}

/// Reads an env file.
pub(crate) fn parse(text: &[u8]) -> Result<Variables, Refused> {
    let text = without_crlf(text);
    let mut variables = Variables::new();
    let mut rest = statement(&text);
    while let Some(at) = rest {
        let refused = |what| Refused { line: line_of(&text, at), what };
        let (name, value_at) = name(at).map_err(refused)?;
        let (value, after) = value(value_at, &variables).map_err(refused)?;
        variables.insert(name, value);
        rest = statement(after);
    }
    Ok(variables)
}

fn without_crlf(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    for (i, byte) in text.iter().enumerate() {
        if *byte != b'\r' || text.get(i + 1) != Some(&b'\n') {
            out.push(*byte);
        }
    }
    out
}

/// `rest` is a suffix of `text`.
fn line_of(text: &[u8], rest: &[u8]) -> u32 {
    let before = &text[..text.len() - rest.len()];
    let lines = before.split(|byte| *byte == b'\n').count();
    u32::try_from(lines).unwrap_or(u32::MAX)
}

/// The first statement: blank space and comment lines are skipped.
fn statement(mut text: &[u8]) -> Option<&[u8]> {
    loop {
        text = trim_start(text, char::is_whitespace);
        match text.first() {
            None => return None,
            Some(b'#') => text = &text[text.iter().position(|byte| *byte == b'\n')?..],
            Some(_) => return Some(text),
        }
    }
}

/// The name of a statement, and what stands behind its `=`.
fn name(text: &[u8]) -> Result<(String, &[u8]), &'static str> {
    let mut text = trim_start(text, is_blank);
    if let Some(behind) = text.strip_prefix(b"export")
        && behind.first().is_some_and(|byte| is_blank(char::from(*byte)))
    {
        text = trim_start(behind, is_blank);
    }
    for (i, byte) in text.iter().enumerate() {
        let c = char::from(*byte);
        match byte {
            b'=' | b':' => {
                let name = String::from_utf8(text[..i].to_vec())
                    .map_err(|_| "the name of a variable is not UTF-8")?;
                let name = name.trim_end();
                if name.is_empty() {
                    return Err("a value without a name");
                }
                return Ok((name.to_owned(), trim_start(&text[i + 1..], is_blank)));
            }
            b'_' | b'.' => {}
            _ if is_blank(c) || c.is_alphabetic() || c.is_numeric() => {}
            _ => return Err("the name of a variable holds a character that none may hold"),
        }
    }
    Err("a name without a value: there is no `=`")
}

/// The value of a statement, and what stands behind it.
fn value<'t>(text: &'t [u8], known: &Variables) -> Result<(Vec<u8>, &'t [u8]), &'static str> {
    if let Some(quote @ (b'"' | b'\'')) = text.first() {
        return quoted(text, *quote, known);
    }
    let end = text.iter().position(|byte| matches!(byte, b'\n' | b'\r')).unwrap_or(text.len());
    let (line, rest) = text.split_at(end);
    Ok((expand(plain(line), known), rest))
}

/// A value without quotes: cut at the last ` #`, then trimmed.
fn plain(line: &[u8]) -> &[u8] {
    let mut end = line.len();
    for i in (1..line.len()).rev() {
        if line[i] == b'#' && last_char(&line[..i]).is_some_and(is_blank) {
            end = i;
            break;
        }
    }
    trim_end(trim_start(&line[..end], is_blank), is_blank)
}

fn quoted<'t>(
    text: &'t [u8],
    quote: u8,
    known: &Variables,
) -> Result<(Vec<u8>, &'t [u8]), &'static str> {
    let end = (1..text.len())
        .find(|i| text[*i] == quote && text[*i - 1] != b'\\')
        .ok_or("a quoted value has no end")?;
    let mut inner = &text[..end];
    while let Some((last, before)) = inner.split_last()
        && *last == quote
    {
        inner = before;
    }
    while let Some((first, behind)) = inner.split_first()
        && *first == quote
    {
        inner = behind;
    }
    let value = if quote == b'"' { expand(&unescape(inner), known) } else { inner.to_vec() };
    Ok((value, &text[end + 1..]))
}

/// Two passes, as godotenv makes them: `\n` and `\r` first, then every backslash but that of `\$` goes.
fn unescape(text: &[u8]) -> Vec<u8> {
    let mut first = Vec::with_capacity(text.len());
    let mut i = 0;
    while i < text.len() {
        match (text[i], text.get(i + 1)) {
            (b'\\', Some(b'n')) => first.push(b'\n'),
            (b'\\', Some(b'r')) => first.push(b'\r'),
            (b'\\', Some(next)) if *next != b'\n' => first.extend([b'\\', *next]),
            (byte, _) => {
                first.push(byte);
                i += 1;
                continue;
            }
        }
        i += 2;
    }
    let mut second = Vec::with_capacity(first.len());
    let mut i = 0;
    while i < first.len() {
        match (first[i], first.get(i + 1)) {
            (b'\\', Some(next)) if *next != b'$' => {
                second.push(*next);
                i += 2;
            }
            (byte, _) => {
                second.push(byte);
                i += 1;
            }
        }
    }
    second
}

/// Puts the values of known variables in: `(\\)?\$\(?\{?([A-Z0-9_]+)?\}?` as godotenv spells it.
fn expand(text: &[u8], known: &Variables) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut i = 0;
    while i < text.len() {
        let escaped = text[i] == b'\\' && text.get(i + 1) == Some(&b'$');
        if !escaped && text[i] != b'$' {
            out.push(text[i]);
            i += 1;
            continue;
        }
        let start = i;
        i += if escaped { 2 } else { 1 };
        i += usize::from(text.get(i) == Some(&b'('));
        i += usize::from(text.get(i) == Some(&b'{'));
        let name_at = i;
        while text.get(i).is_some_and(|b| matches!(b, b'A'..=b'Z' | b'0'..=b'9' | b'_')) {
            i += 1;
        }
        let name = &text[name_at..i];
        i += usize::from(text.get(i) == Some(&b'}'));
        if escaped {
            out.extend(&text[start + 1..i]);
        } else if name.is_empty() {
            out.extend(&text[start..i]);
        } else if let Some(value) = std::str::from_utf8(name).ok().and_then(|n| known.get(n)) {
            out.extend(value);
        }
    }
    out
}

/// What godotenv calls space: blanks, and not the line feed.
fn is_blank(c: char) -> bool {
    matches!(c, '\t' | '\u{b}' | '\u{c}' | '\r' | ' ' | '\u{85}' | '\u{a0}')
}

fn first_char(text: &[u8]) -> Option<char> {
    let chunk = &text[..text.len().min(4)];
    chunk.utf8_chunks().next().and_then(|chunk| chunk.valid().chars().next())
}

fn last_char(text: &[u8]) -> Option<char> {
    let start = (1..=text.len().min(4)).find(|n| text[text.len() - n] & 0xC0 != 0x80)?;
    std::str::from_utf8(&text[text.len() - start..]).ok()?.chars().next_back()
}

fn trim_start(mut text: &[u8], space: impl Fn(char) -> bool) -> &[u8] {
    while let Some(c) = first_char(text).filter(|c| space(*c)) {
        text = &text[c.len_utf8()..];
    }
    text
}

fn trim_end(mut text: &[u8], space: impl Fn(char) -> bool) -> &[u8] {
    while let Some(c) = last_char(text).filter(|c| space(*c)) {
        text = &text[..text.len() - c.len_utf8()];
    }
    text
}

#[cfg(test)]
mod tests;
