//! Bodies that a record holds in an encoding.

use base64::{Engine, engine::general_purpose::STANDARD};
use jsonc_parser::ast::{Object, Value};

use crate::{input::decompress::Compression, limits::MAX_BODY};

/// How the base64 of JSON, gzip and zstd starts.
const STARTS: [&str; 4] = ["ey", "ew", "H4sI", "KLUv"];

/// The bytes of a string that is base64 of a body.
pub(super) fn base64(text: &str) -> Option<Vec<u8>> {
    let text = text.trim();
    if text.len() < 8 || !STARTS.iter().any(|start| text.starts_with(start)) {
        return None;
    }
    let plain: String = text
        .chars()
        .filter(|char| !char.is_ascii_whitespace())
        .collect();
    let bytes = STANDARD.decode(plain).ok()?;
    decompressed(bytes)
}

/// The bytes of a buffer as Node.js writes it: `{"type": "Buffer", "data": [123, …]}`.
pub(super) fn buffer(object: &Object<'_>) -> Option<Vec<u8>> {
    let member = |name: &str| {
        let mut properties = object.properties.iter();
        properties
            .find(|property| property.name.as_str() == name)
            .map(|property| &property.value)
    };
    let (Value::StringLit(kind), Value::Array(data)) = (member("type")?, member("data")?) else {
        return None;
    };
    if kind.value != "Buffer" {
        return None;
    }
    let byte = |value: &Value<'_>| match value {
        Value::NumberLit(number) => number.value.parse::<u8>().ok(),
        _ => None,
    };
    let bytes: Option<Vec<u8>> = data.elements.iter().map(byte).collect();
    decompressed(bytes?)
}

fn decompressed(bytes: Vec<u8>) -> Option<Vec<u8>> {
    match Compression::of(&bytes) {
        None => Some(bytes),
        Some(compression) => {
            let decoded = compression.decode(&bytes, MAX_BODY).ok()?;
            Some(decoded.bytes)
        }
    }
}
