//! Makes sure that the schemas, the types and the accepting types read a union alike.
//!
//! The schemas choose a branch first and check it then; the types try one after the other. Both
//! come to the same only if what selects a branch is also what the branch says of itself.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::{
    compose::{ANNOTATIONS, Schemas},
    pointer::{Pointer, schema_name},
    problem::Problem,
    references::branch_references,
    union_ends::{ends, leaves},
};

/// What a union says itself is checked beside its branches, but only the branches become types: so
/// every branch has to say it too.
pub fn branches_repeat_properties(
    schemas: &Schemas,
    union: &Map<String, Value>,
    at: &Pointer,
) -> Result<(), Problem> {
    let leaves = leaves(schemas, union);
    let own = union.get("properties").and_then(Value::as_object);
    for (name, schema) in own.into_iter().flatten() {
        let repeats = |leaf: &Value| {
            let property = leaf["properties"].get(name);
            property.is_some_and(|property| accepts_the_same(property, schema))
        };
        if !leaves.iter().all(|(_, leaf)| repeats(leaf)) {
            let at = at.join("properties").join(name);
            return Err(Problem::at(
                &at,
                format!("every branch must have the same `{name}`"),
            ));
        }
    }
    for name in union
        .get("required")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
    {
        let requires = |leaf: &Value| {
            leaf["required"]
                .as_array()
                .is_some_and(|names| names.contains(name))
        };
        if !leaves.iter().all(|(_, leaf)| requires(leaf)) {
            let message = format!("every branch must require {name} as well");
            return Err(Problem::at(&at.join("required"), message));
        }
    }
    Ok(())
}

/// A branch lists the values that select it: the types know only that list.
pub fn values_agree(
    schemas: &Schemas,
    union: &Map<String, Value>,
    discriminator: &Value,
    at: &Pointer,
) -> Result<(), Problem> {
    let property = discriminator["propertyName"].as_str().unwrap_or_default();
    let mapping = discriminator["mapping"].as_object().into_iter().flatten();
    let mapping: Vec<(&String, &Value)> = mapping.collect();
    for reference in branch_references(union) {
        let selecting: BTreeSet<&str> = mapping
            .iter()
            .filter(|(_, target)| *target == reference)
            .map(|(value, _)| value.as_str())
            .collect();
        let name = schema_name(reference).unwrap_or_default();
        for (name, leaf) in ends(schemas, name) {
            let listed = leaf["properties"][property]["enum"]
                .as_array()
                .into_iter()
                .flatten();
            let listed: BTreeSet<&str> = listed.filter_map(Value::as_str).collect();
            if listed != selecting {
                let message = format!(
                    "`{name}.{property}` lists [{}], but [{}] select it",
                    Vec::from_iter(listed).join(", "),
                    Vec::from_iter(selecting).join(", "),
                );
                return Err(Problem::at(
                    &at.join("discriminator").join("mapping"),
                    message,
                ));
            }
        }
    }
    Ok(())
}

/// A member that other branches have too would not tell the branch.
pub fn only_the_branch_has_its_members(
    schemas: &Schemas,
    union: &Map<String, Value>,
    conditions: &Value,
    at: &Pointer,
) -> Result<(), Problem> {
    for (reference, pointers) in conditions.as_object().into_iter().flatten() {
        for pointer in pointers
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
        {
            for other in branch_references(union) {
                let other = schema_name(other).unwrap_or_default();
                let is_own = reference.ends_with(&format!("/{other}"));
                if !is_own && has_member(schemas, other, pointer) {
                    let at = at.join("x-branch-when-present").join(reference);
                    return Err(Problem::at(&at, format!("`{other}` has `{pointer}` too")));
                }
            }
        }
    }
    Ok(())
}

fn has_member(schemas: &Schemas, name: &str, pointer: &str) -> bool {
    let mut node = schemas.by_name.get(name);
    for name in Pointer::parse(pointer).tokens() {
        let property = node.and_then(|node| node.get("properties")?.get(&name));
        let target = property
            .and_then(|property| property.get("$ref")?.as_str())
            .and_then(|reference| schemas.by_name.get(schema_name(reference)?));
        node = target.or(property);
    }
    node.is_some()
}

pub fn accepts_the_same(a: &Value, b: &Value) -> bool {
    let checked = |schema: &Value| {
        let mut schema = schema.as_object().cloned().unwrap_or_default();
        schema.retain(|keyword, _| !ANNOTATIONS.contains(&keyword.as_str()));
        schema
    };
    checked(a) == checked(b)
}
