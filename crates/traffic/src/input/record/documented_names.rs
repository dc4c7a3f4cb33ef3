//! The names that a response has by its documentation, and which objects have enough of them.

use std::{collections::BTreeSet, sync::LazyLock};

use super::{
    names::{is_of_a_log, is_status, is_whole_body},
    surroundings::status,
};
use jsonc_parser::ast::{Object, ObjectPropName, Value};
use seedance_query::model::name;
use seedance_query::validate::coverage::FIELDS;

/// Maximum number of names that a message lists.
const MAX_LISTED_MEMBERS: usize = 6;

/// The documented names at the three levels of a response.
pub(super) struct Names {
    pub envelope: BTreeSet<&'static str>,
    task: BTreeSet<&'static str>,
    upstream: BTreeSet<&'static str>,
}

pub(super) static NAMES: LazyLock<Names> = LazyLock::new(|| {
    let at_depth = |depth: usize| {
        let fields = FIELDS.iter().filter(move |field| field.path.len() == depth);
        fields
            .filter_map(|field| field.path.last().copied())
            .collect()
    };
    Names {
        envelope: at_depth(1),
        task: at_depth(2),
        upstream: at_depth(3),
    }
});

/// The member of an error response that holds the error.
const ERROR: &str = name::ERROR;

/// Whether an object is an entry of a log.
fn is_log_entry(object: &Object<'_>) -> bool {
    names(object).any(is_of_a_log)
}

fn names<'a>(object: &'a Object<'_>) -> impl Iterator<Item = &'a str> {
    object
        .properties
        .iter()
        .filter_map(|property| match &property.name {
            ObjectPropName::String(name) => Some(name.value.as_ref()),
            ObjectPropName::Word(_) => None,
        })
}

fn count(object: &Object<'_>, known: &BTreeSet<&str>) -> usize {
    names(object).filter(|name| known.contains(name)).count()
}

/// Whether most names of an object are documented ones.
fn is_mostly(object: &Object<'_>, known: &BTreeSet<&str>) -> bool {
    2 * count(object, known) > object.properties.len()
}

/// Whether an object has the envelope of a response, with a task or nothing in it.
pub(super) fn is_complete(object: &Object<'_>) -> bool {
    if !is_mostly(object, &NAMES.envelope) && count(object, &NAMES.envelope) < 3 {
        return false;
    }
    let has_task = object.properties.iter().any(|property| {
        NAMES.envelope.contains(property.name.as_str())
            && matches!(&property.value, Value::Object(task) if count(task, &NAMES.task) > 1)
    });
    has_task || count(object, &NAMES.envelope) > 2
}

/// Whether an object may be a response in another form: a bare task, the upstream's object, an error.
///
/// An object deep in a record has to have more of the names than one that stands where a body is
/// expected.
pub(super) fn is_likely(object: &Object<'_>, is_expected: bool) -> bool {
    let (task, upstream) = (count(object, &NAMES.task), count(object, &NAMES.upstream));
    let is_request = is_request(object);
    if is_expected {
        is_error(object)
            || is_complete(object)
            || is_envelope(object)
            || (task > 1 && 2 * task > object.properties.len())
            || task > 3
            || (upstream > 2 && !is_request)
    } else {
        is_complete(object)
            || (task > 3 && is_mostly(object, &NAMES.task))
            || (upstream > 3 && !is_request)
    }
}

/// Whether an object has the members of the envelope and hardly others.
pub(super) fn is_envelope(object: &Object<'_>) -> bool {
    count(object, &NAMES.envelope) > 1
        && is_mostly(object, &NAMES.envelope)
        && !is_log_entry(object)
}

/// Whether an object holds an error and hardly anything else.
pub(super) fn is_error(object: &Object<'_>) -> bool {
    object.properties.len() <= 2 && !is_log_entry(object) && object.properties.iter().any(|property| {
        property.name.as_str() == ERROR
            && matches!(&property.value, Value::Object(error) if count(error, &NAMES.envelope) > 0)
    })
}

/// The names of an object that has no documented one or is a record, or those of any object.
pub(super) fn foreign_names(value: &Value<'_>, is_any: bool) -> Option<String> {
    let Value::Object(object) = value else {
        return is_any.then(String::new);
    };
    let is_known =
        |name: &str| name == ERROR || NAMES.envelope.contains(name) || NAMES.task.contains(name);
    let all: Vec<&str> = names(object).collect();
    let known = all.iter().any(|name| is_known(name));
    let is_record = is_log_entry(object) || has_status_and_body(object);
    let is_response = all.is_empty() || (known && !is_record);
    let is_request = !is_likely(object, true) && is_request(object);
    if is_response && !is_any && !is_request {
        return None;
    }
    let shown: Vec<&str> = all.iter().copied().take(MAX_LISTED_MEMBERS).collect();
    let more = if all.len() > MAX_LISTED_MEMBERS {
        ", …"
    } else {
        ""
    };
    let names = format!("{}{more}", shown.join(", "));
    Some(seedance_query::redact::text(&names).into_owned())
}

/// Whether an object has an HTTP status and a body, as a recorder writes it.
pub(super) fn has_status_and_body(object: &Object<'_>) -> bool {
    let mut properties = object.properties.iter();
    let has_status = properties.clone().any(|property| {
        is_status(property.name.as_str())
            && (matches!(property.value, Value::NumberLit(_)) || status(&property.value).is_some())
    });
    has_status && properties.any(|property| is_whole_body(property.name.as_str()))
}

/// Whether an object is what is sent to have a video made.
fn is_request(object: &Object<'_>) -> bool {
    object.properties.iter().any(|property| {
        NAMES.upstream.contains(property.name.as_str())
            && !NAMES.task.contains(property.name.as_str())
            && matches!(property.value, Value::Array(_))
    })
}
