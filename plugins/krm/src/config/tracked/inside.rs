//! The items, fields and variants of a value that is read: each is read at a step of its own.

use std::marker::PhantomData;

use serde::de::value::StrDeserializer;
use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, Error as _, IntoDeserializer, MapAccess, SeqAccess,
    Unexpected, VariantAccess, Visitor,
};
use serde_json::{Error, Map, Value, map};

use super::{At, Step, invalid};

/// The items of a list.
pub(super) struct Items<'a> {
    pub(super) at: At<'a>,
    pub(super) list: &'a [Value],
    pub(super) next: usize,
}

impl<'de> SeqAccess<'de> for Items<'_> {
    type Error = Error;

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Error> {
        let Some(value) = self.list.get(self.next) else { return Ok(None) };
        let step = Step::Item(self.at.step, self.next);
        self.next += 1;
        self.at.below(value, &step).read(seed).map(Some)
    }
}

/// The fields of a map.
pub(super) struct Fields<'a> {
    pub(super) at: At<'a>,
    pub(super) rest: map::Iter<'a>,
    pub(super) field: Option<(&'a String, &'a Value)>,
}

impl<'de> MapAccess<'de> for Fields<'_> {
    type Error = Error;

    fn next_key_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Error> {
        self.field = self.rest.next();
        let Some((name, value)) = self.field else { return Ok(None) };
        let key: StrDeserializer<'_, Error> = name.as_str().into_deserializer();
        let step = Step::Field(self.at.step, name);
        self.at.below(value, &step).note(seed.deserialize(key)).map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Error> {
        let (name, value) =
            self.field.take().ok_or_else(|| Error::custom("a value before its field"))?;
        let step = Step::Field(self.at.step, name);
        self.at.below(value, &step).read(seed)
    }
}

/// A variant: a text, or a map with one field and what it holds.
pub(super) struct Variant<'a> {
    pub(super) at: At<'a>,
    pub(super) name: &'a str,
    pub(super) holds: Option<&'a Value>,
}

impl<'a> Variant<'a> {
    /// The variant that a map names.
    pub(super) fn of(at: At<'a>, fields: &'a Map<String, Value>) -> Result<Self, Error> {
        let mut fields = fields.iter();
        match (fields.next(), fields.next()) {
            (Some((name, value)), None) => Ok(Self { at, name, holds: Some(value) }),
            _ => Err(Error::invalid_value(Unexpected::Map, &"map with a single key")),
        }
    }

    /// Reads what it holds, one step below.
    fn read<T>(
        self,
        expected: &'static str,
        read: impl FnOnce(At<'_>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let step = Step::Field(self.at.step, self.name);
        if let Some(value) = self.holds {
            let inner = self.at.below(value, &step);
            inner.note(read(inner))
        } else {
            let wrong = Error::invalid_type(Unexpected::UnitVariant, &expected);
            self.at.below(self.at.value, &step).note(Err(wrong))
        }
    }
}

impl<'de> EnumAccess<'de> for Variant<'_> {
    type Error = Error;
    type Variant = Self;

    fn variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<(S::Value, Self), Error> {
        let name: StrDeserializer<'_, Error> = self.name.into_deserializer();
        Ok((seed.deserialize(name)?, self))
    }
}

impl<'de> VariantAccess<'de> for Variant<'_> {
    type Error = Error;

    fn unit_variant(self) -> Result<(), Error> {
        match self.holds {
            Some(_) => self.newtype_variant_seed(PhantomData),
            None => Ok(()),
        }
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, Error> {
        self.read("newtype variant", |inner| seed.deserialize(inner))
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Error> {
        self.read("tuple variant", |inner| match inner.value {
            Value::Array(_) => inner.deserialize_seq(visitor),
            other => Err(invalid(other, &"tuple variant")),
        })
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.read("struct variant", |inner| match inner.value {
            Value::Object(_) => inner.deserialize_map(visitor),
            other => Err(invalid(other, &"struct variant")),
        })
    }
}
