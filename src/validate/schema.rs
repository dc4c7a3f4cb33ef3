//! Findings of the two compiled readings.

use std::{
    cell::RefCell,
    collections::{BTreeSet, HashMap},
    sync::LazyLock,
};

use jsonschema::{
    ErrorIterator, ValidationError,
    error::{TypeKind, ValidationErrorKind},
};
use serde_json::Value;

use super::{
    report::{Finding, excerpt},
    rule::Rule,
};
use crate::{
    model::{
        Shape,
        pointer::{join, members},
        tables,
    },
    validate::generated::{contract, documentation},
};

/// At most this many findings of a kind are listed; a body that has more is not meant well.
pub(crate) const FINDINGS: usize = 200;
/// At most this many undocumented members of one object are listed one by one.
const MEMBERS: usize = 100;

/// The two bodies that the operation can send.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Body {
    /// The answer to a query.
    Response,
    /// An error in one of the two envelopes.
    Error,
}

impl Body {
    /// Whether the body is as documented; compiled code, which builds nothing.
    pub fn is_documented(self, value: &Value) -> bool {
        match self {
            Self::Response => documentation::Response::is_valid(value),
            Self::Error => documentation::ErrorBody::is_valid(value),
        }
    }

    fn contract(self, value: &Value) -> ErrorIterator<'_> {
        match self {
            Self::Response => contract::Response::iter_errors(value),
            Self::Error => contract::ErrorBody::iter_errors(value),
        }
    }

    fn documentation(self, value: &Value) -> ErrorIterator<'_> {
        match self {
            Self::Response => documentation::Response::iter_errors(value),
            Self::Error => documentation::ErrorBody::iter_errors(value),
        }
    }

    fn schema(self) -> &'static Value {
        static RESPONSE: LazyLock<Value> = LazyLock::new(|| parsed(documentation::RESPONSE_SCHEMA));
        static ERROR: LazyLock<Value> = LazyLock::new(|| parsed(documentation::ERRORBODY_SCHEMA));
        match self {
            Self::Response => &RESPONSE,
            Self::Error => &ERROR,
        }
    }
}

/// The build has written the text from a JSON value; should it be damaged, findings lack their
/// place in the spec and nothing else.
fn parsed(schema: &str) -> Value {
    serde_json::from_str(schema).unwrap_or_default()
}

/// Everything that the two readings find, at most one finding for each place.
pub(crate) fn findings(body: Body, value: &Value) -> Vec<Finding> {
    findings_of(body.contract(value), body.documentation(value))
}

/// Everything that two readings have found, at most one finding for each place.
pub fn findings_of(contract: ErrorIterator<'_>, documentation: ErrorIterator<'_>) -> Vec<Finding> {
    // A wrong type says it all: the value's other faults at the same place follow from it.
    let (types, others): (Vec<_>, Vec<_>) = contract.partition(is_type_error);
    let breaches = types.iter().chain(&others).filter_map(breach);
    // One more than is listed, so that it can be said that there are more.
    let departures = documentation.take(FINDINGS + 1);
    let departures = departures.flat_map(|error| departure(&error));
    let mut places = BTreeSet::new();
    let mut findings: Vec<Finding> = breaches
        .take(FINDINGS + 1)
        .chain(departures)
        .filter(|finding| places.insert(finding.pointer.clone()))
        .take(FINDINGS + 1)
        .collect();
    cap(&mut findings);
    findings
}

/// Cuts findings to what a report lists, and says so.
pub(crate) fn cap(findings: &mut Vec<Finding>) {
    if findings.len() > FINDINGS {
        findings.truncate(FINDINGS);
        let message = format!("more is found than the {FINDINGS} findings that are listed");
        findings.push(Finding::new(Rule::TooManyFindings, "", message));
    }
}

fn is_type_error(error: &ValidationError<'_>) -> bool {
    matches!(error.kind(), ValidationErrorKind::Type { .. })
}

/// An error of the contract reading.
fn breach(error: &ValidationError<'_>) -> Option<Finding> {
    let at = error.instance_path().to_string();
    let value = error.instance();
    Some(match error.kind() {
        ValidationErrorKind::Required { property } => {
            let name = property.as_str()?;
            Finding::new(
                Rule::MissingField,
                join(&at, name),
                format!("`{name}` is missing"),
            )
        }
        ValidationErrorKind::Type { kind } => {
            let expected = type_names(kind);
            let message = format!(
                "this is {}, but has to be {}",
                described(value),
                with_articles(kind)
            );
            Finding::new(Rule::WrongType, at, message)
                .expected(expected)
                .found(value)
        }
        ValidationErrorKind::Enum { options } => {
            let expected = one_of(options);
            let rule = if at.ends_with(&format!("/{}", tables::DISCRIMINATOR)) {
                Rule::UnknownStatus
            } else {
                Rule::WrongValue
            };
            let mut message = format!("{} is not {expected}", excerpt(value));
            if let Some(close) = same_letters(value, options) {
                message.push_str(&format!("; `{close}` is the same word in other letters"));
            }
            Finding::new(rule, at, message)
                .expected(expected)
                .found(value)
        }
        ValidationErrorKind::MinLength { limit } => {
            let expected = match limit {
                1 => "a text that is not empty".to_owned(),
                limit => format!("a text of at least {limit} characters"),
            };
            Finding::new(Rule::WrongValue, at, format!("this has to be {expected}"))
                .expected(expected)
                .found(value)
        }
        _ => Finding::new(Rule::WrongValue, at, error.masked().to_string()).found(value),
    })
}

/// An error of the documentation reading; one that is also a breach has the same place.
fn departure(error: &ValidationError<'_>) -> Vec<Finding> {
    let at = error.instance_path().to_string();
    let value = error.instance();
    let finding = match error.kind() {
        ValidationErrorKind::Required { property } => {
            let name = property.as_str().unwrap_or_default();
            let message = format!("`{name}` is documented, but missing");
            Finding::new(Rule::OmittedField, join(&at, name), message)
        }
        ValidationErrorKind::Type { kind } if value.is_null() => {
            let expected = type_names(kind);
            let message = format!("this is documented as {}, but null", with_articles(kind));
            Finding::new(Rule::OmittedField, at, message)
                .expected(expected)
                .found(value)
        }
        ValidationErrorKind::Type { kind } => {
            let expected = type_names(kind);
            let message = format!(
                "this is {}, but documented as {}",
                described(value),
                with_articles(kind)
            );
            Finding::new(Rule::UndocumentedType, at, message)
                .expected(expected)
                .found(value)
        }
        ValidationErrorKind::Enum { options } => {
            let expected = one_of(options);
            let message = format!("{} is not among the documented values", excerpt(value));
            Finding::new(Rule::UndocumentedValue, at, message)
                .expected(expected)
                .found(value)
        }
        ValidationErrorKind::Pattern { pattern } => {
            let message = format!("{} does not have the documented form", excerpt(value));
            Finding::new(Rule::OddFormat, at, message)
                .expected(format!("text like {pattern}"))
                .found(value)
        }
        ValidationErrorKind::AdditionalProperties { unexpected } => {
            return undocumented(&at, value, unexpected);
        }
        _ => Finding::new(Rule::OddFormat, at, error.masked().to_string()).found(value),
    };
    vec![finding]
}

fn undocumented(at: &str, object: &Value, names: &[String]) -> Vec<Finding> {
    let mut findings: Vec<Finding> = names
        .iter()
        .take(MEMBERS)
        .map(|name| {
            let finding = Finding::new(
                Rule::UndocumentedField,
                join(at, name),
                "this field is not documented",
            );
            match object.get(name) {
                Some(value) => finding.found(value),
                None => finding,
            }
        })
        .collect();
    if names.len() > MEMBERS {
        let message = format!("{} more fields are not documented", names.len() - MEMBERS);
        findings.push(Finding::new(Rule::UndocumentedField, at, message));
    }
    findings
}

fn types(kind: &TypeKind) -> Vec<String> {
    match kind {
        TypeKind::Single(kind) => vec![kind.to_string()],
        // Null is absence: no member has to be null.
        TypeKind::Multiple(kinds) => {
            let names = kinds.iter().map(|kind| kind.to_string());
            names.filter(|name| name != "null").collect()
        }
    }
}

fn type_names(kind: &TypeKind) -> String {
    types(kind).join(" or ")
}

fn with_articles(kind: &TypeKind) -> String {
    let names = types(kind).into_iter().map(|name| match name.as_str() {
        "null" => name,
        "array" | "integer" | "object" => format!("an {name}"),
        _ => format!("a {name}"),
    });
    names.collect::<Vec<_>>().join(" or ")
}

/// A value's JSON type with its article.
pub(crate) fn described(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

fn one_of(options: &Value) -> String {
    let options = options.as_array().map(Vec::as_slice).unwrap_or_default();
    let names: Vec<&str> = options.iter().filter_map(Value::as_str).collect();
    match names.as_slice() {
        [one] => (*one).to_owned(),
        names => format!("one of {}", names.join(", ")),
    }
}

/// The option that differs from the value in upper and lower case only.
fn same_letters<'a>(value: &Value, options: &'a Value) -> Option<&'a str> {
    let value = value.as_str()?;
    let mut options = options.as_array()?.iter().filter_map(Value::as_str);
    options.find(|option| option.eq_ignore_ascii_case(value))
}

/// What the lowered schemas call the shape of a task whose status is missing or unknown.
const UNMATCHED: &str = "unmatched";

/// Where the spec describes a place of a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SchemaLocation {
    /// A JSON Pointer into the document.
    pub pointer: String,
    /// The shape of tasks that the place is documented for, if the body has another one.
    pub other_shape: Option<String>,
}

/// So many places are remembered: more than are documented.
const REMEMBERED: usize = 1024;

/// Places by their pointers, for each kind of body.
type Places = HashMap<(Body, Option<Shape>), HashMap<String, Option<SchemaLocation>>>;

thread_local! {
    /// The places that were looked up before; most findings are at one of a few.
    static PLACES: RefCell<Places> = RefCell::default();
}

/// Looks up a place of a body; what is not documented at all is described by what encloses it.
pub(crate) fn place(body: Body, pointer: &str, shape: Option<Shape>) -> Option<SchemaLocation> {
    PLACES.with_borrow_mut(|places| {
        let known = places.entry((body, shape)).or_default();
        if let Some(place) = known.get(pointer) {
            return place.clone();
        }
        let place = look_up(body, pointer, shape);
        if known.len() < REMEMBERED {
            known.insert(pointer.to_owned(), place.clone());
        }
        place
    })
}

fn look_up(body: Body, pointer: &str, shape: Option<Shape>) -> Option<SchemaLocation> {
    let root = body.schema();
    let shape = shape.map(Shape::name);
    let mut node = root;
    let mut found = spec(resolve(root, root));
    let mut other_shape = None;
    for name in members(pointer) {
        let mut objects = Vec::new();
        collect(root, node, &mut objects);
        // The branch that the body means, then what holds for all branches, then the others.
        objects.reverse();
        objects.sort_by_key(|object| match of_shape(object) {
            Some(own) if own == shape.unwrap_or(UNMATCHED) => 0,
            None => 1,
            Some(UNMATCHED) => 3,
            Some(_) => 2,
        });
        let property = objects
            .iter()
            .find_map(|object| Some((object, object.get("properties")?.get(&name)?)));
        let Some((object, property)) = property else {
            found = objects.first().and_then(|object| spec(object)).or(found);
            break;
        };
        if other_shape.is_none() {
            other_shape = of_shape(object)
                .filter(|own| *own != UNMATCHED && shape.is_some_and(|shape| shape != *own));
        }
        node = property;
        found = spec(property).or(found);
    }
    Some(SchemaLocation {
        pointer: found?.to_owned(),
        other_shape: other_shape.map(str::to_owned),
    })
}

/// Whether the document says of a place of a body that it can be null, in any shape.
pub(super) fn can_be_null(body: Body, pointer: &str) -> bool {
    let root = body.schema();
    let mut nodes = vec![root];
    for segment in pointer.split('/').skip(1) {
        let name = segment.replace("~1", "/").replace("~0", "~");
        let mut objects = Vec::new();
        for node in nodes {
            collect(root, node, &mut objects);
        }
        nodes = objects
            .iter()
            .filter_map(|object| object.get("properties")?.get(&name))
            .collect();
    }
    let mut objects = Vec::new();
    for node in nodes {
        collect(root, node, &mut objects);
    }
    objects.iter().any(|object| match object.get("type") {
        Some(Value::Array(kinds)) => kinds.iter().any(|kind| kind == "null"),
        kind => kind.is_some_and(|kind| kind == "null"),
    })
}

fn of_shape(schema: &Value) -> Option<&str> {
    schema.get("x-shape")?.as_str()
}

fn spec(schema: &Value) -> Option<&str> {
    schema.get("x-spec")?.as_str()
}

fn resolve<'a>(root: &'a Value, schema: &'a Value) -> &'a Value {
    schema
        .get("$ref")
        .and_then(Value::as_str)
        .and_then(|target| root.pointer(target.trim_start_matches('#')))
        .unwrap_or(schema)
}

/// The schemas that can apply to a value: the branches of unions before the unions themselves.
fn collect<'a>(root: &'a Value, schema: &'a Value, objects: &mut Vec<&'a Value>) {
    let schema = resolve(root, schema);
    for keyword in ["then", "else"] {
        if let Some(branch) = schema.get(keyword) {
            collect(root, branch, objects);
        }
    }
    objects.push(schema);
}
