//! The INI writer: aligned as gopkg.in/ini.v1 aligns.

use indexmap::IndexMap;

use crate::format::text;
use crate::tree::{Item, Node};

use super::reader::DEFAULT;

type Bytes = Vec<u8>;

/// The sections, parted by empty lines.
pub(super) fn sections(items: &[Item]) -> Bytes {
    let sections: Vec<(&[u8], &[Item])> = items
        .iter()
        .filter_map(|item| match item {
            Item::Entry(name, Node::Map(branch)) => Some((name.as_slice(), branch.as_slice())),
            _ => None,
        })
        .collect();
    let mut out = Bytes::new();
    for (index, (name, branch)) in sections.iter().enumerate() {
        let (heading, keys) = split(branch);
        comment(&mut out, heading, Blanks::Kept);
        if index > 0 || !name.eq_ignore_ascii_case(DEFAULT) {
            out.push(b'[');
            out.extend_from_slice(name);
            out.extend(b"]\n");
        } else if keys.is_empty() {
            continue;
        }
        let width = keys.keys().map(|name| width(name)).max().unwrap_or(0);
        for (name, key) in &keys {
            comment(&mut out, &key.comment, Blanks::Cut);
            let name = quoted_name(name);
            out.extend_from_slice(&name);
            out.resize(out.len() + width.saturating_sub(name.len()), b' ');
            out.extend(b" = ");
            out.extend(quoted_value(text::of(key.value)));
            out.push(b'\n');
        }
        if index + 1 < sections.len() {
            out.push(b'\n');
        }
    }
    out
}

struct Key<'t> {
    value: &'t Node,
    comment: Bytes,
}

type Keys<'t> = IndexMap<&'t [u8], Key<'t>>;

/// A section as its own comment, and its keys with theirs; of two equal keys the later value
/// stands at the earlier place.
fn split(branch: &[Item]) -> (&[u8], Keys<'_>) {
    let (heading, items) = match branch {
        [Item::Comment(comment), rest @ ..] => (comment.text.as_slice(), rest),
        _ => (&b""[..], branch),
    };
    let mut keys = Keys::new();
    let mut last = None;
    for item in items {
        match item {
            Item::Comment(comment) => {
                if let Some((_, key)) = last.and_then(|at| keys.get_index_mut(at)) {
                    key.comment = comment.text.to_vec();
                }
            }
            Item::Entry(name, value) => {
                let entry = keys.entry(name);
                last = Some(entry.index());
                entry.or_insert(Key { value, comment: Bytes::new() }).value = value;
            }
        }
    }
    (heading, keys)
}

/// What becomes of blanks around a line without a sign: upstream keeps them in a section's comment.
#[derive(Clone, Copy, PartialEq)]
enum Blanks {
    Kept,
    Cut,
}

fn comment(out: &mut Bytes, comment: &[u8], blanks: Blanks) {
    if comment.is_empty() {
        return;
    }
    for line in comment.split(|byte| *byte == b'\n') {
        let (sign, text) = match line {
            [sign @ (b'#' | b';'), rest @ ..] => (*sign, rest.trim_ascii()),
            _ if blanks == Blanks::Kept => (b';', line),
            _ => (b';', line.trim_ascii()),
        };
        out.extend([sign, b' ']);
        out.extend_from_slice(text);
        out.push(b'\n');
    }
}

fn quoted_name(name: &[u8]) -> Bytes {
    if name.iter().any(|byte| b"\"=:".contains(byte)) {
        [b"`", name, b"`"].concat()
    } else if name.contains(&b'`') {
        [br#"""""#, name, br#"""""#].concat()
    } else {
        name.to_vec()
    }
}

fn width(name: &[u8]) -> usize {
    quoted_name(name).len()
}

fn quoted_value(value: Bytes) -> Bytes {
    if value.iter().any(|byte| b"\n`".contains(byte)) {
        [br#"""""#, value.as_slice(), br#"""""#].concat()
    } else if value.iter().any(|byte| b"#;".contains(byte)) {
        [b"`", value.as_slice(), b"`"].concat()
    } else if String::from_utf8_lossy(&value).trim() == String::from_utf8_lossy(&value) {
        value
    } else {
        [b"\"", value.as_slice(), b"\""].concat()
    }
}
