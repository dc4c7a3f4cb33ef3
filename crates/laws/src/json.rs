//! The same JSON in other bytes.

use serde_json::Value;

/// An answer with more values is not read as a whole.
const MAX_VALUES: usize = 9_000;

/// The value of a text in which no object has a key twice; others say something different once
/// they are written again. None if it is larger than any answer.
pub fn unambiguous(text: &[u8]) -> Option<Value> {
    let value: Value = serde_json::from_slice(text).ok()?;
    (members(&value) == keys(text) && values(&value) <= MAX_VALUES).then_some(value)
}

fn values(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(values).sum::<usize>(),
        Value::Object(object) => 1 + object.values().map(values).sum::<usize>(),
        _ => 1,
    }
}

/// How many members all objects of a value have.
fn members(value: &Value) -> usize {
    match value {
        Value::Array(items) => items.iter().map(members).sum(),
        Value::Object(object) => object.len() + object.values().map(members).sum::<usize>(),
        _ => 0,
    }
}

/// How many members a JSON text has: the colons outside of its strings.
fn keys(text: &[u8]) -> usize {
    let (mut count, mut is_string, mut is_escaped) = (0, false, false);
    for byte in text {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' if is_string => is_escaped = true,
            b'"' => is_string = !is_string,
            b':' if !is_string => count += 1,
            _ => {}
        }
    }
    count
}

#[cfg(test)]
mod tests {
    use super::unambiguous;

    #[test]
    fn an_object_with_a_key_twice_has_no_one_value() {
        assert!(unambiguous(br#"{"a":{"b:":":\":"},"c":[{}]}"#).is_some());
        assert!(unambiguous(br#"{"a":1,"a":2}"#).is_none());
        assert!(unambiguous(br#"[{"a":{"b":1,"\u0062":2}}]"#).is_none());
        assert!(unambiguous(b"{").is_none());
    }
}
