//! YAML text to JSON.

use saphyr::{LoadableYamlNode, MarkedYaml, Scalar, YamlData};
use saphyr_parser::{Event, Parser};
use serde_json::{Map, Number, Value};

use super::{pointer::Pointer, problem::Problem};

/// Values within values, as deep as `serde_json` reads them; more would exhaust the stack.
const MAX_DEPTH: usize = 128;

/// The text as JSON.
pub fn parse(source: &str) -> Result<Value, Problem> {
    to_json(&load(source)?, &Pointer::root())
}

/// The text as nodes that know their position.
pub fn load(source: &str) -> Result<MarkedYaml<'_>, Problem> {
    check_nesting(source)?;
    let mut documents = MarkedYaml::load_from_str(source).map_err(|error| Problem::Syntax {
        line: error.marker().line(),
        column: error.marker().col() + 1,
        message: format!("not YAML: {}", error.info()),
    })?;
    if documents.len() > 1 {
        return Err(Problem::at(
            &Pointer::root(),
            "the file holds more than one YAML document; expected one",
        ));
    }
    documents
        .pop()
        .ok_or_else(|| Problem::at(&Pointer::root(), "the file is empty"))
}

/// Refuses what could not be loaded in bounded stack. An alias can nest as deep as it likes.
fn check_nesting(source: &str) -> Result<(), Problem> {
    let mut depth = 0_usize;
    // What is no YAML ends the events; loading it says why.
    for (event, span) in Parser::new_from_str(source).map_while(Result::ok) {
        let message = match event {
            Event::SequenceStart(..) | Event::MappingStart(..) if depth == MAX_DEPTH => {
                format!("values nest deeper than {MAX_DEPTH} levels")
            }
            Event::SequenceStart(..) | Event::MappingStart(..) => {
                depth += 1;
                continue;
            }
            Event::SequenceEnd | Event::MappingEnd => {
                depth = depth.saturating_sub(1);
                continue;
            }
            Event::Alias(_) => "YAML aliases are not supported".to_owned(),
            _ => continue,
        };
        return Err(Problem::Syntax {
            line: span.start.line(),
            column: span.start.col() + 1,
            message,
        });
    }
    Ok(())
}

/// A key as the text that it is in JSON.
pub fn key_text(node: &MarkedYaml<'_>) -> Option<String> {
    match &node.data {
        YamlData::Value(Scalar::String(text)) => Some(text.to_string()),
        YamlData::Value(Scalar::Integer(number)) => Some(number.to_string()),
        YamlData::Value(Scalar::Boolean(boolean)) => Some(boolean.to_string()),
        _ => None,
    }
}

fn to_json(node: &MarkedYaml<'_>, at: &Pointer) -> Result<Value, Problem> {
    Ok(match &node.data {
        YamlData::Value(Scalar::Null) => Value::Null,
        YamlData::Value(Scalar::Boolean(boolean)) => Value::Bool(*boolean),
        YamlData::Value(Scalar::Integer(number)) => Value::from(*number),
        YamlData::Value(Scalar::FloatingPoint(number)) => Number::from_f64(number.into_inner())
            .map(Value::Number)
            .ok_or_else(|| Problem::at(at, "this number cannot be represented in JSON"))?,
        YamlData::Value(Scalar::String(text)) => Value::String(text.to_string()),
        YamlData::Sequence(items) => items
            .iter()
            .enumerate()
            .map(|(index, item)| to_json(item, &at.join(index)))
            .collect::<Result<_, _>>()?,
        YamlData::Mapping(members) => {
            let mut object = Map::new();
            for (key, value) in members {
                let key =
                    key_text(key).ok_or_else(|| Problem::at(at, "a key must be a plain scalar"))?;
                let value = to_json(value, &at.join(&key))?;
                object.insert(key, value);
            }
            Value::Object(object)
        }
        YamlData::Tagged(..)
        | YamlData::Alias(_)
        | YamlData::BadValue
        | YamlData::Representation(..) => {
            return Err(Problem::at(
                at,
                "YAML tags, aliases and malformed values are not supported",
            ));
        }
    })
}
