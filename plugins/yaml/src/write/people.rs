//! Plain values in block style for people: what [`super::block`] gives for the nodes of the same values.

use serde_json::{Map, Number, Value};

use super::Style;
use super::analysis::Analysis;
use super::emitter::Emitter;
use super::leaf::{self, Leaf};
use crate::Scalar;

/// Writes one document for people, without a `---` line.
pub fn people(value: &Value) -> String {
    let mut people = People { emitter: Emitter::new(Style::People) };
    people.node(value, false);
    people.emitter.write_indent();
    people.emitter.into_text()
}

struct People {
    emitter: Emitter,
}

impl People {
    /// A value; `item` of a list.
    fn node(&mut self, value: &Value, item: bool) {
        match value {
            Value::Array(items) if items.is_empty() => self.empty("[", "]"),
            Value::Object(entries) if entries.is_empty() => self.empty("{", "}"),
            Value::Array(items) => self.list(items, item),
            Value::Object(entries) => self.map(entries, item),
            Value::String(text) => self.leaf(&leaf::string(text, Style::People), item),
            Value::Null => self.scalar(&Scalar::Null, item),
            Value::Bool(bool) => self.scalar(&Scalar::Bool(*bool), item),
            Value::Number(number) => self.scalar(&scalar(number), item),
        }
    }

    fn empty(&mut self, open: &str, close: &str) {
        self.emitter.indicator(open, true, true, false);
        self.emitter.indicator(close, false, false, false);
    }

    fn list(&mut self, items: &[Value], item: bool) {
        self.emitter.increase_indent(false, item);
        for value in items {
            self.emitter.write_indent();
            self.emitter.indicator("-", true, false, true);
            self.node(value, true);
        }
        self.emitter.decrease_indent();
    }

    fn map(&mut self, entries: &Map<String, Value>, item: bool) {
        self.emitter.increase_indent(false, item);
        for (name, value) in entries {
            self.emitter.write_indent();
            let key = leaf::string(name, Style::People);
            let analysis = Analysis::of(&key.text, Style::People);
            if analysis.is_simple_key(&key) {
                let quotes = analysis.settle(key.quotes, &key.text, true);
                self.emitter.increase_indent(true, false);
                self.emitter.scalar(&key.text, quotes);
                self.emitter.decrease_indent();
                self.emitter.indicator(":", false, false, false);
            } else {
                self.emitter.indicator("?", true, false, true);
                self.leaf(&key, false);
                self.emitter.write_indent();
                self.emitter.indicator(":", true, false, true);
            }
            self.node(value, false);
        }
        self.emitter.decrease_indent();
    }

    fn scalar(&mut self, scalar: &Scalar, item: bool) {
        self.leaf(&Leaf::of(scalar, Style::People), item);
    }

    fn leaf(&mut self, leaf: &Leaf<'_>, item: bool) {
        let analysis = Analysis::of(&leaf.text, Style::People);
        let quotes = analysis.settle(leaf.quotes, &leaf.text, false);
        self.emitter.increase_indent(true, item);
        self.emitter.scalar(&leaf.text, quotes);
        self.emitter.decrease_indent();
    }
}

fn scalar(number: &Number) -> Scalar {
    if let Some(int) = number.as_i64() {
        Scalar::Int(int)
    } else if let Some(uint) = number.as_u64() {
        Scalar::Uint(uint)
    } else {
        Scalar::Float { value: number.as_f64().unwrap_or(f64::NAN), text: number.to_string() }
    }
}
