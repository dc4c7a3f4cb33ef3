//! Lowers unions to if/then/else: a body is checked against the branch that it means.
//!
//! `oneOf` and `anyOf` would answer "matches none of them" and keep to themselves which branch was
//! meant and what is wrong with it.

use serde_json::{Map, Value, json};

use super::{
    branch_types::{Branch, branches_by_type},
    compose::Schemas,
    pointer::{Pointer, schema_reference},
    problem::Problem,
    reading::Reading,
    references::branch_references,
    union_checks::{
        accepts_the_same, branches_repeat_properties, only_the_branch_has_its_members, values_agree,
    },
    union_ends::leaves,
};

/// The schema for a body whose discriminator selects no branch.
pub fn unmatched_name(union: &str) -> String {
    format!("{union}Unmatched")
}

/// Lowers a union, and gives the schema for what none of its branches is meant for, if there is
/// such a thing; a schema that is no union is returned as it is.
pub fn lower(
    schemas: &Schemas,
    name: &str,
    flat: &Value,
    reading: Reading,
) -> Result<(Value, Option<Value>), Problem> {
    let Some(object) = flat.as_object() else {
        return Ok((flat.clone(), None));
    };
    if !object.contains_key("oneOf") && !object.contains_key("anyOf") {
        return Ok((flat.clone(), None));
    }
    let at = Pointer::schema(name);
    let mut rest = object.clone();
    rest.remove("oneOf");
    rest.remove("anyOf");
    if let Some(discriminator) = rest.remove("discriminator") {
        values_agree(schemas, object, &discriminator, &at)?;
        let lowered = by_value(object, rest, name, &discriminator);
        return Ok((lowered, Some(unmatched(schemas, name, object))));
    }
    if let Some(conditions) = rest.remove("x-branch-when-present") {
        branches_repeat_properties(schemas, object, &at)?;
        only_the_branch_has_its_members(schemas, object, &conditions, &at)?;
        return Ok((by_presence(object, rest, &conditions), None));
    }
    Ok((by_kind(schemas, object, rest, reading, &at)?, None))
}

fn branch(reference: &str) -> Value {
    json!({ "$ref": reference })
}

/// Chains conditions: the first that holds selects its schema, and `otherwise` is the last resort.
fn chain(mut head: Map<String, Value>, cases: Vec<(Value, Value)>, otherwise: Value) -> Value {
    let mut tail = otherwise;
    for (condition, then) in cases.into_iter().rev() {
        tail = json!({ "if": condition, "then": then, "else": tail });
    }
    if let Value::Object(tail) = tail {
        head.extend(tail);
    }
    Value::Object(head)
}

fn by_value(
    union: &Map<String, Value>,
    mut rest: Map<String, Value>,
    name: &str,
    discriminator: &Value,
) -> Value {
    let property = discriminator["propertyName"].as_str().unwrap_or_default();
    let mapping = discriminator["mapping"]
        .as_object()
        .cloned()
        .unwrap_or_default();
    let place = Pointer::schema(name).join("discriminator");
    rest.insert("type".into(), json!("object"));
    rest.insert("required".into(), json!([property]));
    rest.insert(
        "properties".into(),
        json!({ property: {
            "type": "string",
            "enum": mapping.keys().collect::<Vec<_>>(),
            "x-spec": place.join("mapping").to_string(),
        } }),
    );
    let cases = branch_references(union)
        .into_iter()
        .map(|reference| {
            let values: Vec<&String> = mapping
                .iter()
                .filter(|(_, target)| *target == reference)
                .map(|(value, _)| value)
                .collect();
            let condition = json!({
                "required": [property],
                "properties": { property: { "enum": values } },
            });
            (condition, branch(reference))
        })
        .collect();
    let otherwise = branch(&schema_reference(&unmatched_name(name)));
    chain(rest, cases, otherwise)
}

/// What all branches agree on, for a body whose discriminator is missing or unknown: its other
/// members can still be checked, but none is undocumented.
fn unmatched(schemas: &Schemas, name: &str, union: &Map<String, Value>) -> Value {
    let leaves: Vec<&Value> = leaves(schemas, union)
        .into_iter()
        .map(|(_, leaf)| leaf)
        .collect();
    let discriminator = union["discriminator"]["propertyName"]
        .as_str()
        .unwrap_or_default();
    let mut properties = Map::new();
    let mut required: Option<Vec<Value>> = None;
    for leaf in &leaves {
        let leaf_required = leaf["required"].as_array().cloned().unwrap_or_default();
        required = Some(match required {
            None => leaf_required,
            Some(required) => required
                .into_iter()
                .filter(|name| leaf_required.contains(name))
                .collect(),
        });
        for (property, schema) in leaf["properties"].as_object().into_iter().flatten() {
            let everywhere = leaves.iter().all(|other| {
                other["properties"]
                    .get(property)
                    .is_none_or(|other| accepts_the_same(other, schema))
            });
            if property != discriminator && everywhere {
                let promised = leaves.iter().all(|other| {
                    other["properties"]
                        .get(property)
                        .is_some_and(|other| other.get("x-presence").is_some())
                });
                let mut schema = schema.clone();
                if let (false, Some(schema)) = (promised, schema.as_object_mut()) {
                    schema.remove("x-presence");
                }
                properties.insert(property.clone(), schema);
            }
        }
    }
    let mut required = required.unwrap_or_default();
    required.retain(|name| name != discriminator);
    json!({
        "type": "object",
        "description": format!("A `{name}` whose `{discriminator}` selects no branch."),
        "properties": properties,
        "required": required,
        "x-open": true,
        "x-shape": "unmatched",
        "x-spec": Pointer::schema(name).to_string(),
    })
}

fn by_presence(union: &Map<String, Value>, rest: Map<String, Value>, conditions: &Value) -> Value {
    let mut otherwise = Value::Null;
    let mut cases = Vec::new();
    for reference in branch_references(union) {
        match conditions.get(reference).and_then(Value::as_array) {
            Some(pointers) => {
                let any: Vec<Value> = pointers
                    .iter()
                    .filter_map(Value::as_str)
                    .map(|pointer| present(&mut Pointer::parse(pointer).tokens()))
                    .collect();
                cases.push((json!({ "anyOf": any }), branch(reference)));
            }
            None => otherwise = branch(reference),
        }
    }
    chain(rest, cases, otherwise)
}

/// There is something at the place, other than null.
fn present(names: &mut dyn Iterator<Item = String>) -> Value {
    match names.next() {
        Some(name) => json!({
            "type": "object",
            "required": [name.as_str()],
            "properties": { name: present(names) },
        }),
        None => json!({ "not": { "type": "null" } }),
    }
}

/// Branches of different JSON types, and objects that each have a member of their own.
fn by_kind(
    schemas: &Schemas,
    union: &Map<String, Value>,
    mut rest: Map<String, Value>,
    reading: Reading,
    at: &Pointer,
) -> Result<Value, Problem> {
    let branches = branches_by_type(schemas, union, reading, at)?;
    if branches.iter().all(|branch| branch.reference.is_none()) {
        for branch in &branches {
            let members = branch.schema.as_object().into_iter().flatten();
            rest.extend(
                members
                    .filter(|(key, _)| {
                        *key != "type" && *key != "description" && *key != "x-source"
                    })
                    .map(|(key, value)| (key.clone(), value.clone())),
            );
        }
        let types: Vec<&str> = branches.iter().map(|branch| branch.json_type).collect();
        rest.insert("type".into(), json!(types));
        return Ok(Value::Object(rest));
    }
    let Some(last) = branches
        .iter()
        .rposition(|branch| branch.json_type == "object")
    else {
        return Err(Problem::at(
            at,
            "a union of references needs an object among its branches",
        ));
    };
    let case = |branch: &Branch<'_>| {
        let mut condition = json!({ "type": branch.json_type });
        if let Some((name, json_type)) = branch.own_member {
            condition["required"] = json!([name]);
            if let Some(json_type) = json_type {
                condition["properties"] = json!({ name: { "type": json_type } });
            }
        }
        (condition, branch.written.clone())
    };
    let others = branches.iter().enumerate();
    let (objects, scalars): (Vec<_>, Vec<_>) = others
        .filter(|(index, _)| *index != last)
        .map(|(_, branch)| branch)
        .partition(|branch| branch.json_type == "object");
    let cases = scalars.into_iter().chain(objects).map(case).collect();
    Ok(chain(rest, cases, branches[last].written.clone()))
}
