//! Resolves composition: every schema becomes one flat object, union or scalar.
//!
//! `allOf` says that an object has what another one has, and more; JSON Schema would check the
//! parts one by one, know no undocumented member, and name the part rather than the whole. Flat
//! objects avoid all three, for the validator and for the client's types. Each schema and each
//! property keeps the place that it was written at as `x-spec`.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::{
    keywords::is_ignored,
    operation::Operation,
    pointer::{Pointer, schema_name},
    problem::Problem,
    references::{collect_references, refuse_cycles},
};

/// The flat component schemas that the bodies and parameters of the operations need.
pub struct Schemas {
    /// The schemas by their names.
    pub by_name: BTreeMap<String, Value>,
    /// The body of a successful response to the task query.
    pub success: String,
    /// The body of every other response to the task query, if one is documented.
    pub error: Option<String>,
}

impl Schemas {
    /// The schemas that these need, themselves included.
    #[must_use]
    pub fn reachable<'a>(&self, names: impl IntoIterator<Item = &'a str>) -> BTreeSet<&str> {
        let mut wanted: Vec<String> = names.into_iter().map(str::to_owned).collect();
        let mut reachable = BTreeSet::new();
        while let Some(name) = wanted.pop() {
            if let Some((name, schema)) = self.by_name.get_key_value(&name)
                && reachable.insert(name.as_str())
            {
                collect_references(schema, &mut wanted);
            }
        }
        reachable
    }
}

/// Keywords that say something about a schema without changing what it accepts.
pub const ANNOTATIONS: [&str; 6] = [
    "description",
    "x-other-names",
    "x-presence",
    "x-source",
    "x-spec",
    "x-valid-for-seconds",
];

/// Composes the schemas that the operations need.
///
/// # Errors
///
/// If parts of an `allOf` contradict each other, or a schema contains itself.
pub fn flatten(document: &Value, operations: &[Operation]) -> Result<Schemas, Problem> {
    let mut flattener = Flattener {
        document,
        done: BTreeMap::new(),
        under_way: Vec::new(),
    };
    let mut wanted = Vec::new();
    collect_references(&document["paths"], &mut wanted);
    let mut reachable = BTreeSet::new();
    while let Some(name) = wanted.pop() {
        if reachable.insert(name.clone()) {
            let schema = flattener.component(&name)?;
            collect_references(&schema, &mut wanted);
        }
    }
    let by_name = flattener
        .done
        .into_iter()
        .filter(|(name, _)| reachable.contains(name))
        .collect();
    refuse_cycles(&by_name)?;
    let mut queries = operations
        .iter()
        .filter(|operation| operation.is_task_query);
    let query = queries.next();
    let named = |name: Option<&str>| name.map(str::to_owned);
    Ok(Schemas {
        by_name,
        success: named(query.and_then(Operation::success)).unwrap_or_default(),
        error: named(query.and_then(Operation::error)),
    })
}

struct Flattener<'a> {
    document: &'a Value,
    done: BTreeMap<String, Value>,
    /// The schemas being composed, outermost first.
    under_way: Vec<String>,
}

impl Flattener<'_> {
    fn component(&mut self, name: &str) -> Result<Value, Problem> {
        if let Some(done) = self.done.get(name) {
            return Ok(done.clone());
        }
        let at = Pointer::schema(name);
        if self.under_way.iter().any(|outer| outer == name) {
            return Err(Problem::at(&at, format!("`{name}` is composed of itself")));
        }
        self.under_way.push(name.to_owned());
        let raw = self.document["components"]["schemas"][name]
            .as_object()
            .cloned()
            .unwrap_or_default();
        let flat = self.compose(raw, &at)?;
        self.under_way.pop();
        self.done.insert(name.to_owned(), flat.clone());
        Ok(flat)
    }

    fn compose(&mut self, mut raw: Map<String, Value>, at: &Pointer) -> Result<Value, Problem> {
        let parents = raw.remove("allOf");
        let mut own = flat_properties(&mut raw, at)?;
        let mut required = names(raw.remove("required"));
        let mut properties = Map::new();
        for (index, parent) in list(parents).iter().enumerate() {
            let at = at.join("allOf").join(index);
            let parent = self.parent(parent, &at)?;
            if raw.get("nullable") == Some(&json!(true)) && parent.get("nullable").is_none() {
                return Err(Problem::at(
                    &at,
                    "this part cannot be null, so neither can the composition",
                ));
            }
            required.extend(names(parent.get("required").cloned()));
            for (name, schema) in parent["properties"].as_object().into_iter().flatten() {
                merge_property(&mut properties, name, schema.clone(), &at)?;
            }
        }
        for (name, schema) in std::mem::take(&mut own) {
            let at = at.join("properties").join(&name);
            merge_property(&mut properties, &name, schema, &at)?;
        }
        if let Some(missing) = required.iter().find(|name| !properties.contains_key(*name)) {
            return Err(Problem::at(
                &at.join("required"),
                format!("`{missing}` is required, but is not among the properties"),
            ));
        }
        if !properties.is_empty() {
            raw.insert("properties".into(), Value::Object(properties));
        }
        if !required.is_empty() {
            raw.insert("required".into(), json!(required));
        }
        raw.insert("x-spec".into(), json!(at.to_string()));
        Ok(Value::Object(raw))
    }

    fn parent(&mut self, part: &Value, at: &Pointer) -> Result<Value, Problem> {
        let name = part
            .get("$ref")
            .and_then(Value::as_str)
            .and_then(schema_name)
            .ok_or_else(|| Problem::at(at, "each part of an `allOf` must be a `$ref`"))?;
        let parent = self.component(name)?;
        if parent.get("properties").is_none() || has_branches(&parent) {
            return Err(Problem::at(
                at,
                format!("`{name}` is not an object with properties"),
            ));
        }
        Ok(parent)
    }
}

fn has_branches(schema: &Value) -> bool {
    schema.get("oneOf").is_some() || schema.get("anyOf").is_some()
}

fn list(value: Option<Value>) -> Vec<Value> {
    match value {
        Some(Value::Array(items)) => items,
        _ => Vec::new(),
    }
}

fn names(value: Option<Value>) -> BTreeSet<String> {
    list(value)
        .iter()
        .filter_map(|name| name.as_str().map(str::to_owned))
        .collect()
}

/// Takes the properties out of a schema, each flat and with the place it was written at.
fn flat_properties(
    raw: &mut Map<String, Value>,
    at: &Pointer,
) -> Result<Map<String, Value>, Problem> {
    let mut flat = Map::new();
    if let Some(Value::Object(properties)) = raw.remove("properties") {
        for (name, schema) in properties {
            let at = at.join("properties").join(&name);
            flat.insert(name, flat_property(schema, &at)?);
        }
    }
    Ok(flat)
}

/// A property is a reference with annotations, a scalar, an array, or a free-form object.
fn flat_property(schema: Value, at: &Pointer) -> Result<Value, Problem> {
    let Value::Object(mut schema) = schema else {
        return Err(Problem::at(at, "a schema must be an object"));
    };
    if let Some(parts) = schema.remove("allOf") {
        let reference = match list(Some(parts)).as_slice() {
            [part] => part.get("$ref").cloned(),
            _ => None,
        };
        let annotated = schema
            .keys()
            .all(|key| ANNOTATIONS.contains(&key.as_str()) || key == "nullable" || is_ignored(key));
        let (Some(reference), true) = (reference, annotated) else {
            return Err(Problem::at(
                at,
                "the `allOf` of a property holds one reference and stands beside annotations only; \
                 compose in a component schema",
            ));
        };
        schema.insert("$ref".into(), reference);
    }
    let composed = ["properties", "discriminator", "oneOf", "anyOf"];
    if composed.iter().any(|keyword| schema.contains_key(*keyword)) {
        return Err(Problem::at(
            at,
            "move this into `components/schemas` and reference it",
        ));
    }
    schema.insert("x-spec".into(), json!(at.to_string()));
    Ok(Value::Object(schema))
}

/// Adds a property, or what a more specific schema says about one that is there already.
fn merge_property(
    properties: &mut Map<String, Value>,
    name: &str,
    schema: Value,
    at: &Pointer,
) -> Result<(), Problem> {
    let Some(general) = properties.get_mut(name).and_then(Value::as_object_mut) else {
        properties.insert(name.to_owned(), schema);
        return Ok(());
    };
    let Value::Object(specific) = schema else {
        return Ok(());
    };
    let only_annotates = specific
        .keys()
        .all(|key| ANNOTATIONS.contains(&key.as_str()));
    let same_type = specific.get("type").is_some() && specific.get("type") == general.get("type");
    if only_annotates {
        let written_at = general.get("x-spec").cloned();
        general.extend(specific);
        general.extend(written_at.map(|place| ("x-spec".to_owned(), place)));
    } else if same_type {
        general.extend(specific);
    } else if *general != specific {
        return Err(Problem::at(
            at,
            format!("`{name}` is defined differently in another part"),
        ));
    }
    Ok(())
}
