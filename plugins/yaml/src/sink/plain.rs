//! The sink of plain values: what `yaml.Unmarshal` into an `interface{}` and then `encoding/json` give.

use serde_json::{Map, Number, Value};

use super::tree::is_merge;
use super::{Around, Leaf, Sink};
use crate::scalar::{go_json, resolve};
use crate::{Error, Position, Problem, Scalar};

/// Builds [`Value`]s.
#[derive(Default)]
pub(crate) struct Plain {
    merged: usize,
}

/// A value, and what a map needs to know about it.
#[derive(Clone)]
pub(crate) struct Item {
    pub(crate) value: Value,
    position: Position,
    role: Role,
    /// Whether it stands for an alias.
    alias: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    /// A string that may be a key.
    Text,
    /// The key `<<`.
    Merge,
    Other,
}

impl Sink for Plain {
    type Node = Item;
    const COMMENTS: bool = false;

    fn scalar(&mut self, leaf: Leaf<'_>, _: Around) -> Result<Item, Error> {
        let position = leaf.position;
        let merges = leaf.key && leaf.text == "<<" && is_merge(leaf.tag.as_deref(), leaf.notation);
        let scalar = resolve(leaf.tag.as_deref(), leaf.notation, leaf.text)
            .map_err(|problem| Error::at(position, problem))?;
        let role = match scalar {
            _ if merges => Role::Merge,
            Scalar::Str(_) => Role::Text,
            _ => Role::Other,
        };
        let value = value(scalar).map_err(|problem| Error::at(position, problem))?;
        Ok(Item { value, position, role, alias: false })
    }

    fn sequence(&mut self, position: Position, items: Vec<Item>, _: Around) -> Item {
        let value = Value::Array(items.into_iter().map(|item| item.value).collect());
        Item { value, position, role: Role::Other, alias: false }
    }

    fn mapping(
        &mut self,
        position: Position,
        entries: Vec<(Item, Item)>,
        _: Around,
    ) -> Result<Item, Error> {
        let mut map = Map::with_capacity(entries.len());
        let mut merges = None;
        for (key, item) in entries {
            match (key.role, key.value) {
                (Role::Merge, _) => merges = Some(item),
                (Role::Text, Value::String(name)) => {
                    map.insert(name, item.value);
                }
                _ => return Err(Error::at(key.position, NO_KEY)),
            }
        }
        if let Some(merge) = merges {
            self.merge(&mut map, merge)?;
        }
        Ok(Item { value: Value::Object(map), position, role: Role::Other, alias: false })
    }

    fn alias(&mut self, position: Position, anchored: Item, _: Around) -> Item {
        Item { position, alias: true, ..anchored }
    }

    fn foot(_: &mut Item) -> Option<&mut Vec<String>> {
        None
    }

    fn merged(&self) -> usize {
        self.merged
    }
}

const NO_KEY: Problem = Problem::NoValue("only a string can be a key here (quote it)");
const NO_MERGE: Problem = Problem::Tag("<< merges a map or a list of maps, and nothing else");

impl Plain {
    /// Adds what the map does not have yet; of a list, the first one wins.
    fn merge(&mut self, map: &mut Map<String, Value>, merge: Item) -> Result<(), Error> {
        let (position, direct) = (merge.position, !merge.alias);
        let sources = match merge.value {
            Value::Object(source) => vec![source],
            Value::Array(sources) if direct => sources
                .into_iter()
                .map(|source| match source {
                    Value::Object(source) => Ok(source),
                    _ => Err(Error::at(position, NO_MERGE)),
                })
                .collect::<Result<_, _>>()?,
            _ => return Err(Error::at(position, NO_MERGE)),
        };
        for (name, value) in sources.into_iter().flatten() {
            self.merged += 1;
            map.entry(name).or_insert(value);
        }
        Ok(())
    }
}

/// A scalar as `encoding/json` prints what go-yaml made of it.
pub(crate) fn value(scalar: Scalar) -> Result<Value, Problem> {
    Ok(match scalar {
        Scalar::Null => Value::Null,
        Scalar::Bool(bool) => Value::Bool(bool),
        Scalar::Int(int) => Value::Number(int.into()),
        Scalar::Uint(int) => Value::Number(int.into()),
        Scalar::Float { value, text } => Value::Number(number(value, &text)?),
        Scalar::Time(text) => Value::String(time(text)?),
        Scalar::Str(text) => Value::String(text),
        Scalar::Merge => Value::String("<<".to_owned()),
        Scalar::Binary(bytes) => Value::String(
            String::from_utf8(bytes)
                .map_err(|_| Problem::NoValue("!!binary holds bytes that are no UTF-8 text"))?,
        ),
    })
}

/// JSON knows neither infinities nor NaN. A number that an `f64` holds exactly gets Go's text; one that it would cut
/// keeps its own where JSON allows that.
fn number(value: f64, text: &str) -> Result<Number, Problem> {
    if !value.is_finite() {
        return Err(Problem::NoValue("infinities and NaN have no plain value"));
    }
    let printed = go_json(value);
    let kept = if decimal(&printed) == decimal(text) { None } else { text.parse().ok() };
    match kept {
        Some(number) => Ok(number),
        None => printed.parse().map_err(|_| Problem::NoValue("this number has no plain value")),
    }
}

/// The digits of a number without zeros at its ends, and the exponent of the last one: equal for equal numbers.
fn decimal(text: &str) -> (String, i64) {
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits: String = whole.chars().chain(part.chars()).filter(char::is_ascii_digit).collect();
    let kept = digits.trim_end_matches('0');
    let places = i64::try_from(digits.len() - kept.len()).unwrap_or(0)
        - i64::try_from(part.chars().filter(char::is_ascii_digit).count()).unwrap_or(0);
    let kept = kept.trim_start_matches('0').to_owned();
    if kept.is_empty() {
        return (kept, 0);
    }
    (kept, exponent.parse::<i64>().unwrap_or(0).saturating_add(places))
}

/// `time.Time` refuses to be JSON with an offset of a day or more.
fn time(text: String) -> Result<String, Problem> {
    let hours = text
        .len()
        .checked_sub(6)
        .and_then(|at| text.get(at..))
        .and_then(|zone| zone.strip_prefix(['+', '-'])?.get(..2)?.parse::<u32>().ok());
    match hours {
        Some(24..) if !text.ends_with('Z') => {
            Err(Problem::NoValue("a timestamp whose offset is a day or more has no plain value"))
        }
        _ => Ok(text),
    }
}
