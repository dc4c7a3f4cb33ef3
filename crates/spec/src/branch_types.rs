//! Tells the branches of a union by their JSON types, and objects by a member of their own.

use serde_json::{Map, Value};

use super::{
    compose::Schemas,
    pointer::{Pointer, schema_name},
    problem::Problem,
    reading::Reading,
};

/// A branch of a union that has no discriminator.
pub struct Branch<'a> {
    /// The branch as the union has it.
    pub written: &'a Value,
    /// The component schema that it refers to.
    pub reference: Option<&'a str>,
    /// The schema itself, its reference followed.
    pub schema: &'a Value,
    /// The JSON type of what it describes.
    pub json_type: &'a str,
    /// The member that tells this object from those after it, and the JSON type of that member;
    /// none for a scalar and for the last object.
    pub own_member: Option<(&'a str, Option<&'a str>)>,
}

/// The branches, each with what tells it from the others.
///
/// # Errors
///
/// Branches that their JSON types and members do not tell apart.
pub fn branches_by_type<'a>(
    schemas: &'a Schemas,
    union: &'a Map<String, Value>,
    reading: Reading,
    at: &Pointer,
) -> Result<Vec<Branch<'a>>, Problem> {
    let written = ["oneOf", "anyOf"]
        .into_iter()
        .filter_map(|keyword| union.get(keyword)?.as_array())
        .flatten();
    let mut branches: Vec<Branch<'_>> = Vec::new();
    for written in written {
        let schema = resolve(schemas, written);
        let json_type = json_type(schema).unwrap_or_default();
        let is_taken = branches.iter().any(|other| other.json_type == json_type);
        if json_type != "object" && is_taken {
            let message =
                format!("two branches have type {json_type:?}, so a body could match either");
            return Err(Problem::at(at, message));
        }
        let is_observed = schema
            .get("x-source")
            .is_some_and(|source| source == "observed");
        if is_observed && reading == Reading::Documentation {
            continue;
        }
        let reference = written.get("$ref").and_then(Value::as_str);
        branches.push(Branch {
            written,
            reference: reference.and_then(schema_name),
            schema,
            json_type,
            own_member: None,
        });
    }
    let objects: Vec<usize> = (0..branches.len())
        .filter(|index| branches[*index].json_type == "object")
        .collect();
    for index in objects.iter().take(objects.len().saturating_sub(1)) {
        let others = objects.iter().filter(|other| *other != index);
        let others: Vec<&Value> = others.map(|other| branches[*other].schema).collect();
        let own_member = own_member(schemas, branches[*index].schema, &others);
        branches[*index].own_member = Some(own_member.ok_or_else(|| {
            Problem::at(
                at,
                "an object branch must require a member that no other branch has",
            )
        })?);
    }
    Ok(branches)
}

fn own_member<'a>(
    schemas: &'a Schemas,
    schema: &'a Value,
    others: &[&Value],
) -> Option<(&'a str, Option<&'a str>)> {
    let required = schema.get("required")?.as_array()?;
    let name = required.iter().filter_map(Value::as_str).find(|name| {
        let mut others = others.iter();
        others.all(|other| other["properties"].get(name).is_none())
    })?;
    Some((
        name,
        json_type(resolve(schemas, &schema["properties"][name])),
    ))
}

fn resolve<'a>(schemas: &'a Schemas, schema: &'a Value) -> &'a Value {
    let reference = schema.get("$ref").and_then(Value::as_str);
    let target = reference.and_then(|reference| schemas.by_name.get(schema_name(reference)?));
    target.unwrap_or(schema)
}

fn json_type(schema: &Value) -> Option<&str> {
    schema.get("type")?.as_str()
}
