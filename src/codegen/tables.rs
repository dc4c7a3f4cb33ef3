//! What the library's own code needs to know of the spec, as constants.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
};

use serde_json::{Map, Value};

use super::{
    compose::{Schemas, operation},
    error::Fault,
    pointer::{Pointer, schema_name},
};

/// The shapes that the library has a variant for.
pub const SHAPES: [(&str, &str); 4] = [
    ("pending", "Shape::Pending"),
    ("normal", "Shape::Normal"),
    ("super_resolution", "Shape::SuperResolution"),
    ("failure", "Shape::Failure"),
];

/// What the client calls.
const OPERATION_ID: &str = "query_task";

pub fn generate(document: &Value, schemas: &Schemas) -> Result<String, Fault> {
    let (at, operation) = operation(document)?;
    let poll = operation
        .get("x-poll-interval-seconds")
        .and_then(Value::as_u64)
        .ok_or_else(|| Fault::at(&at, "the operation needs an `x-poll-interval-seconds`"))?;
    if operation
        .get("operationId")
        .is_none_or(|id| id != OPERATION_ID)
    {
        let message = format!("the library calls the operation `{OPERATION_ID}`");
        return Err(Fault::at(&at.join("operationId"), message));
    }
    let valid_for = valid_for(schemas)?;
    let path = at.segments().nth(1).unwrap_or_default().to_owned();
    let codes: Vec<&str> = operation
        .get("responses")
        .and_then(Value::as_object)
        .into_iter()
        .flat_map(Map::keys)
        .filter(|status| status.parse::<u16>().is_ok())
        .map(String::as_str)
        .collect();
    let servers: Vec<&str> = document
        .get("servers")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(|server| server.get("url")?.as_str())
        .collect();
    let mut out =
        String::from("/// What the spec says outside of its schemas.\npub mod tables {\n");
    let _ = write!(
        out,
        "use crate::shape::{{Shape, Status}};\n\
         /// How long to wait between two queries of a task, in seconds.\n\
         pub const POLL_INTERVAL_SECONDS: u64 = {poll};\n\
         /// How long the URL of a finished video can be used, in seconds after the task has finished.\n\
         pub const VALID_FOR_SECONDS: u64 = {valid_for};\n\
         /// The operation's path, with `{{task_id}}` in it.\n\
         pub const PATH: &str = {path:?};\n\
         /// The HTTP status codes that are documented.\n\
         pub const DOCUMENTED_STATUS_CODES: &[u16] = &[{}];\n\
         /// Base URLs of the API's known hosts.\n\
         pub const SERVERS: &[&str] = &{servers:?};\n",
        codes.join(", "),
    );
    out.push_str(&statuses(schemas)?);
    out.push_str("}\n");
    Ok(out)
}

/// How long a URL can be used, which has to be the same wherever the spec says it.
fn valid_for(schemas: &Schemas) -> Result<u64, Fault> {
    let mut found = BTreeSet::new();
    for schema in schemas.by_name.values() {
        collect_valid_for(schema, &mut found);
    }
    match Vec::from_iter(found).as_slice() {
        [seconds] => Ok(*seconds),
        _ => Err(Fault::at(
            &Pointer::root().join("components").join("schemas"),
            "the URL of a video needs an `x-valid-for-seconds`, the same wherever it stands",
        )),
    }
}

fn collect_valid_for(schema: &Value, found: &mut BTreeSet<u64>) {
    match schema {
        Value::Object(members) => {
            found.extend(members.get("x-valid-for-seconds").and_then(Value::as_u64));
            for member in members.values() {
                collect_valid_for(member, found);
            }
        }
        Value::Array(items) => {
            for item in items {
                collect_valid_for(item, found);
            }
        }
        _ => {}
    }
}

/// The statuses, and which shape each means.
fn statuses(schemas: &Schemas) -> Result<String, Fault> {
    let unions: Vec<(&String, &Value)> = schemas
        .by_name
        .iter()
        .filter(|(_, schema)| schema.get("discriminator").is_some())
        .collect();
    let [(name, union)] = unions.as_slice() else {
        let at = Pointer::root().join("components").join("schemas");
        return Err(Fault::at(
            &at,
            "exactly one schema has to have a `discriminator`",
        ));
    };
    let at = Pointer::schema(name).join("discriminator");
    let property = union["discriminator"]["propertyName"]
        .as_str()
        .unwrap_or_default();
    each_shape_is_one_schema(schemas)?;
    let mut out = format!(
        "/// The member of a task that tells its shape.\n\
         pub const DISCRIMINATOR: &str = {property:?};\n\
         /// The values of the discriminator and what each means.\n\
         pub const STATUSES: &[Status] = &[\n"
    );
    for (value, target) in union["discriminator"]["mapping"]
        .as_object()
        .into_iter()
        .flatten()
    {
        let (mut shape, mut conditions) = (String::new(), String::new());
        match schemas
            .by_name
            .get_key_value(schema_name(target.as_str().unwrap_or_default()).unwrap_or_default())
        {
            Some((_, schema)) if schema.get("x-branch-when-present").is_some() => {
                for branch in schema["anyOf"].as_array().into_iter().flatten() {
                    let branch = branch["$ref"].as_str().unwrap_or_default();
                    let variant = shape_of(schemas, branch, &at)?;
                    match schema["x-branch-when-present"].get(branch) {
                        Some(pointers) => {
                            let pointers: Vec<&str> = pointers
                                .as_array()
                                .into_iter()
                                .flatten()
                                .filter_map(Value::as_str)
                                .collect();
                            let _ = write!(conditions, "({variant}, &{pointers:?}), ");
                        }
                        None => shape = variant,
                    }
                }
            }
            _ => shape = shape_of(schemas, target.as_str().unwrap_or_default(), &at)?,
        }
        let _ = writeln!(
            out,
            "Status {{ value: {value:?}, shape: {shape}, when_present: &[{conditions}] }},"
        );
    }
    out.push_str("];\n");
    Ok(out)
}

fn each_shape_is_one_schema(schemas: &Schemas) -> Result<(), Fault> {
    let mut seen = BTreeMap::new();
    for (name, schema) in &schemas.by_name {
        if let Some(shape) = schema.get("x-shape").and_then(Value::as_str)
            && let Some(other) = seen.insert(shape, name)
        {
            let at = Pointer::schema(name).join("x-shape");
            return Err(Fault::at(
                &at,
                format!("`{other}` is of this shape already"),
            ));
        }
    }
    Ok(())
}

fn shape_of(schemas: &Schemas, reference: &str, at: &Pointer) -> Result<String, Fault> {
    let shape =
        schema_name(reference).and_then(|name| schemas.by_name.get(name)?.get("x-shape")?.as_str());
    let variant = shape.and_then(shape_variant);
    let variant =
        variant.ok_or_else(|| Fault::at(at, format!("`{reference}` has no `x-shape`")))?;
    Ok(variant.to_owned())
}

/// The library's name of a shape.
pub fn shape_variant(shape: &str) -> Option<&'static str> {
    let known = SHAPES.iter().find(|(name, _)| *name == shape);
    known.map(|(_, variant)| *variant)
}
