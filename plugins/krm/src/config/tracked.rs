//! Reads a value by serde with the path of what is wrong.
//!
//! What `serde_path_to_error` does, for a [`Value`] alone: one reader that knows where it stands. A reader that wraps any
//! other is compiled once more for each type that is read, which was four hundredths of the binary.

mod inside;
#[cfg(test)]
mod tests;

use std::cell::OnceCell;
use std::fmt;

use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, Error as _, Expected, Unexpected, Visitor,
};
use serde::forward_to_deserialize_any;
use serde_json::{Error, Value};

use self::inside::{Fields, Items, Variant};

/// What serde says of a value that it cannot read.
#[derive(Debug)]
pub(crate) struct Unread {
    /// Where, as `field[0].field`; `.` is the whole.
    pub(crate) path: String,
    /// What.
    pub(crate) message: String,
}

/// Reads a value.
pub(crate) fn read<T: DeserializeOwned>(value: &Value) -> Result<T, Unread> {
    let wrong = OnceCell::new();
    let whole = At { value, step: &Step::Whole, wrong: &wrong };
    T::deserialize(whole).map_err(|error| {
        let path = wrong.into_inner().unwrap_or_else(|| Step::Whole.to_string());
        Unread { path, message: error.to_string() }
    })
}

/// A place in the value: a step below another.
#[derive(Debug, Clone, Copy)]
enum Step<'a> {
    Whole,
    Field(&'a Step<'a>, &'a str),
    Item(&'a Step<'a>, usize),
}

impl fmt::Display for Step<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Whole => f.write_str("."),
            Self::Field(Self::Whole, name) => f.write_str(name),
            Self::Field(above, name) => write!(f, "{above}.{name}"),
            Self::Item(Self::Whole, index) => write!(f, "[{index}]"),
            Self::Item(above, index) => write!(f, "{above}[{index}]"),
        }
    }
}

/// A value, where it stands, and the first place that was wrong.
#[derive(Clone, Copy)]
struct At<'a> {
    value: &'a Value,
    step: &'a Step<'a>,
    wrong: &'a OnceCell<String>,
}

impl<'a> At<'a> {
    /// A value below this one.
    fn below(self, value: &'a Value, step: &'a Step<'a>) -> Self {
        Self { value, step, ..self }
    }

    fn read<'de, S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, Error> {
        let read = seed.deserialize(self);
        self.note(read)
    }

    /// Notes where the innermost error is: those around it come later.
    fn note<T>(self, read: Result<T, Error>) -> Result<T, Error> {
        if read.is_err() {
            self.wrong.get_or_init(|| self.step.to_string());
        }
        read
    }
}

/// What takes numbers alone.
macro_rules! numbers {
    ($($method:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            match self.value {
                Value::Number(number) => number.$method(visitor),
                other => Err(invalid(other, &visitor)),
            }
        }
    )*};
}

/// What takes texts alone.
macro_rules! texts {
    ($($method:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            match self.value {
                Value::String(text) => visitor.visit_str(text),
                other => Err(invalid(other, &visitor)),
            }
        }
    )*};
}

impl<'de> Deserializer<'de> for At<'_> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.value {
            Value::Null => visitor.visit_unit(),
            Value::Bool(value) => visitor.visit_bool(*value),
            Value::Number(number) => number.deserialize_any(visitor),
            Value::String(text) => visitor.visit_str(text),
            Value::Array(items) => visitor.visit_seq(Items { at: self, list: items, next: 0 }),
            Value::Object(fields) => {
                visitor.visit_map(Fields { at: self, rest: fields.iter(), field: None })
            }
        }
    }

    numbers! {
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64
        deserialize_i128 deserialize_u128 deserialize_f32 deserialize_f64
    }

    texts! { deserialize_char deserialize_str deserialize_string deserialize_identifier }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.value {
            Value::Bool(value) => visitor.visit_bool(*value),
            other => Err(invalid(other, &visitor)),
        }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.value {
            Value::Array(items) => visitor.visit_seq(Items { at: self, list: items, next: 0 }),
            other => Err(invalid(other, &visitor)),
        }
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.value {
            Value::Object(fields) => {
                visitor.visit_map(Fields { at: self, rest: fields.iter(), field: None })
            }
            other => Err(invalid(other, &visitor)),
        }
    }

    // No list stands for a struct: what reads one would be a third of what reads configs.
    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.deserialize_map(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.value {
            Value::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        match self.value {
            Value::String(name) => visitor.visit_enum(Variant { at: self, name, holds: None }),
            Value::Object(fields) => visitor.visit_enum(Variant::of(self, fields)?),
            other => Err(invalid(other, &"string or map")),
        }
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.deserialize_seq(visitor)
    }

    forward_to_deserialize_any! { bytes byte_buf unit unit_struct }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }
}

/// A value of another kind than what reads it takes. No number is repeated.
#[cold]
fn invalid(value: &Value, expected: &dyn Expected) -> Error {
    let met = match value {
        Value::Null => Unexpected::Unit,
        Value::Bool(value) => Unexpected::Bool(*value),
        Value::Number(_) => Unexpected::Other("number"),
        Value::String(text) => Unexpected::Str(text),
        Value::Array(_) => Unexpected::Seq,
        Value::Object(_) => Unexpected::Map,
    };
    Error::invalid_type(met, expected)
}
