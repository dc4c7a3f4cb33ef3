//! Searches a JSON text for responses.

use std::ops::Range;

use jsonc_parser::{
    ast::{Object, Value},
    common::Ranged,
};

use super::{
    documented_names::{has_status_and_body, is_complete, is_envelope, is_error, is_likely},
    encoded,
    names::{is_body, is_body_file, is_request, is_whole_body},
    start::is_started_response,
    surroundings::Surroundings,
    text_line::json,
};
use crate::strict_json;
use seedance_query::{model::name, validate::operations::Operation};

/// Maximum number of JSON texts inside JSON strings that are unwrapped on the way to a response.
const MAX_UNWRAPPED: usize = 3;

/// Maximum number of starts of JSON values that are tried in a line of a log.
const MAX_ATTEMPTS: usize = 16;

/// What a search found.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::input) enum Found {
    Response(Embedded),
    /// An entry of an HTTP archive.
    HarEntry(Body),
}

/// A response inside another JSON text.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::input) struct Embedded {
    pub body: Body,
    pub(super) around: Surroundings,
    /// The way to it, such as `.http.body`.
    pub path: String,
}

impl Embedded {
    /// The HTTP status that stands beside it.
    pub fn status(&self) -> Option<u16> {
        self.around.status
    }

    /// When it was recorded, in Unix seconds.
    pub fn time(&self) -> Option<i64> {
        self.around.time
    }

    /// What was requested, if the record tells.
    pub fn request(&self) -> (Option<&str>, Option<&str>) {
        (self.around.method.as_deref(), self.around.url.as_deref())
    }
}

#[derive(Debug, PartialEq, Eq)]
pub(in crate::input) enum Body {
    /// These bytes of the text.
    Within(Range<usize>),
    /// It was in a string.
    Unwrapped(Vec<u8>),
    /// It is in an attached file of this name.
    File(String),
    /// It cannot be read.
    Broken(String),
}

/// The outermost responses of a text: those that are complete, or else those that may be one.
pub(super) fn responses(source: &str, value: &Value<'_>) -> Vec<Found> {
    let mut search = Search {
        is_complete: true,
        found: Vec::new(),
    };
    search.value(source, value, &Way::default());
    if search.found.is_empty() {
        search.is_complete = false;
        search.value(source, value, &Way::default());
    }
    search.found
}

/// How a value was reached.
#[derive(Clone, Default)]
struct Way {
    path: String,
    around: Surroundings,
    unwrapped: usize,
    /// Whether it is the member of a record that holds a body.
    is_body: bool,
    /// Whether it is a text beside an HTTP status, in a record that names a task but no URL.
    is_text_of_task: bool,
}

impl Way {
    fn is_outermost(&self) -> bool {
        self.path.is_empty()
    }

    /// Whether the record is known to be about the task query.
    fn is_query(&self) -> bool {
        let url = self.around.url.as_deref();
        url.is_some_and(|url| Operation::of_request("GET", url).is_some())
    }
}

/// Collects the outermost objects that match.
struct Search {
    is_complete: bool,
    found: Vec<Found>,
}

impl Search {
    fn value(&mut self, source: &str, value: &Value<'_>, way: &Way) {
        match value {
            Value::Object(object) if self.is_match(object, way) => {
                self.push(body(source, object, way), way);
            }
            Value::Object(object) if self.is_complete && is_har_entry(object) => {
                self.found.push(Found::HarEntry(body(source, object, way)));
            }
            // It was found before, unless there was nothing to find in it.
            Value::Object(object) if is_har_entry(object) => {}
            Value::Object(object) => self.object(source, object, way),
            Value::Array(array) => {
                let way = Way {
                    path: format!("{}[]", way.path),
                    around: Surroundings::of_items(&array.elements, &way.around),
                    ..way.clone()
                };
                for element in &array.elements {
                    self.value(source, element, &way);
                }
            }
            Value::StringLit(text) if way.unwrapped < MAX_UNWRAPPED => self.text(&text.value, way),
            _ => {}
        }
    }

    fn is_match(&self, object: &Object<'_>, way: &Way) -> bool {
        if self.is_complete {
            return is_complete(object);
        }
        // The task's own status is a word; beside a body, a number is that of HTTP.
        if names_task(object) && has_status_and_body(object) {
            return false;
        }
        // In a record, something has to tell that this is what came back.
        let is_told =
            way.is_body && (way.around.status.is_some() || way.unwrapped > 0 || way.is_query());
        is_likely(object, way.is_outermost() || is_told)
            || (is_told && (is_error(object) || is_envelope(object)))
    }

    fn object(&mut self, source: &str, object: &Object<'_>, way: &Way) {
        if let Some(bytes) = encoded::buffer(object) {
            let before = self.found.len();
            self.bytes(&bytes, way);
            self.any_body(before, way, || Body::Unwrapped(bytes.clone()));
            return;
        }
        let around = Surroundings::of(object, &way.around);
        for property in &object.properties {
            let name = property.name.as_str();
            if is_request(name) || is_copy(object, name) {
                continue;
            }
            let way = Way {
                path: format!("{}.{name}", way.path),
                around: around.clone(),
                unwrapped: way.unwrapped,
                is_body: is_body(name),
                is_text_of_task: around.url.is_none()
                    && is_whole_body(name)
                    && is_page(&property.value, around.status)
                    && names_task(object),
            };
            match &property.value {
                Value::StringLit(file) if self.is_complete && is_body_file(name) => {
                    if way.is_query() {
                        self.push(Body::File(file.value.to_string()), &way);
                    }
                }
                value => {
                    let before = self.found.len();
                    self.value(source, value, &way);
                    if let Value::StringLit(text) = value
                        && !text.value.is_empty()
                    {
                        self.any_body(before, &way, || {
                            Body::Unwrapped(text.value.as_bytes().to_vec())
                        });
                    }
                }
            }
        }
    }

    /// Takes a body for a response although it is not like one, because the record tells so.
    fn any_body(&mut self, before: usize, way: &Way, body: impl FnOnce() -> Body) {
        let is_new = self.found.len() > before;
        let is_told = way.is_query() || way.is_text_of_task;
        if !self.is_complete && !is_new && way.is_body && is_told && way.around.status.is_some() {
            self.push(body(), way);
        }
    }

    /// JSON in a string, as it is or in base64.
    fn text(&mut self, text: &str, way: &Way) {
        let inner = text.trim();
        let way = Way {
            unwrapped: way.unwrapped + 1,
            ..way.clone()
        };
        if inner.starts_with(['{', '[', '"']) {
            if let Some(value) = strict_json::parse(inner) {
                self.value(inner, &value, &way);
            } else if self.is_complete && is_cut_off(inner) {
                let message = format!(
                    "the recorder cut this body off after {} bytes; the response itself may be sound",
                    inner.len()
                );
                self.push(Body::Broken(message), &way);
            }
        } else if let Some(bytes) = encoded::base64(inner) {
            self.bytes(&bytes, &way);
        } else {
            // A line of a log.
            let values = json(inner.as_bytes(), MAX_ATTEMPTS).into_iter();
            for value in values.filter(|value| !value.is_cut_off()) {
                let text = &inner[value.range];
                if let Some(value) = strict_json::parse(text) {
                    self.value(text, &value, &way);
                }
            }
        }
    }

    fn bytes(&mut self, bytes: &[u8], way: &Way) {
        if let Ok(text) = std::str::from_utf8(bytes)
            && let Some(value) = strict_json::parse(text)
        {
            let way = Way {
                unwrapped: way.unwrapped.max(1),
                ..way.clone()
            };
            self.value(text, &value, &way);
        }
    }

    fn push(&mut self, body: Body, way: &Way) {
        self.found.push(Found::Response(Embedded {
            body,
            around: way.around.clone(),
            path: way.path.clone(),
        }));
    }
}

fn body(source: &str, object: &Object<'_>, way: &Way) -> Body {
    let range = object.start()..object.end();
    if way.unwrapped == 0 {
        Body::Within(range)
    } else {
        Body::Unwrapped(source.as_bytes()[range].to_vec())
    }
}

/// Whether a member repeats another one in base64, as WireMock writes bodies.
fn is_copy(record: &Object<'_>, name: &str) -> bool {
    name.strip_suffix("AsBase64").is_some_and(|original| {
        record.properties.iter().any(|property| {
            property.name.as_str() == original
                && matches!(&property.value, Value::StringLit(text) if !text.value.is_empty())
        })
    })
}

/// Whether a record tells which task it is about. Without that, and without a URL, a text may as well be
/// the answer of another API.
fn names_task(record: &Object<'_>) -> bool {
    record.properties.iter().any(|property| {
        property.name.as_str() == name::TASK_ID
            && matches!(&property.value, Value::StringLit(id) if !id.value.is_empty())
    })
}

/// Whether a value is a text that a gateway or a proxy may answer with instead of JSON.
fn is_page(value: &Value<'_>, status: Option<u16>) -> bool {
    match value {
        Value::StringLit(text) => {
            text.value.trim_start().starts_with('<') || status.is_some_and(|status| status >= 400)
        }
        _ => false,
    }
}

/// Whether a text starts as a response does and ends in the middle of its JSON.
fn is_cut_off(text: &str) -> bool {
    is_started_response(text.as_bytes())
        && serde_json::from_str::<serde::de::IgnoredAny>(text).is_err_and(|error| error.is_eof())
}

/// Whether an object has the request and the response of an exchange as an HTTP archive has them.
fn is_har_entry(object: &Object<'_>) -> bool {
    let member = |object: &Object<'_>, name: &str| {
        let mut properties = object.properties.iter();
        properties.any(|property| property.name.as_str() == name)
    };
    let child = |name: &str| {
        let mut properties = object.properties.iter();
        let property = properties.find(|property| property.name.as_str() == name)?;
        match &property.value {
            Value::Object(child) => Some(child),
            _ => None,
        }
    };
    child("request").is_some_and(|request| member(request, "url") && member(request, "method"))
        && child("response")
            .is_some_and(|response| member(response, "status") && member(response, "content"))
}
