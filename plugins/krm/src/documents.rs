//! A stream of YAML documents in pieces, so that what nobody touched goes out byte for byte.

use serde_json::Value;

use crate::Finding;
use crate::pointer::field;

/// One document with the text that it was read from, its `---` line included.
#[derive(Debug)]
pub(crate) struct Piece {
    /// The text.
    pub(crate) text: Vec<u8>,
    /// Its manifests: none in a document without content, several in a `List`.
    pub(crate) manifests: Vec<Value>,
}

/// Reads a stream. `name` is how messages call it.
pub(crate) fn read(text: &[u8], name: &str) -> Result<Vec<Piece>, Box<Finding>> {
    let mut pieces = Vec::new();
    for (line, text) in split(text) {
        let values = yaml::values(text).map_err(|error| unreadable(name, line, &error))?;
        let mut manifests = Vec::new();
        for value in values {
            flatten(value, &mut manifests).map_err(|found| {
                Box::new(Finding::error("no-manifest", found).line(name, line).hint(
                    "every document of the stream is a Kubernetes object with apiVersion and kind",
                ))
            })?;
        }
        pieces.push(Piece { text: text.to_vec(), manifests });
    }
    Ok(pieces)
}

/// Reads a text as plain values. `name` is how messages call it.
pub(crate) fn values(text: &[u8], name: &str) -> Result<Vec<Value>, Box<Finding>> {
    yaml::values(text).map_err(|error| unreadable(name, 1, &error))
}

/// What the YAML reader refused, at its place in the whole text; `first` is the line at which the part begins.
fn unreadable(name: &str, first: u32, error: &yaml::Error) -> Box<Finding> {
    let finding = Finding::error("unreadable-yaml", error.problem.to_string());
    Box::new(match error.position {
        Some(position) => finding.line(name, first.saturating_add(position.line.saturating_sub(1))),
        None => finding.file(name),
    })
}

/// The manifests of a document: nothing for null, the items of a `List`.
fn flatten(value: Value, manifests: &mut Vec<Value>) -> Result<(), String> {
    match value {
        Value::Null => Ok(()),
        Value::Object(mut map) => {
            let list = field(&map, "kind").is_some_and(|kind| kind == "List")
                && field(&map, "apiVersion").is_some_and(|version| version == "v1");
            if let Some(Value::Array(items)) = map.get_mut("items").filter(|_| list) {
                return items.drain(..).try_for_each(|item| flatten(item, manifests));
            }
            manifests.push(Value::Object(map));
            Ok(())
        }
        other => {
            Err(format!("expected a Kubernetes object, found {}", crate::record::kind_of(&other)))
        }
    }
}

/// The documents of a text, each with the line (from 1) at which it begins.
///
/// A line that starts with `---` or `...` and goes on with a blank or ends is a marker wherever it stands: YAML 1.2
/// §9.1.2 forbids it inside a scalar. So the text can be cut without being read.
fn split(text: &[u8]) -> Vec<(u32, &[u8])> {
    let (mut pieces, mut start, mut first, mut line, mut at) = (Vec::new(), 0, 1, 1, 0);
    let mut cut = |start: usize, end: usize, first: u32| {
        if start < end {
            pieces.push((first, &text[start..end]));
        }
    };
    for row in text.split_inclusive(|byte| *byte == b'\n') {
        let next = at + row.len();
        if marks(row, b"---") {
            cut(start, at, first);
            (start, first) = (at, line);
        } else if marks(row, b"...") {
            cut(start, next, first);
            (start, first) = (next, line + 1);
        }
        (at, line) = (next, line.saturating_add(1));
    }
    cut(start, text.len(), first);
    pieces
}

fn marks(row: &[u8], marker: &[u8]) -> bool {
    row.strip_prefix(marker)
        .is_some_and(|rest| matches!(rest.first(), None | Some(b' ' | b'\t' | b'\r' | b'\n')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_is_cut_at_its_markers_and_nothing_is_lost() {
        let parts = [
            "# head\na: 1\n",
            "---\nb: |\n  ---\n  ...\n",
            "--- # why\r\nc: 1\r\n...\r\n",
            "d: ---x\n",
            "---\n",
            "---\n---x: 1",
        ];
        let whole = parts.concat();
        let found = split(whole.as_bytes());
        let texts: Vec<&str> =
            found.iter().map(|(_, part)| std::str::from_utf8(part).unwrap()).collect();
        assert_eq!(texts, parts);
        assert_eq!(found.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [1, 3, 7, 10, 11, 12]);
    }
}
