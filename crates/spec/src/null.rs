//! Which schemas can be null: `nullable` beside a reference, and null as the absence of a member.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::{
    pointer::{Pointer, schema_name},
    problem::Problem,
};

/// Where a property says that what it refers to can be null, the schema itself can be, and every
/// other property that refers to it says that it cannot.
pub fn beside_references(definitions: &mut Map<String, Value>) -> Result<(), Problem> {
    let mut nullable = BTreeMap::new();
    for schema in definitions.values_mut() {
        each_property(schema, &mut |property, _| {
            if let (Some(target), Some(Value::Bool(true))) =
                (target(property), property.get("nullable"))
            {
                nullable.insert(target.to_owned(), property["x-spec"].clone());
            }
        });
    }
    let mut types = Map::new();
    for (name, at) in nullable {
        let Some(Value::Object(schema)) = definitions.get_mut(&name) else {
            continue;
        };
        if schema.get("nullable") == Some(&json!(true)) {
            continue;
        }
        let Some(kind) = schema.get("type").cloned() else {
            let at = Pointer::parse(at.as_str().unwrap_or_default()).join("nullable");
            let message = "a union without a `type` cannot be null; add null to its branches";
            return Err(Problem::at(&at, message));
        };
        schema.insert("nullable".into(), json!(true));
        types.insert(name, kind);
    }
    for schema in definitions.values_mut() {
        each_property(schema, &mut |property, _| {
            let kind = target(property).and_then(|name| types.get(name)).cloned();
            if let (Some(kind), None) = (kind, property.get("nullable")) {
                property.insert("type".into(), kind);
            }
        });
    }
    Ok(())
}

/// A member that does not have to be there can be null, which means the same.
pub fn is_absence(definitions: &mut Map<String, Value>) {
    let mut optional = BTreeSet::new();
    for schema in definitions.values_mut() {
        each_property(schema, &mut |property, is_required| {
            if is_required {
                return;
            }
            if let Some(target) = target(property).map(str::to_owned) {
                // Said where another property with the same schema can be null.
                property.remove("type");
                optional.insert(target);
            } else if property.contains_key("type") && !property.contains_key("enum") {
                property.insert("nullable".into(), json!(true));
            }
        });
    }
    let mut types = Map::new();
    for (name, schema) in definitions.iter_mut() {
        if let Value::Object(schema) = schema
            && optional.contains(name)
            && let Some(kind) = schema.get("type").cloned()
        {
            schema.insert("nullable".into(), json!(true));
            types.insert(name.clone(), kind);
        }
    }
    for schema in definitions.values_mut() {
        each_property(schema, &mut |property, is_required| {
            let kind = target(property).and_then(|name| types.get(name)).cloned();
            let is_nullable = property.get("nullable") == Some(&json!(true));
            if let (true, false, Some(kind)) = (is_required, is_nullable, kind) {
                property.insert("type".into(), kind);
            }
        });
    }
}

/// Visits the properties of a schema and of the schemas in it, each with whether it is required.
fn each_property(schema: &mut Value, visit: &mut impl FnMut(&mut Map<String, Value>, bool)) {
    match schema {
        Value::Object(object) => {
            let required = object.get("required").cloned().unwrap_or_default();
            let is_required = |name: &str| {
                let names = required.as_array().into_iter().flatten();
                names.into_iter().any(|required| required == name)
            };
            if let Some(Value::Object(properties)) = object.get_mut("properties") {
                for (name, property) in properties {
                    if let Value::Object(property) = property {
                        visit(property, is_required(name));
                    }
                }
            }
            for member in object.values_mut() {
                each_property(member, visit);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| each_property(item, visit)),
        _ => {}
    }
}

/// The component schema that a property refers to.
fn target(property: &Map<String, Value>) -> Option<&str> {
    property
        .get("$ref")
        .and_then(Value::as_str)
        .and_then(schema_name)
}
