//! The one operation of the document, and the schemas of its bodies.

use serde_json::{Map, Value};

use super::{
    pointer::{Pointer, schema_name},
    problem::Problem,
};

/// The one operation of the document and its place.
///
/// # Errors
///
/// The document has no operation, or more than one.
pub fn operation(document: &Value) -> Result<(Pointer, &Map<String, Value>), Problem> {
    let at = Pointer::root().join("paths");
    let mut operations = document
        .get("paths")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
        .flat_map(|(path, item)| {
            let at = at.join(path);
            item.as_object()
                .into_iter()
                .flatten()
                .filter_map(move |(method, operation)| {
                    Some((at.join(method), operation.as_object()?))
                })
        });
    match (operations.next(), operations.next()) {
        (Some(operation), None) => Ok(operation),
        _ => Err(Problem::at(
            &at,
            "the document must have exactly one operation",
        )),
    }
}

/// The schemas of the operation's success and error bodies.
///
/// # Errors
///
/// There is not exactly one operation, or its responses do not refer to one schema of each kind.
pub fn bodies(document: &Value) -> Result<(String, String), Problem> {
    let (at, operation) = operation(document)?;
    let at = at.join("responses");
    let responses = operation
        .get("responses")
        .and_then(Value::as_object)
        .ok_or_else(|| Problem::at(&at, "the operation has no responses"))?;
    let (mut success, mut error): (Option<String>, Option<String>) = (None, None);
    for (status, response) in responses {
        let at = at.join(status);
        let name = response
            .pointer("/content/application~1json/schema/$ref")
            .and_then(Value::as_str)
            .and_then(schema_name)
            .ok_or_else(|| {
                Problem::at(
                    &at,
                    "a response needs `application/json` content whose schema is a `$ref`",
                )
            })?;
        let slot = if status.starts_with('2') {
            &mut success
        } else {
            &mut error
        };
        if slot.get_or_insert_with(|| name.to_owned()) != name {
            return Err(Problem::at(
                &at,
                "all successes must share one schema, and all errors another",
            ));
        }
    }
    match (success, error) {
        (Some(success), Some(error)) => Ok((success, error)),
        _ => Err(Problem::at(
            &at,
            "the operation needs a 2xx response and an error response",
        )),
    }
}
