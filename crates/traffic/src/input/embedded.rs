//! Responses inside other JSON texts: log records, exports of tools, maps and lists.

use std::ops::Range;

use jsonc_parser::{
    ast::{Object, Value},
    common::Ranged,
};

use super::documented_names::{is_complete, is_likely};
use crate::strict_json;

/// Maximum number of JSON texts inside JSON strings that are unwrapped on the way to a response.
const MAX_UNWRAPPED: usize = 3;

/// A response inside another JSON text.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Embedded {
    pub body: Body,
    /// The HTTP status that stands beside it.
    pub status: Option<u16>,
    /// The way to it, such as `.http.body`.
    pub path: String,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Body {
    /// These bytes of the text.
    Within(Range<usize>),
    /// It stood in a string.
    Unwrapped(Vec<u8>),
}

/// The outermost responses of a text: those that are complete, or else those that may be one.
pub(super) fn responses(source: &str, value: &Value<'_>) -> Vec<Embedded> {
    let mut search = Search {
        is_match: is_complete,
        found: Vec::new(),
    };
    search.value(source, value, &Way::default());
    if search.found.is_empty() {
        search.is_match = is_likely;
        search.value(source, value, &Way::default());
    }
    search.found
}

/// How a value was reached.
#[derive(Clone, Default)]
struct Way {
    path: String,
    status: Option<u16>,
    unwrapped: usize,
}

/// Collects the outermost objects that match.
struct Search {
    is_match: fn(&Object<'_>) -> bool,
    found: Vec<Embedded>,
}

impl Search {
    fn value(&mut self, source: &str, value: &Value<'_>, way: &Way) {
        match value {
            Value::Object(object) if (self.is_match)(object) => {
                let body = if way.unwrapped == 0 {
                    Body::Within(object.start()..object.end())
                } else {
                    Body::Unwrapped(source.as_bytes()[object.start()..object.end()].to_vec())
                };
                self.found.push(Embedded {
                    body,
                    status: way.status,
                    path: way.path.clone(),
                });
            }
            Value::Object(object) => {
                let beside = object.properties.iter().find_map(|property| {
                    let name = property.name.as_str();
                    is_status_name(name).then(|| status(&property.value))?
                });
                for property in &object.properties {
                    let way = Way {
                        path: format!("{}.{}", way.path, property.name.as_str()),
                        status: beside.or(way.status),
                        unwrapped: way.unwrapped,
                    };
                    self.value(source, &property.value, &way);
                }
            }
            Value::Array(array) => {
                let beside = array.elements.iter().find_map(status);
                for element in &array.elements {
                    let way = Way {
                        path: format!("{}[]", way.path),
                        status: beside.or(way.status),
                        unwrapped: way.unwrapped,
                    };
                    self.value(source, element, &way);
                }
            }
            Value::StringLit(text) if way.unwrapped < MAX_UNWRAPPED => {
                let inner = text.value.trim();
                if inner.starts_with(['{', '[', '"'])
                    && let Some(value) = strict_json::parse(inner)
                {
                    let way = Way {
                        unwrapped: way.unwrapped + 1,
                        ..way.clone()
                    };
                    self.value(inner, &value, &way);
                }
            }
            _ => {}
        }
    }
}

/// Whether loggers and tools give the HTTP status under a name.
fn is_status_name(name: &str) -> bool {
    let letters = name.chars().filter(char::is_ascii_alphabetic);
    let plain: String = letters.map(|letter| letter.to_ascii_lowercase()).collect();
    matches!(
        plain.as_str(),
        "status" | "statuscode" | "httpstatus" | "responsestatus" | "code"
    )
}

fn status(value: &Value<'_>) -> Option<u16> {
    let text = match value {
        Value::NumberLit(number) => number.value,
        Value::StringLit(text) => text.value.as_ref(),
        _ => return None,
    };
    let status: u16 = text.parse().ok()?;
    (100..600).contains(&status).then_some(status)
}
