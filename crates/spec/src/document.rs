//! YAML text to a JSON value, and the line of any place in it.

use saphyr::{LoadableYamlNode, MarkedYaml, Scalar, YamlData};
use serde_json::{Map, Number, Value};

use super::{error::Fault, pointer::Pointer};

/// Parses the document and makes sure that it is OpenAPI 3.0.
pub fn parse(source: &str) -> Result<Value, Fault> {
    let node = load(source)?;
    let document = to_json(&node, &Pointer::root())?;
    let version = document.get("openapi").and_then(Value::as_str);
    match version {
        Some(version) if version == "3.0" || version.starts_with("3.0.") => Ok(document),
        Some(version) => Err(Fault::at(
            &Pointer::root().join("openapi"),
            format!("OpenAPI {version} is not supported; the document has to be OpenAPI 3.0"),
        )),
        None => Err(Fault::at(
            &Pointer::root(),
            "this is not an OpenAPI document: it has no `openapi: 3.0.x` at its top",
        )),
    }
}

/// Where the values of a document stand in its text.
pub struct Places<'a>(Option<MarkedYaml<'a>>);

impl<'a> Places<'a> {
    pub fn of(source: &'a str) -> Self {
        Self(load(source).ok())
    }

    /// The line and column, both from 1, of a place in the document, or of what encloses it.
    pub fn position(&self, pointer: &Pointer) -> Option<(usize, usize)> {
        let mut node = self.0.as_ref()?;
        let mut at = node.span.start;
        for segment in pointer.segments() {
            match &node.data {
                YamlData::Mapping(members) => {
                    let Some((key, value)) = members
                        .iter()
                        .find(|(key, _)| key_text(key).as_deref() == Some(segment))
                    else {
                        break;
                    };
                    at = key.span.start;
                    node = value;
                }
                YamlData::Sequence(items) => {
                    let Some(item) = segment.parse().ok().and_then(|i: usize| items.get(i)) else {
                        break;
                    };
                    at = item.span.start;
                    node = item;
                }
                _ => break,
            }
        }
        Some((at.line(), at.col() + 1))
    }
}

fn load(source: &str) -> Result<MarkedYaml<'_>, Fault> {
    let mut documents = MarkedYaml::load_from_str(source).map_err(|error| Fault::Syntax {
        line: error.marker().line(),
        column: error.marker().col() + 1,
        message: format!("not YAML: {}", error.info()),
    })?;
    if documents.len() > 1 {
        return Err(Fault::at(
            &Pointer::root(),
            "the file holds more than one YAML document; keep one",
        ));
    }
    documents
        .pop()
        .ok_or_else(|| Fault::at(&Pointer::root(), "the file is empty"))
}

fn key_text(node: &MarkedYaml<'_>) -> Option<String> {
    match &node.data {
        YamlData::Value(Scalar::String(text)) => Some(text.to_string()),
        YamlData::Value(Scalar::Integer(number)) => Some(number.to_string()),
        YamlData::Value(Scalar::Boolean(boolean)) => Some(boolean.to_string()),
        _ => None,
    }
}

fn to_json(node: &MarkedYaml<'_>, at: &Pointer) -> Result<Value, Fault> {
    Ok(match &node.data {
        YamlData::Value(Scalar::Null) => Value::Null,
        YamlData::Value(Scalar::Boolean(boolean)) => Value::Bool(*boolean),
        YamlData::Value(Scalar::Integer(number)) => Value::from(*number),
        YamlData::Value(Scalar::FloatingPoint(number)) => Number::from_f64(number.into_inner())
            .map(Value::Number)
            .ok_or_else(|| Fault::at(at, "a number that JSON cannot hold"))?,
        YamlData::Value(Scalar::String(text)) => Value::String(text.to_string()),
        YamlData::Sequence(items) => items
            .iter()
            .enumerate()
            .map(|(index, item)| to_json(item, &at.join(index)))
            .collect::<Result<_, _>>()?,
        YamlData::Mapping(members) => {
            let mut object = Map::new();
            for (key, value) in members {
                let key = key_text(key)
                    .ok_or_else(|| Fault::at(at, "a key that is not a plain word or number"))?;
                let value = to_json(value, &at.join(&key))?;
                object.insert(key, value);
            }
            Value::Object(object)
        }
        YamlData::Tagged(..)
        | YamlData::Alias(_)
        | YamlData::BadValue
        | YamlData::Representation(..) => {
            return Err(Fault::at(
                at,
                "YAML tags and broken values have no place here",
            ));
        }
    })
}
