//! The names that a response has by its documentation, and which objects have enough of them.

use std::{collections::BTreeSet, sync::LazyLock};

use jsonc_parser::ast::{Object, ObjectPropName, Value};
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
const ERROR: &str = "error";

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

/// Whether an object has the envelope of a response, with a task or nothing in it.
pub(super) fn is_complete(object: &Object<'_>) -> bool {
    let child = |name: &str| {
        let property = object.properties.iter().find(|property| {
            matches!(&property.name, ObjectPropName::String(known) if known.value == name)
        })?;
        Some(&property.value)
    };
    let has_task = NAMES.envelope.iter().any(
        |name| matches!(child(name), Some(Value::Object(task)) if count(task, &NAMES.task) > 1),
    );
    has_task || count(object, &NAMES.envelope) > 2
}

/// Whether an object may be a response in another form: a bare task, the upstream's object, an error.
pub(super) fn is_likely(object: &Object<'_>) -> bool {
    let has_error = object.properties.iter().any(|property| {
        property.name.as_str() == ERROR
            && matches!(&property.value, Value::Object(error) if count(error, &NAMES.envelope) > 0)
    });
    has_error
        || is_complete(object)
        || count(object, &NAMES.envelope) > 1
        || count(object, &NAMES.task) > 1
        || count(object, &NAMES.upstream) > 2
}

/// The names of an object that has no documented one at all.
pub(super) fn foreign_names(value: &Value<'_>) -> Option<String> {
    let Value::Object(object) = value else {
        return None;
    };
    let is_known =
        |name: &str| name == ERROR || NAMES.envelope.contains(name) || NAMES.task.contains(name);
    let all: Vec<&str> = names(object).collect();
    if all.is_empty() || all.iter().any(|name| is_known(name)) {
        return None;
    }
    let shown: Vec<&str> = all.iter().copied().take(MAX_LISTED_MEMBERS).collect();
    let more = if all.len() > MAX_LISTED_MEMBERS {
        ", …"
    } else {
        ""
    };
    Some(format!("{}{more}", shown.join(", ")))
}
