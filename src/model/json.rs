//! Bytes to a JSON value of bounded size, noticing what `serde_json` would pass over.

use std::{cell::Cell, fmt};

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use super::limits::{MAX_VALUES, VALUES_OF_AN_OBJECT};

/// A parsed body.
pub(crate) struct Parsed {
    pub value: Value,
    /// Whether some object has a key twice; the value then holds the last one.
    pub has_duplicate_keys: bool,
}

/// Parses a body in bounded stack and memory: nesting beyond `serde_json`'s limit of 128 is an
/// error, and so is a text of more values than an answer can have.
pub(crate) fn parse(body: &[u8]) -> Result<Parsed, serde_json::Error> {
    let budget = Budget::default();
    let mut json = serde_json::Deserializer::from_slice(body);
    let value = Builder(&budget).deserialize(&mut json)?;
    json.end()?;
    Ok(Parsed {
        value,
        has_duplicate_keys: budget.has_duplicate_keys.get(),
    })
}

/// The JSON value that a body begins with, whatever is behind it and in front of it without being
/// seen.
pub(crate) fn parse_first(body: &[u8]) -> Option<Value> {
    const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";
    let body = body.strip_prefix(BYTE_ORDER_MARK).unwrap_or(body);
    deserialize(&mut serde_json::Deserializer::from_slice(body)).ok()
}

/// The value of a text that is JSON as a whole.
pub(crate) fn parse_text(text: &str) -> Option<Value> {
    parse(text.as_bytes()).ok().map(|parsed| parsed.value)
}

/// Reads one value.
pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Value, D::Error> {
    Builder(&Budget::default()).deserialize(deserializer)
}

/// Whether a text was not parsed because it has too many values.
pub(crate) fn is_too_large(error: &serde_json::Error) -> bool {
    error.to_string().starts_with(TOO_MANY_VALUES)
}

const TOO_MANY_VALUES: &str = "more values than an answer can have";

/// What may still be built.
struct Budget {
    values: Cell<usize>,
    has_duplicate_keys: Cell<bool>,
}

impl Default for Budget {
    fn default() -> Self {
        Self {
            values: Cell::new(MAX_VALUES),
            has_duplicate_keys: Cell::new(false),
        }
    }
}

/// Builds a [`Value`] as `serde_json` does, within the budget, and notes when a key comes again.
#[derive(Clone, Copy)]
struct Builder<'a>(&'a Budget);

impl Builder<'_> {
    fn take<E: Error>(self, values: usize) -> Result<(), E> {
        let left = self.0.values.get().checked_sub(values);
        self.0
            .values
            .set(left.ok_or_else(|| E::custom(TOO_MANY_VALUES))?);
        Ok(())
    }
}

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

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        self.take(1).map(|()| Value::Null)
    }

    fn visit_bool<E: Error>(self, boolean: bool) -> Result<Value, E> {
        self.take(1).map(|()| Value::Bool(boolean))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Value, E> {
        self.take(1).map(|()| number.into())
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Value, E> {
        self.take(1).map(|()| number.into())
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Value, E> {
        self.take(1)?;
        Ok(Number::from_f64(number).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Value, E> {
        self.take(1).map(|()| Value::String(text.to_owned()))
    }

    fn visit_string<E: Error>(self, text: String) -> Result<Value, E> {
        self.take(1).map(|()| Value::String(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        self.take(1)?;
        let mut array = Vec::new();
        while let Some(item) = items.next_element_seed(self)? {
            array.push(item);
        }
        Ok(Value::Array(array))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        self.take(VALUES_OF_AN_OBJECT)?;
        let mut object = Map::new();
        while let Some(key) = members.next_key::<String>()? {
            if object.insert(key, members.next_value_seed(self)?).is_some() {
                self.0.has_duplicate_keys.set(true);
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{MAX_VALUES, VALUES_OF_AN_OBJECT, is_too_large, parse, parse_first, parse_text};

    #[test]
    fn a_text_has_no_more_values_than_the_budget() {
        for (item, weight) in [
            ("0", 1),
            ("[]", 1),
            ("\"\"", 1),
            ("{}", VALUES_OF_AN_OBJECT),
        ] {
            // The array around them is a value, too.
            let most = (MAX_VALUES - 1) / weight;
            let text = |count: usize| format!("[{}]", vec![item; count].join(","));
            assert!(parse(text(most).as_bytes()).is_ok(), "{item}");
            let error = parse(text(most + 1).as_bytes()).err().unwrap();
            assert!(is_too_large(&error), "{error}");
            assert!(parse_first(text(most + 1).as_bytes()).is_none());
            assert!(parse_text(&text(most + 1)).is_none());
        }
    }

    #[test]
    fn a_value_is_found_before_what_follows_it() {
        assert_eq!(
            parse_first(b"\xef\xbb\xbf {\"a\":1} <!-- -->"),
            Some(json!({"a": 1}))
        );
        assert_eq!(parse_first(b"<!-- --> {}"), None);
    }

    #[test]
    fn keys_that_come_again_are_noted() {
        let parsed = parse(br#"{"a":{"b":1,"b":2}}"#).unwrap();
        assert!(parsed.has_duplicate_keys);
        assert_eq!(parsed.value, json!({"a": {"b": 2}}));
        assert!(!parse(br#"[{"a":1},{"a":1}]"#).unwrap().has_duplicate_keys);
    }
}
