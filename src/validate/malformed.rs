//! Bodies that are no JSON, or JSON that is no answer.

use std::{cell::RefCell, collections::BTreeSet, fmt};

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use super::{
    report::{Finding, shown},
    rule::Rule,
    schema::{MAX_FINDINGS, cap},
    type_names::described,
};
use crate::model::{TaskId, json::is_too_large, name, pointer::join, pointers};

/// What a reader expects instead of the body.
/// The envelopes that a body can have.
fn expected() -> String {
    format!(
        "a JSON object, either {} or {{{}}}",
        envelope(),
        name::ERROR
    )
}

/// The envelope around a task.
fn envelope() -> String {
    format!("{{{}, {}, {}}}", name::CODE, name::MESSAGE, name::DATA)
}

/// Says what the bytes are instead of JSON.
pub(crate) fn finding(body: &[u8], error: &serde_json::Error) -> Finding {
    if is_too_large(error) {
        let place = place(error);
        let message = format!("the body was not read: it has {} ({place})", reason(error));
        return Finding::new(Rule::OversizedBody, "", message).expected(expected());
    }
    let message = match body.trim_ascii() {
        [] => "the body is empty".to_owned(),
        [0x1f, 0x8b, ..] => "the body is gzip data that was not decompressed".to_owned(),
        [0x28, 0xb5, 0x2f, 0xfd, ..] => {
            "the body is zstd data that was not decompressed".to_owned()
        }
        [0xef, 0xbb, 0xbf, ..] => {
            "the body begins with a byte order mark, which JSON forbids".to_owned()
        }
        trimmed if trimmed.starts_with(b"<") => match title(trimmed) {
            Some(title) => format!("the body is HTML or XML: \"{title}\""),
            None => "the body is HTML or XML".to_owned(),
        },
        trimmed => {
            let place = place(error);
            if std::str::from_utf8(trimmed).is_err() {
                format!("the body is not UTF-8 ({place})")
            } else if error.is_eof() {
                format!("the body ends in the middle of its JSON ({place})")
            } else if error.to_string().starts_with("recursion limit") {
                format!("the body nests too deep to be read ({place})")
            } else {
                format!("the body is not JSON: {} ({place})", reason(error))
            }
        }
    };
    Finding::new(Rule::NotJson, "", message).expected(expected())
}

fn place(error: &serde_json::Error) -> String {
    format!("line {}, column {}", error.line(), error.column())
}

/// `serde_json` puts the place behind its reason; it is shown once only.
fn reason(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let reason = text
        .rsplit_once(" at line ")
        .map_or(text.as_str(), |(reason, _)| reason);
    shown(reason)
}

/// The title of an HTML page.
pub(crate) fn title(page: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(&page[..page.len().min(4096)]).into_owned();
    let lower = head.to_ascii_lowercase();
    let start = lower.find("<title>")? + "<title>".len();
    let end = start + lower[start..].find("</title>")?;
    Some(shown(head[start..end].trim()))
}

pub(super) fn too_long(length: usize, limit: usize) -> Finding {
    let message = format!("the body was not read: it has {length} bytes, the limit is {limit}");
    Finding::new(Rule::OversizedBody, "", message).expected(expected())
}

pub(crate) fn bare_task() -> Finding {
    let message = format!("the task has no envelope {}", envelope());
    Finding::new(Rule::NoEnvelope, "", message).expected(expected())
}

pub(crate) fn no_task() -> Finding {
    let message = "the gateway says success, but gives no task";
    Finding::new(Rule::MissingField, pointers::DATA, message).expected("a task")
}

pub(crate) fn upstream() -> Finding {
    let message = format!(
        "this is the upstream's own task object, expected at {}",
        pointers::DATA_DATA
    );
    Finding::new(Rule::NoEnvelope, "", message).expected(expected())
}

pub(crate) fn other_operation() -> Finding {
    let message = "this looks like the answer to a submit, not to a query";
    Finding::new(Rule::NoEnvelope, "", message).expected(expected())
}

pub(crate) fn other_task(asked_for: &str, found: &TaskId, at: String) -> Finding {
    let message = format!("the answer is about the task {found}, but {asked_for} was asked for");
    Finding::new(Rule::OtherTask, at, message)
        .expected(asked_for)
        .found(&Value::from(found.as_str()))
}

pub(crate) fn no_envelope(value: &Value) -> Finding {
    let message = format!(
        "this is {}, but neither a task nor an error",
        described(value)
    );
    Finding::new(Rule::NoEnvelope, "", message)
        .expected(expected())
        .found(value)
}

/// Finds the objects that have a key twice, each such key once.
pub(crate) fn duplicate_keys(body: &[u8]) -> Vec<Finding> {
    let search = RefCell::new(Search::default());
    let mut deserializer = serde_json::Deserializer::from_slice(body);
    // The body was parsed once already, so this cannot fail.
    let _ = Finder(&search).deserialize(&mut deserializer);
    let places = search.into_inner().places;
    let mut findings: Vec<Finding> = places
        .into_iter()
        .map(|place| {
            let message = "duplicate key; the last value wins";
            Finding::new(Rule::DuplicateKey, place, message)
        })
        .collect();
    cap(&mut findings);
    findings
}

/// Where the search is, and what it has found.
#[derive(Default)]
struct Search {
    /// The names that lead here; joined only for what is found.
    path: Vec<String>,
    places: BTreeSet<String>,
}

impl Search {
    fn found(&mut self, key: &str) {
        if self.places.len() <= MAX_FINDINGS {
            let path = self
                .path
                .iter()
                .fold(String::new(), |at, name| join(&at, name));
            self.places.insert(join(&path, key));
        }
    }
}

#[derive(Clone, Copy)]
struct Finder<'a>(&'a RefCell<Search>);

impl Finder<'_> {
    /// Does something with what stands below a name.
    fn below<T>(self, name: String, visit: impl FnOnce(Self) -> T) -> T {
        self.0.borrow_mut().path.push(name);
        let outcome = visit(self);
        self.0.borrow_mut().path.pop();
        outcome
    }
}

impl<'de> DeserializeSeed<'de> for Finder<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Finder<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        for index in 0_usize.. {
            let next = self.below(index.to_string(), |below| items.next_element_seed(below));
            if next?.is_none() {
                break;
            }
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        let mut seen = BTreeSet::new();
        while let Some(key) = members.next_key::<String>()? {
            if seen.contains(&key) {
                self.0.borrow_mut().found(&key);
                members.next_value::<IgnoredAny>()?;
            } else {
                self.below(key.clone(), |below| members.next_value_seed(below))?;
                seen.insert(key);
            }
        }
        Ok(())
    }
}
