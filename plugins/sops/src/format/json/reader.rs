//! The JSON reader. `serde_json` reads strings and numbers here, and not the structure: it keeps
//! one of two equal keys, where sops keeps both.

use crate::error::Syntax;
use crate::tree::{Branch, Element, Item, Leaf, Node};

/// Maps and lists inside each other; what `serde_json` allows as well.
const DEPTH: usize = 127;

/// The top-level object of a text.
pub(super) fn object(bytes: &[u8]) -> Result<Branch, Syntax> {
    let mut reader = Reader { bytes, at: 0, depth: 0 };
    let branch = match reader.peek() {
        Some(b'{') => reader.map()?,
        Some(_) => return Err(reader.wrong("the top level is not an object")),
        None => return Err(reader.wrong("the file is empty")),
    };
    match reader.peek() {
        None => Ok(branch),
        Some(_) => Err(reader.wrong("something stands behind the top-level object")),
    }
}

struct Reader<'b> {
    bytes: &'b [u8],
    at: usize,
    depth: usize,
}

impl Reader<'_> {
    /// The next byte that is no white space.
    fn peek(&mut self) -> Option<u8> {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        self.at += rest.iter().take_while(|byte| b" \t\r\n".contains(byte)).count();
        self.bytes.get(self.at).copied()
    }

    fn wrong(&self, problem: &str) -> Syntax {
        let before = &self.bytes[..self.at.min(self.bytes.len())];
        let line = before.split(|byte| *byte == b'\n').count();
        Syntax::at(line, problem)
    }

    fn node(&mut self) -> Result<Node, Syntax> {
        Ok(match self.peek() {
            Some(b'{') => Node::Map(self.map()?),
            Some(b'[') => Node::List(self.list()?),
            Some(b'"') => Node::str(self.string()?),
            Some(b'-' | b'0'..=b'9') => Node::Leaf(self.number()?),
            Some(_) if self.word(b"true") => Node::Leaf(Leaf::Bool(true)),
            Some(_) if self.word(b"false") => Node::Leaf(Leaf::Bool(false)),
            Some(_) if self.word(b"null") => Node::Leaf(Leaf::Null),
            Some(_) => return Err(self.wrong("a value is expected here")),
            None => return Err(self.wrong("the text ends inside of a value")),
        })
    }

    fn word(&mut self, word: &[u8]) -> bool {
        let found = self.bytes[self.at..].starts_with(word);
        if found {
            self.at += word.len();
        }
        found
    }

    fn map(&mut self) -> Result<Branch, Syntax> {
        let mut branch = Branch::new();
        self.enter()?;
        while self.more(b'}', branch.is_empty())? {
            if self.peek() != Some(b'"') {
                return Err(self.wrong("a key is expected here"));
            }
            let key = self.string()?;
            if self.peek() != Some(b':') {
                return Err(self.wrong("a colon is expected here"));
            }
            self.at += 1;
            branch.push(Item::Entry(key.into_bytes(), self.node()?));
        }
        Ok(branch)
    }

    fn list(&mut self) -> Result<Vec<Element>, Syntax> {
        let mut list = Vec::new();
        self.enter()?;
        while self.more(b']', list.is_empty())? {
            list.push(Element::Node(self.node()?));
        }
        Ok(list)
    }

    fn enter(&mut self) -> Result<(), Syntax> {
        self.at += 1;
        self.depth += 1;
        if self.depth > DEPTH {
            Err(self.wrong("too many objects and lists inside each other"))
        } else {
            Ok(())
        }
    }

    /// Whether another item follows; takes the comma, or the bracket that ends.
    fn more(&mut self, end: u8, first: bool) -> Result<bool, Syntax> {
        match self.peek() {
            Some(byte) if byte == end => {
                self.at += 1;
                self.depth -= 1;
                Ok(false)
            }
            Some(b',') if !first => {
                self.at += 1;
                if self.peek() == Some(end) {
                    Err(self.wrong("nothing follows the comma"))
                } else {
                    Ok(true)
                }
            }
            Some(_) if first => Ok(true),
            Some(_) => Err(self.wrong("a comma is expected here")),
            None => Err(self.wrong("the text ends inside of an object or a list")),
        }
    }

    fn string(&mut self) -> Result<String, Syntax> {
        let rest = &self.bytes[self.at..];
        let mut escaped = false;
        let end = rest.iter().skip(1).position(|byte| {
            let end = *byte == b'"' && !escaped;
            escaped = *byte == b'\\' && !escaped;
            end
        });
        let Some(end) = end else { return Err(self.wrong("a string does not end")) };
        let text = serde_json::from_slice(&rest[..end + 2])
            .map_err(|_| self.wrong("a string that is not valid JSON"))?;
        self.at += end + 2;
        Ok(text)
    }

    /// An integer that fits 64 bits, else the nearest float.
    fn number(&mut self) -> Result<Leaf, Syntax> {
        let rest = &self.bytes[self.at..];
        let length = rest.iter().take_while(|byte| b"+-.eE0123456789".contains(byte)).count();
        let number: serde_json::Number = serde_json::from_slice(&rest[..length])
            .map_err(|_| self.wrong("a number that is not valid JSON"))?;
        let leaf =
            leaf(&number).ok_or_else(|| self.wrong("a number beyond the range of a float"))?;
        self.at += length;
        Ok(leaf)
    }
}

/// A JSON number as sops reads it since 3.13.2.
pub(in crate::format) fn leaf(number: &serde_json::Number) -> Option<Leaf> {
    if let Ok(value) = number.as_str().parse::<i64>() {
        return Some(Leaf::Int(value));
    }
    number.as_str().parse::<f64>().ok().filter(|value| value.is_finite()).map(Leaf::Float)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(text: &str) -> String {
        object(text.as_bytes()).err().map(|error| error.to_string()).unwrap_or_default()
    }

    #[test]
    fn nesting_without_end_is_refused_before_the_stack_is() {
        let text = format!("{{\"a\":{}", "[".repeat(100_000));
        assert_eq!(problem(&text), "line 1: too many objects and lists inside each other");
    }

    #[test]
    fn what_is_no_json_is_refused_with_its_line() {
        for (text, message) in [
            ("", "line 1: the file is empty"),
            ("\n[1]", "line 2: the top level is not an object"),
            ("{\"a\": 1}\nx", "line 2: something stands behind the top-level object"),
            ("{\"a\"\n 1}", "line 2: a colon is expected here"),
            ("{\"a\": 1 \"b\": 2}", "line 1: a comma is expected here"),
            ("{\"a\": 1,}", "line 1: nothing follows the comma"),
            ("{1: 2}", "line 1: a key is expected here"),
            ("{\"a\": 01}", "line 1: a number that is not valid JSON"),
            ("{\"a\": 1e999}", "line 1: a number beyond the range of a float"),
            ("{\"a\": \"\t\"}", "line 1: a string that is not valid JSON"),
            ("{\"a\": \"x", "line 1: a string does not end"),
            ("{\"a\": tru}", "line 1: a value is expected here"),
            ("{\"a\":", "line 1: the text ends inside of a value"),
            ("{\"a\": 1", "line 1: the text ends inside of an object or a list"),
        ] {
            assert_eq!(problem(text), message, "{text}");
        }
    }
}
