//! Bytes to a JSON value, noticing what `serde_json` would pass over.

use std::{cell::Cell, fmt};

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// A parsed body.
pub(crate) struct Parsed {
    pub value: Value,
    /// Whether some object has a key twice; the value then holds the last one.
    pub has_duplicate_keys: bool,
}

/// Parses a body in bounded stack: nesting beyond `serde_json`'s limit of 128 is an error.
pub(crate) fn parse(body: &[u8]) -> Result<Parsed, serde_json::Error> {
    let duplicates = Cell::new(false);
    let mut deserializer = serde_json::Deserializer::from_slice(body);
    let value = Builder(&duplicates).deserialize(&mut deserializer)?;
    deserializer.end()?;
    Ok(Parsed {
        value,
        has_duplicate_keys: duplicates.get(),
    })
}

/// Builds a [`Value`] as `serde_json` does, and sets the flag when a key comes again.
#[derive(Clone, Copy)]
struct Builder<'a>(&'a Cell<bool>);

impl<'de> DeserializeSeed<'de> for Builder<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Builder<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, boolean: bool) -> Result<Value, E> {
        Ok(Value::Bool(boolean))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(number.into())
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        Ok(number.into())
    }

    fn visit_f64<E>(self, number: f64) -> Result<Value, E> {
        Ok(Number::from_f64(number).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value::String(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Value, E> {
        Ok(Value::String(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut array = Vec::new();
        while let Some(item) = items.next_element_seed(self)? {
            array.push(item);
        }
        Ok(Value::Array(array))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(key) = members.next_key::<String>()? {
            if object.insert(key, members.next_value_seed(self)?).is_some() {
                self.0.set(true);
            }
        }
        Ok(match number(&object) {
            Some(number) => Value::Number(number),
            None => Value::Object(object),
        })
    }
}

/// Where `serde_json/arbitrary_precision` is on, a number comes as an object with this one member.
fn number(object: &Map<String, Value>) -> Option<Number> {
    if object.len() != 1 {
        return None;
    }
    let digits = object.get("$serde_json::private::Number")?.as_str()?;
    digits.parse().ok()
}
