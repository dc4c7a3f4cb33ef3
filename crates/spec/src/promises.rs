//! What the documentation promises beyond the contract, as keywords that are checked.

use std::collections::{BTreeMap, BTreeSet};

use schemars::{
    Schema,
    transform::{Transform, transform_subschemas},
};
use serde_json::{Map, Value, json};

use super::pointer::schema_name;

/// Turns what the documentation promises into keywords that are checked.
pub struct Promises {
    /// The component schemas that can be null, each with its other type.
    pub nullable: BTreeMap<String, Value>,
}

impl Transform for Promises {
    fn transform(&mut self, schema: &mut Schema) {
        transform_subschemas(self, schema);
        let Some(object) = schema.as_object_mut() else {
            return;
        };
        if let Some(values) = object.remove("x-extensible-enum") {
            object.insert("enum".into(), values);
        }
        for (promise, keyword) in [
            ("x-documented-pattern", "pattern"),
            ("x-documented-min", "minimum"),
            ("x-documented-max", "maximum"),
            ("x-documented-min-length", "minLength"),
        ] {
            if let Some(value) = object.remove(promise) {
                add_keyword(object, keyword, value);
            }
        }
        // A union and what stands for one is closed by its branches.
        let closed = object.contains_key("x-spec")
            && object.contains_key("properties")
            && !object.contains_key("additionalProperties")
            && !object.contains_key("if")
            && !object.contains_key("x-open");
        let mut always = BTreeSet::new();
        if let Some(Value::Object(properties)) = object.get_mut("properties") {
            for (name, property) in properties {
                if property.get("x-presence").is_some() {
                    always.insert(name.clone());
                    self.forbid_null(property);
                }
            }
        }
        if !always.is_empty() {
            let required = object.entry("required").or_insert_with(|| json!([]));
            if let Value::Array(names) = required {
                names.extend(always.into_iter().map(Value::String));
                names.sort_by(|a, b| a.as_str().cmp(&b.as_str()));
                names.dedup();
            }
        }
        if closed {
            object.insert("additionalProperties".into(), json!(false));
        }
    }
}

impl Promises {
    /// What is always present is more than a null.
    fn forbid_null(&self, property: &mut Value) {
        let Value::Object(property) = property else {
            return;
        };
        property.remove("nullable");
        let target = property
            .get("$ref")
            .and_then(Value::as_str)
            .and_then(schema_name);
        if let Some(kind) = target.and_then(|name| self.nullable.get(name)).cloned() {
            property.insert("type".into(), kind);
        }
    }
}

/// A keyword beside what is there already.
pub fn add_keyword(schema: &mut Map<String, Value>, keyword: &str, value: Value) {
    if schema.contains_key(keyword) {
        let all = schema.entry("allOf").or_insert_with(|| json!([]));
        if let Value::Array(all) = all {
            all.push(json!({ keyword: value }));
        }
    } else {
        schema.insert(keyword.into(), value);
    }
}
