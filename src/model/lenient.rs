//! Reads the generated types from a parsed body: a member that is null or of another type is absent.
//!
//! Reading goes by a `serde_json::Value`, since serde's own buffering of untagged unions loses numbers
//! under `serde_json/arbitrary_precision`, and since a derived struct refuses a key that comes twice.

use std::{borrow::Cow, fmt, str::FromStr};

use serde::{Deserializer, de::Error as _};
use serde_json::{Map, Number, Value};

use super::{json, pointer::selects, sensitive::SensitiveString, status::Status, task_id::TaskId};

/// A type that is read from a JSON value; implemented for the generated types and what they hold.
pub trait FromValue: Sized {
    /// Reads the value.
    ///
    /// # Errors
    ///
    /// If the value is of another type, or lacks the one member that the type cannot do without.
    fn from_value(value: &Value) -> Result<Self, Mismatch>;
}

/// Why a value was not read.
#[derive(Debug)]
pub struct Mismatch(Cow<'static, str>);

impl Mismatch {
    fn expected(what: &'static str, found: &Value) -> Self {
        let found = match found {
            Value::Null => "null",
            Value::Bool(_) => "a boolean",
            Value::Number(_) => "a number",
            Value::String(_) => "a string",
            Value::Array(_) => "an array",
            Value::Object(_) => "an object",
        };
        Self(format!("expected {what}, found {found}").into())
    }

    fn within(self, member: &str) -> Self {
        Self(format!("`{member}`: {}", self.0).into())
    }
}

/// Of a scalar that reads itself.
impl From<serde_json::Error> for Mismatch {
    fn from(error: serde_json::Error) -> Self {
        Self(error.to_string().into())
    }
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// `Deserialize` of a generated type: the last of two equal keys wins, as in `serde_json::Value`.
pub(crate) fn deserialize<'de, T: FromValue, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    T::from_value(&json::deserialize(deserializer)?).map_err(D::Error::custom)
}

/// The members of an object.
pub(crate) fn object(value: &Value) -> Result<&Map<String, Value>, Mismatch> {
    value
        .as_object()
        .ok_or_else(|| Mismatch::expected("an object", value))
}

/// A member, if it is there and of its type.
pub(crate) fn optional<T: FromValue>(members: &Map<String, Value>, name: &str) -> Option<T> {
    let value = members.get(name).filter(|value| !value.is_null())?;
    T::from_value(value).ok()
}

/// The one member without which there is nothing to tell.
pub(crate) fn required<T: FromValue>(
    members: &Map<String, Value>,
    name: &'static str,
) -> Result<T, Mismatch> {
    let value = members.get(name).unwrap_or(&Value::Null);
    T::from_value(value).map_err(|mismatch| mismatch.within(name))
}

/// The documented value that the discriminator of an object has or means.
pub(crate) fn status(
    members: &Map<String, Value>,
    name: &'static str,
) -> Result<&'static str, Mismatch> {
    let word: String = required(members, name)?;
    match Status::of(&word) {
        Some(status) => Ok(status.value),
        None => Err(Mismatch(
            format!("`{name}`: {word:?} is not a documented value").into(),
        )),
    }
}

/// The discriminator of an object as its type.
pub(crate) fn discriminator<T: FromStr>(
    members: &Map<String, Value>,
    name: &'static str,
) -> Result<T, Mismatch> {
    let value = status(members, name)?;
    value
        .parse()
        .map_err(|_| Mismatch(format!("`{name}`: {value:?} selects another shape").into()))
}

/// A text as the type that stands for it.
pub(crate) fn text<T: FromStr>(value: &Value) -> Result<T, Mismatch> {
    let text = value
        .as_str()
        .ok_or_else(|| Mismatch::expected("a string", value))?;
    text.parse()
        .map_err(|_| Mismatch("not a documented value".into()))
}

/// No branch of a union is of the value's type.
pub(crate) fn no_branch<T>(expected: &'static str, value: &Value) -> Result<T, Mismatch> {
    Err(Mismatch::expected(expected, value))
}

/// Whether any of the members at these JSON Pointers is there, other than null.
pub(crate) fn has_any(members: &Map<String, Value>, pointers: &[&str]) -> bool {
    pointers.iter().any(|pointer| selects(members, pointer))
}

/// The integer that a number is, however it is written: `108900.0` is one.
pub(crate) fn integer_of(number: &Number) -> Option<i64> {
    // Beyond 2^53 a float is not sure to be the integer that was meant.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    let whole = |float: &f64| float.fract() == 0.0 && float.abs() <= EXACT;
    #[allow(clippy::cast_possible_truncation)] // whole, and within 2^53
    let of_float = |float: f64| float as i64;
    number
        .as_i64()
        .or_else(|| number.as_f64().filter(whole).map(of_float))
}

impl FromValue for String {
    fn from_value(value: &Value) -> Result<Self, Mismatch> {
        text(value)
    }
}

impl FromValue for SensitiveString {
    fn from_value(value: &Value) -> Result<Self, Mismatch> {
        String::from_value(value).map(Self::from)
    }
}

impl FromValue for TaskId {
    fn from_value(value: &Value) -> Result<Self, Mismatch> {
        text(value)
    }
}

impl FromValue for i64 {
    fn from_value(value: &Value) -> Result<Self, Mismatch> {
        value
            .as_number()
            .and_then(integer_of)
            .ok_or_else(|| Mismatch::expected("an integer", value))
    }
}

impl FromValue for f64 {
    fn from_value(value: &Value) -> Result<Self, Mismatch> {
        value
            .as_f64()
            .ok_or_else(|| Mismatch::expected("a number", value))
    }
}

impl FromValue for bool {
    fn from_value(value: &Value) -> Result<Self, Mismatch> {
        value
            .as_bool()
            .ok_or_else(|| Mismatch::expected("a boolean", value))
    }
}

impl FromValue for Map<String, Value> {
    fn from_value(value: &Value) -> Result<Self, Mismatch> {
        object(value).cloned()
    }
}

/// Items of another type are left out, as members are.
impl<T: FromValue> FromValue for Vec<T> {
    fn from_value(value: &Value) -> Result<Self, Mismatch> {
        let items = value
            .as_array()
            .ok_or_else(|| Mismatch::expected("an array", value))?;
        Ok(items
            .iter()
            .filter_map(|item| T::from_value(item).ok())
            .collect())
    }
}
